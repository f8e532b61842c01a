// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Micros} from "../types/Micros.sol";

/// @title Four balances in one storage word
/// @notice Lane k of word w belongs to account `4 * w + k` and lies in bits [64k, 64k + 64), as an
/// int64 in two's complement. A lane of a *balance* is never negative, so its top bit is clear; a
/// lane of a *delta* may be any int64.
/// @dev Works on all four lanes at once. Example with lanes of 4 bits instead of 64, two lanes: the
/// balances (5, 2) are 0x25, the delta (-3, +1) is 0x1d. Without top bits 0x25 + 0x15 = 0x3a; then
/// the delta's own top bit is put back: 0x3a ^ 0x08 = 0x32, the balances (2, 3).
library PackedBalances {
    uint256 internal constant LANES = 4;

    /// @dev The top bit of every lane: the signs.
    // slither-disable-next-line too-many-digits (grouped by lane)
    uint256 internal constant SIGNS =
        0x8000000000000000_8000000000000000_8000000000000000_8000000000000000;

    /// @dev Lanes 0 and 2, each with an empty lane above it to grow into.
    // slither-disable-next-line too-many-digits (grouped by lane)
    uint256 internal constant EVEN =
        0x0000000000000000_ffffffffffffffff_0000000000000000_ffffffffffffffff;

    /// @notice The lanes of `balances` plus the lanes of `delta`, without carry from lane to lane
    /// @dev Precondition: no lane of `balances` is negative. Then the sum of a lane is right modulo
    /// 2^64, and it is a valid balance exactly when its top bit is clear: a negative delta cannot
    /// overflow, so the bit means "below zero"; with a positive one it means "above int64".
    function add(uint256 balances, uint256 delta) internal pure returns (uint256 sum) {
        unchecked {
            // Every lane of both terms is < 2^63: the sum of a lane is < 2^64 and stays in its
            // lane.
            return (balances + (delta & ~SIGNS)) ^ (delta & SIGNS);
        }
    }

    /// @notice Whether every lane of a sum made by `add` is a balance: not below zero, not above
    /// int64
    function isValid(uint256 sum) internal pure returns (bool) {
        return sum & SIGNS == 0;
    }

    /// @notice The lanes of `delta`, each raised by 2^63 and so non-negative, added up in two
    /// halves of 128 bits. Adding these terms over many words and comparing once is how a batch is
    /// summed.
    /// @dev Each half is < 2^65, so 2^32 of these terms fit into their half without a carry.
    function raised(uint256 delta) internal pure returns (uint256 term) {
        unchecked {
            uint256 lanes = delta ^ SIGNS;
            return (lanes & EVEN) + ((lanes >> 64) & EVEN);
        }
    }

    /// @notice What the lanes of `words` deltas sum to, from the sum of their `raised` terms
    /// @dev Precondition: `words` < 2^32. Four lanes were each raised by 2^63: 2^65 a word.
    function total(uint256 raisedSum, uint256 words) internal pure returns (int256) {
        unchecked {
            // Both terms are < 2^98: neither the sum nor the difference can overflow.
            return
                int256((raisedSum & type(uint128).max) + (raisedSum >> 128)) - int256(words << 65);
        }
    }

    /// @notice Lane `index` of `word`, with its sign
    function lane(uint256 word, uint256 index) internal pure returns (Micros) {
        // Only the lowest 64 bits are kept: that is the lane.
        return Micros.wrap(int64(uint64(word >> (64 * index))));
    }

    /// @notice A delta that gives lane `index` an `amount` more and leaves the others
    /// @dev Precondition: `amount` <= 2^63 - 1, so that the lane's sign stays clear.
    function credit(uint256 index, uint64 amount) internal pure returns (uint256 delta) {
        return uint256(amount) << (64 * index);
    }

    /// @notice A delta that takes `amount` from lane `index` and leaves the others
    /// @dev Precondition: `amount` <= 2^63 - 1.
    function debit(uint256 index, uint64 amount) internal pure returns (uint256 delta) {
        unchecked {
            // Two's complement within 64 bits, as wanted: 0 - amount wraps in its lane alone.
            return uint256(uint64(0) - amount) << (64 * index);
        }
    }
}
