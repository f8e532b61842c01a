// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {ClearingProofs} from "../../src/ClearingProofs.sol";
import {FiatToken} from "../../src/FiatToken.sol";
import {ParticipantRegistry} from "../../src/ParticipantRegistry.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IClearingVerifier} from "../../src/interfaces/IClearingVerifier.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Test} from "./Test.sol";

/// @dev A market as it is deployed, and the few moves that most tests begin with.
abstract contract Market is Test {
    uint32 internal constant ZONE = 7;
    uint64 internal constant INTERVAL = 5_900_000;
    uint32 internal constant INTERVAL_SECONDS = 300;
    uint32 internal constant DELAY_INTERVALS = 12;
    uint32 internal constant SILENT_INTERVALS = 24;

    /// @dev The first participant's account; its key is KEYS, the next one's KEYS + 1, …
    uint32 internal constant FIRST = 3;
    uint256 internal constant KEYS = 0xbeef00;

    address internal immutable authority = vm.addr(0xa0);
    address internal immutable operator = vm.addr(0xa1);
    address internal immutable bank = vm.addr(0xa2);
    address internal immutable auditor = vm.addr(0xa3);

    ParticipantRegistry internal registry;
    FiatToken internal token;
    ClearingHouse internal house;
    IIntervalLog internal log;
    ClearingProofs internal proofs;

    uint256 private _deposits;

    function setUp() public virtual {
        // Timers count from here; at second 1 of the era some differences would be negative.
        vm.warp(1_800_000_000);
        token = new FiatToken("Busbar Euro", "BEUR", bank);
        registry = new ParticipantRegistry(authority, operator);
        IClearingVerifier verifier = _verifier();
        house = new ClearingHouse(
            token,
            registry,
            "test",
            INTERVAL_SECONDS,
            DELAY_INTERVALS,
            SILENT_INTERVALS,
            vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1)
        );
        log = house.intervalLog();
        proofs = new ClearingProofs(house, verifier, auditor);
    }

    /// @dev Admits `count` participants with accounts FIRST, FIRST + 1, …
    function _admit(uint256 count) internal {
        address[] memory owners = new address[](count);
        bytes32[] memory keyHashes = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            owners[i] = vm.addr(KEYS + i);
            keyHashes[i] = keccak256(abi.encode(i));
        }
        vm.prank(authority);
        registry.admitMany(FIRST, owners, keyHashes);
    }

    /// @dev The owner of participant account `account`.
    function _owner(uint32 account) internal pure returns (address) {
        return vm.addr(KEYS + account - FIRST);
    }

    /// @dev Gives `holder` new tokens and lets the house take them.
    function _mint(address holder, uint256 amount) internal {
        vm.prank(bank);
        token.mint(holder, amount, bytes32(++_deposits));
        vm.prank(holder);
        token.approve(address(house), amount);
    }

    /// @dev Pays `amount` into `account` from outside.
    function _fund(uint32 account, uint64 amount) internal {
        _mint(address(this), amount);
        house.deposit(account, amount);
    }

    /// @dev Pays `amount` into every account from `first` on.
    function _fundMany(uint32 first, uint32 count, uint64 amount) internal {
        uint32[] memory accounts = new uint32[](count);
        uint64[] memory amounts = new uint64[](count);
        for (uint32 i = 0; i < count; ++i) {
            accounts[i] = first + i;
            amounts[i] = amount;
        }
        _mint(address(this), uint256(amount) * count);
        house.depositFor(accounts, amounts);
    }

    /// @dev Without a verifier nothing can be proven, as in a market of open books.
    function _verifier() internal virtual returns (IClearingVerifier) {
        return IClearingVerifier(address(0));
    }

    /// @dev Fixes the orders of an open book and clears it.
    function _commit(uint32 zone, uint64 interval) internal {
        vm.prank(operator);
        log.fixOrders(zone, interval, _openOrders(), _openTerms());
        vm.prank(operator);
        log.commitClearing(zone, interval, _openClearing());
    }

    function _commit(uint64 interval) internal {
        _commit(ZONE, interval);
    }

    function _openOrders() internal pure returns (IIntervalLog.Orders memory) {
        return IIntervalLog.Orders({
            root: keccak256("orders"), count: 1_000, rulebookHash: keccak256("rules")
        });
    }

    function _openTerms() internal pure returns (IIntervalLog.Terms memory) {
        return
            IIntervalLog.Terms({sealedBook: false, proofRequired: false, proofDeadlineSeconds: 0});
    }

    function _openClearing() internal pure returns (IIntervalLog.Clearing memory) {
        return IIntervalLog.Clearing({
            hasPrice: true,
            priceMicrosPerKwh: 250_000,
            energyWh: 120_000,
            voidCount: 0,
            fillsRoot: bytes32(0),
            clearingRoot: keccak256("clearing")
        });
    }

    function _batch(uint64 interval, uint32 run)
        internal
        pure
        returns (IClearingHouse.Batch memory)
    {
        return IClearingHouse.Batch({
            zone: ZONE,
            interval: interval,
            run: run,
            readingsRoot: keccak256(abi.encode("readings", interval, run)),
            postingsRoot: keccak256(abi.encode("postings", interval, run))
        });
    }

    function _settle(IClearingHouse.Batch memory batch, bytes memory deltas)
        internal
        returns (bool)
    {
        vm.prank(operator);
        return house.settle(batch, deltas);
    }

    function _stage(
        IClearingHouse.Batch memory batch,
        uint32 chunkCount,
        uint32 index,
        bytes memory deltas
    ) internal returns (bool) {
        vm.prank(operator);
        return house.stage(batch, chunkCount, index, deltas);
    }
}
