// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @dev Builds the records of a batch from a plain list of deltas: the encoding written a second
/// time, lane by lane with ordinary arithmetic, for the packed code to be compared with.
library Deltas {
    /// @notice Records for accounts `4 * firstWord`, …; a word whose four deltas are zero is left
    /// out
    function encode(uint256 firstWord, int64[] memory deltas)
        internal
        pure
        returns (bytes memory records)
    {
        for (uint256 start = 0; start < deltas.length; start += 4) {
            uint256 word = 0;
            for (uint256 k = 0; k < 4 && start + k < deltas.length; ++k) {
                int256 delta = deltas[start + k];
                uint256 lane = delta < 0 ? uint256(2 ** 64 + delta) : uint256(delta);
                word += lane * 2 ** (64 * k);
            }
            if (word == 0) continue;
            records = bytes.concat(records, record(firstWord + start / 4, word));
        }
    }

    /// @notice One record
    function record(uint256 wordIndex, uint256 word) internal pure returns (bytes memory) {
        return abi.encodePacked(uint32(wordIndex), word);
    }

    /// @notice The records that move `amount` from one account to another
    function move(uint32 from, uint32 to, int64 amount) internal pure returns (bytes memory) {
        if (from / 4 == to / 4) {
            int64[] memory deltas = new int64[](4);
            deltas[from % 4] -= amount;
            deltas[to % 4] += amount;
            return encode(from / 4, deltas);
        }
        bytes memory taken = one(from, -amount);
        bytes memory given = one(to, amount);
        return from < to ? bytes.concat(taken, given) : bytes.concat(given, taken);
    }

    /// @notice The record that changes one account
    function one(uint32 account, int64 delta) internal pure returns (bytes memory) {
        int64[] memory deltas = new int64[](4);
        deltas[account % 4] = delta;
        return encode(account / 4, deltas);
    }
}
