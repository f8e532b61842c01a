// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../interfaces/IClearingHouse.sol";
import {Micros, ZERO_MICROS} from "../types/Micros.sol";
import {DeltaRecords} from "./DeltaRecords.sol";
import {PackedBalances} from "./PackedBalances.sol";

/// @title The balances of all accounts
/// @dev The only code that writes a balance. A stored lane is never negative; every function here
/// keeps that, `replay` because `check` came before it.
library Balances {
    using PackedBalances for uint256;

    struct Table {
        mapping(uint256 wordIndex => uint256 word) words;
    }

    /// @dev What a pass over a chunk found.
    struct Tally {
        /// The sum of all deltas.
        int256 sum;
        /// The lowest word index that may come next.
        uint256 nextWord;
        /// Records in the chunk.
        uint256 records;
        /// Of these, how many would write a word that is zero now.
        uint256 newWords;
    }

    /// @notice Adds the deltas of a whole batch, or reverts
    /// @return sum The sum of all deltas, which the caller must find zero
    function add(Table storage table, bytes calldata deltas, uint256 accountCount)
        internal
        returns (int256 sum)
    {
        _requireRecords(deltas, accountCount);
        uint256 nextWord = 0;
        uint256 raisedSum = 0;
        for (uint256 offset = 0; offset < deltas.length;) {
            (uint256 wordIndex, uint256 delta) = DeltaRecords.read(deltas, offset);
            if (wordIndex < nextWord) {
                revert IClearingHouse.ClearingHouseWordsNotAscending(wordIndex);
            }
            uint256 word = table.words[wordIndex];
            uint256 result = word.add(delta);
            if (!result.isValid()) _refuse(wordIndex, word, delta);
            table.words[wordIndex] = result;
            unchecked {
                // wordIndex < 2^32; fewer than 2^32 terms, see `raised`; offset <= length < 2^64.
                nextWord = wordIndex + 1;
                raisedSum += delta.raised();
                offset += DeltaRecords.SIZE;
            }
        }
        return PackedBalances.total(raisedSum, deltas.length / DeltaRecords.SIZE);
    }

    /// @notice Checks a chunk as `add` would and writes nothing
    /// @param nextWord Where the chunks before it ended
    function check(
        Table storage table,
        bytes calldata deltas,
        uint256 accountCount,
        uint256 nextWord
    ) internal view returns (Tally memory tally) {
        _requireRecords(deltas, accountCount);
        uint256 raisedSum = 0;
        uint256 newWords = 0;
        for (uint256 offset = 0; offset < deltas.length;) {
            (uint256 wordIndex, uint256 delta) = DeltaRecords.read(deltas, offset);
            if (wordIndex < nextWord) {
                revert IClearingHouse.ClearingHouseWordsNotAscending(wordIndex);
            }
            uint256 word = table.words[wordIndex];
            if (!word.add(delta).isValid()) _refuse(wordIndex, word, delta);
            unchecked {
                // As in `add`.
                if (word == 0) ++newWords;
                nextWord = wordIndex + 1;
                raisedSum += delta.raised();
                offset += DeltaRecords.SIZE;
            }
        }
        tally.records = deltas.length / DeltaRecords.SIZE;
        tally.sum = PackedBalances.total(raisedSum, tally.records);
        tally.nextWord = nextWord;
        tally.newWords = newWords;
    }

    /// @notice Adds the deltas of a chunk that `check` accepted. Cannot fail.
    /// @dev Since the check, balances can only have grown (deposits), so no lane falls below zero;
    /// and no lane can exceed int64, because all balances together never do.
    function replay(Table storage table, bytes calldata deltas) internal {
        for (uint256 offset = 0; offset < deltas.length;) {
            (uint256 wordIndex, uint256 delta) = DeltaRecords.read(deltas, offset);
            table.words[wordIndex] = table.words[wordIndex].add(delta);
            unchecked {
                // offset <= length < 2^64
                offset += DeltaRecords.SIZE;
            }
        }
    }

    /// @notice Gives `account` an amount more
    /// @dev Precondition: all balances together stay within int64, so this lane does.
    function credit(Table storage table, uint32 account, uint64 amount) internal {
        (uint256 wordIndex, uint256 index) = _place(account);
        table.words[wordIndex] = table.words[wordIndex].add(PackedBalances.credit(index, amount));
    }

    /// @notice Takes an amount from `account`, or reverts if it would fall below zero
    /// @dev Precondition: `amount` <= int64 maximum.
    function debit(Table storage table, uint32 account, uint64 amount) internal {
        (uint256 wordIndex, uint256 index) = _place(account);
        uint256 word = table.words[wordIndex];
        uint256 delta = PackedBalances.debit(index, amount);
        uint256 result = word.add(delta);
        if (!result.isValid()) _refuse(wordIndex, word, delta);
        table.words[wordIndex] = result;
    }

    /// @notice What `account` holds
    function balanceOf(Table storage table, uint32 account) internal view returns (Micros) {
        (uint256 wordIndex, uint256 index) = _place(account);
        return table.words[wordIndex].lane(index);
    }

    function _place(uint32 account) private pure returns (uint256 wordIndex, uint256 index) {
        return (account / PackedBalances.LANES, account % PackedBalances.LANES);
    }

    /// @dev Whole records, and no account beyond the last. Words ascend, which the passes check, so
    /// looking at the last record is enough.
    function _requireRecords(bytes calldata deltas, uint256 accountCount) private pure {
        uint256 length = deltas.length;
        if (length % DeltaRecords.SIZE != 0) {
            revert IClearingHouse.ClearingHouseMalformedDeltas(length);
        }
        if (length == 0) return;
        (uint256 wordIndex, uint256 delta) = DeltaRecords.read(deltas, length - DeltaRecords.SIZE);
        for (uint256 index = 0; index < PackedBalances.LANES; ++index) {
            uint256 account = wordIndex * PackedBalances.LANES + index;
            bool moves = !(delta.lane(index) == ZERO_MICROS);
            if (account >= accountCount && (moves || index == 0)) {
                revert IClearingHouse.ClearingHouseUnknownAccount(account);
            }
        }
    }

    /// @dev Names the first account of a word that its delta would make invalid.
    function _refuse(uint256 wordIndex, uint256 word, uint256 delta) private pure {
        uint256 result = word.add(delta);
        for (uint256 index = 0; index < PackedBalances.LANES; ++index) {
            if (!(result.lane(index) < ZERO_MICROS)) continue;
            // The word exists, so its accounts are uint32 (see `_requireRecords`).
            uint32 account = uint32(wordIndex * PackedBalances.LANES + index);
            Micros change = delta.lane(index);
            if (change < ZERO_MICROS) {
                revert IClearingHouse.ClearingHouseInsufficientBalance(
                    account, word.lane(index), change
                );
            }
            revert IClearingHouse.ClearingHouseBalanceOverflow(account, word.lane(index), change);
        }
    }
}
