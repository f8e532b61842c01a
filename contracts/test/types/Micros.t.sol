// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {MAX_MICROS, Micros, ZERO_MICROS} from "../../src/types/Micros.sol";
import {Test} from "../support/Test.sol";

contract MicrosTest is Test {
    function echo(Micros value) external pure returns (Micros) {
        return value;
    }

    /// @dev The unit through the ABI: 64 bits with a sign, nothing lost at either end.
    function testFuzz_echo_returnsTheSame(int64 value) public view {
        _assertEq(this.echo(Micros.wrap(value)), value, "round trip");
    }

    function testFuzz_operators_agreeWithInt64(int64 a, int64 b) public pure {
        _assertTrue((Micros.wrap(a) == Micros.wrap(b)) == (a == b), "==");
        _assertTrue((Micros.wrap(a) < Micros.wrap(b)) == (a < b), "<");
    }

    function test_maxMicros_isTheLargestInt64() public pure {
        _assertEq(MAX_MICROS, 2 ** 63 - 1, "largest");
        _assertEq(Micros.wrap(type(int64).max).toAmount(), 2 ** 63 - 1, "as an amount");
        _assertEq(ZERO_MICROS, 0, "zero");
    }
}
