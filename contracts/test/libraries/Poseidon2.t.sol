// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {OrderTree} from "../../src/libraries/OrderTree.sol";
import {Poseidon2} from "../../src/libraries/Poseidon2.sol";
import {Poseidon2Constants} from "../../src/libraries/Poseidon2Constants.sol";
import {Poseidon2Answers} from "../support/Poseidon2Answers.sol";
import {Test} from "../support/Test.sol";
import {Tree} from "../support/Tree.sol";

/// @dev Goal: the hash is the one of the circuits, and a path is accepted for its own leaf alone.
/// Method: answers of the npm package; a second permutation written from the paper, with matrices
/// in place of their short forms; paths with anything changed.
contract Poseidon2Test is Test {
    uint256 private constant P = Poseidon2.ORDER;

    Tree private _small;

    function setUp() public {
        _small = _treeOf(20);
    }

    function hash(bytes32[] calldata inputs) external pure returns (bytes32) {
        return Poseidon2.hash(inputs);
    }

    function leafAt(
        bytes32 root,
        uint256 count,
        uint256 position,
        bytes32[] calldata path,
        bytes32[] calldata partRoots
    ) external pure returns (bool leads, uint256 leaf) {
        return OrderTree.leafAt(root, count, position, path, partRoots);
    }

    function test_hash_answersAsTheCircuitsDo() public view {
        for (uint256 i = 0; i < Poseidon2Answers.COUNT; ++i) {
            (bytes32[] memory inputs, bytes32 answer) = Poseidon2Answers.get(i);
            _assertEq(this.hash(inputs), answer, "answer");
        }
    }

    function testFuzz_permute_equalsTheSlowOne(uint256[4] memory state) public pure {
        for (uint256 i = 0; i < 4; ++i) {
            state[i] %= P;
        }
        uint256[4] memory slow = _permuteSlowly(state);
        Poseidon2.permute(state);
        for (uint256 i = 0; i < 4; ++i) {
            _assertEq(state[i], slow[i], "word");
        }
    }

    /// @dev Where sums of several words come closest to 2^256.
    function test_permute_atTheFieldsEnd() public pure {
        testFuzz_permute_equalsTheSlowOne([P - 1, P - 1, P - 1, P - 1]);
        testFuzz_permute_equalsTheSlowOne([uint256(0), 0, 0, P - 1]);
        testFuzz_permute_equalsTheSlowOne([P - 1, 0, P - 2, 1]);
    }

    function test_leafAt_findsEveryLeafOfASmallSet() public {
        Tree tree = _treeOf(40);
        for (uint256 position = 0; position < 4_096; position += position < 48 ? 1 : 337) {
            (bool leads, uint256 leaf) =
                this.leafAt(tree.root(), 40, position, tree.path(position), new bytes32[](0));
            _assertTrue(leads, "leads");
            _assertEq(bytes32(leaf), tree.leaf(position), "leaf");
        }
        (bool beyond,) = this.leafAt(tree.root(), 40, 4_096, tree.path(0), new bytes32[](0));
        _assertFalse(beyond, "beyond the part");
    }

    function test_leafAt_findsLeavesInParts() public {
        Tree tree = _treeOf(4_100);
        for (uint256 position = 4_094; position < 4_102; ++position) {
            (bool leads, uint256 leaf) =
                this.leafAt(tree.root(), 4_100, position, tree.path(position), tree.partRoots());
            _assertTrue(leads, "leads");
            _assertEq(bytes32(leaf), tree.leaf(position), "leaf");
        }
        bytes32[] memory none = new bytes32[](0);
        bytes32[] memory parts = tree.partRoots();
        bytes32 root = tree.root();
        bytes32[] memory path = tree.path(4_096);
        _refuse(root, 4_100, 4_096, path, none, "parts are missing");
        _refuse(root, 4_100, 0, path, parts, "another part");
        _refuse(root, 4_100, 8_192, path, parts, "beyond the parts");
        _refuse(root, 8_193, 4_096, path, parts, "too few parts for the count");
        _refuse(root, 4_096, 4_096, path, parts, "parts of a set that has one");
        (parts[0], parts[1]) = (parts[1], parts[0]);
        _refuse(root, 4_100, 0, path, parts, "parts in another order");
    }

    /// @dev Any node changed, any neighbour's position, any length: the path leads nowhere.
    function testFuzz_leafAt_refusesWhatIsNotThePath(uint256 position, uint256 place, bytes32 node)
        public
        view
    {
        Tree tree = _small;
        bytes32 root = tree.root();
        position = _bound(position, 0, 4_095);
        place = _bound(place, 0, 47);
        bytes32[] memory none = new bytes32[](0);
        bytes32[] memory path = tree.path(position);
        bytes32 known = path[place];
        // Another form of the same node, modulo the field's order, is the last case below.
        if (uint256(known) % P != uint256(node) % P) {
            path[place] = node;
            _refuse(root, 20, position, path, none, "a changed node");
            path[place] = known;
        }
        uint256 size = _bound(uint256(node), 0, 60);
        if (size != 48) {
            bytes32[] memory cut = new bytes32[](size);
            for (uint256 i = 0; i < size && i < 48; ++i) {
                cut[i] = path[i];
            }
            _refuse(root, 20, position, cut, none, "another length");
        }
        path[position % 16] = bytes32(uint256(path[position % 16]) + P);
        _refuse(root, 20, position, path, none, "a leaf beyond the field's order");
    }

    function _refuse(
        bytes32 root,
        uint256 count,
        uint256 position,
        bytes32[] memory path,
        bytes32[] memory partRoots,
        string memory reason
    ) private view {
        (bool leads,) = this.leafAt(root, count, position, path, partRoots);
        _assertFalse(leads, reason);
    }

    function _treeOf(uint256 count) private returns (Tree tree) {
        bytes32[] memory leaves = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            leaves[i] = bytes32(1e60 + i * 1e50);
        }
        tree = new Tree();
        tree.build(leaves);
    }

    /// @dev From the paper: every matrix written out, every sum reduced.
    function _permuteSlowly(uint256[4] memory x) private pure returns (uint256[4] memory) {
        bytes memory rounds = Poseidon2Constants.rounds();
        uint256 next = 0;
        x = _multiply(_external(), x);
        for (uint256 round = 0; round < 64; ++round) {
            bool isFull = round < 4 || round >= 60;
            for (uint256 k = 0; k < (isFull ? 4 : 1); ++k) {
                x[k] = addmod(x[k], _word(rounds, next++), P);
                uint256 square = mulmod(x[k], x[k], P);
                x[k] = mulmod(mulmod(square, square, P), x[k], P);
            }
            x = _multiply(isFull ? _external() : _internal(), x);
        }
        return x;
    }

    function _external() private pure returns (uint256[4][4] memory) {
        return [
            [uint256(5), 7, 1, 3],
            [uint256(4), 6, 1, 1],
            [uint256(1), 3, 5, 7],
            [uint256(1), 1, 4, 6]
        ];
    }

    function _internal() private pure returns (uint256[4][4] memory matrix) {
        for (uint256 i = 0; i < 4; ++i) {
            matrix[i] = [uint256(1), 1, 1, 1];
        }
        matrix[0][0] = addmod(Poseidon2Constants.DIAGONAL_0, 1, P);
        matrix[1][1] = addmod(Poseidon2Constants.DIAGONAL_1, 1, P);
        matrix[2][2] = addmod(Poseidon2Constants.DIAGONAL_2, 1, P);
        matrix[3][3] = addmod(Poseidon2Constants.DIAGONAL_3, 1, P);
    }

    function _multiply(uint256[4][4] memory matrix, uint256[4] memory x)
        private
        pure
        returns (uint256[4] memory y)
    {
        for (uint256 i = 0; i < 4; ++i) {
            for (uint256 k = 0; k < 4; ++k) {
                y[i] = addmod(y[i], mulmod(matrix[i][k], x[k], P), P);
            }
        }
    }

    function _word(bytes memory text, uint256 index) private pure returns (uint256 word) {
        for (uint256 i = 0; i < 32; ++i) {
            word = word << 8 | uint8(text[32 * index + i]);
        }
    }
}
