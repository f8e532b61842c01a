// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @title What the operator committed to, per zone and interval, and how it was judged
/// @notice At the gate the operator fixes the order set, then it commits to the clearing of it; a
/// run names the readings and the postings of one settlement. The roots themselves are in the
/// events; the state keeps one hash of each, which proves content that is shown to it.
///
/// Whether a clearing follows from its orders by the rule is decided by ClearingProofs alone.
interface IIntervalLog {
    /// @notice How far an interval is.
    /// None: nothing is known. Fixed: the order set stands. Cleared: price and fills stand too.
    /// Overdue: cleared, and its proof did not come in time. Proven: a verified proof shows that
    /// the clearing is the rule's. Reexecuted: in place of a proof, the auditor found it right.
    /// Faulty: the operator was shown to have broken a rule; nothing changes that any more.
    enum Status {
        None,
        Fixed,
        Cleared,
        Overdue,
        Proven,
        Reexecuted,
        Faulty
    }

    /// @notice The order set of an interval, as it stands from the gate on
    /// @param root Of a sealed book: the Poseidon2 root of the ascending commitments (OrderTree)
    /// @param count How many orders, void ones included
    /// @param rulebookHash The rules they were placed under
    struct Orders {
        bytes32 root;
        uint32 count;
        bytes32 rulebookHash;
    }

    /// @notice The result of an interval
    /// @param hasPrice False where nothing was matched
    /// @param priceMicrosPerKwh Zero without a price
    /// @param energyWh Bought, and as much sold
    /// @param voidCount How many orders of the set are void
    /// @param fillsRoot Of a sealed book: the Poseidon2 root of the fill leaves, in the shape and
    /// order of the order set; else zero
    /// @param clearingRoot The keccak root of price and energy, and the fills; of a sealed book of
    /// price and energy, `fillsRoot`, and the root of the void orders with their reasons
    struct Clearing {
        bool hasPrice;
        int64 priceMicrosPerKwh;
        uint64 energyWh;
        uint32 voidCount;
        bytes32 fillsRoot;
        bytes32 clearingRoot;
    }

    /// @notice What the chain has to know of a rulebook
    /// @param sealedBook Whether orders are commitments, in a Poseidon2 tree, and can be proven
    /// @param proofRequired Whether what an interval credited becomes final only when it is proven
    /// @param proofDeadlineSeconds How long after the clearing its proof may take; zero: for ever
    struct Terms {
        bool sealedBook;
        bool proofRequired;
        uint32 proofDeadlineSeconds;
    }

    /// @notice Thrown when the caller is not who may do this: the operator, for a run the
    /// ClearingHouse, for a judgement ClearingProofs
    error IntervalLogUnauthorized(address caller);

    /// @notice Thrown when the operator's address is zero
    error IntervalLogInvalidOperator(address operator);

    /// @notice Thrown when the address of ClearingProofs is zero
    error IntervalLogInvalidProofs(address clearingProofs);

    /// @notice Thrown when this interval was fixed or cleared before with other content
    error IntervalLogCommitmentDiffers(uint32 zone, uint64 interval);

    /// @notice Thrown when `rulebookHash` came before with other terms
    error IntervalLogTermsDiffer(bytes32 rulebookHash);

    /// @notice Thrown when terms require a proof that could never come, or would never be due
    error IntervalLogInvalidTerms(bytes32 rulebookHash);

    /// @notice Thrown when an interval is to be cleared whose order set is not fixed
    error IntervalLogNotFixed(uint32 zone, uint64 interval);

    /// @notice Thrown when a run is recorded for an interval that is not cleared
    error IntervalLogNotCleared(uint32 zone, uint64 interval);

    /// @notice Thrown when `run` is not the next one: runs are numbered 0, 1, 2, … without gaps
    error IntervalLogRunNotNext(uint32 zone, uint64 interval, uint32 run);

    /// @notice Thrown when a judgement cannot follow on how the interval stands
    error IntervalLogJudgementRefused(
        uint32 zone, uint64 interval, Status standing, Status wanted
    );

    /// @notice Emitted once per rulebook, with the first interval under it
    event TermsAnnounced(bytes32 indexed rulebookHash, Terms terms);

    /// @notice Emitted once per zone and interval, at its gate
    event OrdersFixed(uint32 indexed zone, uint64 indexed interval, Orders orders);

    /// @notice Emitted once per zone and interval, when it is cleared
    event ClearingCommitted(uint32 indexed zone, uint64 indexed interval, Clearing clearing);

    /// @notice Emitted when an interval becomes Proven, Reexecuted or Faulty
    event IntervalJudged(uint32 indexed zone, uint64 indexed interval, Status status);

    /// @notice Emitted once per run, in the transaction that moved its money
    event RunRecorded(
        uint32 indexed zone,
        uint64 indexed interval,
        uint32 indexed run,
        bytes32 readingsRoot,
        bytes32 postingsRoot
    );

    /// @notice Fixes the order set of an interval, once. Only the operator.
    /// @dev The same content again changes and emits nothing. The first interval under a rulebook
    /// announces its terms; every later one must name the same. It is no sign of life: an operator
    /// that fixes orders and never clears them is silent.
    /// @return isNew False if the interval had been fixed before with this content
    function fixOrders(uint32 zone, uint64 interval, Orders calldata orders, Terms calldata terms)
        external
        returns (bool isNew);

    /// @notice Commits to the clearing of an interval whose orders are fixed, once. Only the
    /// operator.
    /// @dev The same content again changes and emits nothing, and is no sign of life.
    /// @return isNew False if the interval had been cleared before with this content
    function commitClearing(uint32 zone, uint64 interval, Clearing calldata clearing)
        external
        returns (bool isNew);

    /// @notice Records the next run of a cleared interval. Only the ClearingHouse.
    function recordRun(
        uint32 zone,
        uint64 interval,
        uint32 run,
        bytes32 readingsRoot,
        bytes32 postingsRoot
    ) external;

    /// @notice Records a judgement: Proven, Reexecuted or Faulty. Only ClearingProofs.
    /// @dev Faulty is final. Proven and Reexecuted need a clearing, and Reexecuted does not take
    /// the place of Proven.
    function judge(uint32 zone, uint64 interval, Status verdict) external;

    /// @notice Reverts unless the interval is cleared and `run` is its next run
    function requireNextRun(uint32 zone, uint64 interval, uint32 run) external view;

    /// @notice Who fixes orders and commits to clearings
    function operator() external view returns (address);

    /// @notice Who records runs
    function clearingHouse() external view returns (address);

    /// @notice Who judges
    function clearingProofs() external view returns (address);

    /// @notice When a clearing was last committed (block time, in seconds); at first the deployment
    function lastCommitAt() external view returns (uint64);

    /// @notice How far the interval is, by the time of this block
    function statusOf(uint32 zone, uint64 interval) external view returns (Status);

    /// @notice From when on (block time, in seconds) the interval is Overdue without a proof; zero
    /// where it is not cleared or no deadline holds
    function proofDueAt(uint32 zone, uint64 interval) external view returns (uint64);

    /// @notice Whether the interval's rulebook requires a proof and none has come: it is neither
    /// Proven nor Reexecuted. A faulty interval has none for ever.
    function isProofAwaited(uint32 zone, uint64 interval) external view returns (bool);

    /// @notice `hashOrders` of what was fixed, or zero
    function ordersOf(uint32 zone, uint64 interval) external view returns (bytes32);

    /// @notice `hashClearing` of what was committed, or zero
    function clearingOf(uint32 zone, uint64 interval) external view returns (bytes26);

    /// @notice What was announced for a rulebook; reverts with IntervalLogInvalidTerms if nothing
    /// was
    function termsOf(bytes32 rulebookHash) external view returns (Terms memory);

    /// @notice `hashRun` of what was recorded for the run, or zero
    function runOf(uint32 zone, uint64 interval, uint32 run) external view returns (bytes32);

    /// @notice The number of runs recorded so far. Counts them one by one: to be called from
    /// outside.
    function runCount(uint32 zone, uint64 interval) external view returns (uint32);

    /// @notice keccak256 of the ABI encoding of an order set, 96 bytes
    function hashOrders(Orders calldata orders) external pure returns (bytes32);

    /// @notice The first 26 bytes of the keccak256 of the ABI encoding of a clearing, 192 bytes:
    /// 2^104 attempts for two clearings with the same, and status and deadline fit beside it
    function hashClearing(Clearing calldata clearing) external pure returns (bytes26);

    /// @notice keccak256 of the two words of a run, 64 bytes
    function hashRun(bytes32 readingsRoot, bytes32 postingsRoot) external pure returns (bytes32);
}
