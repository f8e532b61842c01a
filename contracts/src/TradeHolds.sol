// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {ITradeHolds} from "./interfaces/ITradeHolds.sol";

/// @title Trade holds
/// @dev Created by the ClearingHouse in its constructor, as its IntervalLog is. It bounds one way
/// out alone, `claimWithdrawal`: what an owner signs for the operator to pay is the operator's to
/// refuse, and who leaves a silent operator has nobody left to trade with.
/// @custom:invariant invariant_claimsLeaveWhatIsHeld: no claim takes what was held before it.
/// @custom:invariant invariant_holdsSpareRequests: no hold grows into what was requested before.
contract TradeHolds is ITradeHolds {
    struct Hold {
        uint64 amountMicros;
        uint64 wantedMicros;
        uint64 until;
    }

    uint64 private constant HOLD_SECONDS = 7 days;

    /// @inheritdoc ITradeHolds
    address public immutable operator;

    /// @inheritdoc ITradeHolds
    address public immutable clearingHouse;

    /// @inheritdoc ITradeHolds
    uint64 public lastSequence;

    mapping(uint32 account => Hold hold) private _holds;

    constructor(address operator_) {
        // The ClearingHouse makes its IntervalLog first, which refuses zero.
        // slither-disable-next-line missing-zero-check
        operator = operator_;
        clearingHouse = msg.sender;
    }

    /// @inheritdoc ITradeHolds
    function hold(uint64 sequence, uint32[] calldata accounts, uint64[] calldata amountsMicros)
        external
        returns (bool isNew)
    {
        if (msg.sender != operator) revert TradeHoldsUnauthorized(msg.sender);
        if (accounts.length != amountsMicros.length) {
            revert TradeHoldsLengthMismatch(accounts.length, amountsMicros.length);
        }
        uint64 last = lastSequence;
        if (sequence <= last) return false;
        if (sequence != last + 1) revert TradeHoldsNotNext(sequence, last + 1);
        lastSequence = sequence;
        uint64 until = uint64(block.timestamp) + HOLD_SECONDS;
        for (uint256 i = 0; i < accounts.length; ++i) {
            (uint32 account, uint64 wanted) = (accounts[i], amountsMicros[i]);
            uint64 amount = _boundOf(account, wanted);
            _holds[account] = Hold({amountMicros: amount, wantedMicros: wanted, until: until});
            emit HoldSet(account, amount, wanted, until);
        }
        return true;
    }

    /// @inheritdoc ITradeHolds
    function holdSeconds() external pure returns (uint64) {
        return HOLD_SECONDS;
    }

    /// @inheritdoc ITradeHolds
    function holdOf(uint32 account)
        external
        view
        returns (uint64 amountMicros, uint64 wantedMicros, uint64 until)
    {
        Hold memory known = _holds[account];
        return (known.amountMicros, known.wantedMicros, known.until);
    }

    /// @inheritdoc ITradeHolds
    function heldOf(uint32 account) public view returns (uint64 amountMicros) {
        Hold memory known = _holds[account];
        // Days; a block's maker can move its time by seconds.
        // slither-disable-next-line timestamp
        return block.timestamp < known.until ? known.amountMicros : 0;
    }

    /// @dev Of what is wanted, as much as does not grow into what the owner has requested.
    function _boundOf(uint32 account, uint64 wanted) private view returns (uint64) {
        uint64 held = heldOf(account);
        // As above: whether a hold has lapsed is a matter of days.
        // slither-disable-next-line timestamp
        if (wanted <= held) return wanted;
        IClearingHouse house = IClearingHouse(clearingHouse);
        // What is left out says when it can be claimed.
        // slither-disable-next-line unused-return,calls-loop
        (uint64 requested,,) = house.requestOf(account);
        if (requested == 0) return wanted;
        // slither-disable-next-line calls-loop
        uint64 balance = house.balanceOf(account).toAmount();
        uint64 free = balance > requested ? balance - requested : 0;
        if (wanted <= free) return wanted;
        // slither-disable-next-line timestamp
        return free > held ? free : held;
    }
}
