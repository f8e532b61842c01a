// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingVerifier} from "./ClearingVerifier.sol";
import {IKeyVerifier} from "./IKeyVerifier.sol";

/// @title Verifies proofs of what somebody claims of one committed order
/// @notice That it reaches a threshold (`ThresholdVerifier`), or how many stand before it
/// (`RankVerifier64`, `RankVerifier256`). What to deploy for that: the verifier of a circuit by
/// itself would take a development key to any chain. Nobody can change the key: another circuit is
/// another contract.
contract ClaimProofs {
    /// @dev Order of the scalar field of BN254: above it two public inputs would mean the same.
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    IKeyVerifier public immutable verifier;

    /// @notice Whether the key comes from a reference string whose secret everybody knows
    bool public immutable isDevelopment;

    /// @param verifier_ Of a circuit that is not of a clearing
    constructor(IKeyVerifier verifier_) {
        uint32 size = verifier_.size();
        if (size != 0) revert ClearingVerifier.SizeDiffers(0, size);
        isDevelopment = verifier_.isDevelopment();
        // As ClearingVerifier does: the ids that local nodes come with.
        if (isDevelopment && block.chainid != 31_337 && block.chainid != 1_337) {
            revert ClearingVerifier.DevelopmentKeyRefused(block.chainid);
        }
        verifier = verifier_;
    }

    /// @notice Whether `proof` proves the statement of `publicInputs`, in the order of the circuit
    /// @dev Answers false for whatever is not a proof.
    function verify(bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool)
    {
        for (uint256 i = 0; i < publicInputs.length; ++i) {
            if (uint256(publicInputs[i]) >= FIELD_ORDER) return false;
        }
        try verifier.verify(proof, publicInputs) returns (bool isValid) {
            return isValid;
        } catch {
            return false;
        }
    }

    /// @notice SHA-256 of the verification key; `proofs/keys` pins it
    function keyDigest() external view returns (bytes32) {
        return verifier.keyDigest();
    }
}
