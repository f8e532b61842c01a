// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Poseidon2} from "../../src/libraries/Poseidon2.sol";

/// @dev An order set with all its nodes, built from the description alone: parts of 4,096 leaves,
/// three levels of groups of 16. Whole levels are kept, so that any path can be read off.
contract Tree {
    bytes32[] private _leaves;
    bytes32[] private _groups;
    bytes32[] private _branches;
    bytes32[] private _parts;

    /// @param leaves In the order of the set; the last part is filled up with zeros
    function build(bytes32[] memory leaves) external {
        uint256 parts = leaves.length == 0 ? 1 : (leaves.length + 4_095) / 4_096;
        bytes32[] memory level = new bytes32[](parts * 4_096);
        for (uint256 i = 0; i < leaves.length; ++i) {
            level[i] = leaves[i];
        }
        _leaves = level;
        _groups = _above(_leaves);
        _branches = _above(_groups);
        _parts = _above(_branches);
    }

    function root() external view returns (bytes32) {
        return _parts.length == 1 ? _parts[0] : this.hash(_parts);
    }

    function partRoots() external view returns (bytes32[] memory) {
        return _parts.length == 1 ? new bytes32[](0) : _parts;
    }

    function leaf(uint256 position) external view returns (bytes32) {
        return _leaves[position];
    }

    function path(uint256 position) external view returns (bytes32[] memory nodes) {
        nodes = new bytes32[](48);
        for (uint256 k = 0; k < 16; ++k) {
            nodes[k] = _leaves[position / 16 * 16 + k];
            nodes[16 + k] = _groups[position / 256 * 16 + k];
            nodes[32 + k] = _branches[position / 4_096 * 16 + k];
        }
    }

    function hash(bytes32[] calldata inputs) external pure returns (bytes32) {
        return Poseidon2.hash(inputs);
    }

    function _above(bytes32[] memory level) private view returns (bytes32[] memory above) {
        above = new bytes32[](level.length / 16);
        bytes32 emptyHash = 0;
        for (uint256 i = 0; i < above.length; ++i) {
            bytes32[] memory group = new bytes32[](16);
            bool isEmpty = true;
            for (uint256 k = 0; k < 16; ++k) {
                group[k] = level[16 * i + k];
                // Only groups of the last part's end are all alike.
                if (group[k] != level[level.length - 1]) isEmpty = false;
            }
            if (!isEmpty) above[i] = this.hash(group);
            else if (emptyHash != 0) above[i] = emptyHash;
            else above[i] = emptyHash = this.hash(group);
        }
    }
}
