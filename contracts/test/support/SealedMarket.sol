// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IClearingVerifier} from "../../src/interfaces/IClearingVerifier.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Market} from "./Market.sol";
import {MockVerifier} from "./MockVerifier.sol";
import {Tree} from "./Tree.sol";

/// @dev A market with a sealed book: order sets, receipts, and proofs of the mock verifier.
abstract contract SealedMarket is Market {
    uint32 internal constant DEADLINE = 3_600;
    uint256 internal constant OPERATOR_KEY = 0xa1;
    bytes32 internal constant RULES = keccak256("sealed rules");

    bytes32[] internal none;

    function _verifier() internal virtual override returns (IClearingVerifier) {
        return new MockVerifier();
    }

    function _terms() internal pure returns (IIntervalLog.Terms memory) {
        return IIntervalLog.Terms({
            sealedBook: true, proofRequired: true, proofDeadlineSeconds: DEADLINE
        });
    }

    /// @dev Commitments of `count` orders, ascending, far enough apart for others between them.
    function _commitments(uint256 count) internal pure returns (bytes32[] memory list) {
        list = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = _commitment(i);
        }
    }

    function _commitment(uint256 index) internal pure returns (bytes32) {
        return bytes32(1e60 + index * 1e50);
    }

    function _treeOf(bytes32[] memory leaves) internal returns (Tree tree) {
        tree = new Tree();
        tree.build(leaves);
    }

    function _ordersOf(Tree tree, uint32 count)
        internal
        view
        returns (IIntervalLog.Orders memory)
    {
        return IIntervalLog.Orders({root: tree.root(), count: count, rulebookHash: RULES});
    }

    function _clearing() internal pure returns (IIntervalLog.Clearing memory) {
        return IIntervalLog.Clearing({
            hasPrice: true,
            priceMicrosPerKwh: -250_000,
            energyWh: 120_000,
            voidCount: 2,
            fillsRoot: bytes32(uint256(0xf111)),
            clearingRoot: keccak256("clearing")
        });
    }

    function _fix(uint32 zone, uint64 interval, IIntervalLog.Orders memory orders) internal {
        vm.prank(operator);
        log.fixOrders(zone, interval, orders, _terms());
    }

    function _clear(uint32 zone, uint64 interval) internal {
        vm.prank(operator);
        log.commitClearing(zone, interval, _clearing());
    }

    /// @dev A proof of what is given, for the chain, market, zone and interval as they are now.
    function _proofOf(
        uint32 zone,
        uint64 interval,
        IIntervalLog.Orders memory orders,
        IIntervalLog.Clearing memory clearing,
        uint32 size
    ) internal view returns (bytes memory) {
        bytes32[4] memory publicInputs = [
            proofs.contextOf(zone, interval, orders.rulebookHash),
            orders.root,
            clearing.fillsRoot,
            proofs.headerOf(orders.count, clearing)
        ];
        return abi.encode(keccak256(abi.encode(size, publicInputs)));
    }

    function _receipt(uint32 zone, uint64 interval, bytes32 commitment)
        internal
        view
        returns (IClearingProofs.Receipt memory)
    {
        return _receiptBy(OPERATOR_KEY, zone, interval, commitment);
    }

    function _receiptBy(uint256 key, uint32 zone, uint64 interval, bytes32 commitment)
        internal
        view
        returns (IClearingProofs.Receipt memory)
    {
        uint64 sequence = 77;
        bytes32 content = keccak256(
            abi.encode(
                keccak256(
                    "Receipt(bytes32 commitment,uint32 zone,uint64 interval,uint64 sequence)"
                ),
                commitment,
                zone,
                interval,
                sequence
            )
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", house.domainSeparator(), content));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return IClearingProofs.Receipt({
            commitment: commitment, sequence: sequence, signature: abi.encodePacked(r, s, v)
        });
    }

    function _place(Tree tree, uint32 position)
        internal
        view
        returns (IClearingProofs.Place memory)
    {
        return IClearingProofs.Place({position: position, path: tree.path(position)});
    }

    /// @dev The places of the set at the given positions, as witnesses of an omission.
    function _places(Tree tree, uint32 first, uint256 count)
        internal
        view
        returns (IClearingProofs.Place[] memory places)
    {
        places = new IClearingProofs.Place[](count);
        for (uint32 i = 0; i < count; ++i) {
            places[i] = _place(tree, first + i);
        }
    }

    function _status(uint64 interval) internal view returns (IIntervalLog.Status) {
        return log.statusOf(ZONE, interval);
    }

    function _assertStatus(IIntervalLog.Status expected) internal view {
        _assertEq(uint256(_status(INTERVAL)), uint256(expected), "status");
    }
}
