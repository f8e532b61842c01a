// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @title What of an account's money stands for trades that it has signed
/// @notice The operator says for each account how much is held, from the agreement of a trade until
/// it is paid. Batches move held money, since it is held for them; an owner that asks the
/// ClearingHouse for money by itself gets what is not held.
///
/// The operator can hold nothing that an owner has asked for before: a hold grows by what the
/// account has beyond its request, and no more. It lapses if it is not set again for
/// `holdSeconds`, and does not bind an owner that leaves because the operator is silent.
interface ITradeHolds {
    /// @notice Thrown when the caller may not do this
    error TradeHoldsUnauthorized(address caller);

    /// @notice Thrown when two lists differ in length
    error TradeHoldsLengthMismatch(uint256 accounts, uint256 amounts);

    /// @notice Thrown when a list is not the next one
    error TradeHoldsNotNext(uint64 sequence, uint64 next);

    /// @notice Emitted when `account` has `amountMicros` held until `until`, seconds since 1970. It
    /// is less than the operator wanted where the account's owner had asked for the rest.
    event HoldSet(uint32 indexed account, uint64 amountMicros, uint64 wantedMicros, uint64 until);

    /// @notice Sets what is held of the accounts, in the place of what was held. Only the operator.
    /// @param sequence One more than that of the list before; the first is 1. A list that was there
    /// before changes and emits nothing.
    /// @return isNew False if a list with this sequence was there before
    function hold(uint64 sequence, uint32[] calldata accounts, uint64[] calldata amountsMicros)
        external
        returns (bool isNew);

    /// @notice What is held of `account`; it may be more than the account has
    function heldOf(uint32 account) external view returns (uint64 amountMicros);

    /// @notice What was set of `account`, also where it has lapsed since
    /// @param amountMicros What is held until `until`, seconds since 1970
    /// @param wantedMicros What the operator wanted held
    function holdOf(uint32 account)
        external
        view
        returns (uint64 amountMicros, uint64 wantedMicros, uint64 until);

    /// @notice The sequence of the newest list, zero before the first
    function lastSequence() external view returns (uint64);

    /// @notice How long a hold stands if it is not set again
    function holdSeconds() external pure returns (uint64);

    function operator() external view returns (address);

    function clearingHouse() external view returns (address);
}
