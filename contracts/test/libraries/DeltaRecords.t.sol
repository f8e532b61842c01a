// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {DeltaRecords} from "../../src/libraries/DeltaRecords.sol";
import {Test} from "../support/Test.sol";

contract DeltaRecordsTest is Test {
    function read(bytes calldata records, uint256 offset)
        external
        pure
        returns (uint256 wordIndex, uint256 delta)
    {
        return DeltaRecords.read(records, offset);
    }

    function testFuzz_read_findsWhatWasPacked(
        uint32 first,
        uint256 firstDelta,
        uint32 second,
        uint256 secondDelta
    ) public view {
        bytes memory records = abi.encodePacked(first, firstDelta, second, secondDelta);
        _assertEq(records.length, 2 * DeltaRecords.SIZE, "size");
        (uint256 wordIndex, uint256 delta) = this.read(records, 0);
        _assertEq(wordIndex, first, "first index");
        _assertEq(delta, firstDelta, "first delta");
        (wordIndex, delta) = this.read(records, DeltaRecords.SIZE);
        _assertEq(wordIndex, second, "second index");
        _assertEq(delta, secondDelta, "second delta");
    }

    /// @dev The layout in words: `uint32 wordIndex ‖ bytes32 word`, big-endian.
    function test_read_ofAWrittenOutRecord() public view {
        bytes memory record = hex"0000000a" hex"0000000000000004" hex"0000000000000003"
            hex"fffffffffffffffe" hex"0000000000000001";
        (uint256 wordIndex, uint256 delta) = this.read(record, 0);
        _assertEq(wordIndex, 10, "word 10: accounts 40 to 43");
        _assertEq(int256(int64(uint64(delta))), 1, "account 40");
        _assertEq(int256(int64(uint64(delta >> 64))), -2, "account 41");
        _assertEq(int256(int64(uint64(delta >> 128))), 3, "account 42");
        _assertEq(int256(int64(uint64(delta >> 192))), 4, "account 43");
    }

    function test_read_revertsBeyondTheEnd() public {
        vm.expectRevert();
        this.read(new bytes(35), 0);
        vm.expectRevert();
        this.read(new bytes(72), 37);
    }
}
