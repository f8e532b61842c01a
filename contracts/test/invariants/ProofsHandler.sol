// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {SealedMarket} from "../support/SealedMarket.sol";
import {Tree} from "../support/Tree.sol";

/// @dev An operator, a prover, challengers and an auditor, in any order. Order sets are sound or
/// one of three unsound ones. The handler keeps what it may expect of every interval, and a call
/// that is answered otherwise reverts here, which fails the invariant test.
contract ProofsHandler is SealedMarket {
    uint64 public constant INTERVALS = 4;
    uint32 private constant COUNT = 6;
    uint256 private constant SETS = 4;

    struct Known {
        bool isFixed;
        bool isCleared;
        /// A valid proof was accepted.
        bool isProven;
        bool isFaulty;
        bool isReexecuted;
        uint8 set;
        uint256 clearedAt;
        IClearingProofs.Dispute clearingDispute;
        IClearingProofs.Dispute voidDispute;
        bytes32 orders;
        bytes26 clearing;
    }

    Tree[] private _trees;
    uint32[] private _counts;
    mapping(uint64 interval => Known) private _known;

    constructor() {
        setUp();
        bytes32[] memory sound = _commitments(COUNT);
        _add(sound, COUNT);
        _add(sound, COUNT + 1);
        (sound[2], sound[3]) = (sound[3], sound[2]);
        _add(sound, COUNT);
        _add(new bytes32[](0), 0);
    }

    function theProofs() external view returns (IClearingProofs) {
        return proofs;
    }

    function theLog() external view returns (IIntervalLog) {
        return log;
    }

    function known(uint64 interval) external view returns (Known memory) {
        return _known[interval];
    }

    function theVoidedOrder() external pure returns (bytes32) {
        return _commitment(1);
    }

    function fix(uint64 interval, uint8 set) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        set = uint8(set % SETS);
        IIntervalLog.Orders memory orders = _ordersOf(_trees[set], _counts[set]);
        vm.prank(operator);
        try log.fixOrders(ZONE, interval, orders, _terms()) returns (bool isNew) {
            _assertTrue(isNew == !k.isFixed, "fixed twice");
            _assertTrue(isNew || k.set == set, "another set");
            (k.isFixed, k.set, k.orders) = (true, set, log.hashOrders(orders));
        } catch {
            _assertTrue(k.isFixed && k.set != set, "a set was refused");
        }
    }

    function clear(uint64 interval, uint8 content) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        IIntervalLog.Clearing memory clearing = _variant(content % 2);
        bytes26 hash = log.hashClearing(clearing);
        vm.prank(operator);
        try log.commitClearing(ZONE, interval, clearing) returns (bool isNew) {
            _assertTrue(k.isFixed && isNew == !k.isCleared, "cleared");
            _assertTrue(isNew || k.clearing == hash, "another clearing");
            if (isNew) (k.isCleared, k.clearing, k.clearedAt) = (true, hash, block.timestamp);
        } catch {
            _assertTrue(
                !k.isFixed || (k.isCleared && k.clearing != hash), "a clearing was refused"
            );
        }
    }

    /// @dev `attempt`: a valid proof, or one of another interval, another price or no proof at all.
    function prove(uint64 interval, uint8 attempt) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        IIntervalLog.Orders memory orders = _ordersOf(_trees[k.set], _counts[k.set]);
        IIntervalLog.Clearing memory clearing = _variant(0);
        if (log.hashClearing(clearing) != k.clearing) clearing = _variant(1);
        attempt %= 4;
        uint64 other = attempt == 1 ? interval + 1 : interval;
        if (attempt == 2) clearing.priceMicrosPerKwh += 1;
        bytes memory proof = _proofOf(ZONE, other, orders, clearing, 64);
        if (attempt == 2) clearing.priceMicrosPerKwh -= 1;
        if (attempt == 3) proof = "";
        bool isDue = k.isCleared && !k.isFaulty && (attempt == 0 || k.isProven);
        try proofs.prove(ZONE, interval, orders, clearing, 64, proof) returns (bool isNew) {
            _assertTrue(isDue && isNew == !k.isProven, "a proof was accepted");
            k.isProven = true;
        } catch {
            _assertFalse(isDue, "a proof was refused");
        }
    }

    /// @dev A receipt for an order that is there, or for one that is not.
    function challengeOmission(uint64 interval, uint8 position, bool isThere) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        uint32 first = position % (COUNT - 1);
        bytes32 commitment = _commitment(first);
        if (!isThere) commitment = bytes32(uint256(commitment) + 1);
        bool isEmpty = _counts[k.set] == 0;
        IClearingProofs.Place[] memory places = _places(_trees[k.set], first, isEmpty ? 0 : 2);
        IIntervalLog.Orders memory orders = _ordersOf(_trees[k.set], _counts[k.set]);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, interval, commitment);
        // In the set that does not ascend, the places 1 to 4 enclose others than in a sound one.
        bool isBetween = uint256(places.length) == 2
            && uint256(_trees[k.set].leaf(first)) < uint256(commitment)
            && uint256(commitment) < uint256(_trees[k.set].leaf(first + 1));
        bool isDue = k.isFixed && !k.isFaulty && (isEmpty || isBetween);
        _assertFalse(isDue && isThere && k.set == 0, "a sound set cannot be challenged");
        try proofs.challengeOmission(ZONE, interval, orders, receipt, places, none) {
            _assertTrue(isDue, "a challenge was accepted");
            k.isFaulty = true;
        } catch {
            _assertFalse(isDue, "a challenge was refused");
        }
    }

    function challengeSet(uint64 interval, uint8 position, bool ofCount) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        IIntervalLog.Orders memory orders = _ordersOf(_trees[k.set], _counts[k.set]);
        uint32 first = position % (COUNT + 2);
        IClearingProofs.Place memory lower = _place(_trees[k.set], first);
        IClearingProofs.Place memory upper = _place(_trees[k.set], first + 1);
        bool isDue = k.isFixed && !k.isFaulty;
        if (ofCount) {
            isDue = isDue && k.set == 1 && first == COUNT;
            try proofs.challengeCount(ZONE, interval, orders, lower, none) {
                _assertTrue(isDue, "a count was refuted");
                k.isFaulty = true;
            } catch {
                _assertFalse(isDue, "a count stood");
            }
            return;
        }
        // The set with a count too high ends with a zero below it.
        isDue = isDue && ((k.set == 2 && first == 2) || (k.set == 1 && first + 1 == COUNT));
        try proofs.challengeAscent(ZONE, interval, orders, lower, upper, none) {
            _assertTrue(isDue, "an ascent was refuted");
            k.isFaulty = true;
        } catch {
            _assertFalse(isDue, "an ascent stood");
        }
    }

    function dispute(uint64 interval) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        bool isDue = _isOverdue(k) && k.clearingDispute == IClearingProofs.Dispute.None;
        try proofs.dispute(ZONE, interval, "reason") {
            _assertTrue(isDue, "a dispute was opened");
            k.clearingDispute = IClearingProofs.Dispute.Open;
        } catch {
            _assertFalse(isDue, "a dispute was refused");
        }
    }

    function decide(uint64 interval, bool upheld) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        bool isDue = _isOverdue(k) && k.clearingDispute == IClearingProofs.Dispute.Open;
        vm.prank(auditor);
        try proofs.decide(ZONE, interval, upheld, "report") {
            _assertTrue(isDue, "a decision");
            k.clearingDispute = _decided(upheld);
            if (upheld) k.isFaulty = true;
            else k.isReexecuted = true;
        } catch {
            _assertFalse(isDue, "a decision was refused");
        }
    }

    function disputeVoid(uint64 interval) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        IIntervalLog.Orders memory orders = _ordersOf(_trees[k.set], _counts[k.set]);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, interval, _commitment(1));
        bool isDue = k.isCleared && !k.isFaulty && k.voidDispute == IClearingProofs.Dispute.None;
        try proofs.disputeVoid(ZONE, interval, orders, receipt, "reason") {
            _assertTrue(isDue, "a void was disputed");
            k.voidDispute = IClearingProofs.Dispute.Open;
        } catch {
            _assertFalse(isDue, "a dispute of a void was refused");
        }
    }

    function decideVoid(uint64 interval, bool upheld) external {
        interval = _any(interval);
        Known storage k = _known[interval];
        bool isDue = k.voidDispute == IClearingProofs.Dispute.Open;
        vm.prank(auditor);
        try proofs.decideVoid(ZONE, interval, _commitment(1), upheld, "report") {
            _assertTrue(isDue, "a void was decided");
            k.voidDispute = _decided(upheld);
            if (upheld) k.isFaulty = true;
        } catch {
            _assertFalse(isDue, "a decision of a void was refused");
        }
    }

    function pass(uint16 time) external {
        vm.warp(block.timestamp + time % DEADLINE);
    }

    function _isOverdue(Known storage k) private view returns (bool) {
        return k.isCleared && !k.isProven && !k.isReexecuted && !k.isFaulty
            && block.timestamp > k.clearedAt + DEADLINE;
    }

    function _decided(bool upheld) private pure returns (IClearingProofs.Dispute) {
        return upheld ? IClearingProofs.Dispute.Upheld : IClearingProofs.Dispute.Dismissed;
    }

    /// @dev Without voids, so that an empty set can be proven too.
    function _variant(uint256 content)
        private
        pure
        returns (IIntervalLog.Clearing memory clearing)
    {
        clearing = _clearing();
        clearing.voidCount = 0;
        clearing.clearingRoot = bytes32(content);
    }

    function _any(uint64 interval) private pure returns (uint64) {
        return uint64(_bound(interval, 0, INTERVALS - 1));
    }

    function _add(bytes32[] memory leaves, uint32 count) private {
        _trees.push(_treeOf(leaves));
        _counts.push(count);
    }
}
