// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Staging} from "../../src/libraries/Staging.sol";
import {Deltas} from "../support/Deltas.sol";
import {StagedMarket} from "../support/StagedMarket.sol";

/// @dev Goal: what is staged was checked as a whole, comes in one order, and holds back what
/// leaves.
contract StageTest is StagedMarket {
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
                IClearingHouse.ClearingHouseUnbalancedBatch.selector,
                ZONE,
                INTERVAL,
                0,
                int256(100)
            )
        );
        _stage(_batch(INTERVAL, 0), 2, 1, _chunks[2]);
        _notStaged();
        _apply(0);
    }

    function test_stage_revertsWithoutACommitmentAndOutOfRun() public {
        vm.expectRevert(
            abi.encodeWithSelector(IIntervalLog.IntervalLogNotCleared.selector, ZONE, INTERVAL + 2)
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
}
