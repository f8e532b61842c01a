// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IIntervalLog} from "../interfaces/IIntervalLog.sol";
import {DeltaRecords} from "./DeltaRecords.sol";
import {PackedBalances} from "./PackedBalances.sol";

/// @title What was credited by intervals whose rulebook requires a proof that has not come
/// @dev Such an interval has a place, with one word per four accounts: what each was credited
/// there. A place is used again when its interval is proven or its time is over, so that its words
/// are rewritten, which costs a quarter of a new one. A word carries the tag of the use that wrote
/// it; the words of earlier uses need not be cleared.
///
/// A word, from the lowest bit: four lanes of 56 bits, what each of the accounts `4 * w + k` was
/// credited; then the tag, 32 bits. A lane falls with a run that takes back, never below zero. A
/// full lane, 72 thousand million of the currency, stands for any amount.
library Unproven {
    struct Place {
        uint32 zone;
        uint64 interval;
        /// A later run gets a place of its own, with its own time.
        uint64 sharedUntil;
        uint64 lapsesAt;
        uint32 tag;
    }

    struct State {
        Place[] places;
        uint32 lastTag;
        /// Where to look next for a place that is free.
        uint32 cursor;
        /// One more than the index of the interval's newest place; it may be another's by now.
        mapping(uint256 zoneAndInterval => uint256 position) positions;
        mapping(uint256 index => mapping(uint256 wordIndex => uint256 word)) words;
    }

    uint256 internal constant LANE_BITS = 56;
    uint256 internal constant FULL = 2 ** LANE_BITS - 1;
    uint256 internal constant TAG_SHIFT = 224;

    /// @dev What noting one record costs at most: the word is new, or only written anew.
    uint256 internal constant NOTE_GAS_PER_WORD = 26_000;

    /// @dev How many places are looked at for a free one: settling costs the same at all times.
    uint256 private constant LOOKS = 4;

    /// @notice One more than the index of the place for a run of the interval that comes now; zero
    /// if what it credits is free at once
    /// @param lapseSeconds How long after the proof is due what it credits is held back at most;
    /// after the run, where that comes later
    function placeFor(
        State storage state,
        IIntervalLog log,
        uint32 zone,
        uint64 interval,
        uint64 lapseSeconds
    ) internal returns (uint32 position) {
        if (!log.isProofAwaited(zone, interval)) return 0;
        uint256 key = uint256(zone) << 64 | interval;
        uint256 known = state.positions[key];
        if (known != 0 && known <= state.places.length) {
            Place memory place = state.places[known - 1];
            // Times here are minutes and more; a block's maker can move its time by seconds.
            // slither-disable-next-line timestamp
            bool isShared = place.zone == zone && place.interval == interval
                && block.timestamp <= place.sharedUntil;
            // There are as many places as intervals, and intervals are uint64: but no chain has
            // gas for 2^32 of them.
            if (isShared) return uint32(known);
        }
        uint64 due = log.proofDueAt(zone, interval);
        // slither-disable-next-line timestamp
        uint64 sharedUntil = due > block.timestamp ? due : uint64(block.timestamp);
        position = _takeFree(
            state,
            log,
            Place({
                zone: zone,
                interval: interval,
                sharedUntil: sharedUntil,
                lapsesAt: sharedUntil + lapseSeconds,
                tag: ++state.lastTag
            })
        );
        state.positions[key] = position;
    }

    /// @notice Notes what a batch credits, in the place that `placeFor` gave. Cannot fail.
    function note(State storage state, uint32 position, bytes calldata deltas) internal {
        uint256 tag = uint256(state.places[position - 1].tag) << TAG_SHIFT;
        mapping(uint256 wordIndex => uint256 word) storage words = state.words[position - 1];
        for (uint256 offset = 0; offset < deltas.length;) {
            (uint256 wordIndex, uint256 delta) = DeltaRecords.read(deltas, offset);
            uint256 known = words[wordIndex];
            words[wordIndex] =
                tag | _add(known >> TAG_SHIFT == tag >> TAG_SHIFT ? known : 0, delta);
            unchecked {
                // offset <= length < 2^64
                offset += DeltaRecords.SIZE;
            }
        }
    }

    /// @notice What is held back of what `account` has; more than it has if that is everything
    function heldBackOf(State storage state, IIntervalLog log, uint32 account)
        internal
        view
        returns (uint256 amount)
    {
        uint256 count = state.places.length;
        uint256 wordIndex = account / PackedBalances.LANES;
        uint256 shift = LANE_BITS * (account % PackedBalances.LANES);
        for (uint256 index = 0; index < count; ++index) {
            Place memory place = state.places[index];
            // As above, seconds do not matter.
            // slither-disable-next-line timestamp
            if (block.timestamp >= place.lapsesAt) continue;
            uint256 word = state.words[index][wordIndex];
            if (word >> TAG_SHIFT != place.tag) continue;
            uint256 credit = word >> shift & FULL;
            if (credit == 0 || !log.isProofAwaited(place.zone, place.interval)) continue;
            amount += credit == FULL ? type(uint64).max : credit;
        }
    }

    function _takeFree(State storage state, IIntervalLog log, Place memory place)
        private
        returns (uint32 position)
    {
        uint256 count = state.places.length;
        // A bad time leaves many places, of which later withdrawals would have to read each.
        for (uint256 look = 0; look < LOOKS && count > LOOKS; ++look) {
            if (!_isFree(state.places[count - 1], log)) break;
            state.places.pop();
            --count;
        }
        uint256 index = state.cursor;
        for (uint256 look = 0; look < LOOKS && look < count; ++look) {
            if (index >= count) index = 0;
            if (_isFree(state.places[index], log)) {
                state.places[index] = place;
                // Below the number of places, see above.
                state.cursor = uint32(index);
                return uint32(index + 1);
            }
            ++index;
        }
        state.cursor = uint32(index);
        state.places.push(place);
        return uint32(count + 1);
    }

    function _isFree(Place storage place, IIntervalLog log) private view returns (bool) {
        // As above, seconds do not matter.
        // slither-disable-next-line timestamp
        return block.timestamp >= place.lapsesAt || !log.isProofAwaited(place.zone, place.interval);
    }

    /// @dev The lanes of `word` and `delta` added, without a tag: one that falls stops at zero, one
    /// that grows stops at FULL and stays there.
    function _add(uint256 word, uint256 delta) private pure returns (uint256 result) {
        unchecked {
            // Every term is below 2^64 either way, and every shift below 2^8.
            for (uint256 k = 0; k < PackedBalances.LANES; ++k) {
                uint256 credit = word >> (LANE_BITS * k) & FULL;
                if (credit != FULL) {
                    // The cast keeps the bits of one lane.
                    int256 sum = int256(credit) + int64(uint64(delta >> (64 * k)));
                    credit = sum < 0 ? 0 : uint256(sum) > FULL ? FULL : uint256(sum);
                }
                result |= credit << (LANE_BITS * k);
            }
        }
    }
}
