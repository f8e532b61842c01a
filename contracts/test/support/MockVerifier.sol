// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingVerifier} from "../../src/interfaces/IClearingVerifier.sol";

/// @dev For tests alone. A proof is the hash of what it proves: so it is valid for exactly one size
/// and one statement, as a real one is, and anybody can make it, as nobody can a real one. Without
/// bytes it reverts, as generated verifiers do for what they cannot read.
contract MockVerifier is IClearingVerifier {
    error Unreadable();

    function verify(uint32 size, bytes calldata proof, bytes32[4] calldata publicInputs)
        external
        pure
        returns (bool)
    {
        if (proof.length != 32) revert Unreadable();
        return bytes32(proof) == keccak256(abi.encode(size, publicInputs));
    }

    function isDevelopment() external pure returns (bool) {
        return true;
    }
}
