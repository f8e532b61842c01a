// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {SealedMarket} from "../support/SealedMarket.sol";
import {Tree} from "../support/Tree.sol";

/// @dev What challenges cost, and what a proof costs beside its verification, kept in
/// `snapshots/gas.json`.
contract ProofsGasTest is SealedMarket {
    uint32 private constant COUNT = 5_000;

    Tree private _tree;
    IIntervalLog.Orders private _orders;

    function setUp() public override {
        super.setUp();
        _tree = _treeOf(_commitments(COUNT));
        _orders = _ordersOf(_tree, COUNT);
        _fix(ZONE, INTERVAL, _orders);
        _clear(ZONE, INTERVAL);
    }

    function test_prove_costBesideVerification() public {
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), 8_192);
        proofs.prove(ZONE, INTERVAL, _orders, _clearing(), 8_192, proof);
        _snapshot("ClearingProofs.prove, without the verification");
    }

    function test_challenges_ofASetInParts() public {
        bytes32 dropped = bytes32(uint256(_commitment(77)) + 1);
        IClearingProofs.Receipt memory receipt = _receipt(ZONE, INTERVAL, dropped);
        IClearingProofs.Place[] memory places = _places(_tree, 77, 2);
        bytes32[] memory parts = _tree.partRoots();
        proofs.demandOrder(ZONE, INTERVAL, _orders, _receipt(ZONE, INTERVAL, _commitment(77)));
        _snapshot("ClearingProofs.demandOrder");
        proofs.showOrder(ZONE, INTERVAL, _orders, places[0], parts);
        _snapshot("ClearingProofs.showOrder");
        proofs.challengeOmission(ZONE, INTERVAL, _orders, receipt, places, parts);
        _snapshot("ClearingProofs.challengeOmission");
    }

    function _snapshot(string memory name) private {
        vm.snapshotValue("gas", name, vm.lastCallGas().gasTotalUsed);
    }
}
