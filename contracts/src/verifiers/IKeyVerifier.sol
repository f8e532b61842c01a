// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.27;

/// @title Verifies proofs of one circuit under one verification key
/// @dev Implemented by the contracts that scripts/generate-verifiers.ts writes.
interface IKeyVerifier {
    /// @notice Whether `proof` proves the circuit's statement of `publicInputs`
    /// @dev Reverts rather than answering false.
    /// @param proof As Barretenberg writes it, without the public inputs
    /// @param publicInputs The public inputs of the circuit, in its order
    function verify(bytes calldata proof, bytes32[] calldata publicInputs)
        external
        view
        returns (bool);

    /// @notice For how many orders the circuit is made; 0 for a circuit that is not of a clearing,
    /// which a part of one is not
    function size() external view returns (uint32);

    /// @notice Whether the key comes from a reference string whose secret everybody knows
    function isDevelopment() external view returns (bool);

    /// @notice SHA-256 of the verification key; `proofs/keys` pins it
    function keyDigest() external view returns (bytes32);
}
