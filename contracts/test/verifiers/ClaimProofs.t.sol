// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClaimProofs} from "../../src/verifiers/ClaimProofs.sol";
import {ClearingVerifier} from "../../src/verifiers/ClearingVerifier.sol";
import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {RankVerifier256} from "../../src/verifiers/RankVerifier256.sol";
import {RankVerifier64} from "../../src/verifiers/RankVerifier64.sol";
import {ThresholdVerifier} from "../../src/verifiers/ThresholdVerifier.sol";
import {ClaimedVerifier} from "../support/ClaimedVerifier.sol";
import {Test} from "../support/Test.sol";
import {ProofFiles} from "./ProofFiles.sol";

/// @dev Goal: a development key of a circuit for claims is refused where money is real; and what is
/// no proof is answered with no, not with a revert.
/// Method: a proof of the native prover, chains by their ids, verifiers that claim to be others.
abstract contract ClaimProofsTest is Test, ProofFiles {
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    IKeyVerifier internal _verifier;
    string internal _name;

    function test_constructor_refusesADevelopmentKeyOnAnyOtherChain() public {
        uint256[6] memory chains = [uint256(1), 5, 137, 10, 31_336, 31_338];
        for (uint256 i = 0; i < chains.length; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(
                abi.encodeWithSelector(ClearingVerifier.DevelopmentKeyRefused.selector, chains[i])
            );
            new ClaimProofs(_verifier);
        }
        vm.chainId(1_337);
        _assertTrue(new ClaimProofs(_verifier).isDevelopment(), "a development chain");
    }

    function test_constructor_takesAnotherKeyAnywhere() public {
        vm.chainId(1);
        ClaimProofs proofs = new ClaimProofs(new ClaimedVerifier(0, false, true));
        _assertFalse(proofs.isDevelopment(), "not for development");
        _assertEq(proofs.keyDigest(), bytes32(uint256(1)), "its digest");
    }

    function test_constructor_refusesAVerifierOfClearings() public {
        IKeyVerifier verifier = new ClaimedVerifier(64, false, true);
        vm.expectRevert(abi.encodeWithSelector(ClearingVerifier.SizeDiffers.selector, 0, 64));
        new ClaimProofs(verifier);
    }

    function test_verify_acceptsItsStatementAndNoOther() public {
        ClaimProofs proofs = new ClaimProofs(_verifier);
        (bytes memory proof, bytes32[] memory inputs, bytes32 digest) = _read(_name);
        _assertTrue(proofs.verify(proof, inputs), "valid");
        _assertEq(proofs.keyDigest(), digest, "its digest");
        for (uint256 i = 0; i < inputs.length; ++i) {
            bytes32 own = inputs[i];
            inputs[i] = bytes32(uint256(own) ^ 1);
            _assertFalse(proofs.verify{gas: 10_000_000}(proof, inputs), "another statement");
            inputs[i] = own;
        }
        _assertFalse(proofs.verify{gas: 10_000_000}("", inputs), "no proof");
        _assertFalse(proofs.verify(proof, new bytes32[](0)), "no statement");
    }

    /// @dev The same residue is the same statement to the circuit, under another name.
    function test_verify_refusesInputsBeyondTheField() public {
        ClaimProofs proofs = new ClaimProofs(new ClaimedVerifier(0, false, true));
        bytes32[] memory inputs = new bytes32[](2);
        _assertTrue(proofs.verify("", inputs), "as it claims");
        inputs[1] = bytes32(FIELD_ORDER);
        _assertFalse(proofs.verify("", inputs), "beyond");
    }
}

contract ThresholdClaimTest is ClaimProofsTest {
    function setUp() public {
        (_verifier, _name) = (new ThresholdVerifier(), "threshold");
    }
}

contract Rank64ClaimTest is ClaimProofsTest {
    function setUp() public {
        (_verifier, _name) = (new RankVerifier64(), "rank-64");
    }
}

contract Rank256ClaimTest is ClaimProofsTest {
    function setUp() public {
        (_verifier, _name) = (new RankVerifier256(), "rank-256");
    }
}
