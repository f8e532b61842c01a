// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../src/interfaces/IClearingHouse.sol";
import {IIntervalLog} from "../src/interfaces/IIntervalLog.sol";
import {ITradeHolds} from "../src/interfaces/ITradeHolds.sol";
import {Staging} from "../src/libraries/Staging.sol";
import {Unproven} from "../src/libraries/Unproven.sol";
import {Deltas} from "./support/Deltas.sol";
import {Market} from "./support/Market.sol";
import {Passkeys} from "./support/Passkeys.sol";
import {Withdrawals} from "./support/Withdrawals.sol";

/// @dev Goal: what the moves cost as transactions of their own, call data and the 21,000 included,
/// kept in `snapshots/gas.json`; and the bounds that the contracts and the product rely on.
/// Method: run with `--isolate`, where forge makes every top-level call a transaction.
contract GasTest is Market {
    /// @dev An ERC-20 transfer to an existing holder, measured here, is the yardstick.
    uint256 private constant PER_PARTICIPANT_DIVISOR = 20;
    uint256 private constant TRANSACTION_LIMIT = 2 ** 24;

    function test_transfer_costOfTheYardstick() public {
        uint256 gasUsed = _transferGas();
        vm.snapshotValue("gas", "FiatToken.transfer to a holder", gasUsed);
    }

    function test_commit_costOfOneInterval() public {
        _commit(INTERVAL);
        vm.prank(operator);
        log.fixOrders(ZONE, INTERVAL + 1, _openOrders(), _openTerms());
        vm.snapshotValue("gas", "IntervalLog.fixOrders", _gasUsed());
        vm.prank(operator);
        log.commitClearing(ZONE, INTERVAL + 1, _openClearing());
        vm.snapshotValue("gas", "IntervalLog.commitClearing", _gasUsed());
    }

    function test_settle_180Participants() public {
        _measureSettle(180, "ClearingHouse.settle 180 participants");
    }

    function test_settle_1000Participants() public {
        _measureSettle(1_000, "ClearingHouse.settle 1000 participants");
    }

    function test_settle_5000ParticipantsAtATwentiethOfATransfer() public {
        uint256 gasUsed = _measureSettle(5_000, "ClearingHouse.settle 5000 participants");
        vm.assertLe(gasUsed, TRANSACTION_LIMIT, "one transaction");
        vm.assertLe(
            gasUsed * PER_PARTICIPANT_DIVISOR,
            5_000 * _transferGas(),
            "a twentieth per participant"
        );
    }

    function test_settle_10000ParticipantsInOneTransaction() public {
        uint256 gasUsed = _measureSettle(10_000, "ClearingHouse.settle 10000 participants");
        vm.assertLe(gasUsed, TRANSACTION_LIMIT, "one transaction");
    }

    /// @dev Where a proof is required each word has a second one, written anew for each interval.
    function test_settle_1000ParticipantsWhereAProofIsRequired() public {
        _prepare(1_000);
        string memory name = "ClearingHouse.settle 1000 participants, proof required";
        for (uint64 i = 1; i <= 2; ++i) {
            _commitProvable(INTERVAL + i);
            _settle(_batch(INTERVAL + i, 0), _deltas(1_000));
            uint256 gasUsed = _gasUsed();
            vm.snapshotValue("gas", string.concat(name, i == 1 ? ", first" : ""), gasUsed);
            uint256 bound = 1_000 / 4 * (Staging.APPLY_GAS_PER_WORD + Unproven.NOTE_GAS_PER_WORD);
            vm.assertLe(gasUsed - 400_000, bound, "the bound that stage uses");
            for (uint32 first = 0; first < FIRST + 1_000; first += 500) {
                uint32 rest = FIRST + 1_000 - first;
                _fundMany(first, rest < 500 ? rest : 500, 20_000_000);
            }
            // The place is free for the next interval.
            vm.warp(block.timestamp + 3_600 + house.silenceSeconds());
        }
        vm.snapshotValue("gas", "ClearingHouse.heldBackOf", _heldBackGas());
    }

    function test_stage_andApply9000Participants() public {
        _prepare(9_000);
        bytes memory deltas = _deltas(9_000);
        _stage(_batch(INTERVAL, 0), 1, 0, deltas);
        vm.snapshotValue("gas", "ClearingHouse.stage 9000 participants", _gasUsed());
        house.applyChunk(_batch(INTERVAL, 0), 0, deltas);
        uint256 gasUsed = _gasUsed();
        vm.snapshotValue("gas", "ClearingHouse.applyChunk 9000 participants", gasUsed);
        vm.assertLe(gasUsed, TRANSACTION_LIMIT, "one transaction");
        vm.assertLe(
            gasUsed - 400_000, 2_250 * Staging.APPLY_GAS_PER_WORD, "the bound that stage uses"
        );
    }

    /// @dev The dearest chunk that `stage` lets pass: every word is new, but the one that pays.
    function test_applyChunk_ofNewWordsStaysBelowTheBound() public {
        uint256 words = (Staging.APPLY_GAS_LIMIT - Staging.APPLY_GAS_PER_WORD)
            / Staging.APPLY_GAS_PER_NEW_WORD;
        _admit(4 * (words + 1) - FIRST);
        _fund(0, 1_000_000_000);
        _commit(INTERVAL);
        int64[] memory list = new int64[](4 * (words + 1));
        for (uint256 i = 4; i < list.length; ++i) {
            list[i] = 0x010101;
            list[0] -= 0x010101;
        }
        bytes memory deltas = Deltas.encode(0, list);
        _stage(_batch(INTERVAL, 0), 1, 0, deltas);
        house.applyChunk(_batch(INTERVAL, 0), 0, deltas);
        uint256 gasUsed = _gasUsed();
        vm.snapshotValue("gas", "ClearingHouse.applyChunk, all words new, largest", gasUsed);
        vm.assertLe(gasUsed, TRANSACTION_LIMIT, "one transaction");
        vm.assertLe(
            gasUsed - 400_000, words * Staging.APPLY_GAS_PER_NEW_WORD, "the bound that stage uses"
        );
    }

    function test_deposit_andTheWaysOut() public {
        _admit(1);
        _fund(FIRST, 1_000_000);
        _mint(address(this), 2_000_000);
        house.deposit(FIRST, 1_000_000);
        vm.snapshotValue("gas", "ClearingHouse.deposit", _gasUsed());
        vm.prank(_owner(FIRST));
        house.requestWithdrawal(FIRST, 500_000);
        vm.snapshotValue("gas", "ClearingHouse.requestWithdrawal", _gasUsed());
        vm.warp(block.timestamp + house.withdrawalDelaySeconds());
        house.claimWithdrawal(FIRST);
        vm.snapshotValue("gas", "ClearingHouse.claimWithdrawal", _gasUsed());
        vm.warp(house.silentFrom());
        vm.prank(_owner(FIRST));
        house.exit(FIRST);
        vm.snapshotValue("gas", "ClearingHouse.exit", _gasUsed());
    }

    /// @dev The longest that is read is the dearest; the exchange's bound holds for it.
    function test_withdraw_byKeyAndByPasskey() public {
        _admit(1);
        _fund(FIRST, 1_000_000);
        _commit(INTERVAL);
        address to = _owner(FIRST);
        // The owner holds tokens before.
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEYS, _withdrawal(0, to));
        vm.prank(operator);
        house.withdraw(bytes16(uint128(0)), FIRST, 1_000, to, abi.encodePacked(r, s, v));
        (v, r, s) = vm.sign(KEYS, _withdrawal(1, to));
        _measureWithdraw(1, abi.encodePacked(r, s, v), "ClearingHouse.withdraw");
        (bytes32 x, bytes32 y) = Passkeys.pointOf(0x1234);
        bytes32 hostHash = sha256("busbar.example");
        vm.startPrank(authority);
        house.accountKeys().admitPasskey(FIRST, x, y, hostHash);
        vm.snapshotValue("gas", "AccountKeys.admitPasskey", _gasUsed());
        vm.stopPrank();
        bytes memory usual =
            Passkeys.sign(0x1234, _withdrawal(2, to), "busbar.example", "https://busbar.example");
        _measureWithdraw(2, usual, "ClearingHouse.withdraw by a passkey");
        uint256 gasUsed =
            _measureWithdraw(3, _longest(3, to), "ClearingHouse.withdraw by a passkey, longest");
        vm.mockCall(address(0x100), "", "");
        gasUsed = _measureWithdraw(
            4, _longest(4, to), "ClearingHouse.withdraw by a passkey, longest, no precompile"
        );
        vm.assertLe(gasUsed, 1_000_000, "what the exchange allows for it");
        bytes32 keyHash = Passkeys.keyHashOf(0x1234);
        vm.startPrank(authority);
        house.accountKeys().revokePasskey(FIRST, keyHash);
        vm.snapshotValue("gas", "AccountKeys.revokePasskey", _gasUsed());
        vm.stopPrank();
    }

    function _longest(uint128 id, address to) private view returns (bytes memory) {
        bytes memory data =
            abi.encodePacked(sha256("busbar.example"), uint8(0x9d), uint32(0), new bytes(475));
        bytes memory behind = new bytes(1_024 - 91 - 23);
        for (uint256 i = 0; i < behind.length; ++i) {
            behind[i] = "a";
        }
        bytes memory start = ',"crossOrigin":false,';
        for (uint256 i = 0; i < start.length; ++i) {
            behind[i] = start[i];
        }
        behind[behind.length - 1] = "}";
        bytes memory client =
            Passkeys.clientData(_withdrawal(id, to), "https://busbar.example", string(behind));
        return Passkeys.signParts(0x1234, data, client);
    }

    function _withdrawal(uint128 id, address to) private view returns (bytes32) {
        return Withdrawals.digest(house, bytes16(id), FIRST, 1_000, to);
    }

    function _measureWithdraw(uint128 id, bytes memory signature, string memory name)
        private
        returns (uint256 gasUsed)
    {
        vm.prank(operator);
        house.withdraw(bytes16(id), FIRST, 1_000, _owner(FIRST), signature);
        gasUsed = _gasUsed();
        vm.snapshotValue("gas", name, gasUsed);
    }

    function test_hold_400Accounts() public {
        _admit(400);
        uint32[] memory accounts = new uint32[](400);
        uint64[] memory amounts = new uint64[](400);
        for (uint32 i = 0; i < 400; ++i) {
            (accounts[i], amounts[i]) = (FIRST + i, 1_000_000 + i);
        }
        ITradeHolds holds = house.tradeHolds();
        vm.prank(operator);
        holds.hold(1, accounts, amounts);
        uint256 gasUsed = _gasUsed();
        vm.snapshotValue("gas", "TradeHolds.hold, new, per account", gasUsed / 400);
        vm.assertLe(gasUsed, TRANSACTION_LIMIT, "one transaction");
        vm.warp(block.timestamp + 1 days);
        vm.prank(operator);
        holds.hold(2, accounts, amounts);
        vm.snapshotValue("gas", "TradeHolds.hold, again, per account", _gasUsed() / 400);
    }

    function _commitProvable(uint64 interval) private {
        IIntervalLog.Terms memory terms = IIntervalLog.Terms({
            sealedBook: true, proofRequired: true, proofDeadlineSeconds: 3_600
        });
        IIntervalLog.Orders memory orders = _openOrders();
        orders.rulebookHash = keccak256("rules with proofs");
        vm.prank(operator);
        log.fixOrders(ZONE, interval, orders, terms);
        vm.prank(operator);
        log.commitClearing(ZONE, interval, _openClearing());
    }

    function _heldBackGas() private view returns (uint256) {
        house.heldBackOf(FIRST);
        return _gasUsed();
    }

    function _measureSettle(uint32 participants, string memory name)
        private
        returns (uint256 gasUsed)
    {
        _prepare(participants);
        bytes memory deltas = _deltas(participants);
        _settle(_batch(INTERVAL, 0), deltas);
        gasUsed = _gasUsed();
        vm.snapshotValue("gas", name, gasUsed);
        vm.snapshotValue("gas", string.concat(name, ", per participant"), gasUsed / participants);
    }

    /// @dev Participants with money, and a committed interval.
    function _prepare(uint32 participants) private {
        _admit(participants);
        for (uint32 first = 0; first < FIRST + participants; first += 500) {
            uint32 rest = FIRST + participants - first;
            _fundMany(first, rest < 500 ? rest : 500, 20_000_000);
        }
        _commit(INTERVAL);
    }

    /// @dev Everyone pays or receives up to 12.7 units of money, system accounts 0 to 2 included:
    /// no lane is zero and the amounts look like real ones, three bytes or five of the sign.
    function _deltas(uint32 participants) private pure returns (bytes memory records) {
        uint32 accounts = FIRST + participants;
        uint256 words = (accounts + 3) / 4;
        records = new bytes(0);
        bytes[] memory parts = new bytes[](words);
        int64 sum = 0;
        int64[] memory list = new int64[](4 * words);
        for (uint32 account = 0; account < accounts; ++account) {
            int64 size = int64(uint64(uint256(keccak256(abi.encode(account))) % 12_700_000)) + 1;
            int64 delta = sum > 0 ? -size : size;
            if (account == accounts - 1) delta = -sum;
            list[account] = delta;
            sum += delta;
        }
        for (uint256 word = 0; word < words; ++word) {
            int64[] memory lanes = new int64[](4);
            for (uint256 k = 0; k < 4; ++k) {
                lanes[k] = list[4 * word + k];
            }
            parts[word] = Deltas.encode(word, lanes);
        }
        return _join(parts);
    }

    function _join(bytes[] memory parts) private pure returns (bytes memory joined) {
        joined = new bytes(parts.length * 36);
        for (uint256 i = 0; i < parts.length; ++i) {
            for (uint256 k = 0; k < 36; ++k) {
                joined[i * 36 + k] = parts[i][k];
            }
        }
    }

    function _transferGas() private returns (uint256) {
        _mint(address(this), 3_000_000);
        address holder = vm.addr(0xfeed);
        token.transfer(holder, 1_000_000);
        token.transfer(holder, 1_000_000);
        return _gasUsed();
    }

    function _gasUsed() private view returns (uint256) {
        return vm.lastCallGas().gasTotalUsed;
    }
}
