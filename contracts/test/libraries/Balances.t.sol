// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {Balances} from "../../src/libraries/Balances.sol";
import {Micros} from "../../src/types/Micros.sol";
import {Deltas} from "../support/Deltas.sol";
import {Test} from "../support/Test.sol";

/// @dev The table behind external functions, so that a refused batch reverts and leaves it alone.
contract BalancesHarness {
    using Balances for Balances.Table;

    Balances.Table private _table;

    function add(bytes calldata deltas, uint256 accountCount) external returns (int256) {
        return _table.add(deltas, accountCount);
    }

    function check(bytes calldata deltas, uint256 accountCount, uint256 nextWord)
        external
        view
        returns (Balances.Tally memory)
    {
        return _table.check(deltas, accountCount, nextWord);
    }

    function replay(bytes calldata deltas) external {
        _table.replay(deltas);
    }

    function credit(uint32 account, uint64 amount) external {
        _table.credit(account, amount);
    }

    function debit(uint32 account, uint64 amount) external {
        _table.debit(account, amount);
    }

    function balanceOf(uint32 account) external view returns (Micros) {
        return _table.balanceOf(account);
    }
}

/// @dev Goal: the packed table does what a mapping of integers does, and refuses what it refuses.
/// Method: differential. Random batches, most of them with somebody short, go to both.
contract BalancesTest is Test {
    uint32 private constant ACCOUNTS = 23;

    BalancesHarness private _packed;
    BalancesHarness private _staged;
    mapping(uint256 account => int256 balance) private _plain;

    function setUp() public {
        _packed = new BalancesHarness();
        _staged = new BalancesHarness();
    }

    function testFuzz_add_agreesWithAPlainMapping(uint256 seed, uint8 batches) public {
        for (uint32 account = 0; account < ACCOUNTS; ++account) {
            uint64 amount = uint64(_random(seed, account) % 1_000);
            _packed.credit(account, amount);
            _staged.credit(account, amount);
            _plain[account] += int256(uint256(amount));
        }
        for (uint256 i = 0; i < batches % 12; ++i) {
            _applyToBoth(_randomDeltas(_random(seed, 1_000 + i)));
        }
    }

    function testFuzz_debit_agreesWithAPlainMapping(uint32 account, uint64 has, uint64 takes)
        public
    {
        has %= 2 ** 63;
        takes %= 2 ** 63;
        _packed.credit(account, has);
        if (takes > has) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseInsufficientBalance.selector,
                    account,
                    int64(has),
                    -int64(takes)
                )
            );
        }
        _packed.debit(account, takes);
        int256 rest = takes > has ? int64(has) : int64(has) - int64(takes);
        _assertEq(_packed.balanceOf(account), rest, "balance");
    }

    function test_add_namesTheAccountThatIsShort() public {
        _packed.credit(5, 10);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInsufficientBalance.selector, 5, 10, -11
            )
        );
        _packed.add(Deltas.move(5, 6, 11), ACCOUNTS);
    }

    function test_add_namesTheAccountThatOverflows() public {
        _packed.credit(5, uint64(type(int64).max));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBalanceOverflow.selector, 5, type(int64).max, 1
            )
        );
        _packed.add(Deltas.one(5, 1), ACCOUNTS);
    }

    function test_add_takesTheWholeOfABalance() public {
        _packed.credit(5, 10);
        _packed.add(Deltas.move(5, 6, 10), ACCOUNTS);
        _assertEq(_packed.balanceOf(5), 0, "payer");
        _assertEq(_packed.balanceOf(6), 10, "payee");
    }

    function test_add_revertsOnTheLowestInt64() public {
        _packed.credit(5, uint64(type(int64).max));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInsufficientBalance.selector,
                5,
                type(int64).max,
                type(int64).min
            )
        );
        _packed.add(Deltas.one(5, type(int64).min), ACCOUNTS);
    }

    function test_add_revertsOnAWordTwice() public {
        bytes memory record = Deltas.one(9, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseWordsNotAscending.selector, 2)
        );
        _packed.add(bytes.concat(record, record), ACCOUNTS);
    }

    function test_add_revertsOnDescendingWords() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseWordsNotAscending.selector, 1)
        );
        _packed.add(bytes.concat(Deltas.one(9, 1), Deltas.one(4, 1)), ACCOUNTS);
    }

    /// @dev An unknown word before a known one is out of order, so the last record tells for all.
    function test_add_revertsOnAnUnknownWordInTheMiddle() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseWordsNotAscending.selector, 1)
        );
        _packed.add(bytes.concat(Deltas.one(type(uint32).max, 1), Deltas.one(4, 1)), ACCOUNTS);
    }

    function test_add_revertsOnUnknownAccounts() public {
        uint32[4] memory unknown = [uint32(23), 24, 1_000_000, type(uint32).max - 3];
        for (uint256 i = 0; i < unknown.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseUnknownAccount.selector, unknown[i]
                )
            );
            _packed.add(Deltas.one(unknown[i], 1), ACCOUNTS);
        }
    }

    /// @dev Word 5 holds accounts 20 to 23; of these 23 does not exist. A zero delta is no harm.
    function test_add_takesTheLastWordPartly() public {
        _packed.add(Deltas.one(22, 1), ACCOUNTS);
        _assertEq(_packed.balanceOf(22), 1, "last account");
    }

    function test_add_revertsOnAWordBeyondTheLastThatMovesNothing() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnknownAccount.selector, 24)
        );
        _packed.add(Deltas.record(6, 0), ACCOUNTS);
    }

    function test_add_revertsOnPartsOfRecords() public {
        bytes memory record = Deltas.one(4, 1);
        uint256[4] memory lengths = [uint256(1), 35, 37, 71];
        for (uint256 i = 0; i < lengths.length; ++i) {
            bytes memory part = new bytes(lengths[i]);
            for (uint256 k = 0; k < part.length && k < 36; ++k) {
                part[k] = record[k];
            }
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseMalformedDeltas.selector, lengths[i]
                )
            );
            _packed.add(part, ACCOUNTS);
        }
    }

    function test_check_countsRecordsAndNewWords() public {
        _packed.credit(4, 5);
        bytes memory deltas = bytes.concat(Deltas.one(5, 2), Deltas.one(8, 1), Deltas.one(21, 3));
        Balances.Tally memory tally = _packed.check(deltas, ACCOUNTS, 1);
        _assertEq(tally.records, 3, "records");
        _assertEq(tally.newWords, 2, "new words");
        _assertEq(tally.nextWord, 6, "next word");
        _assertEq(tally.sum, 6, "sum");
    }

    function test_check_revertsBeforeTheChunkBefore() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseWordsNotAscending.selector, 1)
        );
        _packed.check(Deltas.one(4, 1), ACCOUNTS, 2);
    }

    /// @dev Both ways, `add` at once and `check` then `replay`, against the mapping.
    function _applyToBoth(int64[] memory deltas) private {
        int256 sum = 0;
        bool isRefused = false;
        for (uint256 account = 0; account < ACCOUNTS; ++account) {
            sum += deltas[account];
            int256 result = _plain[account] + deltas[account];
            if (result < 0 || result > type(int64).max) isRefused = true;
        }
        bytes memory records = Deltas.encode(0, deltas);
        if (isRefused) {
            vm.expectRevert();
            _packed.add(records, ACCOUNTS);
            vm.expectRevert();
            _staged.check(records, ACCOUNTS, 0);
        } else {
            _assertEq(_packed.add(records, ACCOUNTS), sum, "sum of add");
            _assertEq(_staged.check(records, ACCOUNTS, 0).sum, sum, "sum of check");
            _staged.replay(records);
            for (uint256 account = 0; account < ACCOUNTS; ++account) {
                _plain[account] += deltas[account];
            }
        }
        for (uint32 account = 0; account < ACCOUNTS; ++account) {
            _assertEq(_packed.balanceOf(account), _plain[account], "at once");
            _assertEq(_staged.balanceOf(account), _plain[account], "staged");
        }
    }

    /// @dev One batch in three asks for more than anybody has; some words stay untouched.
    function _randomDeltas(uint256 seed) private pure returns (int64[] memory deltas) {
        deltas = new int64[](ACCOUNTS);
        uint256 size = [uint256(60), 300, 2 ** 63][seed % 3];
        for (uint256 account = 0; account < ACCOUNTS; ++account) {
            uint256 random = _random(seed, account);
            if (random % 3 == 0) continue;
            int256 delta = int256(random % size);
            deltas[account] = int64(random & 2 ** 200 == 0 ? delta : -delta / 3);
        }
    }

    function _random(uint256 seed, uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, index)));
    }
}
