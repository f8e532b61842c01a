// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Deltas} from "../support/Deltas.sol";
import {SealedMarket} from "../support/SealedMarket.sol";
import {Tree} from "../support/Tree.sol";

/// @dev Goal: where a proof is required, nothing that an interval credited leaves the house by any
/// way out before the interval is proven, re-executed or its time is over; everything else does.
/// Method: attacks by name on a sealed market with the mock verifier; account 3 is the attacker.
contract HeldBackTest is SealedMarket {
    uint32 private constant THIEF = FIRST;
    uint256 private constant DELAY = DELAY_INTERVALS * INTERVAL_SECONDS;
    uint256 private constant LAPSE = SILENT_INTERVALS * INTERVAL_SECONDS;

    IIntervalLog.Orders private _orders;
    uint256 private _due;

    function setUp() public override {
        super.setUp();
        _admit(10);
        _fundMany(FIRST, 10, 1_000);
        Tree tree = _treeOf(_commitments(4));
        _orders = _ordersOf(tree, 4);
        _cleared(INTERVAL);
        _due = block.timestamp + DEADLINE;
    }

    function test_attack_ownRequestOfDisputedMoneyPaysOnlyTheRest() public {
        _request(THIEF, 1_700);
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        vm.warp(block.timestamp + DELAY);
        _assertEq(house.claimWithdrawal(THIEF), 1_000, "what it had");
        _assertEq(house.balanceOf(THIEF), 700, "what is disputed stays");
    }

    function test_attack_ownRequestAfterAFaultPaysOnlyTheRest() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        vm.warp(_due + 1);
        proofs.dispute(ZONE, INTERVAL, "reason");
        vm.prank(auditor);
        proofs.decide(ZONE, INTERVAL, true, "report");
        _assertStatus(IIntervalLog.Status.Faulty);
        _request(THIEF, 1_700);
        vm.warp(block.timestamp + DELAY);
        _assertEq(house.heldBackOf(THIEF), 700, "held back");
        _assertEq(house.claimWithdrawal(THIEF), 1_000, "paid");
        // The run that puts it right finds the money there.
        _settle(_batch(INTERVAL, 1), Deltas.move(THIEF, 4, 700));
        _assertEq(house.balanceOf(4), 1_000, "given back");
        _assertEq(house.heldBackOf(THIEF), 0, "nothing left");
    }

    function test_attack_exitWithDisputedMoneyLeavesItThere() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        vm.warp(house.silentFrom());
        vm.prank(_owner(THIEF));
        _assertEq(house.exit(THIEF), 1_000, "paid");
        _assertEq(house.balanceOf(THIEF), 700, "stays");
    }

    function test_attack_operatorPaysItsAccompliceAtOnce() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        bytes memory signature = _signed(bytes16("a"), 1_001);
        vm.startPrank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseHeldBack.selector, THIEF, 1_001, 1_000
            )
        );
        house.withdraw(bytes16("a"), THIEF, 1_001, address(77), signature);
        house.withdraw(bytes16("b"), THIEF, 1_000, address(77), _signed(bytes16("b"), 1_000));
    }

    function test_attack_aStagedBatchIsHeldBackToo() public {
        bytes memory deltas = Deltas.move(9, THIEF, 700);
        bytes memory first = new bytes(36);
        bytes memory second = new bytes(36);
        for (uint256 i = 0; i < 36; ++i) {
            (first[i], second[i]) = (deltas[i], deltas[36 + i]);
        }
        _stage(_batch(INTERVAL, 0), 2, 0, first);
        _stage(_batch(INTERVAL, 0), 2, 1, second);
        house.applyChunk(_batch(INTERVAL, 0), 0, first);
        house.applyChunk(_batch(INTERVAL, 0), 1, second);
        _assertEq(house.heldBackOf(THIEF), 700, "held back");
        _assertEq(house.heldBackOf(9), 0, "who paid");
    }

    /// @dev A run that comes when the time is nearly over would else be free at once.
    function test_attack_aLateRunHasItsOwnTime() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 100));
        vm.warp(_due + LAPSE - 1);
        _settle(_batch(INTERVAL, 1), Deltas.move(4, THIEF, 600));
        _assertEq(house.heldBackOf(THIEF), 700, "both");
        vm.warp(_due + LAPSE);
        _assertEq(house.heldBackOf(THIEF), 600, "the late one");
        vm.warp(_due + 2 * LAPSE - 1);
        _assertEq(house.heldBackOf(THIEF), 0, "neither");
    }

    /// @dev And a first run that comes after all of it, too.
    function test_attack_aFirstRunAfterTheLapseIsHeldBack() public {
        vm.warp(_due + 2 * LAPSE);
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        _assertEq(house.heldBackOf(THIEF), 700, "held back");
    }

    /// @dev Many runs of many intervals do not push earlier ones out of their places.
    function test_attack_manyIntervalsHideNone() public {
        for (uint64 i = 1; i <= 12; ++i) {
            _cleared(INTERVAL + i);
        }
        for (uint64 i = 0; i <= 12; ++i) {
            _settle(_batch(INTERVAL + i, 0), Deltas.move(4, THIEF, int64(uint64(1 + i))));
            if (i % 3 == 2) _prove(INTERVAL + i);
        }
        // 1 + … + 13, without the third of each three.
        _assertEq(house.heldBackOf(THIEF), 91 - (3 + 6 + 9 + 12), "held back");
    }

    function test_attack_aSilentOperatorCannotHoldBackForEver() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        vm.warp(_due + LAPSE - 1);
        _assertEq(house.heldBackOf(THIEF), 700, "until then");
        vm.warp(_due + LAPSE);
        vm.prank(_owner(THIEF));
        _assertEq(house.exit(THIEF), 1_700, "everything");
    }

    function test_heldBackOf_endsWithTheProof() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        _assertEq(house.heldBackOf(THIEF), 700, "before");
        _prove(INTERVAL);
        _assertEq(house.heldBackOf(THIEF), 0, "after");
        _settle(_batch(INTERVAL, 1), Deltas.move(4, THIEF, 100));
        _assertEq(house.heldBackOf(THIEF), 0, "a run of a proven interval");
    }

    function test_heldBackOf_endsWithTheReexecution() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        vm.warp(_due + 1);
        proofs.dispute(ZONE, INTERVAL, "reason");
        vm.prank(auditor);
        proofs.decide(ZONE, INTERVAL, false, "report");
        _assertEq(house.heldBackOf(THIEF), 0, "free");
    }

    function test_heldBackOf_followsCorrectionsOfTheInterval() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        _settle(_batch(INTERVAL, 1), Deltas.move(THIEF, 4, 300));
        _assertEq(house.heldBackOf(THIEF), 400, "less");
        _settle(_batch(INTERVAL, 2), Deltas.move(THIEF, 4, 900));
        _assertEq(house.heldBackOf(THIEF), 0, "never below zero");
    }

    function test_heldBackOf_isNoMoreThanTheBalance() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 700));
        _cleared(INTERVAL + 1);
        _settle(_batch(INTERVAL + 1, 0), Deltas.move(THIEF, 5, 1_500));
        _assertEq(house.heldBackOf(THIEF), 200, "all that is there");
        _assertEq(house.heldBackOf(5), 1_500, "who has it now");
    }

    function test_heldBackOf_aPlaceIsUsedAgainWithoutItsOldWords() public {
        for (uint64 i = 0; i < 5; ++i) {
            if (i != 0) _cleared(INTERVAL + i);
            _settle(_batch(INTERVAL + i, 0), Deltas.move(4, THIEF, 10));
            _assertEq(house.heldBackOf(THIEF), 10, "only the newest");
            _prove(INTERVAL + i);
        }
        // A new use of the place, in which this account got nothing.
        _cleared(INTERVAL + 9);
        _settle(_batch(INTERVAL + 9, 0), Deltas.move(4, 8, 10));
        _assertEq(house.heldBackOf(THIEF), 0, "nothing");
    }

    function test_heldBackOf_whereNoProofIsRequiredIsNothing() public {
        _commit(ZONE + 1, INTERVAL);
        IClearingHouse.Batch memory batch = _batch(INTERVAL, 0);
        batch.zone = ZONE + 1;
        _settle(batch, Deltas.move(4, THIEF, 700));
        _assertEq(house.heldBackOf(THIEF), 0, "free at once");
    }

    /// @dev More than a lane can say stands for any amount.
    function test_heldBackOf_aFullLaneIsEverything() public {
        _fund(4, 2 ** 60);
        _settle(_batch(INTERVAL, 0), Deltas.move(4, THIEF, 2 ** 57));
        _assertEq(house.heldBackOf(THIEF), 2 ** 57 + 1_000, "everything");
        _settle(_batch(INTERVAL, 1), Deltas.move(THIEF, 4, 2 ** 57));
        _assertEq(house.heldBackOf(THIEF), 1_000, "still");
        _prove(INTERVAL);
        _assertEq(house.heldBackOf(THIEF), 0, "free");
    }

    function _cleared(uint64 interval) private {
        _fix(ZONE, interval, _orders);
        _clear(ZONE, interval);
    }

    function _prove(uint64 interval) private {
        bytes memory proof = _proofOf(ZONE, interval, _orders, _clearing(), 64);
        proofs.prove(ZONE, interval, _orders, _clearing(), 64, proof);
    }

    function _request(uint32 account, uint64 amount) private {
        vm.prank(_owner(account));
        house.requestWithdrawal(account, amount);
    }

    function _signed(bytes16 id, uint64 amount) private view returns (bytes memory) {
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)"),
                id,
                THIEF,
                amount,
                address(77)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            KEYS, keccak256(abi.encodePacked("\x19\x01", house.domainSeparator(), content))
        );
        return abi.encodePacked(r, s, v);
    }
}
