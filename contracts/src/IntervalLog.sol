// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IIntervalLog} from "./interfaces/IIntervalLog.sol";

/// @title Interval log
/// @dev Created by the ClearingHouse in its constructor, so each knows the other from the start and
/// neither has a setter. The operator is fixed for the reason given there.
/// @custom:invariant invariant_commitmentsNeverChange: what was committed once stays.
/// @custom:invariant invariant_runsAreWithoutGaps: the runs of an interval are 0, 1, 2, … and stay.
contract IntervalLog is IIntervalLog {
    /// @inheritdoc IIntervalLog
    address public immutable operator;

    /// @inheritdoc IIntervalLog
    address public immutable clearingHouse;

    uint64 private _lastCommitAt;
    mapping(uint256 zoneAndInterval => bytes32 commitment) private _commitments;
    mapping(uint256 zoneIntervalAndRun => bytes32 run) private _runs;

    constructor(address operator_) {
        if (operator_ == address(0)) revert IntervalLogInvalidOperator(operator_);
        operator = operator_;
        clearingHouse = msg.sender;
        _lastCommitAt = uint64(block.timestamp);
    }

    /// @inheritdoc IIntervalLog
    function commit(
        uint32 zone,
        uint64 interval,
        bytes32 ordersRoot,
        bytes32 clearingRoot,
        bytes32 rulebookHash
    ) external returns (bool committed) {
        if (msg.sender != operator) {
            revert IntervalLogUnauthorized(msg.sender);
        }
        bytes32 commitment = hashCommitment(ordersRoot, clearingRoot, rulebookHash);
        uint256 key = _intervalKey(zone, interval);
        bytes32 known = _commitments[key];
        if (known == commitment) return false;
        if (known != bytes32(0)) revert IntervalLogCommitmentDiffers(zone, interval);

        _commitments[key] = commitment;
        _lastCommitAt = uint64(block.timestamp);
        emit IntervalCommitted(zone, interval, ordersRoot, clearingRoot, rulebookHash);
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
    function lastCommitAt() external view returns (uint64) {
        return _lastCommitAt;
    }

    /// @inheritdoc IIntervalLog
    function isCommitted(uint32 zone, uint64 interval) external view returns (bool) {
        return commitmentOf(zone, interval) != bytes32(0);
    }

    /// @inheritdoc IIntervalLog
    function runCount(uint32 zone, uint64 interval) external view returns (uint32) {
        uint32 run = 0;
        while (runOf(zone, interval, run) != bytes32(0)) ++run;
        return run;
    }

    /// @inheritdoc IIntervalLog
    function requireNextRun(uint32 zone, uint64 interval, uint32 run) public view {
        if (commitmentOf(zone, interval) == bytes32(0)) {
            revert IntervalLogNotCommitted(zone, interval);
        }
        bool follows = run == 0 || runOf(zone, interval, run - 1) != bytes32(0);
        if (!follows || runOf(zone, interval, run) != bytes32(0)) {
            revert IntervalLogRunNotNext(zone, interval, run);
        }
    }

    /// @inheritdoc IIntervalLog
    function commitmentOf(uint32 zone, uint64 interval) public view returns (bytes32) {
        return _commitments[_intervalKey(zone, interval)];
    }

    /// @inheritdoc IIntervalLog
    function runOf(uint32 zone, uint64 interval, uint32 run) public view returns (bytes32) {
        return _runs[_runKey(zone, interval, run)];
    }

    /// @inheritdoc IIntervalLog
    function hashCommitment(bytes32 ordersRoot, bytes32 clearingRoot, bytes32 rulebookHash)
        public
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(ordersRoot, clearingRoot, rulebookHash));
    }

    /// @inheritdoc IIntervalLog
    function hashRun(bytes32 readingsRoot, bytes32 postingsRoot) public pure returns (bytes32) {
        return keccak256(abi.encode(readingsRoot, postingsRoot));
    }

    function _intervalKey(uint32 zone, uint64 interval) private pure returns (uint256) {
        return uint256(zone) << 64 | interval;
    }

    function _runKey(uint32 zone, uint64 interval, uint32 run) private pure returns (uint256) {
        return _intervalKey(zone, interval) << 32 | run;
    }
}
