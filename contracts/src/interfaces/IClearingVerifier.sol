// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @title Verifies proofs of clearing
/// @notice One for all sizes of the circuit: it knows a verification key for each.
interface IClearingVerifier {
    /// @notice Whether `proof` proves the statement of the circuit for `size` orders
    /// @dev May also revert for a proof, or a size, that it cannot read.
    /// @param size For how many orders the circuit is made
    /// @param publicInputs Context, orders root, fills root and header, each below the field's
    /// order
    function verify(uint32 size, bytes calldata proof, bytes32[4] calldata publicInputs)
        external
        view
        returns (bool);

    /// @notice Whether its keys come from a reference string whose secret somebody knows: anything
    /// can be proven to it. Such a verifier refuses to be deployed off a development chain.
    function isDevelopment() external view returns (bool);
}
