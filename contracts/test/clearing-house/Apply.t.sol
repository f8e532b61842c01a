// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {MAX_MICROS} from "../../src/types/Micros.sol";
import {Deltas} from "../support/Deltas.sol";
import {StagedMarket} from "../support/StagedMarket.sol";

/// @dev Goal: a batch in chunks takes effect as one or not at all, and nothing that happens between
/// its chunks can change that.
contract ApplyTest is StagedMarket {
    function test_openBatch_tellsHowFarItIs() public {
        _stageAll();
        _apply(0);
        (
            uint32 zone,
            uint64 interval,
            uint32 run,
            uint32 chunkCount,
            uint32 staged,
            uint32 applied,
            uint64 lapsesAt
        ) = house.openBatch();
        _assertEq(zone, ZONE, "zone");
        _assertEq(interval, INTERVAL, "interval");
        _assertEq(run, 0, "run");
        _assertEq(chunkCount, 3, "chunks");
        _assertEq(staged, 3, "staged");
        _assertEq(applied, 1, "applied");
        _assertEq(lapsesAt, block.timestamp + 300, "lapses");
    }

    /// @dev Between the first applied chunk and the last: neither reading nor moving.
    function test_applyChunk_hidesAllBalancesUntilTheLast() public {
        _mint(address(this), 10);
        vm.prank(_owner(3));
        house.requestWithdrawal(3, 10);
        vm.warp(block.timestamp + house.withdrawalDelaySeconds());
        _stageAll();
        for (uint32 index = 0; index < 2; ++index) {
            _apply(index);
            _expectApplying();
            house.balanceOf(5);
            _expectApplying();
            house.balancesOf(0, 3);
            _expectApplying();
            house.deposit(5, 10);
            _expectApplying();
            house.depositFor(new uint32[](0), new uint64[](0));
            _expectApplying();
            _settle(_batch(INTERVAL + 1, 0), "");
            vm.startPrank(operator);
            _expectApplying();
            house.withdraw("id", 3, 1, address(this), "");
            _expectApplying();
            house.abandon();
            vm.stopPrank();
            _assertEq(house.claimWithdrawal(3), 0, "the claim waits");
        }
        _apply(2);
        house.deposit(5, 10);
        _assertEq(house.balanceOf(5), 1_010, "readable and movable again");
        _assertEq(house.claimWithdrawal(3), 10, "the claim is paid");
    }

    function test_applyChunk_ofSilenceBlocksNoExitForever() public {
        _stageAll();
        _apply(0);
        vm.warp(house.silentFrom());
        vm.prank(_owner(3));
        _expectApplying();
        house.exit(3);
        // Anyone may finish: the owner does.
        vm.startPrank(_owner(3));
        house.applyChunk(_batch(INTERVAL, 0), 1, _chunks[1]);
        house.applyChunk(_batch(INTERVAL, 0), 2, _chunks[2]);
        _assertEq(house.exit(3), 600, "exit");
    }

    function test_applyChunk_revertsBeforeAllIsStaged() public {
        _notStaged();
        _apply(0);
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        _stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]);
        _notStaged();
        _apply(0);
    }

    function test_applyChunk_revertsOutOfSequenceAndWithOtherBytes() public {
        _stageAll();
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseChunkNotNext.selector, 1, 0)
        );
        _apply(1);
        _expectDiffers();
        _apply(0, _chunks[1]);
        _apply(0);
        _assertFalse(house.applyChunk(_batch(INTERVAL, 0), 0, _chunks[0]), "again: no effect");
        _expectDiffers();
        _apply(0, _chunks[1]);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseChunkNotNext.selector, 3, 1)
        );
        _apply(3);
    }

    function test_applyChunk_hasNoEffectAfterTheBatchWasSettled() public {
        _stageAll();
        _applyAll();
        vm.recordLogs();
        _assertFalse(house.applyChunk(_batch(INTERVAL, 0), 1, _chunks[1]), "again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _expectDiffers();
        _apply(3, _chunks[1]);
    }

    /// @dev The largest deposit that fits, into the payee, after its credit was checked.
    function test_applyChunk_cannotOverflowByADepositSinceStaging() public {
        _stageAll();
        _fund(12, MAX_MICROS - house.totalBalance());
        _applyAll();
        _assertEq(house.balanceOf(12), int256(uint256(MAX_MICROS)) - 10_000 + 1_500, "payee");
    }

    function test_abandon_dropsTheBatch() public {
        _stageAll();
        vm.prank(operator);
        vm.expectEmit();
        emit IClearingHouse.BatchAbandoned(ZONE, INTERVAL, 0);
        house.abandon();
        _notStaged();
        _apply(0);
        _assertTrue(_settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 1)), "other content now");
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]);
    }

    function test_abandon_revertsWhenNothingIsOpen() public {
        vm.prank(operator);
        vm.expectRevert(IClearingHouse.ClearingHouseNoBatchOpen.selector);
        house.abandon();
    }

    function test_abandon_isForAnyoneWhenStagingTakesTooLong() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        vm.warp(block.timestamp + 299);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseUnauthorized.selector, address(this)
            )
        );
        house.abandon();
        vm.warp(block.timestamp + 1);
        house.abandon();
        (,,, uint32 chunkCount,,,) = house.openBatch();
        _assertEq(chunkCount, 0, "nothing open");
    }

    /// @dev What is staged completely anyone can apply, so nobody but the operator may drop it.
    function test_abandon_isNotForAnyoneWhenAllIsStaged() public {
        _stageAll();
        vm.warp(block.timestamp + 3_000);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseUnauthorized.selector, address(this)
            )
        );
        house.abandon();
    }
}
