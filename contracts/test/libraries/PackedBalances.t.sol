// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {PackedBalances} from "../../src/libraries/PackedBalances.sol";
import {Test} from "../support/Test.sol";

/// @dev Goal: four lanes at once give what four int256 sums give, and say when one of them is no
/// balance. Method: differential, against ordinary arithmetic lane by lane.
contract PackedBalancesTest is Test {
    int256 private constant MAX = type(int64).max;
    int256 private constant MIN = type(int64).min;

    function testFuzz_add_agreesWithPlainSums(int64[4] memory balances, int64[4] memory deltas)
        public
        pure
    {
        for (uint256 k = 0; k < 4; ++k) {
            if (balances[k] < 0) balances[k] = ~balances[k];
        }
        uint256 sum = PackedBalances.add(_pack(balances), _pack(deltas));
        bool isValid = true;
        for (uint256 k = 0; k < 4; ++k) {
            int256 expected = int256(balances[k]) + deltas[k];
            if (expected < 0 || expected > MAX) isValid = false;
            if (expected > MAX) expected -= 2 ** 64;
            _assertEq(PackedBalances.lane(sum, k), expected, "lane");
        }
        _assertTrue(PackedBalances.isValid(sum) == isValid, "validity");
    }

    /// @dev Random int64 hardly ever meet the ends; here every lane is at one of them.
    function testFuzz_add_atTheEnds(uint8[4] memory picks) public pure {
        int64[8] memory ends = [
            int64(0),
            1,
            -1,
            type(int64).max,
            type(int64).min,
            type(int64).max - 1,
            type(int64).min + 1,
            2 ** 62
        ];
        int64[4] memory balances;
        int64[4] memory deltas;
        for (uint256 k = 0; k < 4; ++k) {
            balances[k] = ends[picks[k] % 8];
            deltas[k] = ends[(picks[k] / 8) % 8];
        }
        testFuzz_add_agreesWithPlainSums(balances, deltas);
    }

    function testFuzz_total_agreesWithThePlainSum(int64[4][] memory deltas) public pure {
        uint256 raised = 0;
        int256 expected = 0;
        for (uint256 i = 0; i < deltas.length; ++i) {
            raised += PackedBalances.raised(_pack(deltas[i]));
            for (uint256 k = 0; k < 4; ++k) {
                expected += deltas[i][k];
            }
        }
        _assertEq(PackedBalances.total(raised, deltas.length), expected, "sum");
    }

    /// @dev The bound in the comment: 2^32 of the largest terms stay in their halves.
    function test_total_ofTheLargestNumberOfExtremeWords() public pure {
        uint256 words = 2 ** 32;
        uint256 low = _pack([int64(MIN), int64(MIN), int64(MIN), int64(MIN)]);
        uint256 high = _pack([int64(MAX), int64(MAX), int64(MAX), int64(MAX)]);
        _assertEq(
            PackedBalances.total(PackedBalances.raised(low) * words, words),
            4 * MIN * int256(words),
            "lowest"
        );
        _assertEq(
            PackedBalances.total(PackedBalances.raised(high) * words, words),
            4 * MAX * int256(words),
            "highest"
        );
    }

    function testFuzz_creditAndDebit_changeOneLane(
        int64[4] memory balances,
        uint8 index,
        uint64 amount
    ) public pure {
        index %= 4;
        amount %= 2 ** 62;
        for (uint256 k = 0; k < 4; ++k) {
            balances[k] = int64(uint64(balances[k]) % 2 ** 62);
        }
        uint256 word = _pack(balances);
        uint256 more = PackedBalances.add(word, PackedBalances.credit(index, amount));
        uint256 less = PackedBalances.add(word, PackedBalances.debit(index, amount));
        for (uint256 k = 0; k < 4; ++k) {
            int256 change = k == index ? int256(uint256(amount)) : int256(0);
            _assertEq(PackedBalances.lane(more, k), balances[k] + change, "credit");
            _assertEq(PackedBalances.lane(less, k), balances[k] - change, "debit");
        }
    }

    function _pack(int64[4] memory lanes) private pure returns (uint256 word) {
        for (uint256 k = 4; k > 0; --k) {
            word = word * 2 ** 64 + uint64(lanes[k - 1]);
        }
    }
}
