// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "./IClearingHouse.sol";
import {IClearingVerifier} from "./IClearingVerifier.sol";
import {IIntervalLog} from "./IIntervalLog.sol";

/// @title Proofs and challenges of clearings of sealed books
/// @notice A proof shows that price, energy and fills of an interval follow from exactly the fixed
/// orders by the rule. What a proof cannot show is challenged: that the set holds every order with
/// a receipt, ascending, and as many as it says. The contract decides these by itself. What only
/// opened orders can show is decided by the auditor: whether an interval without a proof was
/// cleared by the rule, and whether an order was void for the reason that was given.
///
/// Anybody may call everything but the auditor's own functions. Content that is committed to by a
/// hash alone is shown again by the caller; content that is not what was committed is refused.
interface IClearingProofs {
    /// @notice How the operator was shown to have broken a rule.
    /// Omitted: an order with a receipt is not in the set. NotAscending: two neighbours of the set
    /// do not ascend. CountWrong: the set has more or fewer orders than its count. Unanswered: the
    /// operator did not show in time where an order with a receipt is. Misjudged: re-executed by
    /// the auditor, the clearing came out otherwise. VoidUnfounded: the auditor found no reason for
    /// an order to be void.
    enum Fault {
        Omitted,
        NotAscending,
        CountWrong,
        Unanswered,
        Misjudged,
        VoidUnfounded
    }

    /// @notice How far a dispute before the auditor is
    enum Dispute {
        None,
        Open,
        Upheld,
        Dismissed
    }

    /// @notice The operator's signed promise that an order is in the set of an interval
    /// @param sequence Its place among all that the exchange accepted
    /// @param signature 65 bytes, by the operator, of EIP-712 `Receipt(bytes32 commitment,uint32
    /// zone,uint64 interval,uint64 sequence)` in the ClearingHouse's domain
    struct Receipt {
        bytes32 commitment;
        uint64 sequence;
        bytes signature;
    }

    /// @notice A place in the order set and the nodes that lead from it to the root
    /// @param position Counted through all parts of the set, from 0
    /// @param path The 16 nodes of its group at each of the three levels, leaves first: 48
    struct Place {
        uint32 position;
        bytes32[] path;
    }

    /// @notice Thrown when the caller is not the auditor (or not the one that was offered it)
    error ClearingProofsUnauthorized(address caller);

    /// @notice Thrown when the auditor's address is zero, or the IntervalLog expects its judgements
    /// from another address
    error ClearingProofsInvalidDeployment();

    /// @notice Thrown when a proof comes to a market that was deployed without a verifier
    error ClearingProofsNoVerifier();

    /// @notice Thrown when the orders shown are not those that were fixed
    error ClearingProofsOrdersDiffer(uint32 zone, uint64 interval);

    /// @notice Thrown when the clearing shown is not the one that was committed
    error ClearingProofsClearingDiffers(uint32 zone, uint64 interval);

    /// @notice Thrown when the rulebook's book is open: nothing of it can be proven here
    error ClearingProofsNotSealed(bytes32 rulebookHash);

    /// @notice Thrown when an interval is not, or no longer, in a state for what is asked
    error ClearingProofsWrongStatus(uint32 zone, uint64 interval, IIntervalLog.Status status);

    /// @notice Thrown when the circuit's size cannot hold the orders
    error ClearingProofsSizeTooSmall(uint32 size, uint32 orderCount);

    /// @notice Thrown when a committed number is beyond what the statement can say
    error ClearingProofsOutOfRange();

    /// @notice Thrown when the verifier does not accept the proof
    error ClearingProofsInvalidProof();

    /// @notice Thrown when the operator did not sign this receipt
    error ClearingProofsInvalidReceipt(bytes32 commitment);

    /// @notice Thrown when a path does not lead from the place to the root of the set
    error ClearingProofsInvalidPath(uint32 position);

    /// @notice Thrown when what was shown does not show the fault
    error ClearingProofsNotShown();

    /// @notice Thrown when an order was demanded before, or too late, or is not demanded
    error ClearingProofsWrongDemand(bytes32 commitment);

    /// @notice Thrown when a dispute was opened before, or is not open
    error ClearingProofsWrongDispute(uint32 zone, uint64 interval, bytes32 commitment);

    /// @notice Emitted once per interval that is proven
    event ClearingProven(
        uint32 indexed zone, uint64 indexed interval, address indexed prover, uint32 size
    );

    /// @notice Emitted once per faulty interval; `commitment` is the order it is about, or zero
    event FaultShown(
        uint32 indexed zone, uint64 indexed interval, Fault indexed fault, bytes32 commitment
    );

    /// @notice Emitted when somebody says for the first time that an interval's proof is overdue
    event OverdueFlagged(uint32 indexed zone, uint64 indexed interval, address indexed by);

    /// @notice Emitted when the operator was asked to show where an order is
    event OrderDemanded(
        uint32 indexed zone, uint64 indexed interval, bytes32 indexed commitment, uint64 answerBy
    );

    /// @notice Emitted when it was shown
    event OrderShown(
        uint32 indexed zone, uint64 indexed interval, bytes32 indexed commitment, uint32 position
    );

    /// @notice Emitted when a dispute begins: of a clearing (`commitment` is zero) or of a void
    event DisputeOpened(
        uint32 indexed zone,
        uint64 indexed interval,
        bytes32 indexed commitment,
        address by,
        bytes32 reasonHash
    );

    /// @notice Emitted when the auditor has decided a dispute
    event DisputeDecided(
        uint32 indexed zone,
        uint64 indexed interval,
        bytes32 indexed commitment,
        bool upheld,
        bytes32 evidence
    );

    /// @notice Emitted when the auditor's role was offered to `candidate`, who has yet to accept
    event AuditorOffered(address indexed candidate);

    /// @notice Emitted when the auditor's role passed from `former` to `current`
    event AuditorTransferred(address indexed former, address indexed current);

    /// @notice Marks an interval as proven if the proof is valid
    /// @dev A proof of an interval that is proven already changes nothing and is not verified. An
    /// overdue interval can still be proven, and one that was re-executed too; a faulty one cannot.
    /// @param size For how many orders the circuit was made: no fewer than there are
    /// @return isNew False if it was proven before
    function prove(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        IIntervalLog.Clearing calldata clearing,
        uint32 size,
        bytes calldata proof
    ) external returns (bool isNew);

    /// @notice Shows that an order with a receipt is not in the fixed set
    /// @param neighbours Places of the set between which the commitment would be: two that follow
    /// one another; or only the first, or only the last order; none if the set is empty
    /// @param partRoots The roots of the parts of a set of more than 4,096 orders, else none
    function challengeOmission(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Receipt calldata receipt,
        Place[] calldata neighbours,
        bytes32[] calldata partRoots
    ) external;

    /// @notice Shows that two neighbours of the fixed set are equal or descend
    function challengeAscent(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Place calldata lower,
        Place calldata upper,
        bytes32[] calldata partRoots
    ) external;

    /// @notice Shows that a place below the count is empty, or one at or beyond it is not
    function challengeCount(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Place calldata place,
        bytes32[] calldata partRoots
    ) external;

    /// @notice Asks the operator to show where an order with a receipt is in the set, for those who
    /// do not get to see its neighbours
    /// @dev Once per order, from the gate until the interval's proof is due: after that the
    /// operator need not have the set at hand any more.
    /// @return answerBy Until when (block time, in seconds) it must be shown
    function demandOrder(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Receipt calldata receipt
    ) external returns (uint64 answerBy);

    /// @notice Shows where a demanded order is. Late is better than never: until the fault is
    /// shown.
    function showOrder(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Place calldata place,
        bytes32[] calldata partRoots
    ) external;

    /// @notice Makes an interval faulty of which a demanded order was not shown in time
    function challengeUnanswered(uint32 zone, uint64 interval, bytes32 commitment) external;

    /// @notice Says that the proof of an interval is overdue
    /// @return isNew False if somebody had said so before
    function flagOverdue(uint32 zone, uint64 interval) external returns (bool isNew);

    /// @notice Asks the auditor to re-execute an overdue interval from its opened orders. Once.
    /// @param reasonHash Of what the auditor is told, outside the chain
    function dispute(uint32 zone, uint64 interval, bytes32 reasonHash) external;

    /// @notice Asks the auditor whether an order was rightly void, for who holds its receipt. Once
    /// per order, in any interval that is cleared, proven ones too: a proof shows which orders were
    /// void, not why.
    /// @param reasonHash The leaf under the clearing root that says the reason, where it was shown:
    /// keccak256(0x00, zone, interval, commitment, reason); else of what the auditor is told
    function disputeVoid(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Receipt calldata receipt,
        bytes32 reasonHash
    ) external;

    /// @notice Decides an open dispute of an overdue interval. Only the auditor.
    /// @dev A proof that came meanwhile has decided it already.
    /// @param upheld True: the clearing is wrong, the interval is faulty. False: it counts as
    /// re-executed.
    /// @param evidence Hash of the auditor's report, outside the chain
    function decide(uint32 zone, uint64 interval, bool upheld, bytes32 evidence) external;

    /// @notice Decides an open dispute of a void. Only the auditor.
    /// @param upheld True: the order should have taken part, the interval is faulty. False: the
    /// interval stays as it is.
    function decideVoid(
        uint32 zone,
        uint64 interval,
        bytes32 commitment,
        bool upheld,
        bytes32 evidence
    ) external;

    /// @notice Offers the auditor's role to `candidate`; the current one stays until it is
    /// accepted. Offering it to the zero address takes an offer back.
    function offerAuditor(address candidate) external;

    /// @notice Takes over the auditor's role that was offered to the caller
    function acceptAuditor() external;

    /// @notice Who decides disputes
    function auditor() external view returns (address);

    /// @notice Who was offered the role and has not accepted, or zero
    function offeredAuditor() external view returns (address);

    /// @notice The dispute of a void, or of the clearing where `commitment` is zero
    function disputeOf(uint32 zone, uint64 interval, bytes32 commitment)
        external
        view
        returns (Dispute);

    /// @notice Until when a demanded order must be shown; zero if it was not demanded, or shown
    function demandOf(uint32 zone, uint64 interval, bytes32 commitment)
        external
        view
        returns (uint64 answerBy);

    /// @notice What binds an order to this chain, this market, a zone, an interval and a rulebook:
    /// keccak256(abi.encode(keccak256("Busbar sealed orders 1"), chain id, address of the
    /// IntervalLog, zone, interval, rulebookHash)), shifted right by 8 bits into the field
    function contextOf(uint32 zone, uint64 interval, bytes32 rulebookHash)
        external
        view
        returns (bytes32);

    /// @notice Count, void count, price and energy of a clearing in one public input, from the
    /// lowest bit: count (24 bits), void count (24), has price (1), price + 2^40 or zero without a
    /// price (41), energy (56)
    function headerOf(uint32 orderCount, IIntervalLog.Clearing calldata clearing)
        external
        pure
        returns (bytes32);

    /// @notice Verifies proofs; zero where the market was deployed without
    function verifier() external view returns (IClearingVerifier);

    function clearingHouse() external view returns (IClearingHouse);

    function intervalLog() external view returns (IIntervalLog);
}
