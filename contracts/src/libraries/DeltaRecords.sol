// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @title The records of a settlement batch
/// @notice A batch is records of 36 bytes: `uint32 wordIndex ‖ bytes32 word`, big-endian, where the
/// word holds four int64 deltas as in `PackedBalances`. `wordIndex` ascends strictly over the
/// batch.
library DeltaRecords {
    uint256 internal constant SIZE = 36;

    /// @notice The record that starts at byte `offset`
    /// @dev Precondition: `offset + SIZE <= records.length`, else it reverts without a reason.
    function read(bytes calldata records, uint256 offset)
        internal
        pure
        returns (uint256 wordIndex, uint256 delta)
    {
        unchecked {
            // Offsets are below the length of the call data, far below 2^256.
            wordIndex = uint32(bytes4(records[offset:offset + 4]));
            delta = uint256(bytes32(records[offset + 4:offset + SIZE]));
        }
    }
}
