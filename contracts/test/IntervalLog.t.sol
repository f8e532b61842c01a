// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IntervalLog} from "../src/IntervalLog.sol";
import {IIntervalLog} from "../src/interfaces/IIntervalLog.sol";
import {Market} from "./support/Market.sol";

/// @dev Here the test is the ClearingHouse and ClearingProofs: whoever creates a log may record its
/// runs, and it is told who judges.
contract IntervalLogTest is Market {
    bytes32 private constant READINGS = keccak256("readings");
    bytes32 private constant POSTINGS = keccak256("postings");
    uint32 private constant DEADLINE = 3_600;

    function setUp() public override {
        super.setUp();
        log = new IntervalLog(operator, address(this));
    }

    function test_constructor_revertsWithoutAnOperatorOrProofs() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogInvalidOperator.selector, address(0))
        );
        new IntervalLog(address(0), address(this));
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogInvalidProofs.selector, address(0))
        );
        new IntervalLog(operator, address(0));
    }

    function test_constructor_startsTheClockOfSilence() public view {
        _assertEq(log.lastCommitAt(), block.timestamp, "deployment");
        _assertEq(log.clearingHouse(), address(this), "clearing house");
        _assertEq(log.clearingProofs(), address(this), "clearing proofs");
        _assertEq(log.operator(), operator, "operator");
    }

    function test_fixOrders_keepsTheSetAndIsNoSignOfLife() public {
        uint256 deployedAt = block.timestamp;
        vm.warp(deployedAt + 17);
        vm.prank(operator);
        vm.expectEmit();
        emit IIntervalLog.TermsAnnounced(_openOrders().rulebookHash, _openTerms());
        vm.expectEmit();
        emit IIntervalLog.OrdersFixed(ZONE, INTERVAL, _openOrders());
        _assertTrue(log.fixOrders(ZONE, INTERVAL, _openOrders(), _openTerms()), "fixed");
        bytes32 expected = keccak256(
            bytes.concat(keccak256("orders"), bytes32(uint256(1_000)), keccak256("rules"))
        );
        _assertEq(log.ordersOf(ZONE, INTERVAL), expected, "hash of 96 bytes");
        _assertEq(log.hashOrders(_openOrders()), expected, "published hash");
        _assertEq(log.ordersOf(ZONE + 1, INTERVAL), bytes32(0), "other zone");
        _assertEq(log.ordersOf(ZONE, INTERVAL + 1), bytes32(0), "other interval");
        _assertStatus(IIntervalLog.Status.Fixed);
        _assertEq(log.lastCommitAt(), deployedAt, "no sign of life");
    }

    function test_commitClearing_keepsTheClearingAndIsASignOfLife() public {
        _fix();
        vm.warp(block.timestamp + 17);
        vm.prank(operator);
        vm.expectEmit();
        emit IIntervalLog.ClearingCommitted(ZONE, INTERVAL, _openClearing());
        _assertTrue(log.commitClearing(ZONE, INTERVAL, _openClearing()), "cleared");
        bytes26 expected = bytes26(
            keccak256(
                bytes.concat(
                    bytes32(uint256(1)),
                    bytes32(uint256(250_000)),
                    bytes32(uint256(120_000)),
                    bytes32(0),
                    bytes32(0),
                    keccak256("clearing")
                )
            )
        );
        _assertEq(log.clearingOf(ZONE, INTERVAL), expected, "hash of 192 bytes");
        _assertEq(log.hashClearing(_openClearing()), expected, "published hash");
        _assertStatus(IIntervalLog.Status.Cleared);
        _assertEq(log.lastCommitAt(), block.timestamp, "sign of life");
        _assertEq(log.proofDueAt(ZONE, INTERVAL), 0, "never overdue");
        vm.warp(block.timestamp + 1e9);
        _assertStatus(IIntervalLog.Status.Cleared);
    }

    function test_bothHaveNoEffectWithTheSameContent() public {
        _commit(INTERVAL);
        uint256 committedAt = block.timestamp;
        vm.warp(committedAt + 17);
        vm.recordLogs();
        vm.prank(operator);
        _assertFalse(log.fixOrders(ZONE, INTERVAL, _openOrders(), _openTerms()), "fixed again");
        vm.prank(operator);
        _assertFalse(log.commitClearing(ZONE, INTERVAL, _openClearing()), "cleared again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _assertEq(log.lastCommitAt(), committedAt, "no sign of life");
    }

    function test_bothRevertWithOtherContent() public {
        _commit(INTERVAL);
        for (uint256 i = 0; i < 3; ++i) {
            IIntervalLog.Orders memory orders = _openOrders();
            if (i == 0) orders.root = "other";
            if (i == 1) orders.count += 1;
            if (i == 2) orders.rulebookHash = "other";
            vm.prank(operator);
            _expectDiffers();
            log.fixOrders(ZONE, INTERVAL, orders, _openTerms());
        }
        for (uint256 i = 0; i < 6; ++i) {
            IIntervalLog.Clearing memory clearing = _openClearing();
            if (i == 0) clearing.hasPrice = false;
            if (i == 1) clearing.priceMicrosPerKwh += 1;
            if (i == 2) clearing.energyWh += 1;
            if (i == 3) clearing.voidCount += 1;
            if (i == 4) clearing.fillsRoot = "other";
            if (i == 5) clearing.clearingRoot = "other";
            vm.prank(operator);
            _expectDiffers();
            log.commitClearing(ZONE, INTERVAL, clearing);
        }
    }

    function testFuzz_bothRevertForAnyoneButTheOperator(address caller) public {
        vm.assume(caller != operator);
        bytes memory reason =
            abi.encodeWithSelector(IIntervalLog.IntervalLogUnauthorized.selector, caller);
        vm.prank(caller);
        vm.expectRevert(reason);
        log.fixOrders(ZONE, INTERVAL, _openOrders(), _openTerms());
        _fix();
        vm.prank(caller);
        vm.expectRevert(reason);
        log.commitClearing(ZONE, INTERVAL, _openClearing());
    }

    function test_commitClearing_revertsBeforeTheOrdersAreFixed() public {
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogNotFixed.selector, ZONE, INTERVAL)
        );
        log.commitClearing(ZONE, INTERVAL, _openClearing());
    }

    function test_terms_areTheSameForEver() public {
        _fixSealed(INTERVAL, true, DEADLINE);
        IIntervalLog.Terms memory kept = log.termsOf(keccak256("rules"));
        _assertTrue(kept.sealedBook && kept.proofRequired, "kept");
        _assertEq(kept.proofDeadlineSeconds, DEADLINE, "deadline");
        IIntervalLog.Terms[3] memory others = [
            IIntervalLog.Terms(false, false, 0),
            IIntervalLog.Terms(true, false, DEADLINE),
            IIntervalLog.Terms(true, true, DEADLINE + 1)
        ];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(operator);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IIntervalLog.IntervalLogTermsDiffer.selector, keccak256("rules")
                )
            );
            log.fixOrders(ZONE, INTERVAL + 1, _openOrders(), others[i]);
        }
    }

    function test_terms_thatCannotBeMeantAreRefused() public {
        IIntervalLog.Terms[4] memory wrong = [
            IIntervalLog.Terms(true, true, 0),
            IIntervalLog.Terms(false, true, 0),
            IIntervalLog.Terms(false, true, 1),
            IIntervalLog.Terms(false, false, 1)
        ];
        bytes memory reason = abi.encodeWithSelector(
            IIntervalLog.IntervalLogInvalidTerms.selector, keccak256("rules")
        );
        for (uint256 i = 0; i < 4; ++i) {
            vm.prank(operator);
            vm.expectRevert(reason);
            log.fixOrders(ZONE, INTERVAL, _openOrders(), wrong[i]);
        }
        vm.expectRevert(reason);
        log.termsOf(keccak256("rules"));
    }

    function test_statusOf_isOverdueOnlyAfterTheDeadlineAndUntilJudged() public {
        _fixSealed(INTERVAL, true, DEADLINE);
        vm.warp(block.timestamp + 10 * DEADLINE);
        _assertStatus(IIntervalLog.Status.Fixed);
        _assertEq(log.proofDueAt(ZONE, INTERVAL), 0, "not cleared");
        uint256 clearedAt = block.timestamp;
        vm.prank(operator);
        log.commitClearing(ZONE, INTERVAL, _openClearing());
        _assertEq(log.proofDueAt(ZONE, INTERVAL), clearedAt + DEADLINE, "due");
        vm.warp(clearedAt + DEADLINE);
        _assertStatus(IIntervalLog.Status.Cleared);
        vm.warp(clearedAt + DEADLINE + 1);
        _assertStatus(IIntervalLog.Status.Overdue);
        log.judge(ZONE, INTERVAL, IIntervalLog.Status.Proven);
        _assertStatus(IIntervalLog.Status.Proven);
    }

    /// @dev A time beyond 32 bits is not wrapped around: a proof would be overdue for ever.
    function test_commitClearing_isDueAtTheLatestWhenTimeEnds() public {
        uint256 end = type(uint32).max;
        for (uint64 i = 0; i < 4; ++i) {
            // The last moment that fits, one later, at the end, and after it.
            uint256 clearedAt = [end - DEADLINE, end - DEADLINE + 1, end, end + 7][i];
            _fixSealed(INTERVAL + i, true, DEADLINE);
            vm.warp(clearedAt);
            _clear(INTERVAL + i);
            _assertEq(log.proofDueAt(ZONE, INTERVAL + i), end, "due");
            bool isOverdue = log.statusOf(ZONE, INTERVAL + i) == IIntervalLog.Status.Overdue;
            _assertTrue(isOverdue == (clearedAt > end), "overdue after the end alone");
        }
    }

    function testFuzz_commitClearing_isDueOnceTheDeadlineHasPassed(
        uint32 deadline,
        uint256 clearedAt
    ) public {
        deadline = uint32(_bound(deadline, 1, type(uint32).max));
        clearedAt = _bound(clearedAt, block.timestamp, 2 * uint256(type(uint32).max));
        _fixSealed(INTERVAL, true, deadline);
        vm.warp(clearedAt);
        _clear(INTERVAL);
        uint256 sum = clearedAt + deadline;
        uint256 end = type(uint32).max;
        _assertEq(log.proofDueAt(ZONE, INTERVAL), sum > end ? end : sum, "due");
    }

    /// @dev Every judgement in every standing: the table of what may follow on what.
    function test_judge_followsTheTable() public {
        IIntervalLog.Status[5] memory standings = [
            IIntervalLog.Status.Fixed,
            IIntervalLog.Status.Cleared,
            IIntervalLog.Status.Proven,
            IIntervalLog.Status.Reexecuted,
            IIntervalLog.Status.Faulty
        ];
        uint256 mayFollow = 0;
        for (uint64 i = 0; i < 5; ++i) {
            for (uint8 verdict = 0; verdict < 7; ++verdict) {
                uint64 interval = INTERVAL + 10 * i + verdict;
                _fixSealed(interval, true, DEADLINE);
                if (i > 0) _clear(interval);
                if (i > 1) log.judge(ZONE, interval, standings[i]);
                IIntervalLog.Status wanted = IIntervalLog.Status(verdict);
                bool isAllowed = wanted == IIntervalLog.Status.Faulty
                    ? standings[i] != IIntervalLog.Status.Faulty
                    : (wanted == IIntervalLog.Status.Proven && (i == 1 || i == 3))
                        || (wanted == IIntervalLog.Status.Reexecuted && i == 1);
                if (isAllowed) {
                    ++mayFollow;
                    vm.expectEmit();
                    emit IIntervalLog.IntervalJudged(ZONE, interval, wanted);
                } else {
                    vm.expectRevert(
                        abi.encodeWithSelector(
                            IIntervalLog.IntervalLogJudgementRefused.selector,
                            ZONE,
                            interval,
                            standings[i],
                            wanted
                        )
                    );
                }
                log.judge(ZONE, interval, wanted);
            }
        }
        _assertEq(mayFollow, 7, "pairs that are allowed");
    }

    function testFuzz_judge_revertsForAnyoneButClearingProofs(address caller) public {
        vm.assume(caller != address(this));
        _commit(INTERVAL);
        vm.prank(caller);
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogUnauthorized.selector, caller)
        );
        log.judge(ZONE, INTERVAL, IIntervalLog.Status.Proven);
    }

    /// @dev A fault that is shown at once does not keep the clearing from being witnessed, and the
    /// clearing does not heal it.
    function test_commitClearing_doesNotHealAFault() public {
        _fixSealed(INTERVAL, true, DEADLINE);
        log.judge(ZONE, INTERVAL, IIntervalLog.Status.Faulty);
        _clear(INTERVAL);
        _assertStatus(IIntervalLog.Status.Faulty);
        log.requireNextRun(ZONE, INTERVAL, 0);
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

    function test_recordRun_revertsBeforeTheClearing() public {
        bytes memory reason =
            abi.encodeWithSelector(IIntervalLog.IntervalLogNotCleared.selector, ZONE, INTERVAL);
        vm.expectRevert(reason);
        log.recordRun(ZONE, INTERVAL, 0, READINGS, POSTINGS);
        _fix();
        vm.expectRevert(reason);
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
        _commit(zoneA, intervalA);
        log.recordRun(zoneA, intervalA, 0, READINGS, POSTINGS);
        _assertEq(log.ordersOf(zoneB, intervalB), bytes32(0), "orders");
        _assertEq(log.clearingOf(zoneB, intervalB), bytes32(0), "clearing");
        _assertTrue(log.statusOf(zoneB, intervalB) == IIntervalLog.Status.None, "status");
        _assertEq(log.runOf(zoneB, intervalB, 0), bytes32(0), "run");
    }

    function _fix() private {
        vm.prank(operator);
        log.fixOrders(ZONE, INTERVAL, _openOrders(), _openTerms());
    }

    function _fixSealed(uint64 interval, bool proofRequired, uint32 deadline) private {
        vm.prank(operator);
        log.fixOrders(
            ZONE, interval, _openOrders(), IIntervalLog.Terms(true, proofRequired, deadline)
        );
    }

    function _clear(uint64 interval) private {
        vm.prank(operator);
        log.commitClearing(ZONE, interval, _openClearing());
    }

    function _assertStatus(IIntervalLog.Status expected) private view {
        _assertEq(uint256(log.statusOf(ZONE, INTERVAL)), uint256(expected), "status");
    }

    function _expectDiffers() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IIntervalLog.IntervalLogCommitmentDiffers.selector, ZONE, INTERVAL
            )
        );
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
