// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Auditor} from "./Auditor.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {IClearingProofs} from "./interfaces/IClearingProofs.sol";
import {IClearingVerifier} from "./interfaces/IClearingVerifier.sol";
import {IIntervalLog} from "./interfaces/IIntervalLog.sol";
import {Commitments} from "./libraries/Commitments.sol";
import {OrderTree} from "./libraries/OrderTree.sol";
import {Receipts} from "./libraries/Receipts.sol";
import {Statement} from "./libraries/Statement.sol";

/// @title Clearing proofs
/// @dev The verifier has no setter: who could replace it could prove anything. To change circuits a
/// new market is deployed, as for another operator.
/// @custom:invariant invariant_provenOnlyByProof: an interval is proven only by a proof that the
/// verifier accepted.
/// @custom:invariant invariant_disputesAreDecidedOnce: what the auditor decided stays.
contract ClearingProofs is Auditor {
    using Commitments for IIntervalLog.Orders;
    using Commitments for IIntervalLog.Clearing;
    using Receipts for Receipt;

    /// @dev In place of the time, where a demanded order was shown.
    uint64 private constant SHOWN = type(uint64).max;

    /// @inheritdoc IClearingProofs
    IClearingHouse public immutable clearingHouse;
    /// @inheritdoc IClearingProofs
    IIntervalLog public immutable intervalLog;
    /// @inheritdoc IClearingProofs
    IClearingVerifier public immutable verifier;
    /// @dev As long as a participant's own request waits, so long has the operator for an answer.
    uint64 private immutable _answerSeconds;
    address private immutable _operator;

    mapping(uint256 zoneAndInterval => bool flagged) private _flagged;
    mapping(bytes32 order => Dispute state) private _disputes;
    mapping(bytes32 order => uint64 answerBy) private _demands;

    /// @param verifier_ Zero: nothing can be proven in this market
    constructor(IClearingHouse house, IClearingVerifier verifier_, address auditor_)
        Auditor(auditor_)
    {
        clearingHouse = house;
        intervalLog = house.intervalLog();
        // Zero is meant, see above.
        // slither-disable-next-line missing-zero-check
        verifier = verifier_;
        _operator = house.operator();
        _answerSeconds = house.withdrawalDelaySeconds();
        if (intervalLog.clearingProofs() != address(this)) {
            revert ClearingProofsInvalidDeployment();
        }
    }

    /// @inheritdoc IClearingProofs
    function prove(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        IIntervalLog.Clearing calldata clearing,
        uint32 size,
        bytes calldata proof
    ) external returns (bool isNew) {
        _requireSealed(zone, interval, orders);
        bytes26 content = intervalLog.clearingOf(zone, interval);
        if (content == 0 || content != clearing.hash()) {
            revert ClearingProofsClearingDiffers(zone, interval);
        }
        IIntervalLog.Status status = intervalLog.statusOf(zone, interval);
        if (status == IIntervalLog.Status.Proven) return false;
        if (status == IIntervalLog.Status.Faulty) {
            revert ClearingProofsWrongStatus(zone, interval, status);
        }
        if (size < orders.count) revert ClearingProofsSizeTooSmall(size, orders.count);
        if (address(verifier) == address(0)) revert ClearingProofsNoVerifier();
        bytes32[4] memory publicInputs = [
            contextOf(zone, interval, orders.rulebookHash),
            orders.root,
            clearing.fillsRoot,
            headerOf(orders.count, clearing)
        ];
        if (!verifier.verify(size, proof, publicInputs)) revert ClearingProofsInvalidProof();

        emit ClearingProven(zone, interval, msg.sender, size);
        intervalLog.judge(zone, interval, IIntervalLog.Status.Proven);
        return true;
    }

    /// @inheritdoc IClearingProofs
    function challengeOmission(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Receipt calldata receipt,
        Place[] calldata neighbours,
        bytes32[] calldata partRoots
    ) external {
        _requireSealed(zone, interval, orders);
        _requireReceipt(zone, interval, receipt);
        bool isShown = _isBetween(orders, uint256(receipt.commitment), neighbours, partRoots);
        _showFault(zone, interval, Fault.Omitted, receipt.commitment, isShown);
    }

    /// @inheritdoc IClearingProofs
    function challengeAscent(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Place calldata lower,
        Place calldata upper,
        bytes32[] calldata partRoots
    ) external {
        _requireSealed(zone, interval, orders);
        bool isShown = _areNeighbours(orders, lower, upper)
            && _leafAt(orders, lower, partRoots) >= _leafAt(orders, upper, partRoots);
        _showFault(zone, interval, Fault.NotAscending, bytes32(0), isShown);
    }

    /// @inheritdoc IClearingProofs
    function challengeCount(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Place calldata place,
        bytes32[] calldata partRoots
    ) external {
        _requireSealed(zone, interval, orders);
        bool isEmpty = _leafAt(orders, place, partRoots) == 0;
        bool shouldBeEmpty = place.position >= orders.count;
        _showFault(zone, interval, Fault.CountWrong, bytes32(0), isEmpty != shouldBeEmpty);
    }

    /// @inheritdoc IClearingProofs
    function demandOrder(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Receipt calldata receipt
    ) external returns (uint64 answerBy) {
        _requireSealed(zone, interval, orders);
        _requireReceipt(zone, interval, receipt);
        bytes32 commitment = receipt.commitment;
        bytes32 key = _orderKey(zone, interval, commitment);
        // Deadlines are minutes and more; a block's maker can move its time by seconds.
        // slither-disable-next-line timestamp
        bool isInTime = intervalLog.statusOf(zone, interval) == IIntervalLog.Status.Fixed
            || block.timestamp <= intervalLog.proofDueAt(zone, interval);
        if (_demands[key] != 0 || !isInTime) revert ClearingProofsWrongDemand(commitment);
        answerBy = uint64(block.timestamp) + _answerSeconds;
        _demands[key] = answerBy;
        emit OrderDemanded(zone, interval, commitment, answerBy);
    }

    /// @inheritdoc IClearingProofs
    function showOrder(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Place calldata place,
        bytes32[] calldata partRoots
    ) external {
        _requireSealed(zone, interval, orders);
        bytes32 commitment = bytes32(_leafAt(orders, place, partRoots));
        if (demandOf(zone, interval, commitment) == 0) {
            revert ClearingProofsWrongDemand(commitment);
        }
        // Beyond the count is not in the set.
        if (place.position >= orders.count) revert ClearingProofsNotShown();
        _demands[_orderKey(zone, interval, commitment)] = SHOWN;
        emit OrderShown(zone, interval, commitment, place.position);
    }

    /// @inheritdoc IClearingProofs
    function challengeUnanswered(uint32 zone, uint64 interval, bytes32 commitment) external {
        uint64 answerBy = demandOf(zone, interval, commitment);
        if (answerBy == 0) revert ClearingProofsWrongDemand(commitment);
        // As above, seconds do not matter.
        // slither-disable-next-line timestamp
        _showFault(zone, interval, Fault.Unanswered, commitment, block.timestamp > answerBy);
    }

    /// @inheritdoc IClearingProofs
    function flagOverdue(uint32 zone, uint64 interval) external returns (bool isNew) {
        _requireOverdue(zone, interval);
        uint256 key = uint256(zone) << 64 | interval;
        if (_flagged[key]) return false;
        _flagged[key] = true;
        emit OverdueFlagged(zone, interval, msg.sender);
        return true;
    }

    /// @inheritdoc IClearingProofs
    function dispute(uint32 zone, uint64 interval, bytes32 reasonHash) external {
        _requireOverdue(zone, interval);
        _open(zone, interval, bytes32(0), reasonHash);
    }

    /// @inheritdoc IClearingProofs
    function disputeVoid(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders calldata orders,
        Receipt calldata receipt,
        bytes32 reasonHash
    ) external {
        _requireSealed(zone, interval, orders);
        _requireReceipt(zone, interval, receipt);
        // Zero stands for the clearing as a whole, and is no order: no hash is known that is zero.
        if (receipt.commitment == bytes32(0)) {
            revert ClearingProofsWrongDispute(zone, interval, receipt.commitment);
        }
        IIntervalLog.Status status = intervalLog.statusOf(zone, interval);
        if (status < IIntervalLog.Status.Cleared || status == IIntervalLog.Status.Faulty) {
            revert ClearingProofsWrongStatus(zone, interval, status);
        }
        _open(zone, interval, receipt.commitment, reasonHash);
    }

    /// @inheritdoc IClearingProofs
    function decide(uint32 zone, uint64 interval, bool upheld, bytes32 evidence)
        external
        onlyAuditor
    {
        _requireOverdue(zone, interval);
        _close(zone, interval, bytes32(0), upheld, evidence);
        if (upheld) _showFault(zone, interval, Fault.Misjudged, bytes32(0), true);
        else intervalLog.judge(zone, interval, IIntervalLog.Status.Reexecuted);
    }

    /// @inheritdoc IClearingProofs
    function decideVoid(
        uint32 zone,
        uint64 interval,
        bytes32 commitment,
        bool upheld,
        bytes32 evidence
    ) external onlyAuditor {
        if (commitment == bytes32(0)) {
            revert ClearingProofsWrongDispute(zone, interval, commitment);
        }
        _close(zone, interval, commitment, upheld, evidence);
        // Another fault may have been shown since the dispute began: it ends all the same.
        bool isFaulty = intervalLog.statusOf(zone, interval) == IIntervalLog.Status.Faulty;
        if (upheld && !isFaulty) {
            _showFault(zone, interval, Fault.VoidUnfounded, commitment, true);
        }
    }

    /// @inheritdoc IClearingProofs
    function disputeOf(uint32 zone, uint64 interval, bytes32 commitment)
        external
        view
        returns (Dispute)
    {
        return _disputes[_orderKey(zone, interval, commitment)];
    }

    /// @inheritdoc IClearingProofs
    function demandOf(uint32 zone, uint64 interval, bytes32 commitment)
        public
        view
        returns (uint64 answerBy)
    {
        answerBy = _demands[_orderKey(zone, interval, commitment)];
        if (answerBy == SHOWN) return 0;
    }

    /// @inheritdoc IClearingProofs
    function contextOf(uint32 zone, uint64 interval, bytes32 rulebookHash)
        public
        view
        returns (bytes32)
    {
        return Statement.context(intervalLog, zone, interval, rulebookHash);
    }

    /// @inheritdoc IClearingProofs
    function headerOf(uint32 orderCount, IIntervalLog.Clearing calldata clearing)
        public
        pure
        returns (bytes32)
    {
        return Statement.header(orderCount, clearing);
    }

    /// @dev The value of a commitment decides where it would be; where the set does not ascend, or
    /// is not as long as it says, the interval is faulty anyway.
    function _isBetween(
        IIntervalLog.Orders calldata orders,
        uint256 commitment,
        Place[] calldata neighbours,
        bytes32[] calldata partRoots
    ) private pure returns (bool) {
        if (neighbours.length == 0) return orders.count == 0;
        uint256 first = _leafAt(orders, neighbours[0], partRoots);
        if (neighbours.length == 1) {
            uint256 position = neighbours[0].position;
            return (position == 0 && orders.count != 0 && commitment < first)
                || (position + 1 == orders.count && first < commitment);
        }
        if (neighbours.length != 2 || !_areNeighbours(orders, neighbours[0], neighbours[1])) {
            return false;
        }
        return first < commitment && commitment < _leafAt(orders, neighbours[1], partRoots);
    }

    function _areNeighbours(
        IIntervalLog.Orders calldata orders,
        Place calldata lower,
        Place calldata upper
    ) private pure returns (bool) {
        return upper.position < orders.count && uint256(lower.position) + 1 == upper.position;
    }

    function _leafAt(
        IIntervalLog.Orders calldata orders,
        Place calldata place,
        bytes32[] calldata partRoots
    ) private pure returns (uint256) {
        (bool leads, uint256 leaf) = OrderTree.leafAt(
            orders.root, orders.count, place.position, place.path, partRoots
        );
        if (!leads) revert ClearingProofsInvalidPath(place.position);
        return leaf;
    }

    function _showFault(
        uint32 zone,
        uint64 interval,
        Fault fault,
        bytes32 commitment,
        bool isShown
    ) private {
        if (!isShown) revert ClearingProofsNotShown();
        emit FaultShown(zone, interval, fault, commitment);
        intervalLog.judge(zone, interval, IIntervalLog.Status.Faulty);
    }

    function _open(uint32 zone, uint64 interval, bytes32 commitment, bytes32 reasonHash) private {
        bytes32 key = _orderKey(zone, interval, commitment);
        if (_disputes[key] != Dispute.None) {
            revert ClearingProofsWrongDispute(zone, interval, commitment);
        }
        _disputes[key] = Dispute.Open;
        emit DisputeOpened(zone, interval, commitment, msg.sender, reasonHash);
    }

    function _close(
        uint32 zone,
        uint64 interval,
        bytes32 commitment,
        bool upheld,
        bytes32 evidence
    ) private {
        bytes32 key = _orderKey(zone, interval, commitment);
        if (_disputes[key] != Dispute.Open) {
            revert ClearingProofsWrongDispute(zone, interval, commitment);
        }
        _disputes[key] = upheld ? Dispute.Upheld : Dispute.Dismissed;
        emit DisputeDecided(zone, interval, commitment, upheld, evidence);
    }

    function _requireSealed(uint32 zone, uint64 interval, IIntervalLog.Orders calldata orders)
        private
        view
    {
        bytes32 known = intervalLog.ordersOf(zone, interval);
        if (known == bytes32(0) || known != orders.hash()) {
            revert ClearingProofsOrdersDiffer(zone, interval);
        }
        if (!intervalLog.termsOf(orders.rulebookHash).sealedBook) {
            revert ClearingProofsNotSealed(orders.rulebookHash);
        }
    }

    function _requireOverdue(uint32 zone, uint64 interval) private view {
        IIntervalLog.Status status = intervalLog.statusOf(zone, interval);
        if (status != IIntervalLog.Status.Overdue) {
            revert ClearingProofsWrongStatus(zone, interval, status);
        }
    }

    function _requireReceipt(uint32 zone, uint64 interval, Receipt calldata receipt) private view {
        bytes32 domainSeparator = clearingHouse.domainSeparator();
        if (!receipt.isSignedBy(_operator, domainSeparator, zone, interval)) {
            revert ClearingProofsInvalidReceipt(receipt.commitment);
        }
    }

    function _orderKey(uint32 zone, uint64 interval, bytes32 commitment)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(zone, interval, commitment));
    }
}
