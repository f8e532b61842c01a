// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Micros} from "../types/Micros.sol";
import {IAccountKeys} from "./IAccountKeys.sol";
import {IIntervalLog} from "./IIntervalLog.sol";
import {IParticipantRegistry} from "./IParticipantRegistry.sol";
import {ITradeHolds} from "./ITradeHolds.sol";

/// @title Custody and settlement of one market's money
/// @notice Holds the tokens of all accounts and moves netted amounts among them, one batch per
/// zone, interval and run. Every account's floor is zero, always.
///
/// A batch that fits one transaction is settled at once (`settle`). A larger one is first staged in
/// chunks, which checks everything while money cannot leave, and then applied in chunks, which
/// cannot fail. From the first applied chunk to the last nobody can read or move a balance: to
/// everyone, the interval takes effect as one.
interface IClearingHouse {
    /// @notice What a batch settles. The deltas come beside it, see `DeltaRecords`.
    struct Batch {
        uint32 zone;
        uint64 interval;
        uint32 run;
        bytes32 readingsRoot;
        bytes32 postingsRoot;
    }

    /// @notice Thrown when the caller may not do this
    error ClearingHouseUnauthorized(address caller);

    /// @notice Thrown by the constructor when a duration is zero or too long to be meant
    error ClearingHouseInvalidTimes(
        uint32 intervalSeconds, uint32 withdrawalDelayIntervals, uint32 silentIntervals
    );

    /// @notice Thrown when `account` does not exist
    error ClearingHouseUnknownAccount(uint256 account);

    /// @notice Thrown when a system account asks for what only participants have
    error ClearingHouseSystemAccount(uint32 account);

    /// @notice Thrown when an amount is zero or more than an account can hold
    error ClearingHouseInvalidAmount(uint256 amount);

    /// @notice Thrown when a deposit would take all balances together above the largest int64
    error ClearingHouseCapacityExceeded(uint256 total, uint256 amount);

    /// @notice Thrown when two lists differ in length
    error ClearingHouseLengthMismatch(uint256 accounts, uint256 amounts);

    /// @notice Thrown when a change would take `account` below its floor, which is zero
    error ClearingHouseInsufficientBalance(uint32 account, Micros balance, Micros delta);

    /// @notice Thrown when a change would take `account` above the largest int64
    error ClearingHouseBalanceOverflow(uint32 account, Micros balance, Micros delta);

    /// @notice Thrown when the deltas of a batch do not sum to zero
    error ClearingHouseUnbalancedBatch(uint32 zone, uint64 interval, uint32 run, int256 sum);

    /// @notice Thrown when deltas are not whole records, or a chunk has none
    error ClearingHouseMalformedDeltas(uint256 length);

    /// @notice Thrown when a word does not come after all words before it in its batch
    error ClearingHouseWordsNotAscending(uint256 wordIndex);

    /// @notice Thrown when the batch, or this chunk of it, is there already with other content
    error ClearingHouseBatchDiffers(uint32 zone, uint64 interval, uint32 run);

    /// @notice Thrown when a staged batch is in the way
    error ClearingHouseBatchOpen(uint32 zone, uint64 interval, uint32 run);

    /// @notice Thrown when there is no open batch to abandon
    error ClearingHouseNoBatchOpen();

    /// @notice Thrown when the batch is not open, or not staged completely
    error ClearingHouseBatchNotStaged(uint32 zone, uint64 interval, uint32 run);

    /// @notice Thrown while a batch is being applied: balances are neither before nor after it
    error ClearingHouseBatchApplying(uint32 zone, uint64 interval, uint32 run);

    /// @notice Thrown when a chunk is not the next one
    error ClearingHouseChunkNotNext(uint256 index, uint256 next);

    /// @notice Thrown when a batch has no chunk or more than `MAX_CHUNKS`
    error ClearingHouseInvalidChunkCount(uint256 chunkCount);

    /// @notice Thrown when applying a chunk could cost more gas than one transaction may use
    error ClearingHouseChunkTooLarge(uint256 gasNeeded, uint256 gasLimit);

    /// @notice Thrown when staging would pass by claims that are due: pay them first
    error ClearingHouseClaimsWaiting(uint256 count);

    /// @notice Thrown when a silent operator tries to stage: it has to commit first
    error ClearingHouseOperatorSilent(uint256 since);

    /// @notice Thrown when an exit is asked for and the operator is not silent before `until`
    error ClearingHouseOperatorNotSilent(uint256 until);

    /// @notice Thrown when money would go to nobody or to this contract
    error ClearingHouseInvalidReceiver(address to);

    /// @notice Thrown when no key of the account's, see `accountKeys`, has signed a withdrawal
    error ClearingHouseInvalidSignature(uint32 account, address owner);

    /// @notice Thrown when a withdrawal would take what is held back: only `free` may leave
    error ClearingHouseHeldBack(uint32 account, uint64 amount, uint64 free);

    /// @notice Thrown when the account used this id before for another withdrawal
    error ClearingHouseWithdrawalDiffers(uint32 account, bytes16 id);

    /// @notice Thrown when the account has requested nothing
    error ClearingHouseNoRequest(uint32 account);

    /// @notice Thrown when the request cannot be claimed before `claimableAt`
    error ClearingHouseRequestNotDue(uint32 account, uint256 claimableAt);

    /// @notice Emitted when `account` received what `payer` paid in
    event Deposited(uint32 indexed account, address indexed payer, uint64 amountMicros);

    /// @notice Emitted when a batch has taken effect as a whole; its roots are in the IntervalLog
    event BatchSettled(
        uint32 indexed zone, uint64 indexed interval, uint32 indexed run, uint256 chunkCount
    );

    /// @notice Emitted when a chunk was checked and kept; money cannot leave from now on
    event ChunkStaged(
        uint32 indexed zone, uint64 indexed interval, uint32 indexed run, uint256 index
    );

    /// @notice Emitted when a chunk's deltas were added to the balances
    event ChunkApplied(
        uint32 indexed zone, uint64 indexed interval, uint32 indexed run, uint256 index
    );

    /// @notice Emitted when a staged batch was dropped before any of it was applied
    event BatchAbandoned(uint32 indexed zone, uint64 indexed interval, uint32 indexed run);

    /// @notice Emitted when a withdrawal that its owner signed was paid
    event Withdrawn(
        uint32 indexed account, bytes16 indexed id, address indexed to, uint64 amountMicros
    );

    /// @notice Emitted when an owner asked for money without the operator. An amount of zero takes
    /// the request back. The operator stops counting on this money when it sees it.
    event WithdrawalRequested(uint32 indexed account, uint64 amountMicros, uint64 claimableAt);

    /// @notice Emitted when a request was paid: what was asked for, or what is free and not held if
    /// that is less
    event WithdrawalClaimed(uint32 indexed account, address indexed to, uint64 amountMicros);

    /// @notice Emitted when a claim was due while a batch was open; it is paid before the next one
    event WithdrawalDeferred(uint32 indexed account);

    /// @notice Emitted when an owner left because the operator was silent
    event Exited(uint32 indexed account, address indexed to, uint64 amountMicros);

    /// @notice Pays `amountMicros` of the caller's tokens into `account`
    function deposit(uint32 account, uint64 amountMicros) external;

    /// @notice `deposit` with the caller's permit, so that no approval is needed before
    function depositWithPermit(
        uint32 account,
        uint64 amountMicros,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Pays the caller's tokens into several accounts with one token transfer
    function depositFor(uint32[] calldata accounts, uint64[] calldata amountsMicros) external;

    /// @notice Settles a batch in this transaction. Only the operator.
    /// @dev The same batch again changes and emits nothing. An empty list of deltas is a run that
    /// moves no money.
    /// @param deltas Records as in `DeltaRecords`; all lanes sum to zero
    /// @return settled False if this very batch was settled before
    function settle(Batch calldata batch, bytes calldata deltas) external returns (bool settled);

    /// @notice Checks and keeps chunk `index` of a batch too large for one transaction. Only the
    /// operator. Chunks come in ascending order; the first opens the batch. With the last one the
    /// whole batch must sum to zero. Until the batch is applied or abandoned no other batch settles
    /// and no money leaves; deposits go on.
    /// @dev A chunk's content includes the batch and the chunk count. The same chunk again changes
    /// and emits nothing, also when the batch was applied since.
    /// @return staged False if this very chunk was there before
    function stage(Batch calldata batch, uint32 chunkCount, uint32 index, bytes calldata deltas)
        external
        returns (bool staged);

    /// @notice Adds chunk `index` of the completely staged batch to the balances. Anyone may call,
    /// with the bytes that were staged, and it cannot fail: so no operator can stop half-way.
    /// @return applied False if this very chunk was applied before
    function applyChunk(Batch calldata batch, uint32 index, bytes calldata deltas)
        external
        returns (bool applied);

    /// @notice Drops the open batch before any of it is applied. The operator at any time; anyone
    /// if it has not been staged completely within an interval.
    function abandon() external;

    /// @notice Pays out what the owner of `account` signed as EIP-712
    /// `Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)`. Only the operator,
    /// who has checked that nothing is owed. What a passkey signed goes to the owner alone.
    /// @dev The same content under the same id changes and emits nothing. Ids are per account.
    /// @return withdrawn False if this very withdrawal was paid before
    function withdraw(
        bytes16 id,
        uint32 account,
        uint64 amountMicros,
        address to,
        bytes calldata signature
    ) external returns (bool withdrawn);

    /// @notice Asks for money without the operator; replaces an earlier request. Only the owner.
    /// @param amountMicros Zero takes the request back
    function requestWithdrawal(uint32 account, uint64 amountMicros) external;

    /// @notice Pays a request that is due to the owner of the account. Anyone may call.
    /// @dev It pays what was asked for or all that is free and not held for trades (ITradeHolds),
    /// and ends the request. While a batch is
    /// open it pays nothing and marks the request as waiting; no further batch can be staged before
    /// all that wait are paid.
    /// @return paidMicros The amount, zero if the claim has to wait
    function claimWithdrawal(uint32 account) external returns (uint64 paidMicros);

    /// @notice Pays the balance to the owner when the operator is silent. Only the owner.
    /// @dev What is held back stays, and can be asked for again when its time is over. An operator
    /// that comes back finds the account empty: what it still owed is the guarantee account's to
    /// cover.
    /// @return paidMicros The amount
    function exit(uint32 account) external returns (uint64 paidMicros);

    /// @notice What `account` holds. Reverts while a batch is being applied.
    function balanceOf(uint32 account) external view returns (Micros);

    /// @notice What accounts `first` to `first + count - 1` hold. Reverts while a batch is being
    /// applied.
    function balancesOf(uint32 first, uint32 count) external view returns (Micros[] memory);

    /// @notice What of its balance `account` cannot take out: what was credited to it by intervals
    /// whose rulebook requires a proof and that are neither Proven nor Reexecuted. It ends at the
    /// latest `silenceSeconds` after the proof was due, or after the run if that came later: nobody
    /// can hold money back for ever.
    function heldBackOf(uint32 account) external view returns (uint64);

    /// @notice What all accounts hold together; no batch changes it
    function totalBalance() external view returns (uint64);

    /// @notice Whether the batch has taken effect as a whole
    function isSettled(uint32 zone, uint64 interval, uint32 run) external view returns (bool);

    /// @notice The batch that is staged or being applied, if `chunkCount` is not zero
    function openBatch()
        external
        view
        returns (
            uint32 zone,
            uint64 interval,
            uint32 run,
            uint32 chunkCount,
            uint32 staged,
            uint32 applied,
            uint64 lapsesAt
        );

    /// @notice What `account` has requested; an amount of zero means nothing
    function requestOf(uint32 account)
        external
        view
        returns (uint64 amountMicros, uint64 claimableAt, bool waiting);

    /// @notice Whether the account's withdrawal `id` was paid
    function isWithdrawn(uint32 account, bytes16 id) external view returns (bool);

    /// @notice From when on the operator counts as silent, if it commits nothing
    function silentFrom() external view returns (uint256);

    /// @notice The EIP-712 domain separator
    function domainSeparator() external view returns (bytes32);

    function operator() external view returns (address);

    function token() external view returns (IERC20);

    function registry() external view returns (IParticipantRegistry);

    function intervalLog() external view returns (IIntervalLog);

    function tradeHolds() external view returns (ITradeHolds);

    function accountKeys() external view returns (IAccountKeys);

    /// @notice The length of an interval
    function intervalSeconds() external view returns (uint64);

    /// @notice How long a request waits until it can be claimed
    function withdrawalDelaySeconds() external view returns (uint64);

    /// @notice How long the operator may commit nothing before participants may leave
    function silenceSeconds() external view returns (uint64);
}
