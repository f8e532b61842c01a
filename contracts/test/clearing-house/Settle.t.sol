// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Deltas} from "../support/Deltas.sol";
import {Market} from "../support/Market.sol";

contract SettleTest is Market {
    function setUp() public override {
        super.setUp();
        _admit(10);
        _fundMany(FIRST, 10, 1_000);
        _commit(INTERVAL);
    }

    function test_settle_movesMoneyAndRecordsTheRun() public {
        IClearingHouse.Batch memory batch = _batch(INTERVAL, 0);
        vm.expectEmit();
        emit IClearingHouse.BatchSettled(ZONE, INTERVAL, 0, 1);
        vm.expectEmit();
        emit IIntervalLog.RunRecorded(ZONE, INTERVAL, 0, batch.readingsRoot, batch.postingsRoot);
        _assertTrue(_settle(batch, Deltas.move(3, 12, 400)), "settled");
        _assertEq(house.balanceOf(3), 600, "payer");
        _assertEq(house.balanceOf(12), 1_400, "payee");
        _assertEq(house.totalBalance(), 10_000, "total");
        _assertTrue(house.isSettled(ZONE, INTERVAL, 0), "is settled");
        _assertFalse(house.isSettled(ZONE, INTERVAL, 1), "next run");
    }

    function test_settle_hasNoEffectWithTheSameBatch() public {
        IClearingHouse.Batch memory batch = _batch(INTERVAL, 0);
        _settle(batch, Deltas.move(3, 12, 400));
        vm.recordLogs();
        _assertFalse(_settle(batch, Deltas.move(3, 12, 400)), "not again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _assertEq(house.balanceOf(3), 600, "payer");
    }

    /// @dev The answer to a batch that is there does not depend on what happened since.
    function test_settle_hasNoEffectWithAnOlderBatch() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 400));
        _settle(_batch(INTERVAL, 1), Deltas.move(3, 12, 600));
        _assertFalse(_settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 400)), "not again");
        _assertEq(house.balanceOf(3), 0, "payer");
    }

    function test_settle_revertsWithOtherContent() public {
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 400));
        bytes memory reason = abi.encodeWithSelector(
            IClearingHouse.ClearingHouseBatchDiffers.selector, ZONE, INTERVAL, 0
        );
        IClearingHouse.Batch memory batch = _batch(INTERVAL, 0);
        vm.prank(operator);
        vm.expectRevert(reason);
        house.settle(batch, Deltas.move(3, 12, 401));
        vm.prank(operator);
        vm.expectRevert(reason);
        house.settle(batch, "");
        batch.readingsRoot = keccak256("other");
        vm.prank(operator);
        vm.expectRevert(reason);
        house.settle(batch, Deltas.move(3, 12, 400));
        batch = _batch(INTERVAL, 0);
        batch.postingsRoot = keccak256("other");
        vm.prank(operator);
        vm.expectRevert(reason);
        house.settle(batch, Deltas.move(3, 12, 400));
    }

    function test_settle_revertsWithoutACommitment() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogNotCleared.selector, ZONE, INTERVAL + 1)
        );
        _settle(_batch(INTERVAL + 1, 0), Deltas.move(3, 12, 400));
    }

    function test_settle_revertsOnARunOutOfSequence() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogRunNotNext.selector, ZONE, INTERVAL, 1)
        );
        _settle(_batch(INTERVAL, 1), Deltas.move(3, 12, 400));
    }

    function test_settle_revertsWhenTheSumIsNotZero() public {
        bytes memory deltas = bytes.concat(Deltas.one(3, -400), Deltas.one(12, 401));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseUnbalancedBatch.selector, ZONE, INTERVAL, 0, int256(1)
            )
        );
        _settle(_batch(INTERVAL, 0), deltas);
        _assertEq(house.balanceOf(3), 1_000, "nothing moved");
    }

    /// @dev Two lanes of 2^63 - 1 sum to -2 in 64 bits; the sum must be taken in more.
    function test_settle_revertsWhenTheSumIsZeroModulo64Bits() public {
        int64[] memory deltas = new int64[](8);
        deltas[4] = 2 ** 62;
        deltas[5] = 2 ** 62;
        deltas[6] = 2 ** 62;
        deltas[7] = 2 ** 62;
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseUnbalancedBatch.selector,
                ZONE,
                INTERVAL,
                0,
                int256(2 ** 64)
            )
        );
        _settle(_batch(INTERVAL, 0), Deltas.encode(0, deltas));
    }

    function test_settle_revertsWhenSomebodyIsShort() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInsufficientBalance.selector, 3, 1_000, -1_001
            )
        );
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 1_001));
    }

    function test_settle_revertsWhenTheOperatorsOwnAccountIsShort() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInsufficientBalance.selector, 0, 0, -1
            )
        );
        _settle(_batch(INTERVAL, 0), Deltas.move(0, 12, 1));
    }

    function test_settle_ofSuspendedParticipants() public {
        vm.startPrank(authority);
        registry.suspend(3);
        registry.suspend(12);
        vm.stopPrank();
        _assertTrue(_settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 400)), "settled");
        _assertEq(house.balanceOf(12), 1_400, "payee");
    }

    /// @dev A run that moves nothing still takes its number, so that the next one can follow.
    function test_settle_ofNoDeltas() public {
        _assertTrue(_settle(_batch(INTERVAL, 0), ""), "settled");
        _assertFalse(_settle(_batch(INTERVAL, 0), ""), "not again");
        _assertTrue(_settle(_batch(INTERVAL, 1), Deltas.move(3, 12, 400)), "next run");
    }

    function testFuzz_settle_revertsForAnyoneButTheOperator(address caller) public {
        vm.assume(caller != operator);
        IClearingHouse.Batch memory batch = _batch(INTERVAL, 0);
        bytes memory deltas = Deltas.move(3, 12, 400);
        bytes memory reason =
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnauthorized.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(reason);
        house.settle(batch, deltas);
        vm.expectRevert(reason);
        house.stage(batch, 1, 0, deltas);
        vm.expectRevert(reason);
        house.abandon();
        vm.expectRevert(reason);
        house.withdraw("id", 3, 1, caller, "");
    }

    /// @dev Zone, interval and run are packed into one key: neighbours must not meet in it.
    function testFuzz_settle_keysDoNotCollide(uint32 zone, uint64 interval) public {
        vm.assume(zone != ZONE || interval != INTERVAL);
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 1));
        _commit(zone, interval);
        IClearingHouse.Batch memory batch = _batch(INTERVAL, 0);
        batch.zone = zone;
        batch.interval = interval;
        _assertTrue(_settle(batch, Deltas.move(3, 12, 1)), "another batch");
        _assertEq(house.balanceOf(3), 998, "both moved");
    }
}
