// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IntervalLog} from "../src/IntervalLog.sol";
import {IIntervalLog} from "../src/interfaces/IIntervalLog.sol";
import {Market} from "./support/Market.sol";

/// @dev Here the test is the ClearingHouse: whoever creates a log may record its runs.
contract IntervalLogTest is Market {
    bytes32 private constant ORDERS = keccak256("orders");
    bytes32 private constant CLEARING = keccak256("clearing");
    bytes32 private constant RULES = keccak256("rules");
    bytes32 private constant READINGS = keccak256("readings");
    bytes32 private constant POSTINGS = keccak256("postings");

    function setUp() public override {
        super.setUp();
        log = new IntervalLog(operator);
    }

    function test_constructor_revertsWithoutAnOperator() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogInvalidOperator.selector, address(0))
        );
        new IntervalLog(address(0));
    }

    function test_constructor_startsTheClockOfSilence() public view {
        _assertEq(log.lastCommitAt(), block.timestamp, "deployment");
        _assertEq(log.clearingHouse(), address(this), "clearing house");
        _assertEq(log.operator(), operator, "operator");
    }

    function test_commit_keepsWhatWasCommitted() public {
        vm.warp(block.timestamp + 17);
        vm.prank(operator);
        vm.expectEmit();
        emit IIntervalLog.IntervalCommitted(ZONE, INTERVAL, ORDERS, CLEARING, RULES);
        _assertTrue(log.commit(ZONE, INTERVAL, ORDERS, CLEARING, RULES), "committed");
        _assertTrue(log.isCommitted(ZONE, INTERVAL), "is committed");
        _assertFalse(log.isCommitted(ZONE + 1, INTERVAL), "other zone");
        _assertFalse(log.isCommitted(ZONE, INTERVAL + 1), "other interval");
        bytes32 expected = keccak256(bytes.concat(ORDERS, CLEARING, RULES));
        _assertEq(log.commitmentOf(ZONE, INTERVAL), expected, "hash of 96 bytes");
        _assertEq(log.hashCommitment(ORDERS, CLEARING, RULES), expected, "published hash");
        _assertEq(log.lastCommitAt(), block.timestamp, "last commit");
    }

    function test_commit_hasNoEffectWithTheSameContent() public {
        _commit(INTERVAL);
        uint256 committedAt = block.timestamp;
        vm.warp(committedAt + 17);
        vm.recordLogs();
        vm.prank(operator);
        _assertFalse(log.commit(ZONE, INTERVAL, ORDERS, CLEARING, RULES), "not again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _assertEq(log.lastCommitAt(), committedAt, "no sign of life");
    }

    function test_commit_revertsWithOtherContent() public {
        _commit(INTERVAL);
        bytes32[3] memory roots = [ORDERS, CLEARING, RULES];
        for (uint256 i = 0; i < 3; ++i) {
            bytes32[3] memory other = roots;
            other[i] = keccak256("other");
            vm.prank(operator);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IIntervalLog.IntervalLogCommitmentDiffers.selector, ZONE, INTERVAL
                )
            );
            log.commit(ZONE, INTERVAL, other[0], other[1], other[2]);
        }
    }

    function testFuzz_commit_revertsForAnyoneButTheOperator(address caller) public {
        vm.assume(caller != operator);
        vm.prank(caller);
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogUnauthorized.selector, caller)
        );
        log.commit(ZONE, INTERVAL, ORDERS, CLEARING, RULES);
    }

    function test_recordRun_numbersFromZeroWithoutGaps() public {
        _commit(INTERVAL);
        _refuseRun(1);
        vm.expectEmit();
        emit IIntervalLog.RunRecorded(ZONE, INTERVAL, 0, READINGS, POSTINGS);
        log.recordRun(ZONE, INTERVAL, 0, READINGS, POSTINGS);
        _refuseRun(0);
        _refuseRun(2);
        log.recordRun(ZONE, INTERVAL, 1, POSTINGS, READINGS);
        _refuseRun(1);
        _refuseRun(type(uint32).max);
        _assertEq(log.runCount(ZONE, INTERVAL), 2, "runs");
        bytes32 expected = keccak256(bytes.concat(READINGS, POSTINGS));
        _assertEq(log.runOf(ZONE, INTERVAL, 0), expected, "hash of 64 bytes");
        _assertEq(log.hashRun(READINGS, POSTINGS), expected, "published hash");
        _assertEq(log.runOf(ZONE, INTERVAL, 2), bytes32(0), "none");
    }

    function test_recordRun_revertsWithoutACommitment() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogNotCommitted.selector, ZONE, INTERVAL)
        );
        log.recordRun(ZONE, INTERVAL, 0, READINGS, POSTINGS);
    }

    function test_recordRun_revertsForAnyoneButTheClearingHouse() public {
        _commit(INTERVAL);
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogUnauthorized.selector, operator)
        );
        log.recordRun(ZONE, INTERVAL, 0, READINGS, POSTINGS);
    }

    /// @dev Zone, interval and run are packed into one key: neighbours must not meet in it.
    function testFuzz_keys_doNotCollide(
        uint32 zoneA,
        uint64 intervalA,
        uint32 zoneB,
        uint64 intervalB
    ) public {
        vm.assume(zoneA != zoneB || intervalA != intervalB);
        vm.prank(operator);
        log.commit(zoneA, intervalA, ORDERS, CLEARING, RULES);
        log.recordRun(zoneA, intervalA, 0, READINGS, POSTINGS);
        _assertFalse(log.isCommitted(zoneB, intervalB), "commitment");
        _assertEq(log.runOf(zoneB, intervalB, 0), bytes32(0), "run");
    }

    function _refuseRun(uint32 run) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IIntervalLog.IntervalLogRunNotNext.selector, ZONE, INTERVAL, run
            )
        );
        log.recordRun(ZONE, INTERVAL, run, READINGS, POSTINGS);
    }
}
