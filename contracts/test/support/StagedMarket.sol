// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {Deltas} from "./Deltas.sol";
import {Market} from "./Market.sol";

/// @dev A market with a batch in three chunks: chunk 0 takes 400 from account 3, chunk 1 takes 100
/// from account 8, chunk 2 gives 500 to account 12. Each account had 1,000.
abstract contract StagedMarket is Market {
    bytes[3] internal _chunks;

    function setUp() public override {
        super.setUp();
        _admit(10);
        _fundMany(FIRST, 10, 1_000);
        _commit(INTERVAL);
        _commit(INTERVAL + 1);
        _chunks = [Deltas.one(3, -400), Deltas.one(8, -100), Deltas.one(12, 500)];
    }

    function _stageAll() internal {
        for (uint32 index = 0; index < 3; ++index) {
            _assertTrue(_stage(_batch(INTERVAL, 0), 3, index, _chunks[index]), "staged");
        }
    }

    function _applyAll() internal {
        for (uint32 index = 0; index < 3; ++index) {
            _assertTrue(house.applyChunk(_batch(INTERVAL, 0), index, _chunks[index]), "applied");
        }
    }

    function _apply(uint32 index) internal {
        _apply(index, index < 3 ? _chunks[index] : bytes(""));
    }

    function _apply(uint32 index, bytes memory deltas) internal {
        house.applyChunk(_batch(INTERVAL, 0), index, deltas);
    }

    function _admitUntil(uint32 accountCount) internal {
        uint32 first = registry.accountCount();
        address[] memory owners = new address[](accountCount - first);
        bytes32[] memory keys = new bytes32[](accountCount - first);
        for (uint256 i = 0; i < owners.length; ++i) {
            owners[i] = vm.addr(KEYS + first - FIRST + i);
            keys[i] = "key";
        }
        vm.prank(authority);
        registry.admitMany(first, owners, keys);
    }

    function _expectOpen() internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchOpen.selector, ZONE, INTERVAL, 0
            )
        );
    }

    function _expectApplying() internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchApplying.selector, ZONE, INTERVAL, 0
            )
        );
    }

    function _expectDiffers() internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchDiffers.selector, ZONE, INTERVAL, 0
            )
        );
    }

    function _notStaged() internal {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchNotStaged.selector, ZONE, INTERVAL, 0
            )
        );
    }
}
