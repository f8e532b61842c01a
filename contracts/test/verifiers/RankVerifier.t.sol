// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {RankVerifier256} from "../../src/verifiers/RankVerifier256.sol";
import {RankVerifier64} from "../../src/verifiers/RankVerifier64.sol";
import {Test} from "../support/Test.sol";
import {ProofFiles} from "./ProofFiles.sol";

/// @dev Goal: a proof of how many orders stand before one verifies for just its statement.
/// Method: a proof of the native prover, tampered with in every part.
abstract contract RankVerifierTest is Test, ProofFiles {
    uint256 private constant GAS_MAX = 1_000_000;

    IKeyVerifier internal _verifier;
    string internal _name;

    function test_verify_acceptsItsStatementForLessThanAMillionGas() public view {
        (bytes memory proof, bytes32[] memory inputs,) = _read(_name);
        uint256 gasBefore = gasleft();
        _assertTrue(_verifier.verify(proof, inputs), "valid");
        vm.assertLe(gasBefore - gasleft(), GAS_MAX, "gas");
    }

    function test_keyDigest_isThePinnedOne() public view {
        (,, bytes32 digest) = _read(_name);
        _assertEq(_verifier.keyDigest(), _pinned(_name), "pinned");
        _assertEq(digest, _pinned(_name), "of the proof");
        _assertEq(uint256(_verifier.size()), 0, "not of a clearing");
        _assertTrue(_verifier.isDevelopment(), "what the repository pins");
    }

    function test_verify_refusesAnotherStatement() public view {
        (bytes memory proof, bytes32[] memory inputs,) = _read(_name);
        for (uint256 i = 0; i < inputs.length; ++i) {
            bytes32 own = inputs[i];
            inputs[i] = bytes32(uint256(own) ^ 1);
            _assertRefused(proof, inputs);
            inputs[i] = own;
        }
        _assertRefused(proof, new bytes32[](0));
        _assertRefused(proof, new bytes32[](4));
    }

    function test_verify_refusesATamperedProof() public view {
        (bytes memory proof, bytes32[] memory inputs,) = _read(_name);
        uint256 words = proof.length / 32;
        for (uint256 i = 0; i < 32; ++i) {
            uint256 place = ((words - 1) * i / 31) * 32 + 31;
            proof[place] = bytes1(uint8(proof[place]) ^ 1);
            _assertRefused(proof, inputs);
            proof[place] = bytes1(uint8(proof[place]) ^ 1);
        }
        _assertRefused("", inputs);
        _assertRefused(new bytes(proof.length), inputs);
    }

    function _assertRefused(bytes memory proof, bytes32[] memory inputs) private view {
        // A wrong point ends the call with all of its gas.
        try _verifier.verify{gas: 10_000_000}(proof, inputs) returns (bool isValid) {
            _assertTrue(!isValid, "refused");
        } catch {
            // It refuses by reverting.
            return;
        }
    }
}

contract RankVerifier64Test is RankVerifierTest {
    function setUp() public {
        (_verifier, _name) = (new RankVerifier64(), "rank-64");
    }
}

contract RankVerifier256Test is RankVerifierTest {
    function setUp() public {
        (_verifier, _name) = (new RankVerifier256(), "rank-256");
    }
}
