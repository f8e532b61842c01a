// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingVerifier} from "../interfaces/IClearingVerifier.sol";
import {IKeyVerifier} from "./IKeyVerifier.sol";

/// @title Verifies proofs of clearing for every size of batch
/// @notice Nobody can change its keys: another circuit is another contract.
contract ClearingVerifier is IClearingVerifier {
    /// @notice A development key proves anything to anybody, and `chainId` is not for development
    error DevelopmentKeyRefused(uint256 chainId);
    /// @notice The verifier at this place is made for another number of orders
    error SizeDiffers(uint32 expected, uint32 actual);
    /// @notice There is no circuit for this number of orders
    error SizeUnknown(uint32 size);

    /// @dev Order of the scalar field of BN254: above it two public inputs would mean the same.
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    IKeyVerifier public immutable verifier64;
    IKeyVerifier public immutable verifier256;
    IKeyVerifier public immutable verifier1024;
    IKeyVerifier public immutable verifier4096;

    /// @inheritdoc IClearingVerifier
    bool public immutable isDevelopment;

    /// @param verifiers For 64, 256, 1,024 and 4,096 orders
    constructor(IKeyVerifier[4] memory verifiers) {
        bool development = false;
        uint32[4] memory sizes = [uint32(64), 256, 1024, 4096];
        // Four, once, and whoever deploys it has chosen them.
        // slither-disable-start calls-loop
        for (uint256 i = 0; i < 4; ++i) {
            uint32 actual = verifiers[i].size();
            if (actual != sizes[i]) revert SizeDiffers(sizes[i], actual);
            if (verifiers[i].isDevelopment()) development = true;
        }
        // slither-disable-end calls-loop
        // The ids that local nodes come with: anvil and Hardhat, and Ganache and Besu's `dev`.
        if (development && block.chainid != 31_337 && block.chainid != 1_337) {
            revert DevelopmentKeyRefused(block.chainid);
        }
        isDevelopment = development;
        verifier64 = verifiers[0];
        verifier256 = verifiers[1];
        verifier1024 = verifiers[2];
        verifier4096 = verifiers[3];
    }

    /// @inheritdoc IClearingVerifier
    /// @dev Answers false for whatever is not a proof, an unknown size among it.
    function verify(uint32 size, bytes calldata proof, bytes32[4] calldata publicInputs)
        external
        view
        returns (bool)
    {
        IKeyVerifier verifier = _verifierOf(size);
        if (address(verifier) == address(0)) return false;
        bytes32[] memory inputs = new bytes32[](4);
        for (uint256 i = 0; i < 4; ++i) {
            if (uint256(publicInputs[i]) >= FIELD_ORDER) return false;
            inputs[i] = publicInputs[i];
        }
        try verifier.verify(proof, inputs) returns (bool isValid) {
            return isValid;
        } catch {
            return false;
        }
    }

    /// @notice SHA-256 of the verification key for `size` orders; `proofs/keys` pins it
    function keyDigest(uint32 size) external view returns (bytes32) {
        IKeyVerifier verifier = _verifierOf(size);
        if (address(verifier) == address(0)) revert SizeUnknown(size);
        return verifier.keyDigest();
    }

    function _verifierOf(uint32 size) private view returns (IKeyVerifier) {
        if (size == 64) return verifier64;
        if (size == 256) return verifier256;
        if (size == 1024) return verifier1024;
        if (size == 4096) return verifier4096;
        return IKeyVerifier(address(0));
    }
}
