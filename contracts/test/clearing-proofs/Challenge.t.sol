// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Poseidon2} from "../../src/libraries/Poseidon2.sol";
import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {SealedMarket} from "../support/SealedMarket.sol";
import {Tree} from "../support/Tree.sol";

/// @dev Goal: an operator that drops, adds, doubles, changes or reorders orders is shown to be
/// faulty by whoever has a receipt or sees the set; and one that does not, never.
/// Method: sets made by hand, sound and unsound; every sound set against every challenge.
contract ChallengeTest is SealedMarket {
    uint32 private constant COUNT = 20;

    Tree private _tree;
    IIntervalLog.Orders private _orders;
    uint64 private _interval = INTERVAL;
    bytes private _reason;

    function setUp() public override {
        super.setUp();
        _fixSet(_commitments(COUNT), COUNT);
    }

    // Omitted orders

    function test_omission_betweenTwoNeighbours() public {
        for (uint32 lower = 0; lower + 1 < COUNT; lower += 3) {
            _fixSet(_commitments(COUNT), COUNT);
            bytes32 dropped = bytes32(uint256(_commitment(lower)) + 1);
            _expectFault(IClearingProofs.Fault.Omitted, dropped);
            _challengeOmission(_receipt(ZONE, _interval, dropped), _places(_tree, lower, 2));
        }
    }

    function test_omission_beforeTheFirstAndAfterTheLast() public {
        bytes32 low = bytes32(uint256(_commitment(0)) - 1);
        _expectFault(IClearingProofs.Fault.Omitted, low);
        _challengeOmission(_receipt(ZONE, _interval, low), _places(_tree, 0, 1));

        _fixSet(_commitments(COUNT), COUNT);
        bytes32 high = bytes32(uint256(_commitment(COUNT - 1)) + 1);
        _expectFault(IClearingProofs.Fault.Omitted, high);
        _challengeOmission(_receipt(ZONE, _interval, high), _places(_tree, COUNT - 1, 1));
    }

    function test_omission_fromAnEmptySet() public {
        _fixSet(new bytes32[](0), 0);
        bytes32 dropped = _commitment(3);
        _expectFault(IClearingProofs.Fault.Omitted, dropped);
        _challengeOmission(_receipt(ZONE, _interval, dropped), new IClearingProofs.Place[](0));
    }

    function test_omission_fromASetOfOnePart_thatIsFull() public {
        _fixSet(_commitments(4_096), 4_096);
        bytes32 dropped = bytes32(uint256(_commitment(4_095)) + 1);
        _expectFault(IClearingProofs.Fault.Omitted, dropped);
        _challengeOmission(_receipt(ZONE, _interval, dropped), _places(_tree, 4_095, 1));
    }

    function test_omission_acrossTheBorderOfTwoParts() public {
        _fixSet(_commitments(4_100), 4_100);
        bytes32 dropped = bytes32(uint256(_commitment(4_095)) + 1);
        _expectFault(IClearingProofs.Fault.Omitted, dropped);
        _challengeOmission(_receipt(ZONE, _interval, dropped), _places(_tree, 4_095, 2));
    }

    /// @dev A proof shows that the clearing follows from the set, not that the set is whole.
    function test_omission_fromAProvenInterval() public {
        _clear(ZONE, _interval);
        proofs.prove(
            ZONE,
            _interval,
            _orders,
            _clearing(),
            64,
            _proofOf(ZONE, _interval, _orders, _clearing(), 64)
        );
        bytes32 dropped = bytes32(uint256(_commitment(4)) + 1);
        _expectFault(IClearingProofs.Fault.Omitted, dropped);
        _challengeOmission(_receipt(ZONE, _interval, dropped), _places(_tree, 4, 2));
    }

    /// @dev The order is there: no pair of places, and no single one, shows that it is not.
    function testFuzz_omission_ofAnOrderThatIsThereIsNotShown(
        uint32 order,
        uint32 first,
        uint32 second,
        uint8 shown
    ) public {
        order = uint32(_bound(order, 0, COUNT - 1));
        // Nearby, so that often they enclose it; beyond the count too.
        first = uint32(_bound(first, order > 3 ? order - 3 : 0, order + 3));
        second = uint32(_bound(second, first, first + 2));
        IClearingProofs.Place[] memory places = new IClearingProofs.Place[](shown % 4);
        if (places.length > 0) places[0] = _place(_tree, first);
        if (places.length > 1) places[1] = _place(_tree, second);
        if (places.length > 2) places[2] = _place(_tree, second + 1);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, _interval, _commitment(order));
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsNotShown.selector));
        _challengeOmission(receipt, places);
    }

    /// @dev A place beyond the count holds zero: as an upper neighbour it would be below all, as a
    /// lower one it is not the last.
    function test_omission_needsNeighboursWithinTheSet() public {
        IClearingProofs.Receipt memory beyond =
            _receipt(ZONE, _interval, bytes32(uint256(_commitment(COUNT)) + 1));
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsNotShown.selector));
        _challengeOmission(beyond, _places(_tree, COUNT - 1, 2));
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsNotShown.selector));
        _challengeOmission(beyond, _places(_tree, COUNT, 1));
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsNotShown.selector));
        _challengeOmission(beyond, _places(_tree, COUNT - 2, 1));
    }

    /// @dev The same residue as the neighbour that is there, and above any commitment: a hash
    /// would take it for the neighbour.
    function test_omission_refusesAnotherFormOfANeighbour() public {
        bytes32 present = _commitment(5);
        IClearingProofs.Place[] memory places = _places(_tree, 5, 1);
        places[0].position = 0;
        places[0].path = _tree.path(0);
        places[0].path[0] = bytes32(uint256(places[0].path[0]) + Poseidon2.ORDER);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, _interval, present);
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsInvalidPath.selector, 0));
        _challengeOmission(receipt, places);
    }

    function test_omission_needsTheOperatorsReceiptForThisInterval() public {
        bytes32 dropped = bytes32(uint256(_commitment(4)) + 1);
        IClearingProofs.Receipt[5] memory wrong = [
            _receiptBy(OPERATOR_KEY + 1, ZONE, _interval, dropped),
            _receipt(ZONE + 1, _interval, dropped),
            _receipt(ZONE, _interval + 1, dropped),
            _receipt(ZONE, _interval, dropped),
            _receipt(ZONE, _interval, dropped)
        ];
        wrong[3].sequence += 1;
        wrong[4].signature = "";
        for (uint256 i = 0; i < 5; ++i) {
            _refused(
                abi.encodeWithSelector(
                    IClearingProofs.ClearingProofsInvalidReceipt.selector, dropped
                )
            );
            _challengeOmission(wrong[i], _places(_tree, 4, 2));
        }
    }

    /// @dev A changed order: its receipt's commitment is not there, another one is.
    function test_omission_showsAChangedOrder() public {
        bytes32[] memory changed = _commitments(COUNT);
        changed[7] = bytes32(uint256(changed[7]) + 5);
        _fixSet(changed, COUNT);
        _expectFault(IClearingProofs.Fault.Omitted, _commitment(7));
        _challengeOmission(_receipt(ZONE, _interval, _commitment(7)), _places(_tree, 6, 2));
    }

    // Order and number

    function test_ascent_showsReorderedAndDoubledOrders() public {
        bytes32[] memory reordered = _commitments(COUNT);
        (reordered[15], reordered[16]) = (reordered[16], reordered[15]);
        _fixSet(reordered, COUNT);
        _expectFault(IClearingProofs.Fault.NotAscending, 0);
        _challengeAscent(15, 16);

        bytes32[] memory doubled = _commitments(COUNT);
        doubled[3] = doubled[2];
        _fixSet(doubled, COUNT);
        _expectFault(IClearingProofs.Fault.NotAscending, 0);
        _challengeAscent(2, 3);
    }

    /// @dev So that an order cannot be hidden between others of a part, or in another part.
    function test_ascent_holdsAcrossParts() public {
        bytes32[] memory list = _commitments(4_100);
        (list[4_095], list[4_096]) = (list[4_096], list[4_095]);
        _fixSet(list, 4_100);
        _expectFault(IClearingProofs.Fault.NotAscending, 0);
        _challengeAscent(4_095, 4_096);
    }

    function testFuzz_ascent_ofASoundSetIsNotRefuted(uint32 lower, uint32 upper) public {
        lower = uint32(_bound(lower, 0, COUNT + 2));
        upper = uint32(_bound(upper, 0, COUNT + 2));
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsNotShown.selector));
        _challengeAscent(lower, upper);
    }

    function test_count_showsAddedAndMissingOrders() public {
        _fixSet(_commitments(COUNT), COUNT - 1);
        _expectFault(IClearingProofs.Fault.CountWrong, 0);
        _challengeCount(COUNT - 1);

        _fixSet(_commitments(COUNT), COUNT + 1);
        _expectFault(IClearingProofs.Fault.CountWrong, 0);
        _challengeCount(COUNT);

        bytes32[] memory holed = _commitments(COUNT);
        holed[9] = 0;
        _fixSet(holed, COUNT);
        _expectFault(IClearingProofs.Fault.CountWrong, 0);
        _challengeCount(9);

        bytes32[] memory hidden = new bytes32[](4_096);
        hidden[0] = _commitment(0);
        hidden[4_095] = _commitment(1);
        _fixSet(hidden, 1);
        _expectFault(IClearingProofs.Fault.CountWrong, 0);
        _challengeCount(4_095);
    }

    function testFuzz_count_ofASoundSetIsNotRefuted(uint32 position) public {
        position = uint32(_bound(position, 0, 4_095));
        _refused(abi.encodeWithSelector(IClearingProofs.ClearingProofsNotShown.selector));
        _challengeCount(position);
    }

    // What every challenge needs

    function test_challenges_needTheFixedOrders() public {
        IIntervalLog.Orders memory other = _orders;
        other.count += 1;
        bytes memory reason = abi.encodeWithSelector(
            IClearingProofs.ClearingProofsOrdersDiffer.selector, ZONE, _interval
        );
        IClearingProofs.Place memory place = _place(_tree, COUNT);
        vm.expectRevert(reason);
        proofs.challengeCount(ZONE, _interval, other, place, none);
        vm.expectRevert(reason);
        proofs.challengeAscent(ZONE, _interval, other, place, place, none);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, _interval, "any");
        IClearingProofs.Place[] memory places = _places(_tree, 0, 1);
        vm.expectRevert(reason);
        proofs.challengeOmission(ZONE, _interval, other, receipt, places, none);
        vm.expectRevert(reason);
        proofs.demandOrder(ZONE, _interval, other, receipt);
    }

    function test_challenges_needASealedBook() public {
        _commit(INTERVAL + 1_000);
        IClearingProofs.Place memory place = _place(_tree, 0);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsNotSealed.selector, keccak256("rules")
            )
        );
        proofs.challengeCount(ZONE, INTERVAL + 1_000, _openOrders(), place, none);
    }

    function test_challenges_succeedOnce() public {
        bytes32 dropped = bytes32(uint256(_commitment(4)) + 1);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, _interval, dropped);
        _challengeOmission(receipt, _places(_tree, 4, 2));
        IClearingProofs.Place[] memory places = _places(_tree, 4, 2);
        _refused(
            abi.encodeWithSelector(
                IIntervalLog.IntervalLogJudgementRefused.selector,
                ZONE,
                _interval,
                IIntervalLog.Status.Faulty,
                IIntervalLog.Status.Faulty
            )
        );
        _challengeOmission(receipt, places);
    }

    // Demands

    function test_demand_isAnsweredByShowingThePlace() public {
        bytes32 order = _commitment(11);
        uint64 answerBy = uint64(block.timestamp) + house.withdrawalDelaySeconds();
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, _interval, order);
        vm.expectEmit();
        emit IClearingProofs.OrderDemanded(ZONE, _interval, order, answerBy);
        _assertEq(proofs.demandOrder(ZONE, _interval, _orders, receipt), answerBy, "until");
        _assertEq(proofs.demandOf(ZONE, _interval, order), answerBy, "open");

        _refused(_wrongDemand(_commitment(12)));
        _show(12);
        vm.expectEmit();
        emit IClearingProofs.OrderShown(ZONE, _interval, order, 11);
        _show(11);
        _assertEq(proofs.demandOf(ZONE, _interval, order), 0, "answered");
        vm.warp(answerBy + 1);
        vm.expectRevert(_wrongDemand(order));
        proofs.challengeUnanswered(ZONE, _interval, order);
        vm.expectRevert(_wrongDemand(order));
        proofs.demandOrder(ZONE, _interval, _orders, receipt);
    }

    function test_demand_withoutAnAnswerIsAFault() public {
        bytes32 dropped = bytes32(uint256(_commitment(4)) + 1);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, _interval, dropped);
        uint64 answerBy = proofs.demandOrder(ZONE, _interval, _orders, receipt);
        vm.warp(answerBy);
        vm.expectRevert(IClearingProofs.ClearingProofsNotShown.selector);
        proofs.challengeUnanswered(ZONE, _interval, dropped);
        vm.warp(answerBy + 1);
        _expectFault(IClearingProofs.Fault.Unanswered, dropped);
        proofs.challengeUnanswered(ZONE, _interval, dropped);
        _assertTrue(log.statusOf(ZONE, _interval) == IIntervalLog.Status.Faulty, "final");
    }

    function test_demand_isTakenUntilTheProofIsDue() public {
        vm.warp(block.timestamp + 10 * DEADLINE);
        IClearingProofs.Receipt memory early = _receipt(ZONE, _interval, _commitment(1));
        proofs.demandOrder(ZONE, _interval, _orders, early);
        _clear(ZONE, _interval);
        vm.warp(block.timestamp + DEADLINE);
        IClearingProofs.Receipt memory last = _receipt(ZONE, _interval, _commitment(2));
        proofs.demandOrder(ZONE, _interval, _orders, last);
        vm.warp(block.timestamp + 1);
        IClearingProofs.Receipt memory late = _receipt(ZONE, _interval, _commitment(3));
        vm.expectRevert(_wrongDemand(_commitment(3)));
        proofs.demandOrder(ZONE, _interval, _orders, late);
    }

    function test_demand_needsAReceipt() public {
        IClearingProofs.Receipt memory forged =
            _receiptBy(OPERATOR_KEY + 1, ZONE, _interval, _commitment(11));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsInvalidReceipt.selector, _commitment(11)
            )
        );
        proofs.demandOrder(ZONE, _interval, _orders, forged);
    }

    /// @dev The next interval's set.
    function _fixSet(bytes32[] memory leaves, uint32 count) private {
        ++_interval;
        _tree = _treeOf(leaves);
        _orders = _ordersOf(_tree, count);
        _fix(ZONE, _interval, _orders);
    }

    function _challengeOmission(
        IClearingProofs.Receipt memory receipt,
        IClearingProofs.Place[] memory places
    ) private {
        bytes32[] memory parts = _tree.partRoots();
        _armRefusal();
        proofs.challengeOmission(ZONE, _interval, _orders, receipt, places, parts);
    }

    function _challengeAscent(uint32 lower, uint32 upper) private {
        IClearingProofs.Place memory below = _place(_tree, lower);
        IClearingProofs.Place memory above = _place(_tree, upper);
        bytes32[] memory parts = _tree.partRoots();
        _armRefusal();
        proofs.challengeAscent(ZONE, _interval, _orders, below, above, parts);
    }

    function _challengeCount(uint32 position) private {
        IClearingProofs.Place memory place = _place(_tree, position);
        bytes32[] memory parts = _tree.partRoots();
        _armRefusal();
        proofs.challengeCount(ZONE, _interval, _orders, place, parts);
    }

    function _show(uint32 position) private {
        IClearingProofs.Place memory place = _place(_tree, position);
        bytes32[] memory parts = _tree.partRoots();
        _armRefusal();
        proofs.showOrder(ZONE, _interval, _orders, place, parts);
    }

    function _armRefusal() private {
        bytes memory reason = _reason;
        delete _reason;
        if (reason.length > 0) vm.expectRevert(reason);
    }

    function _expectFault(IClearingProofs.Fault fault, bytes32 commitment) private {
        vm.expectEmit();
        emit IClearingProofs.FaultShown(ZONE, _interval, fault, commitment);
    }

    function _wrongDemand(bytes32 commitment) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(IClearingProofs.ClearingProofsWrongDemand.selector, commitment);
    }

    /// @dev Why the next call of the functions above is refused: they read the tree before.
    function _refused(bytes memory reason) private {
        _reason = reason;
    }
}
