// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {ITradeHolds} from "../../src/interfaces/ITradeHolds.sol";
import {Deltas} from "../support/Deltas.sol";
import {Market} from "../support/Market.sol";

/// @dev A market in which money is held, requested, moved and claimed in any order. The handler
/// keeps what is held in a plain list and compares every claim with it.
contract TradeHoldsHandler is Market {
    uint32 private constant ACCOUNTS = 7;

    uint256[7] private _held;
    uint256[7] private _until;
    uint256[7] private _requested;
    uint64 private _sequence;
    uint32 private _runs;

    constructor() {
        setUp();
        _admit(ACCOUNTS - FIRST);
        _fundMany(0, ACCOUNTS, 1_000);
        _commit(INTERVAL);
    }

    function theHouse() external view returns (ClearingHouse) {
        return house;
    }

    function heldOf(uint32 account) public view returns (uint256) {
        return block.timestamp < _until[account] ? _held[account] : 0;
    }

    function requestedOf(uint32 account) external view returns (uint256) {
        return _requested[account];
    }

    function hold(uint32 account, uint64 other, uint64 first, uint64 second) external {
        account = _any(account);
        uint32 next = FIRST + (account - FIRST + 1 + uint32(other % 2)) % (ACCOUNTS - FIRST);
        uint32[] memory accounts = new uint32[](2);
        uint64[] memory amounts = new uint64[](2);
        (accounts[0], accounts[1]) = (account, next);
        (amounts[0], amounts[1]) =
        (uint64(_bound(first, 0, 1_500)), uint64(_bound(second, 0, 1_500)));
        ITradeHolds holds = house.tradeHolds();
        (uint64 heldFirst, uint64 heldSecond) = (holds.heldOf(account), holds.heldOf(next));
        vm.prank(operator);
        holds.hold(++_sequence, accounts, amounts);
        _requireSpared(account, heldFirst);
        _requireSpared(next, heldSecond);
        for (uint256 i = 0; i < 2; ++i) {
            _note(accounts[i], amounts[i]);
        }
    }

    function request(uint32 account, uint64 amount) external {
        account = _any(account);
        amount = uint64(_bound(amount, 0, 1_500));
        vm.prank(_owner(account));
        house.requestWithdrawal(account, amount);
        _requested[account] = amount;
    }

    function claim(uint32 account) external {
        account = _any(account);
        if (_requested[account] == 0) return;
        (, uint64 claimableAt,) = house.requestOf(account);
        if (block.timestamp < claimableAt) vm.warp(claimableAt);
        uint256 balance = house.balanceOf(account).toAmount();
        uint256 held = heldOf(account);
        uint256 free = balance > held ? balance - held : 0;
        uint256 paid = house.claimWithdrawal(account);
        uint256 expected = _requested[account] < free ? _requested[account] : free;
        _assertEq(paid, expected, "the claim");
        _requested[account] = 0;
    }

    function move(uint32 from, uint32 to, uint64 amount) external {
        (from, to) = (_any(from), _any(to));
        if (from == to) return;
        uint64 balance = house.balanceOf(from).toAmount();
        if (balance == 0) return;
        amount = uint64(_bound(amount, 1, balance));
        _settle(_batch(INTERVAL, _runs++), Deltas.move(from, to, int64(amount)));
    }

    function deposit(uint32 account, uint64 amount) external {
        _fund(_any(account), uint64(_bound(amount, 1, 500)));
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + [uint256(10), 300, 3_600, 3 days][time % 4]);
    }

    /// @dev Where a hold grew, all that was requested can still be paid.
    function _requireSpared(uint32 account, uint256 heldBefore) private view {
        uint256 held = house.tradeHolds().heldOf(account);
        if (held <= heldBefore || _requested[account] == 0) return;
        uint256 balance = house.balanceOf(account).toAmount();
        _assertTrue(held + _requested[account] <= balance, "grew into a request");
    }

    function _note(uint32 account, uint256 wanted) private {
        uint256 held = heldOf(account);
        uint256 balance = house.balanceOf(account).toAmount();
        uint256 requested = _requested[account];
        if (wanted > held && requested != 0) {
            uint256 most = balance > requested ? balance - requested : 0;
            if (most < held) most = held;
            if (wanted > most) wanted = most;
        }
        _held[account] = wanted;
        _until[account] = block.timestamp + 7 days;
    }

    function _any(uint32 account) private pure returns (uint32) {
        return uint32(_bound(account, FIRST, ACCOUNTS - 1));
    }
}
