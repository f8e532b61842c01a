// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";

/// @title What owners asked for without the operator
/// @dev A claim that meets an open batch is marked as waiting. As long as one waits, no further
/// batch may be opened: so batches, one after the other, cannot hold money back for good.
library Requests {
    struct Request {
        uint64 amountMicros;
        uint64 claimableAt;
        bool waiting;
    }

    struct State {
        mapping(uint32 account => Request request) requests;
        uint64 waiting;
    }

    /// @notice Puts a request in the place of an earlier one; an amount of zero only ends that
    function replace(State storage state, uint32 account, uint64 amountMicros, uint64 claimableAt)
        internal
    {
        clear(state, account);
        if (amountMicros != 0) {
            state.requests[account] =
                Request({amountMicros: amountMicros, claimableAt: claimableAt, waiting: false});
        }
        emit IClearingHouse.WithdrawalRequested(account, amountMicros, claimableAt);
    }

    /// @notice Ends the request of `account`, if it has one
    function clear(State storage state, uint32 account) internal {
        if (state.requests[account].waiting) --state.waiting;
        delete state.requests[account];
    }

    /// @notice Marks the request of `account` as waiting
    function defer(State storage state, uint32 account) internal {
        if (state.requests[account].waiting) return;
        state.requests[account].waiting = true;
        ++state.waiting;
        emit IClearingHouse.WithdrawalDeferred(account);
    }

    /// @notice The amount that `account` requested, if it can be claimed now
    function requireDue(State storage state, uint32 account)
        internal
        view
        returns (uint64 amountMicros)
    {
        Request memory request = state.requests[account];
        if (request.amountMicros == 0) revert IClearingHouse.ClearingHouseNoRequest(account);
        // Times here are intervals, minutes and more; a block's maker can move its time by seconds.
        // slither-disable-next-line timestamp
        if (block.timestamp < request.claimableAt) {
            revert IClearingHouse.ClearingHouseRequestNotDue(account, request.claimableAt);
        }
        return request.amountMicros;
    }

    /// @notice Reverts as long as a claim waits
    function requireNoneWaiting(State storage state) internal view {
        if (state.waiting != 0) revert IClearingHouse.ClearingHouseClaimsWaiting(state.waiting);
    }
}
