// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingJoinVerifier} from "../../src/verifiers/ClearingJoinVerifier.sol";
import {ClearingPartVerifier} from "../../src/verifiers/ClearingPartVerifier.sol";
import {ClearingVerifier} from "../../src/verifiers/ClearingVerifier.sol";
import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {ClaimedVerifier} from "../support/ClaimedVerifier.sol";
import {Test} from "../support/Test.sol";
import {ProofFiles} from "./ProofFiles.sol";

/// @dev Goal: parts that are proven one by one count for the clearing that they are of, and for no
/// other. Method: the real proof of 4,100 orders, its parts brought alone, and changed in every
/// place; one of the two real verifiers replaced by one that accepts all.
contract KeptPartsTest is Test, ProofFiles {
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint32 private constant SIZE = 8192;
    /// @dev Words before the proofs of two parts: 1 and 3 for each and 1.
    uint256 private constant HEAD = 8;

    ClearingVerifier private _verifier;
    ClearingVerifier private _anyJoin;
    bytes private _proof;
    bytes32[4] private _inputs;

    function setUp() public {
        IKeyVerifier part = new ClearingPartVerifier();
        IKeyVerifier join = new ClearingJoinVerifier();
        _verifier = _over(part, join);
        _anyJoin = _over(part, new ClaimedVerifier(65_536, false, true));
        bytes32[] memory inputs;
        (_proof, inputs) = _readParts();
        for (uint256 i = 0; i < 4; ++i) {
            _inputs[i] = inputs[i];
        }
    }

    /// @dev Each part in a transaction of its own, and a last one that brings what joins them.
    function test_provePart_isKeptForWhatJoinsIt() public {
        bytes memory slim = _slim();
        _refuses(_verifier, SIZE, slim, _inputs);
        for (uint256 part = 0; part < 2; ++part) {
            _refuses(_verifier, SIZE, slim, _inputs);
            _assertTrue(!_verifier.isPartProven(_ofPart(part)), "not yet");
            vm.expectEmit();
            emit ClearingVerifier.PartProven(keccak256(abi.encode(_ofPart(part))));
            _assertTrue(_verifier.provePart(_partProof(part), _ofPart(part)), "new");
            _assertTrue(_verifier.isPartProven(_ofPart(part)), "proven");
            _assertTrue(!_verifier.provePart("", _ofPart(part)), "once");
        }
        _assertTrue(_verifier.verify(SIZE, slim, _inputs), "joined");
    }

    /// @dev Kept parts are those of one context, of these roots and states.
    function test_provePart_countsForNoOtherStatement() public {
        bytes memory slim = _slim();
        for (uint256 part = 0; part < 2; ++part) {
            _verifier.provePart(_partProof(part), _ofPart(part));
            _anyJoin.provePart(_partProof(part), _ofPart(part));
        }
        _assertTrue(_anyJoin.verify(SIZE, slim, _inputs), "parts");
        for (uint256 word = 1; word < HEAD; ++word) {
            uint256 own = _wordAt(slim, word);
            _setWord(slim, word, own ^ 1);
            _refuses(_anyJoin, SIZE, slim, _inputs);
            _refuses(_verifier, SIZE, slim, _inputs);
            _setWord(slim, word, own);
        }
        bytes32[4] memory inputs = _inputs;
        inputs[0] = bytes32(uint256(inputs[0]) ^ 1);
        _refuses(_anyJoin, SIZE, slim, inputs);
        _setWord(slim, HEAD, _wordAt(slim, HEAD) ^ 1);
        _refuses(_verifier, SIZE, slim, _inputs);
    }

    function test_provePart_refusesAnotherPart() public {
        bytes memory proof = _partProof(0);
        for (uint256 i = 0; i < 5; ++i) {
            bytes32[5] memory inputs = _ofPart(0);
            inputs[i] = bytes32(uint256(inputs[i]) ^ 1);
            _refusesPart(proof, inputs);
            inputs[i] = bytes32(uint256(_ofPart(0)[i]) + FIELD_ORDER);
            _refusesPart(proof, inputs);
        }
        _refusesPart(_partProof(1), _ofPart(0));
        _refusesPart("", _ofPart(0));
        _setWord(proof, 40, _wordAt(proof, 40) ^ 1);
        _refusesPart(proof, _ofPart(0));
    }

    /// @dev As a transaction of its own, with what its call data and its slot cost.
    function test_provePart_takesAboutAMillionGas() public {
        bytes memory proof = _partProof(0);
        bytes32[5] memory inputs = _ofPart(0);
        _verifier.provePart(proof, inputs);
        vm.assertLe(vm.lastCallGas().gasTotalUsed, 1_040_000, "part");
    }

    function _refusesPart(bytes memory proof, bytes32[5] memory inputs) private {
        vm.expectRevert(ClearingVerifier.PartRefused.selector);
        _verifier.provePart{gas: 100_000_000}(proof, inputs);
    }

    /// @dev The real proof without the proofs of its parts.
    function _slim() private view returns (bytes memory slim) {
        uint256 joinAt = 32 * HEAD + 2 * _wordAt(_proof, 0);
        bytes memory join = _slice(_proof, joinAt, _proof.length - joinAt);
        slim = bytes.concat(_slice(_proof, 0, 32 * HEAD), join);
        _setWord(slim, 0, 0);
    }

    function _partProof(uint256 part) private view returns (bytes memory) {
        uint256 length = _wordAt(_proof, 0);
        return _slice(_proof, 32 * HEAD + part * length, length);
    }

    function _ofPart(uint256 part) private view returns (bytes32[5] memory inputs) {
        inputs[0] = _inputs[0];
        for (uint256 i = 0; i < 4; ++i) {
            // Of orders, of fills, and of states, which follow one another.
            inputs[1 + i] = bytes32(_wordAt(_proof, (i < 3 ? 1 + 2 * i : 6) + part));
        }
    }

    function _over(IKeyVerifier part, IKeyVerifier join) private returns (ClearingVerifier) {
        return new ClearingVerifier(
            [
                IKeyVerifier(new ClaimedVerifier(64, false, false)),
                new ClaimedVerifier(256, false, false),
                new ClaimedVerifier(1024, false, false),
                new ClaimedVerifier(4096, false, false),
                part,
                join
            ]
        );
    }

    function _refuses(
        ClearingVerifier verifier,
        uint32 size,
        bytes memory proof,
        bytes32[4] memory inputs
    ) private view {
        // A wrong point ends the call with nearly all of its gas.
        _assertTrue(!verifier.verify{gas: 100_000_000}(size, proof, inputs), "refused");
    }

    function _slice(bytes memory from, uint256 start, uint256 length)
        private
        pure
        returns (bytes memory part)
    {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = from[start + i];
        }
    }

    function _wordAt(bytes memory proof, uint256 word) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(proof, 32), mul(word, 32)))
        }
    }

    function _setWord(bytes memory proof, uint256 word, uint256 value) private pure {
        assembly ("memory-safe") {
            mstore(add(add(proof, 32), mul(word, 32)), value)
        }
    }
}
