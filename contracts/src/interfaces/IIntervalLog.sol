// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @title What the operator committed to, per zone and interval
/// @notice A commitment names the orders, the clearing and the rulebook of an interval; a run names
/// the readings and the postings of one settlement of it. The roots themselves are in the events;
/// the state keeps one hash of them, which proves roots that are shown to it, in one word instead
/// of three.
interface IIntervalLog {
    /// @notice Thrown when the caller is not the operator, or for a run not the ClearingHouse
    error IntervalLogUnauthorized(address caller);

    /// @notice Thrown when the operator's address is zero
    error IntervalLogInvalidOperator(address operator);

    /// @notice Thrown when this interval was committed before with other content
    error IntervalLogCommitmentDiffers(uint32 zone, uint64 interval);

    /// @notice Thrown when a run is recorded for an interval without a commitment
    error IntervalLogNotCommitted(uint32 zone, uint64 interval);

    /// @notice Thrown when `run` is not the next one: runs are numbered 0, 1, 2, … without gaps
    error IntervalLogRunNotNext(uint32 zone, uint64 interval, uint32 run);

    /// @notice Emitted once per zone and interval
    event IntervalCommitted(
        uint32 indexed zone,
        uint64 indexed interval,
        bytes32 ordersRoot,
        bytes32 clearingRoot,
        bytes32 rulebookHash
    );

    /// @notice Emitted once per run, in the transaction that moved its money
    event RunRecorded(
        uint32 indexed zone,
        uint64 indexed interval,
        uint32 indexed run,
        bytes32 readingsRoot,
        bytes32 postingsRoot
    );

    /// @notice Commits to an interval, once. Only the operator.
    /// @dev The same content again changes and emits nothing, and is no sign of life of the
    /// operator.
    /// @return committed False if the interval had been committed before with this content
    function commit(
        uint32 zone,
        uint64 interval,
        bytes32 ordersRoot,
        bytes32 clearingRoot,
        bytes32 rulebookHash
    ) external returns (bool committed);

    /// @notice Records the next run of a committed interval. Only the ClearingHouse.
    function recordRun(
        uint32 zone,
        uint64 interval,
        uint32 run,
        bytes32 readingsRoot,
        bytes32 postingsRoot
    ) external;

    /// @notice Reverts unless the interval is committed and `run` is its next run
    function requireNextRun(uint32 zone, uint64 interval, uint32 run) external view;

    /// @notice Who commits
    function operator() external view returns (address);

    /// @notice Who records runs
    function clearingHouse() external view returns (address);

    /// @notice When something was last committed (block time, in seconds); at first the deployment
    function lastCommitAt() external view returns (uint64);

    /// @notice Whether the interval is committed
    function isCommitted(uint32 zone, uint64 interval) external view returns (bool);

    /// @notice `hashCommitment` of what was committed, or zero
    function commitmentOf(uint32 zone, uint64 interval) external view returns (bytes32);

    /// @notice `hashRun` of what was recorded for the run, or zero
    function runOf(uint32 zone, uint64 interval, uint32 run) external view returns (bytes32);

    /// @notice The number of runs recorded so far. Counts them one by one: to be called from
    /// outside.
    function runCount(uint32 zone, uint64 interval) external view returns (uint32);

    /// @notice keccak256 of the three words of a commitment, 96 bytes
    function hashCommitment(bytes32 ordersRoot, bytes32 clearingRoot, bytes32 rulebookHash)
        external
        pure
        returns (bytes32);

    /// @notice keccak256 of the two words of a run, 64 bytes
    function hashRun(bytes32 readingsRoot, bytes32 postingsRoot) external pure returns (bytes32);
}
