// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingVerifier} from "../../src/verifiers/ClearingVerifier.sol";
import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {ThresholdProofs} from "../../src/verifiers/ThresholdProofs.sol";
import {ThresholdVerifier} from "../../src/verifiers/ThresholdVerifier.sol";
import {ClaimedVerifier} from "../support/ClaimedVerifier.sol";
import {Test} from "../support/Test.sol";
import {ProofFiles} from "./ProofFiles.sol";

/// @dev Goal: a development key of the threshold's circuit is refused where money is real; and what
/// is no proof is answered with no, not with a revert.
/// Method: a proof of the native prover, chains by their ids, verifiers that claim to be others.
contract ThresholdProofsTest is Test, ProofFiles {
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    function test_constructor_refusesADevelopmentKeyOnAnyOtherChain() public {
        uint256[6] memory chains = [uint256(1), 5, 137, 10, 31_336, 31_338];
        IKeyVerifier verifier = new ThresholdVerifier();
        for (uint256 i = 0; i < chains.length; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(
                abi.encodeWithSelector(ClearingVerifier.DevelopmentKeyRefused.selector, chains[i])
            );
            new ThresholdProofs(verifier);
        }
        vm.chainId(1_337);
        _assertTrue(new ThresholdProofs(verifier).isDevelopment(), "a development chain");
    }

    function test_constructor_takesAnotherKeyAnywhere() public {
        vm.chainId(1);
        ThresholdProofs proofs = new ThresholdProofs(new ClaimedVerifier(0, false, true));
        _assertFalse(proofs.isDevelopment(), "not for development");
        _assertEq(proofs.keyDigest(), bytes32(uint256(1)), "its digest");
    }

    function test_constructor_refusesAVerifierOfClearings() public {
        IKeyVerifier verifier = new ClaimedVerifier(64, false, true);
        vm.expectRevert(abi.encodeWithSelector(ClearingVerifier.SizeDiffers.selector, 0, 64));
        new ThresholdProofs(verifier);
    }

    function test_verify_acceptsItsStatementAndNoOther() public {
        ThresholdProofs proofs = new ThresholdProofs(new ThresholdVerifier());
        (bytes memory proof, bytes32[] memory inputs, bytes32 digest) = _read("threshold");
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
        ThresholdProofs proofs = new ThresholdProofs(new ClaimedVerifier(0, false, true));
        bytes32[] memory inputs = new bytes32[](2);
        _assertTrue(proofs.verify("", inputs), "as it claims");
        inputs[1] = bytes32(FIELD_ORDER);
        _assertFalse(proofs.verify("", inputs), "beyond");
    }
}
