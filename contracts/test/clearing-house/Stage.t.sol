// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Staging} from "../../src/libraries/Staging.sol";
import {MAX_MICROS} from "../../src/types/Micros.sol";
import {Deltas} from "../support/Deltas.sol";
import {Market} from "../support/Market.sol";

/// @dev Goal: a batch in chunks takes effect as one or not at all, and nothing that happens between
/// its chunks can change that. The batch here: chunk 0 takes 400 from account 3, chunk 1 takes 100
/// from account 8, chunk 2 gives 500 to account 12.
contract StageTest is Market {
    bytes[3] private _chunks;

    function setUp() public override {
        super.setUp();
        _admit(10);
        _fundMany(FIRST, 10, 1_000);
        _commit(INTERVAL);
        _commit(INTERVAL + 1);
        _chunks = [Deltas.one(3, -400), Deltas.one(8, -100), Deltas.one(12, 500)];
    }

    function test_stage_thenApplyTakesEffectAsOne() public {
        _stageAll();
        _assertEq(house.balanceOf(3), 1_000, "staged is not settled");
        _applyAll();
        _assertEq(house.balanceOf(3), 600, "first payer");
        _assertEq(house.balanceOf(8), 900, "second payer");
        _assertEq(house.balanceOf(12), 1_500, "payee");
        _assertTrue(house.isSettled(ZONE, INTERVAL, 0), "settled");
        (,,, uint32 chunkCount,,,) = house.openBatch();
        _assertEq(chunkCount, 0, "nothing open");
    }

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

    function test_stage_blocksWhatLeavesButNotDeposits() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        vm.prank(operator);
        _expectOpen();
        house.withdraw("id", 3, 1, address(this), "");
        _expectOpen();
        _settle(_batch(INTERVAL + 1, 0), "");
        _fund(3, 7);
        _assertEq(house.balanceOf(3), 1_007, "deposit");
    }

    function test_stage_refusesASecondBatch() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        _expectOpen();
        _stage(_batch(INTERVAL + 1, 0), 1, 0, _chunks[0]);
        _expectOpen();
        _stage(_batch(INTERVAL + 1, 0), 3, 1, _chunks[0]);
        _expectOpen();
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 12, 1));
    }

    /// @dev "Settled before" would be a lie: the same bytes are staged, but nothing has moved.
    function test_settle_revertsWhileTheSameBytesAreStaged() public {
        bytes memory deltas = Deltas.move(3, 12, 1);
        _stage(_batch(INTERVAL, 0), 1, 0, deltas);
        _expectOpen();
        _settle(_batch(INTERVAL, 0), deltas);
        _apply(0, deltas);
        _assertFalse(_settle(_batch(INTERVAL, 0), deltas), "settled before");
    }

    function test_stage_hasNoEffectWithTheSameChunk() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        _stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]);
        vm.recordLogs();
        _assertFalse(_stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]), "first again");
        _assertFalse(_stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]), "second again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _stage(_batch(INTERVAL, 0), 3, 2, _chunks[2]);
        _apply(0);
        _assertFalse(_stage(_batch(INTERVAL, 0), 3, 2, _chunks[2]), "while it is applied");
        _apply(1);
        _apply(2);
        _assertFalse(_stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]), "after it was settled");
    }

    function test_stage_revertsWithTheSameChunkOfOtherContent() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[1]);
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 4, 0, _chunks[0]);
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 4, 1, _chunks[1]);
        IClearingHouse.Batch memory other = _batch(INTERVAL, 0);
        other.postingsRoot = keccak256("other");
        _expectDiffers();
        _stage(other, 3, 0, _chunks[0]);
    }

    function test_stage_revertsWithOtherContentAfterTheBatchWasSettled() public {
        _stageAll();
        _applyAll();
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 3, 1, _chunks[2]);
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 2, 1, _chunks[1]);
        _expectDiffers();
        _stage(_batch(INTERVAL, 0), 4, 3, _chunks[1]);
        _expectDiffers();
        _settle(_batch(INTERVAL, 0), bytes.concat(_chunks[0], _chunks[1], _chunks[2]));
    }

    /// @dev Chunk 0 alone is not the batch, even where it could be one.
    function test_settle_isNotTheSameAsTheFirstOfTwoChunks() public {
        _stage(_batch(INTERVAL, 0), 2, 0, Deltas.move(3, 4, 1));
        _stage(_batch(INTERVAL, 0), 2, 1, Deltas.move(8, 12, 1));
        _apply(0, Deltas.move(3, 4, 1));
        _apply(1, Deltas.move(8, 12, 1));
        _expectDiffers();
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 4, 1));
    }

    function test_stage_ofOneChunkIsTheSameAsSettle() public {
        bytes memory deltas = Deltas.move(3, 12, 1);
        _settle(_batch(INTERVAL, 0), deltas);
        _assertFalse(_stage(_batch(INTERVAL, 0), 1, 0, deltas), "known");
        _assertFalse(house.applyChunk(_batch(INTERVAL, 0), 0, deltas), "applied");
    }

    function test_stage_revertsOutOfSequence() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchNotStaged.selector, ZONE, INTERVAL, 0
            )
        );
        _stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]);
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseChunkNotNext.selector, 2, 1)
        );
        _stage(_batch(INTERVAL, 0), 3, 2, _chunks[2]);
    }

    function test_stage_revertsOnAWordInTwoChunks() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[1]);
        for (uint256 word = 0; word < 2; ++word) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseWordsNotAscending.selector, 2 * word
                )
            );
            _stage(_batch(INTERVAL, 0), 3, 1, Deltas.one(uint32(8 * word), 1));
        }
    }

    function test_stage_revertsWhenSomebodyIsShort() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInsufficientBalance.selector, 3, 1_000, -1_001
            )
        );
        _stage(_batch(INTERVAL, 0), 2, 0, Deltas.one(3, -1_001));
    }

    function test_stage_revertsWhenTheLastChunkLeavesASum() public {
        _stage(_batch(INTERVAL, 0), 2, 0, _chunks[0]);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseUnbalancedBatch.selector, ZONE, INTERVAL, 0, int256(100)
            )
        );
        _stage(_batch(INTERVAL, 0), 2, 1, _chunks[2]);
        _notStaged();
        _apply(0);
    }

    function test_stage_revertsWithoutACommitmentAndOutOfRun() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IIntervalLog.IntervalLogNotCommitted.selector, ZONE, INTERVAL + 2
            )
        );
        _stage(_batch(INTERVAL + 2, 0), 3, 0, _chunks[0]);
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogRunNotNext.selector, ZONE, INTERVAL, 1)
        );
        _stage(_batch(INTERVAL, 1), 3, 0, _chunks[0]);
    }

    function test_stage_revertsOnAChunkCountOutOfRange() public {
        uint32[3] memory counts = [uint32(0), 257, type(uint32).max];
        for (uint256 i = 0; i < counts.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseInvalidChunkCount.selector, counts[i]
                )
            );
            _stage(_batch(INTERVAL, 0), counts[i], 0, _chunks[0]);
        }
    }

    function test_stage_revertsOnAnEmptyChunk() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseMalformedDeltas.selector, 0)
        );
        _stage(_batch(INTERVAL, 0), 3, 0, "");
    }

    /// @dev A chunk that could be staged but not applied would lock the house for good.
    function test_stage_revertsOnAChunkThatCouldNotBeApplied() public {
        uint256 words = Staging.APPLY_GAS_LIMIT / Staging.APPLY_GAS_PER_NEW_WORD + 1;
        _admitUntil(uint32(4 * (words + 10)));
        bytes memory records;
        for (uint256 i = 0; i < words; ++i) {
            records = bytes.concat(records, Deltas.record(4 + i, 1));
        }
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseChunkTooLarge.selector,
                words * Staging.APPLY_GAS_PER_NEW_WORD,
                Staging.APPLY_GAS_LIMIT
            )
        );
        _stage(_batch(INTERVAL, 0), 2, 0, records);
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
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnauthorized.selector, address(this))
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
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnauthorized.selector, address(this))
        );
        house.abandon();
    }

    /// @dev Nobody needed the money meanwhile, so there is no reason to start again.
    function test_stage_goesOnAfterItLapsed() public {
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        vm.warp(block.timestamp + 3_000);
        _stage(_batch(INTERVAL, 0), 3, 1, _chunks[1]);
        _stage(_batch(INTERVAL, 0), 3, 2, _chunks[2]);
        _applyAll();
        _assertEq(house.balanceOf(12), 1_500, "payee");
    }

    function test_stage_revertsWhenTheOperatorWasSilent() public {
        vm.warp(house.silentFrom());
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseOperatorSilent.selector, house.silentFrom()
            )
        );
        _stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]);
        _commit(INTERVAL + 2);
        _assertTrue(_stage(_batch(INTERVAL, 0), 3, 0, _chunks[0]), "after a sign of life");
    }

    function _stageAll() private {
        for (uint32 index = 0; index < 3; ++index) {
            _assertTrue(_stage(_batch(INTERVAL, 0), 3, index, _chunks[index]), "staged");
        }
    }

    function _applyAll() private {
        for (uint32 index = 0; index < 3; ++index) {
            _assertTrue(house.applyChunk(_batch(INTERVAL, 0), index, _chunks[index]), "applied");
        }
    }

    function _apply(uint32 index) private {
        _apply(index, index < 3 ? _chunks[index] : bytes(""));
    }

    function _apply(uint32 index, bytes memory deltas) private {
        house.applyChunk(_batch(INTERVAL, 0), index, deltas);
    }

    function _admitUntil(uint32 accountCount) private {
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

    function _expectOpen() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchOpen.selector, ZONE, INTERVAL, 0
            )
        );
    }

    function _expectApplying() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchApplying.selector, ZONE, INTERVAL, 0
            )
        );
    }

    function _expectDiffers() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchDiffers.selector, ZONE, INTERVAL, 0
            )
        );
    }

    function _notStaged() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchNotStaged.selector, ZONE, INTERVAL, 0
            )
        );
    }
}
