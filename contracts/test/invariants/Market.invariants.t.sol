// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IFiatToken} from "../../src/interfaces/IFiatToken.sol";
import {Micros} from "../../src/types/Micros.sol";
import {Test} from "../support/Test.sol";
import {MarketHandler} from "./MarketHandler.sol";

/// @dev Goal: what the heads of the contracts promise holds after any sequence of calls.
/// Method: `MarketHandler` acts and keeps plain books; after each of its calls the chain is
/// compared with them.
contract MarketInvariants is Test {
    MarketHandler private _handler;
    ClearingHouse private _house;

    function setUp() public {
        _handler = new MarketHandler();
        _house = _handler.theHouse();
        bytes4[] memory selectors = new bytes4[](19);
        selectors[0] = MarketHandler.admitOne.selector;
        selectors[1] = MarketHandler.suspendOrReinstate.selector;
        selectors[2] = MarketHandler.redeem.selector;
        selectors[3] = MarketHandler.gift.selector;
        selectors[4] = MarketHandler.deposit.selector;
        selectors[5] = MarketHandler.commit.selector;
        selectors[6] = MarketHandler.settle.selector;
        selectors[7] = MarketHandler.settleAgain.selector;
        // Twice as often, or few batches would ever be complete.
        selectors[8] = MarketHandler.stageNext.selector;
        selectors[9] = MarketHandler.stageNext.selector;
        selectors[10] = MarketHandler.applyNext.selector;
        selectors[11] = MarketHandler.stageOrApplyAgain.selector;
        selectors[12] = MarketHandler.abandon.selector;
        selectors[13] = MarketHandler.withdraw.selector;
        selectors[14] = MarketHandler.request.selector;
        selectors[15] = MarketHandler.claim.selector;
        selectors[16] = MarketHandler.exit.selector;
        selectors[17] = MarketHandler.pass.selector;
        selectors[18] = MarketHandler.fix.selector;
        _target(address(_handler), selectors);
    }

    function invariant_balancesSumToTotal() public view {
        if (_handler.isApplying()) return;
        uint256 sum = 0;
        Micros[] memory balances = _house.balancesOf(0, _handler.accountCount());
        for (uint256 account = 0; account < balances.length; ++account) {
            sum += balances[account].toAmount();
        }
        _assertEq(sum, _house.totalBalance(), "sum of balances");
    }

    function invariant_houseHoldsTotalAndGifts() public view {
        uint256 held = _house.token().balanceOf(address(_house));
        _assertEq(held, _house.totalBalance() + _handler.gifts(), "custody");
    }

    function invariant_noBalanceIsBelowZero() public view {
        if (_handler.isApplying()) return;
        // Beyond the last account too: nobody can have written there.
        Micros[] memory balances = _house.balancesOf(0, _handler.accountCount() + 8);
        for (uint256 account = 0; account < balances.length; ++account) {
            _assertTrue(Micros.unwrap(balances[account]) >= 0, "floor");
        }
    }

    function invariant_batchMovesMoneyOnce() public view {
        if (_handler.isApplying()) return;
        Micros[] memory balances = _house.balancesOf(0, _handler.accountCount() + 8);
        for (uint256 account = 0; account < balances.length; ++account) {
            _assertEq(balances[account], _handler.books(account), "balance as in the books");
        }
    }

    function invariant_nobodySeesHalfABatch() public {
        if (!_handler.isApplying()) return;
        (uint32 zone, uint64 interval, uint32 run,,,,) = _house.openBatch();
        bytes memory reason = abi.encodeWithSelector(
            IClearingHouse.ClearingHouseBatchApplying.selector, zone, interval, run
        );
        vm.expectRevert(reason);
        _house.balanceOf(0);
        vm.expectRevert(reason);
        _house.balancesOf(0, 1);
    }

    function invariant_supplyIsDepositsMinusRedemptions() public view {
        IFiatToken token = IFiatToken(address(_house.token()));
        _assertEq(token.totalDeposited(), _handler.deposited(), "deposits");
        _assertEq(token.totalRedeemed(), _handler.redeemed(), "redemptions");
        _assertEq(token.totalSupply(), _handler.deposited() - _handler.redeemed(), "supply");
    }

    function invariant_commitmentsNeverChange() public view {
        for (uint64 interval = 0; interval < 4; ++interval) {
            bytes32 orders = _house.intervalLog().ordersOf(7, interval);
            _assertEq(orders, _handler.orderSets(interval), "order set");
            bytes32 clearing = _house.intervalLog().clearingOf(7, interval);
            _assertEq(clearing, _handler.commitments(interval), "clearing");
        }
    }

    function invariant_runsAreWithoutGaps() public view {
        for (uint64 interval = 0; interval < 4; ++interval) {
            bytes32[] memory runs = _handler.runsOf(interval);
            _assertEq(_house.intervalLog().runCount(7, interval), runs.length, "runs");
            for (uint32 run = 0; run < runs.length; ++run) {
                _assertEq(_house.intervalLog().runOf(7, interval, run), runs[run], "run");
            }
        }
    }

    function invariant_accountsAreWithoutGaps() public view {
        uint32 count = _handler.accountCount();
        for (uint32 account = 0; account < count; ++account) {
            _assertTrue(_house.registry().ownerOf(account) != address(0), "owner");
        }
        _assertEq(_house.registry().ownerOf(count), address(0), "beyond");
    }

    function invariant_oneAddressOneAccount() public view {
        for (uint32 account = 3; account < _handler.accountCount(); ++account) {
            address owner = _house.registry().ownerOf(account);
            _assertEq(_house.registry().accountOf(owner), account, "account of the owner");
        }
    }
}
