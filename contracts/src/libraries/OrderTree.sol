// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Poseidon2} from "./Poseidon2.sol";

/// @title Places in the tree of a fixed order set
/// @dev Parts of 4,096 leaves, 16-ary with three levels; a set of one part has the part's root, one
/// of several the hash of the parts' roots in their order.
library OrderTree {
    uint256 internal constant ARITY = 16;
    uint256 internal constant LEVELS = 3;
    uint256 internal constant PART_LEAVES = ARITY ** LEVELS;

    /// @notice The leaf at `position`, and whether the path leads from there to `root`
    /// @dev A hash takes its inputs modulo the field's order, so a leaf beyond it would lead there
    /// too, with a value that is not the leaf's: it is refused.
    /// @param path The groups of 16 nodes that hold the leaf and its ancestors, leaves first
    /// @param partRoots As many as the set has parts; none where it has one
    function leafAt(
        bytes32 root,
        uint256 count,
        uint256 position,
        bytes32[] calldata path,
        bytes32[] calldata partRoots
    ) internal pure returns (bool leads, uint256 leaf) {
        if (path.length != ARITY * LEVELS) return (false, 0);
        leaf = uint256(path[position % ARITY]);
        if (leaf >= Poseidon2.ORDER) return (false, 0);
        uint256 partPosition = position % PART_LEAVES;
        bytes32 node = Poseidon2.hash(path[:ARITY]);
        for (uint256 level = 1; level < LEVELS; ++level) {
            partPosition /= ARITY;
            if (path[level * ARITY + partPosition % ARITY] != node) return (false, 0);
            node = Poseidon2.hash(path[level * ARITY:(level + 1) * ARITY]);
        }
        return (_isPart(root, count, position / PART_LEAVES, node, partRoots), leaf);
    }

    function _isPart(
        bytes32 root,
        uint256 count,
        uint256 part,
        bytes32 partRoot,
        bytes32[] calldata partRoots
    ) private pure returns (bool) {
        if (count <= PART_LEAVES) {
            return part == 0 && partRoots.length == 0 && partRoot == root;
        }
        return partRoots.length == (count + PART_LEAVES - 1) / PART_LEAVES
            && part < partRoots.length && partRoots[part] == partRoot
            && Poseidon2.hash(partRoots) == root;
    }
}
