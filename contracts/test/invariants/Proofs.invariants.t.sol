// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Test} from "../support/Test.sol";
import {ProofsHandler} from "./ProofsHandler.sol";

/// @dev Goal: what the heads of IntervalLog and ClearingProofs promise of judgements holds after
/// any sequence of calls.
/// Method: `ProofsHandler` acts and keeps what it may expect; then the chain is compared.
contract ProofsInvariants is Test {
    uint32 private constant ZONE = 7;

    ProofsHandler private _handler;
    IIntervalLog private _log;
    IClearingProofs private _proofs;

    function setUp() public {
        _handler = new ProofsHandler();
        _log = _handler.theLog();
        _proofs = _handler.theProofs();
        bytes4[] memory selectors = new bytes4[](12);
        selectors[0] = ProofsHandler.fix.selector;
        selectors[1] = ProofsHandler.clear.selector;
        // Twice as often, or few would be proven before they are faulty.
        selectors[2] = ProofsHandler.prove.selector;
        selectors[3] = ProofsHandler.prove.selector;
        selectors[4] = ProofsHandler.challengeOmission.selector;
        selectors[5] = ProofsHandler.challengeSet.selector;
        selectors[6] = ProofsHandler.dispute.selector;
        selectors[7] = ProofsHandler.decide.selector;
        selectors[8] = ProofsHandler.disputeVoid.selector;
        selectors[9] = ProofsHandler.decideVoid.selector;
        selectors[10] = ProofsHandler.pass.selector;
        selectors[11] = ProofsHandler.clear.selector;
        _target(address(_handler), selectors);
    }

    function invariant_provenOnlyByProof() public view {
        for (uint64 interval = 0; interval < _handler.INTERVALS(); ++interval) {
            ProofsHandler.Known memory known = _handler.known(interval);
            bool isProven = _log.statusOf(ZONE, interval) == IIntervalLog.Status.Proven;
            _assertTrue(isProven == (known.isProven && !known.isFaulty), "proven");
        }
    }

    function invariant_faultyIsFinal() public view {
        for (uint64 interval = 0; interval < _handler.INTERVALS(); ++interval) {
            bool isFaulty = _log.statusOf(ZONE, interval) == IIntervalLog.Status.Faulty;
            _assertTrue(isFaulty == _handler.known(interval).isFaulty, "faulty");
        }
    }

    function invariant_disputesAreDecidedOnce() public view {
        for (uint64 interval = 0; interval < _handler.INTERVALS(); ++interval) {
            ProofsHandler.Known memory known = _handler.known(interval);
            _assertTrue(
                _proofs.disputeOf(ZONE, interval, bytes32(0)) == known.clearingDispute, "clearing"
            );
            bytes32 order = _handler.theVoidedOrder();
            _assertTrue(_proofs.disputeOf(ZONE, interval, order) == known.voidDispute, "void");
        }
    }

    function invariant_sealedCommitmentsNeverChange() public view {
        for (uint64 interval = 0; interval < _handler.INTERVALS(); ++interval) {
            ProofsHandler.Known memory known = _handler.known(interval);
            _assertEq(_log.ordersOf(ZONE, interval), known.orders, "orders");
            _assertEq(_log.clearingOf(ZONE, interval), known.clearing, "clearing");
        }
    }
}
