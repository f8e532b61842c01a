// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IIntervalLog} from "../interfaces/IIntervalLog.sol";

/// @title The hashes by which order sets and clearings are kept
library Commitments {
    /// @notice keccak256 of the ABI encoding, 96 bytes
    function hash(IIntervalLog.Orders calldata orders) internal pure returns (bytes32) {
        return keccak256(abi.encode(orders));
    }

    /// @notice The first 26 bytes of the keccak256 of the ABI encoding, 192 bytes
    function hash(IIntervalLog.Clearing calldata clearing) internal pure returns (bytes26) {
        return bytes26(keccak256(abi.encode(clearing)));
    }
}
