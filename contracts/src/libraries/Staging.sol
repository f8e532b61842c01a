// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {Balances} from "./Balances.sol";
import {Unproven} from "./Unproven.sol";

/// @title Which batches are booked, and the one that is on its way
/// @dev The states of the open batch: none → staging (chunks come in) → staged (all are here and
/// sum to zero) → applying (balances are neither before nor after) → none, and booked. From staging
/// and staged it may be discarded; from applying there is only the way forward, open to everyone.
///
/// Of each batch the contents of its chunks 0, 1, … are kept; the first empty place is their
/// number. A batch is booked if it has a chunk and is not the open one.
library Staging {
    struct State {
        /// Zone, interval and run of the open batch.
        uint128 key;
        /// Zero while no batch is open.
        uint16 chunkCount;
        uint16 staged;
        uint16 applied;
        /// From then on anyone may discard the batch if it is not staged completely.
        uint64 lapsesAt;
        /// What the deltas of the staged chunks sum to.
        int128 sum;
        /// The lowest word that the next chunk may begin with.
        uint64 nextWord;
        /// Where what it credits is noted as unproven; zero: nowhere.
        uint32 place;
        mapping(uint128 key => mapping(uint256 index => bytes32 content)) contents;
    }

    /// @dev So that discarding, which clears them, fits one transaction: 1.3 million gas.
    uint256 internal constant MAX_CHUNKS = 256;

    /// @dev What applying one record costs at most, call data included, rounded up from what the
    /// gas tests measure: where the word holds money, and where it is still zero (EIP-2929,
    /// EIP-7623).
    uint256 internal constant APPLY_GAS_PER_WORD = 7_000;
    uint256 internal constant APPLY_GAS_PER_NEW_WORD = 24_000;

    /// @dev A transaction may use 2^24 gas (EIP-7825); 400,000 are left for what is not per record.
    uint256 internal constant APPLY_GAS_LIMIT = 2 ** 24 - 400_000;

    /// @notice Books a batch that is settled in one transaction
    /// @return booked False if it is booked already with this content
    function bookWhole(
        State storage state,
        IClearingHouse.Batch calldata batch,
        bytes calldata deltas
    ) internal returns (bool booked) {
        uint128 key = _keyOf(batch);
        // Staged is not booked, even with the same bytes.
        if (_isOpen(state, key)) requireClosed(state);
        bytes32 content = contentOf(batch, 0, deltas);
        if (isKnown(state, batch, 1, 0, content)) return false;
        requireClosed(state);
        state.contents[key][0] = content;
        return true;
    }

    /// @notice Whether chunk `index` of `chunkCount` is staged or booked with this content
    /// @dev Reverts if it is with other content, or if its batch was booked without it.
    function isKnown(
        State storage state,
        IClearingHouse.Batch calldata batch,
        uint256 chunkCount,
        uint256 index,
        bytes32 content
    ) internal view returns (bool) {
        uint128 key = _keyOf(batch);
        if (_isOpen(state, key)) {
            if (index >= state.staged) return false;
            _requireSame(batch, chunkCount == state.chunkCount);
        } else {
            if (state.contents[key][0] == bytes32(0)) return false;
            _requireSame(batch, _chunkCountOf(state, key) == chunkCount);
        }
        _requireSame(batch, state.contents[key][index] == content);
        return true;
    }

    /// @notice Opens a batch for staging
    function open(
        State storage state,
        IClearingHouse.Batch calldata batch,
        uint256 chunkCount,
        uint64 lapsesAt,
        uint32 place
    ) internal {
        requireClosed(state);
        if (chunkCount == 0 || chunkCount > MAX_CHUNKS) {
            revert IClearingHouse.ClearingHouseInvalidChunkCount(chunkCount);
        }
        state.key = _keyOf(batch);
        // At most MAX_CHUNKS.
        state.chunkCount = uint16(chunkCount);
        state.staged = 0;
        state.applied = 0;
        state.lapsesAt = lapsesAt;
        state.sum = 0;
        state.nextWord = 0;
        state.place = place;
    }

    /// @notice Reverts unless chunk `index` of `chunkCount` is the next one of the open batch
    function requireNextChunk(
        State storage state,
        IClearingHouse.Batch calldata batch,
        uint256 chunkCount,
        uint256 index
    ) internal view {
        if (!_isOpen(state, _keyOf(batch))) {
            requireClosed(state);
            revert IClearingHouse.ClearingHouseBatchNotStaged(
                batch.zone, batch.interval, batch.run
            );
        }
        _requireSame(batch, chunkCount == state.chunkCount);
        if (index != state.staged) {
            revert IClearingHouse.ClearingHouseChunkNotNext(index, state.staged);
        }
    }

    /// @notice Keeps the next chunk of the open batch
    /// @return sum What the chunks so far sum to
    function keep(State storage state, uint256 index, bytes32 content, Balances.Tally memory tally)
        internal
        returns (int256 sum)
    {
        if (tally.records == 0) revert IClearingHouse.ClearingHouseMalformedDeltas(0);
        uint256 gasNeeded = (tally.records - tally.newWords) * APPLY_GAS_PER_WORD + tally.newWords
            * APPLY_GAS_PER_NEW_WORD;
        if (state.place != 0) gasNeeded += tally.records * Unproven.NOTE_GAS_PER_WORD;
        if (gasNeeded > APPLY_GAS_LIMIT) {
            revert IClearingHouse.ClearingHouseChunkTooLarge(gasNeeded, APPLY_GAS_LIMIT);
        }
        state.contents[state.key][index] = content;
        ++state.staged;
        // A chunk sums to less than 2^98 either way, and there are at most 2^8 of them.
        sum = state.sum + tally.sum;
        state.sum = int128(sum);
        // At most 2^32.
        state.nextWord = uint64(tally.nextWord);
    }

    /// @notice Begins to apply the next chunk of the completely staged batch
    /// @return chunkCount The number of chunks of the batch, or zero if this one was applied before
    function beginChunk(
        State storage state,
        IClearingHouse.Batch calldata batch,
        uint256 index,
        bytes calldata deltas
    ) internal returns (uint256 chunkCount) {
        uint128 key = _keyOf(batch);
        bool isBooked = !_isOpen(state, key) && state.contents[key][0] != bytes32(0);
        if (!isBooked) {
            if (!_isOpen(state, key) || state.staged != state.chunkCount) {
                revert IClearingHouse.ClearingHouseBatchNotStaged(
                    batch.zone, batch.interval, batch.run
                );
            }
            if (index > state.applied) {
                revert IClearingHouse.ClearingHouseChunkNotNext(index, state.applied);
            }
        }
        _requireSame(batch, state.contents[key][index] == contentOf(batch, index, deltas));
        if (isBooked || index < state.applied) return 0;
        ++state.applied;
        return state.chunkCount;
    }

    /// @notice Ends the open batch after its last chunk was applied: from now on it is booked
    function close(State storage state) internal {
        state.chunkCount = 0;
    }

    /// @notice Drops the open batch, of which nothing may be applied yet
    function discard(State storage state) internal {
        if (!isOpen(state)) revert IClearingHouse.ClearingHouseNoBatchOpen();
        requireReadable(state);
        (uint32 zone, uint64 interval, uint32 run) = _batchOf(state.key);
        for (uint256 index = 0; index < state.staged; ++index) {
            delete state.contents[state.key][index];
        }
        state.chunkCount = 0;
        emit IClearingHouse.BatchAbandoned(zone, interval, run);
    }

    /// @notice Whether a batch is staged or being applied
    function isOpen(State storage state) internal view returns (bool) {
        return state.chunkCount != 0;
    }

    /// @notice Whether a batch is open that anyone may discard
    function isLapsed(State storage state) internal view returns (bool) {
        // An interval is minutes; a block's maker can move its time by seconds.
        // slither-disable-next-line timestamp
        return
            isOpen(state) && state.staged < state.chunkCount && block.timestamp >= state.lapsesAt;
    }

    /// @notice Reverts while a batch is open
    function requireClosed(State storage state) internal view {
        requireReadable(state);
        if (!isOpen(state)) return;
        (uint32 zone, uint64 interval, uint32 run) = _batchOf(state.key);
        revert IClearingHouse.ClearingHouseBatchOpen(zone, interval, run);
    }

    /// @notice Reverts while a batch is being applied
    function requireReadable(State storage state) internal view {
        if (!isOpen(state) || state.applied == 0) return;
        (uint32 zone, uint64 interval, uint32 run) = _batchOf(state.key);
        revert IClearingHouse.ClearingHouseBatchApplying(zone, interval, run);
    }

    /// @notice The open batch and how far it is, all zero if there is none
    function describe(State storage state)
        internal
        view
        returns (
            uint32 zone,
            uint64 interval,
            uint32 run,
            uint32 chunkCount,
            uint32 staged,
            uint32 applied,
            uint64 lapsesAt
        )
    {
        if (!isOpen(state)) return (0, 0, 0, 0, 0, 0, 0);
        (zone, interval, run) = _batchOf(state.key);
        return (zone, interval, run, state.chunkCount, state.staged, state.applied, state.lapsesAt);
    }

    /// @notice What makes a chunk the same: its batch, its place and its bytes
    function contentOf(IClearingHouse.Batch calldata batch, uint256 index, bytes calldata deltas)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(batch, index, keccak256(deltas)));
    }

    function _chunkCountOf(State storage state, uint128 key) private view returns (uint256 count) {
        while (count < MAX_CHUNKS && state.contents[key][count] != bytes32(0)) ++count;
    }

    function _isOpen(State storage state, uint128 key) private view returns (bool) {
        return isOpen(state) && state.key == key;
    }

    function _requireSame(IClearingHouse.Batch calldata batch, bool isSame) private pure {
        if (isSame) return;
        revert IClearingHouse.ClearingHouseBatchDiffers(batch.zone, batch.interval, batch.run);
    }

    function _keyOf(IClearingHouse.Batch calldata batch) private pure returns (uint128) {
        return uint128(batch.zone) << 96 | uint128(batch.interval) << 32 | batch.run;
    }

    function _batchOf(uint128 key)
        private
        pure
        returns (uint32 zone, uint64 interval, uint32 run)
    {
        // Each cast keeps the bits of one field.
        return (uint32(key >> 96), uint64(key >> 32), uint32(key));
    }
}
