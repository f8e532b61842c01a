// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Deltas} from "../support/Deltas.sol";
import {SealedMarket} from "../support/SealedMarket.sol";

/// @dev A market that requires proofs, in which runs are booked, proven and found faulty in any
/// order, and everybody takes out what it gets. The handler keeps every credit in a plain list.
contract HeldBackHandler is SealedMarket {
    uint64 private constant INTERVALS = 6;
    uint32 private constant ACCOUNTS = 8;

    struct Use {
        uint64 interval;
        uint256 sharedUntil;
        uint256 lapsesAt;
        int256[8] credits;
    }

    Use[] private _uses;
    mapping(uint64 interval => uint32 runs) private _runs;
    mapping(uint64 interval => uint256 due) private _dueAt;
    mapping(uint64 interval => bool) private _isFree;
    mapping(uint64 interval => bool) private _isFaulty;
    IIntervalLog.Orders private _orders;

    constructor() {
        setUp();
        _admit(ACCOUNTS - FIRST);
        _fundMany(0, ACCOUNTS, 1_000_000);
        _orders = _ordersOf(_treeOf(_commitments(4)), 4);
        for (uint64 interval = 0; interval < INTERVALS; ++interval) {
            clear(interval);
        }
    }

    function theHouse() external view returns (ClearingHouse) {
        return house;
    }

    /// @dev What an account cannot take out by the plain list, were it rich.
    function heldBackOf(uint32 account) public view returns (uint256 amount) {
        for (uint256 i = 0; i < _uses.length; ++i) {
            Use storage use = _uses[i];
            if (_isFree[use.interval] || block.timestamp >= use.lapsesAt) continue;
            amount += uint256(use.credits[account]);
        }
        uint256 balance = house.balanceOf(account).toAmount();
        if (amount > balance) amount = balance;
    }

    /// @dev The same interval again, when it was cleared before, is a sign of nothing.
    function clear(uint64 interval) public {
        interval = uint64(_bound(interval, 0, INTERVALS + 5));
        if (_dueAt[interval] != 0) return;
        _fix(ZONE, interval, _orders);
        _clear(ZONE, interval);
        _dueAt[interval] = block.timestamp + DEADLINE;
    }

    function run(uint64 interval, uint256 seed, bool inStages) external {
        interval = uint64(_bound(interval, 0, INTERVALS + 5));
        if (_dueAt[interval] == 0) return;
        if (block.timestamp >= house.silentFrom()) inStages = false;
        int64[] memory deltas = _deltas(seed);
        bytes memory records = Deltas.encode(0, deltas);
        uint32 number = _runs[interval]++;
        if (inStages && records.length != 0) {
            _stage(_batch(interval, number), 1, 0, records);
            house.applyChunk(_batch(interval, number), 0, records);
        } else {
            _settle(_batch(interval, number), records);
        }
        if (_isFree[interval]) return;
        uint256 last = _lastUse(interval);
        if (last == 0 || block.timestamp > _uses[last - 1].sharedUntil) {
            Use storage fresh = _uses.push();
            uint256 due = _dueAt[interval];
            fresh.interval = interval;
            fresh.sharedUntil = due > block.timestamp ? due : block.timestamp;
            fresh.lapsesAt = fresh.sharedUntil + house.silenceSeconds();
            last = _uses.length;
        }
        for (uint256 account = 0; account < ACCOUNTS; ++account) {
            int256 credit = _uses[last - 1].credits[account] + deltas[account];
            _uses[last - 1].credits[account] = credit > 0 ? credit : int256(0);
        }
    }

    function prove(uint64 interval) external {
        interval = uint64(_bound(interval, 0, INTERVALS + 5));
        if (_dueAt[interval] == 0 || _isFaulty[interval]) return;
        bytes memory proof = _proofOf(ZONE, interval, _orders, _clearing(), 64);
        proofs.prove(ZONE, interval, _orders, _clearing(), 64, proof);
        _isFree[interval] = true;
    }

    function decide(uint64 interval, bool upheld) external {
        interval = uint64(_bound(interval, 0, INTERVALS + 5));
        if (_dueAt[interval] == 0) return;
        if (log.statusOf(ZONE, interval) != IIntervalLog.Status.Overdue) return;
        proofs.dispute(ZONE, interval, "reason");
        vm.prank(auditor);
        proofs.decide(ZONE, interval, upheld, "report");
        if (upheld) _isFaulty[interval] = true;
        else _isFree[interval] = true;
    }

    function claim(uint32 account, uint64 amount) external {
        account = uint32(_bound(account, FIRST, ACCOUNTS - 1));
        amount = uint64(_bound(amount, 1, 2_000_000));
        vm.prank(_owner(account));
        house.requestWithdrawal(account, amount);
        vm.warp(block.timestamp + house.withdrawalDelaySeconds());
        uint256 free = house.balanceOf(account).toAmount() - heldBackOf(account);
        uint256 paid = house.claimWithdrawal(account);
        _assertEq(paid, amount < free ? amount : free, "the claim");
    }

    function exit(uint32 account) external {
        if (block.timestamp < house.silentFrom()) return;
        account = uint32(_bound(account, FIRST, ACCOUNTS - 1));
        uint256 free = house.balanceOf(account).toAmount() - heldBackOf(account);
        vm.prank(_owner(account));
        _assertEq(house.exit(account), free, "the exit");
    }

    function deposit(uint32 account, uint64 amount) external {
        _fund(uint32(_bound(account, 0, ACCOUNTS - 1)), uint64(_bound(amount, 1, 100_000)));
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + [uint256(10), 400, 2_000, 4_000][time % 4]);
    }

    function _lastUse(uint64 interval) private view returns (uint256) {
        for (uint256 i = _uses.length; i > 0; --i) {
            if (_uses[i - 1].interval == interval) return i;
        }
        return 0;
    }

    function _deltas(uint256 seed) private view returns (int64[] memory deltas) {
        deltas = new int64[](ACCOUNTS);
        int64 sum = 0;
        for (uint32 account = 0; account < ACCOUNTS; ++account) {
            uint256 random = uint256(keccak256(abi.encode(seed, account)));
            if (random % 2 == 0) continue;
            uint256 most = house.balanceOf(account).toAmount();
            deltas[account] = -int64(int256(_bound(random >> 8, 0, most)));
            sum += deltas[account];
        }
        deltas[seed % ACCOUNTS] -= sum;
    }
}
