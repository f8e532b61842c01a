// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IIntervalLog} from "./interfaces/IIntervalLog.sol";
import {Commitments} from "./libraries/Commitments.sol";

/// @title Interval log
/// @dev Created by the ClearingHouse in its constructor, so each knows the other from the start and
/// neither has a setter. ClearingProofs is known by the address that it will be deployed at, for
/// the same reason. The operator is fixed for the reason given at the ClearingHouse.
/// @custom:invariant invariant_commitmentsNeverChange: what was fixed or cleared once stays.
/// @custom:invariant invariant_runsAreWithoutGaps: the runs of an interval are 0, 1, 2, … and stay.
/// @custom:invariant invariant_faultyIsFinal: a faulty interval stays faulty.
contract IntervalLog is IIntervalLog {
    using Commitments for Orders;
    using Commitments for Clearing;

    /// @dev One word per interval, written at the gate so that the clearing only changes it.
    struct Standing {
        /// Never Overdue: that follows from the time.
        Status status;
        bool proofRequired;
        /// Until the clearing how many seconds its proof may take; then until when, 2106 at most.
        /// Zero: no deadline.
        uint32 due;
        bytes26 clearing;
    }

    /// @dev Terms in one word, which a nested struct would not be.
    struct Announcement {
        bool isAnnounced;
        bool sealedBook;
        bool proofRequired;
        uint32 proofDeadlineSeconds;
    }

    /// @inheritdoc IIntervalLog
    address public immutable operator;

    /// @inheritdoc IIntervalLog
    address public immutable clearingHouse;

    /// @inheritdoc IIntervalLog
    address public immutable clearingProofs;

    uint64 private _lastCommitAt;
    mapping(uint256 zoneAndInterval => bytes32 orders) private _orders;
    mapping(uint256 zoneAndInterval => Standing standing) private _standings;
    mapping(uint256 zoneIntervalAndRun => bytes32 run) private _runs;
    mapping(bytes32 rulebookHash => Announcement announcement) private _announcements;

    modifier onlyOperator() {
        if (msg.sender != operator) revert IntervalLogUnauthorized(msg.sender);
        _;
    }

    constructor(address operator_, address clearingProofs_) {
        if (operator_ == address(0)) revert IntervalLogInvalidOperator(operator_);
        if (clearingProofs_ == address(0)) revert IntervalLogInvalidProofs(clearingProofs_);
        operator = operator_;
        clearingHouse = msg.sender;
        clearingProofs = clearingProofs_;
        _lastCommitAt = uint64(block.timestamp);
    }

    /// @inheritdoc IIntervalLog
    function fixOrders(uint32 zone, uint64 interval, Orders calldata orders, Terms calldata terms)
        external
        onlyOperator
        returns (bool isNew)
    {
        _announce(orders.rulebookHash, terms);
        bytes32 content = orders.hash();
        uint256 key = _intervalKey(zone, interval);
        bytes32 known = _orders[key];
        if (known == content) return false;
        if (known != bytes32(0)) revert IntervalLogCommitmentDiffers(zone, interval);

        _orders[key] = content;
        _standings[key] = Standing({
            status: Status.Fixed,
            proofRequired: terms.proofRequired,
            due: terms.proofDeadlineSeconds,
            clearing: bytes26(0)
        });
        emit OrdersFixed(zone, interval, orders);
        return true;
    }

    /// @inheritdoc IIntervalLog
    function commitClearing(uint32 zone, uint64 interval, Clearing calldata clearing)
        external
        onlyOperator
        returns (bool isNew)
    {
        Standing storage standing = _standings[_intervalKey(zone, interval)];
        Standing memory known = standing;
        bytes26 content = clearing.hash();
        if (known.clearing == content) return false;
        if (known.clearing != bytes26(0)) revert IntervalLogCommitmentDiffers(zone, interval);
        if (known.status == Status.None) revert IntervalLogNotFixed(zone, interval);

        // A fault that was shown before the clearing stays.
        if (known.status == Status.Fixed) known.status = Status.Cleared;
        if (known.due != 0) {
            uint256 due = known.due + block.timestamp;
            // A bound of the stored width, reached in the year 2106; no decision hangs on it.
            // slither-disable-next-line timestamp
            known.due = due < type(uint32).max ? uint32(due) : type(uint32).max;
        }
        known.clearing = content;
        (standing.status, standing.due, standing.clearing) =
        (known.status, known.due, known.clearing);
        _lastCommitAt = uint64(block.timestamp);
        emit ClearingCommitted(zone, interval, clearing);
        return true;
    }

    /// @inheritdoc IIntervalLog
    function recordRun(
        uint32 zone,
        uint64 interval,
        uint32 run,
        bytes32 readingsRoot,
        bytes32 postingsRoot
    ) external {
        if (msg.sender != clearingHouse) {
            revert IntervalLogUnauthorized(msg.sender);
        }
        requireNextRun(zone, interval, run);
        _runs[_runKey(zone, interval, run)] = hashRun(readingsRoot, postingsRoot);
        emit RunRecorded(zone, interval, run, readingsRoot, postingsRoot);
    }

    /// @inheritdoc IIntervalLog
    function judge(uint32 zone, uint64 interval, Status verdict) external {
        if (msg.sender != clearingProofs) {
            revert IntervalLogUnauthorized(msg.sender);
        }
        Standing storage standing = _standings[_intervalKey(zone, interval)];
        Status known = standing.status;
        bool mayFollow = known == Status.Fixed
            ? verdict == Status.Faulty
            : known == Status.Cleared
                ? verdict >= Status.Proven
                : known == Status.Proven
                    ? verdict == Status.Faulty
                    : known == Status.Reexecuted
                        && (verdict == Status.Proven || verdict == Status.Faulty);
        if (!mayFollow) revert IntervalLogJudgementRefused(zone, interval, known, verdict);
        standing.status = verdict;
        emit IntervalJudged(zone, interval, verdict);
    }

    /// @inheritdoc IIntervalLog
    function lastCommitAt() external view returns (uint64) {
        return _lastCommitAt;
    }

    /// @inheritdoc IIntervalLog
    function statusOf(uint32 zone, uint64 interval) external view returns (Status) {
        Standing memory standing = _standings[_intervalKey(zone, interval)];
        // A deadline is minutes and more; a block's maker can move its time by seconds.
        // slither-disable-next-line timestamp
        bool isOverdue = standing.status == Status.Cleared && standing.due != 0
            && block.timestamp > standing.due;
        return isOverdue ? Status.Overdue : standing.status;
    }

    /// @inheritdoc IIntervalLog
    function proofDueAt(uint32 zone, uint64 interval) external view returns (uint64) {
        Standing memory standing = _standings[_intervalKey(zone, interval)];
        return standing.clearing == bytes26(0) ? 0 : standing.due;
    }

    /// @inheritdoc IIntervalLog
    function isProofAwaited(uint32 zone, uint64 interval) external view returns (bool) {
        Standing memory standing = _standings[_intervalKey(zone, interval)];
        return standing.proofRequired && standing.status != Status.Proven
            && standing.status != Status.Reexecuted;
    }

    /// @inheritdoc IIntervalLog
    function ordersOf(uint32 zone, uint64 interval) external view returns (bytes32) {
        return _orders[_intervalKey(zone, interval)];
    }

    /// @inheritdoc IIntervalLog
    function termsOf(bytes32 rulebookHash) external view returns (Terms memory) {
        Announcement memory known = _announcements[rulebookHash];
        if (!known.isAnnounced) revert IntervalLogInvalidTerms(rulebookHash);
        return Terms({
            sealedBook: known.sealedBook,
            proofRequired: known.proofRequired,
            proofDeadlineSeconds: known.proofDeadlineSeconds
        });
    }

    /// @inheritdoc IIntervalLog
    function runCount(uint32 zone, uint64 interval) external view returns (uint32) {
        uint32 run = 0;
        while (runOf(zone, interval, run) != bytes32(0)) ++run;
        return run;
    }

    /// @inheritdoc IIntervalLog
    function hashOrders(Orders calldata orders) external pure returns (bytes32) {
        return orders.hash();
    }

    /// @inheritdoc IIntervalLog
    function hashClearing(Clearing calldata clearing) external pure returns (bytes26) {
        return clearing.hash();
    }

    /// @inheritdoc IIntervalLog
    function requireNextRun(uint32 zone, uint64 interval, uint32 run) public view {
        if (clearingOf(zone, interval) == bytes26(0)) {
            revert IntervalLogNotCleared(zone, interval);
        }
        bool follows = run == 0 || runOf(zone, interval, run - 1) != bytes32(0);
        if (!follows || runOf(zone, interval, run) != bytes32(0)) {
            revert IntervalLogRunNotNext(zone, interval, run);
        }
    }

    /// @inheritdoc IIntervalLog
    function clearingOf(uint32 zone, uint64 interval) public view returns (bytes26) {
        return _standings[_intervalKey(zone, interval)].clearing;
    }

    /// @inheritdoc IIntervalLog
    function runOf(uint32 zone, uint64 interval, uint32 run) public view returns (bytes32) {
        return _runs[_runKey(zone, interval, run)];
    }

    /// @inheritdoc IIntervalLog
    function hashRun(bytes32 readingsRoot, bytes32 postingsRoot) public pure returns (bytes32) {
        return keccak256(abi.encode(readingsRoot, postingsRoot));
    }

    /// @dev Nobody proves an open book; and a proof that is required must be due at some time.
    function _announce(bytes32 rulebookHash, Terms calldata terms) private {
        Announcement memory known = _announcements[rulebookHash];
        if (known.isAnnounced) {
            bool isSame = known.sealedBook == terms.sealedBook
                && known.proofRequired == terms.proofRequired
                && known.proofDeadlineSeconds == terms.proofDeadlineSeconds;
            if (!isSame) revert IntervalLogTermsDiffer(rulebookHash);
            return;
        }
        bool isTimed = terms.proofDeadlineSeconds != 0;
        if ((terms.proofRequired && !isTimed) || (isTimed && !terms.sealedBook)) {
            revert IntervalLogInvalidTerms(rulebookHash);
        }
        _announcements[rulebookHash] = Announcement({
            isAnnounced: true,
            sealedBook: terms.sealedBook,
            proofRequired: terms.proofRequired,
            proofDeadlineSeconds: terms.proofDeadlineSeconds
        });
        emit TermsAnnounced(rulebookHash, terms);
    }

    function _intervalKey(uint32 zone, uint64 interval) private pure returns (uint256) {
        return uint256(zone) << 64 | interval;
    }

    function _runKey(uint32 zone, uint64 interval, uint32 run) private pure returns (uint256) {
        return _intervalKey(zone, interval) << 32 | run;
    }
}
