// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {SealedMarket} from "../support/SealedMarket.sol";

/// @dev Goal: what neither a proof nor the chain can show, the auditor decides, once; and nothing
/// that a proof has decided.
contract DisputeTest is SealedMarket {
    bytes32 private constant REASON = keccak256("reason");
    bytes32 private constant REPORT = keccak256("report");
    bytes32 private constant ORDER = bytes32(uint256(0xabc));

    IIntervalLog.Orders private _orders;

    function setUp() public override {
        super.setUp();
        _orders = IIntervalLog.Orders({root: keccak256("set"), count: 9, rulebookHash: RULES});
        _fix(ZONE, INTERVAL, _orders);
        _clear(ZONE, INTERVAL);
    }

    function test_flagOverdue_isSaidOnceAndByAnybody() public {
        vm.warp(block.timestamp + DEADLINE);
        _expectWrongStatus(IIntervalLog.Status.Cleared);
        proofs.flagOverdue(ZONE, INTERVAL);
        vm.warp(block.timestamp + 1);
        vm.expectEmit();
        emit IClearingProofs.OverdueFlagged(ZONE, INTERVAL, address(this));
        _assertTrue(proofs.flagOverdue(ZONE, INTERVAL), "flagged");
        _assertFalse(proofs.flagOverdue(ZONE, INTERVAL), "not again");
        _assertStatus(IIntervalLog.Status.Overdue);
    }

    function test_dispute_ofWhatIsNotOverdueIsRefused() public {
        _expectWrongStatus(IIntervalLog.Status.Cleared);
        proofs.dispute(ZONE, INTERVAL, REASON);
        vm.prank(auditor);
        _expectWrongStatus(IIntervalLog.Status.Cleared);
        proofs.decide(ZONE, INTERVAL, true, REPORT);
    }

    function test_dispute_upheldMakesItFaulty() public {
        _dispute();
        vm.expectEmit();
        emit IClearingProofs.DisputeDecided(ZONE, INTERVAL, bytes32(0), true, REPORT);
        vm.expectEmit();
        emit IClearingProofs.FaultShown(
            ZONE, INTERVAL, IClearingProofs.Fault.Misjudged, bytes32(0)
        );
        _decide(true);
        _assertStatus(IIntervalLog.Status.Faulty);
        _assertDispute(bytes32(0), IClearingProofs.Dispute.Upheld);
    }

    function test_dispute_dismissedCountsAsReexecuted() public {
        _dispute();
        _decide(false);
        _assertStatus(IIntervalLog.Status.Reexecuted);
        _assertDispute(bytes32(0), IClearingProofs.Dispute.Dismissed);
        _expectWrongStatus(IIntervalLog.Status.Reexecuted);
        proofs.dispute(ZONE, INTERVAL, REASON);
        vm.prank(auditor);
        _expectWrongStatus(IIntervalLog.Status.Reexecuted);
        proofs.decide(ZONE, INTERVAL, true, REPORT);
        _prove();
        _assertStatus(IIntervalLog.Status.Proven);
    }

    function test_dispute_isOpenedOnce() public {
        _dispute();
        vm.expectRevert(_wrongDispute(bytes32(0)));
        proofs.dispute(ZONE, INTERVAL, REASON);
    }

    function test_decide_needsADispute() public {
        vm.warp(block.timestamp + DEADLINE + 1);
        vm.prank(auditor);
        vm.expectRevert(_wrongDispute(bytes32(0)));
        proofs.decide(ZONE, INTERVAL, false, REPORT);
    }

    /// @dev The auditor cannot overrule the verifier.
    function test_decide_comesTooLateAfterAProof() public {
        _dispute();
        _prove();
        vm.prank(auditor);
        _expectWrongStatus(IIntervalLog.Status.Proven);
        proofs.decide(ZONE, INTERVAL, true, REPORT);
    }

    function testFuzz_decide_revertsForAnyoneButTheAuditor(address caller) public {
        vm.assume(caller != auditor);
        _dispute();
        _disputeVoid();
        bytes memory reason =
            abi.encodeWithSelector(IClearingProofs.ClearingProofsUnauthorized.selector, caller);
        vm.prank(caller);
        vm.expectRevert(reason);
        proofs.decide(ZONE, INTERVAL, true, REPORT);
        vm.prank(caller);
        vm.expectRevert(reason);
        proofs.decideVoid(ZONE, INTERVAL, ORDER, true, REPORT);
    }

    function test_disputeVoid_upheldMakesAlsoAProvenIntervalFaulty() public {
        _prove();
        _disputeVoid();
        vm.expectEmit();
        emit IClearingProofs.FaultShown(ZONE, INTERVAL, IClearingProofs.Fault.VoidUnfounded, ORDER);
        _decideVoid(true);
        _assertStatus(IIntervalLog.Status.Faulty);
        _assertDispute(ORDER, IClearingProofs.Dispute.Upheld);
    }

    function test_disputeVoid_dismissedLeavesTheInterval() public {
        _disputeVoid();
        _decideVoid(false);
        _assertStatus(IIntervalLog.Status.Cleared);
        _assertDispute(ORDER, IClearingProofs.Dispute.Dismissed);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, INTERVAL, ORDER);
        vm.expectRevert(_wrongDispute(ORDER));
        proofs.disputeVoid(ZONE, INTERVAL, _orders, receipt, REASON);
        vm.prank(auditor);
        vm.expectRevert(_wrongDispute(ORDER));
        proofs.decideVoid(ZONE, INTERVAL, ORDER, true, REPORT);
    }

    function test_disputeVoid_endsAlsoWhenAnotherFaultWasShown() public {
        _disputeVoid();
        _dispute();
        _decide(true);
        _decideVoid(true);
        _assertDispute(ORDER, IClearingProofs.Dispute.Upheld);
        _assertStatus(IIntervalLog.Status.Faulty);
    }

    function test_disputeVoid_needsAReceiptAndAClearing() public {
        IClearingProofs.Receipt memory forged = _receiptBy(OPERATOR_KEY + 1, ZONE, INTERVAL, ORDER);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingProofs.ClearingProofsInvalidReceipt.selector, ORDER)
        );
        proofs.disputeVoid(ZONE, INTERVAL, _orders, forged, REASON);

        _fix(ZONE, INTERVAL + 1, _orders);
        IClearingProofs.Receipt memory early = _receipt(ZONE, INTERVAL + 1, ORDER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsWrongStatus.selector,
                ZONE,
                INTERVAL + 1,
                IIntervalLog.Status.Fixed
            )
        );
        proofs.disputeVoid(ZONE, INTERVAL + 1, _orders, early, REASON);
    }

    /// @dev A dispute of a clearing has no commitment: it cannot be decided as one of a void, which
    /// does not ask whether a proof came meanwhile.
    function test_decideVoid_doesNotDecideAClearing() public {
        _dispute();
        _prove();
        vm.prank(auditor);
        vm.expectRevert(_wrongDispute(bytes32(0)));
        proofs.decideVoid(ZONE, INTERVAL, bytes32(0), true, REPORT);
    }

    function test_disputeVoid_ofTheOrderZeroIsRefused() public {
        IClearingProofs.Receipt memory zero = _receipt(ZONE, INTERVAL, bytes32(0));
        vm.expectRevert(_wrongDispute(bytes32(0)));
        proofs.disputeVoid(ZONE, INTERVAL, _orders, zero, REASON);
    }

    function test_auditor_isHandedOverInTwoSteps() public {
        address next = vm.addr(0xbb);
        vm.prank(next);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingProofs.ClearingProofsUnauthorized.selector, next)
        );
        proofs.offerAuditor(next);

        vm.prank(auditor);
        vm.expectEmit();
        emit IClearingProofs.AuditorOffered(next);
        proofs.offerAuditor(next);
        _assertEq(proofs.auditor(), auditor, "not yet");
        _assertEq(proofs.offeredAuditor(), next, "offered");
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsUnauthorized.selector, address(this)
            )
        );
        proofs.acceptAuditor();
        vm.prank(next);
        vm.expectEmit();
        emit IClearingProofs.AuditorTransferred(auditor, next);
        proofs.acceptAuditor();
        _assertEq(proofs.auditor(), next, "handed over");
        _assertEq(proofs.offeredAuditor(), address(0), "no offer left");
    }

    function _dispute() private {
        vm.warp(block.timestamp + DEADLINE + 1);
        vm.expectEmit();
        emit IClearingProofs.DisputeOpened(ZONE, INTERVAL, bytes32(0), address(this), REASON);
        proofs.dispute(ZONE, INTERVAL, REASON);
        _assertDispute(bytes32(0), IClearingProofs.Dispute.Open);
    }

    function _disputeVoid() private {
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, INTERVAL, ORDER);
        vm.expectEmit();
        emit IClearingProofs.DisputeOpened(ZONE, INTERVAL, ORDER, address(this), REASON);
        proofs.disputeVoid(ZONE, INTERVAL, _orders, receipt, REASON);
        _assertDispute(ORDER, IClearingProofs.Dispute.Open);
    }

    function _decide(bool upheld) private {
        vm.prank(auditor);
        proofs.decide(ZONE, INTERVAL, upheld, REPORT);
    }

    function _decideVoid(bool upheld) private {
        vm.prank(auditor);
        proofs.decideVoid(ZONE, INTERVAL, ORDER, upheld, REPORT);
    }

    function _prove() private {
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), 64);
        proofs.prove(ZONE, INTERVAL, _orders, _clearing(), 64, proof);
    }

    function _assertDispute(bytes32 commitment, IClearingProofs.Dispute expected) private view {
        _assertEq(
            uint256(proofs.disputeOf(ZONE, INTERVAL, commitment)), uint256(expected), "dispute"
        );
    }

    function _expectWrongStatus(IIntervalLog.Status status) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsWrongStatus.selector, ZONE, INTERVAL, status
            )
        );
    }

    function _wrongDispute(bytes32 commitment) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IClearingProofs.ClearingProofsWrongDispute.selector, ZONE, INTERVAL, commitment
        );
    }
}
