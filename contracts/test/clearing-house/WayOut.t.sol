// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {Deltas} from "../support/Deltas.sol";
import {Market} from "../support/Market.sol";

/// @dev Goal: an owner gets out without the operator's help, never ahead of what it owes by then,
/// and the operator cannot hold it back with batches that it never finishes.
contract WayOutTest is Market {
    uint256 private constant DELAY = DELAY_INTERVALS * INTERVAL_SECONDS;

    function setUp() public override {
        super.setUp();
        _admit(10);
        _fundMany(FIRST, 10, 1_000);
        _commit(INTERVAL);
        _commit(INTERVAL + 1);
    }

    function test_claimWithdrawal_paysAfterTheDelay() public {
        vm.expectEmit();
        emit IClearingHouse.WithdrawalRequested(3, 400, uint64(block.timestamp + DELAY));
        _request(3, 400);
        vm.warp(block.timestamp + DELAY);
        vm.expectEmit();
        emit IClearingHouse.WithdrawalClaimed(3, _owner(3), 400);
        // Anyone may ask; the owner is paid.
        _assertEq(house.claimWithdrawal(3), 400, "paid");
        _assertEq(token.balanceOf(_owner(3)), 400, "owner");
        _assertEq(house.balanceOf(3), 600, "balance");
        _expectNoRequest(3);
        house.claimWithdrawal(3);
    }

    function test_claimWithdrawal_revertsBeforeTheDelay() public {
        _request(3, 400);
        uint256 claimableAt = block.timestamp + DELAY;
        vm.warp(claimableAt - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseRequestNotDue.selector, 3, claimableAt
            )
        );
        house.claimWithdrawal(3);
    }

    /// @dev What is owed by then comes first: the claim pays what is left.
    function test_claimWithdrawal_paysNoMoreThanTheBalance() public {
        _request(3, 900);
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 4, 700));
        vm.warp(block.timestamp + DELAY);
        _assertEq(house.claimWithdrawal(3), 300, "paid");
        _assertEq(house.balanceOf(3), 0, "balance");
    }

    function test_claimWithdrawal_ofNothingLeftEndsTheRequest() public {
        _request(3, 900);
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 4, 1_000));
        vm.warp(block.timestamp + DELAY);
        _assertEq(house.claimWithdrawal(3), 0, "paid");
        _expectNoRequest(3);
        house.claimWithdrawal(3);
    }

    function test_claimWithdrawal_paysTheOwnerOfTheDay() public {
        _request(3, 400);
        vm.prank(authority);
        registry.replaceKey(3, address(77), "key");
        vm.warp(block.timestamp + DELAY);
        house.claimWithdrawal(3);
        _assertEq(token.balanceOf(address(77)), 400, "new owner");
    }

    function test_requestWithdrawal_replacesAndTakesBack() public {
        _request(3, 400);
        vm.warp(block.timestamp + 100);
        _request(3, 500);
        (uint64 amount, uint64 claimableAt, bool waiting) = house.requestOf(3);
        _assertEq(amount, 500, "amount");
        _assertEq(claimableAt, block.timestamp + DELAY, "the delay starts again");
        _assertFalse(waiting, "not waiting");
        _request(3, 0);
        vm.warp(block.timestamp + DELAY);
        _expectNoRequest(3);
        house.claimWithdrawal(3);
    }

    function test_requestWithdrawal_revertsForOthersAndSystemAccounts() public {
        vm.startPrank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnauthorized.selector, operator)
        );
        house.requestWithdrawal(3, 400);
        for (uint32 account = 0; account < FIRST; ++account) {
            vm.expectRevert(
                abi.encodeWithSelector(IClearingHouse.ClearingHouseSystemAccount.selector, account)
            );
            house.requestWithdrawal(account, 400);
        }
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnauthorized.selector, operator)
        );
        house.requestWithdrawal(99, 400);
    }

    function test_requestWithdrawal_revertsAboveInt64() public {
        vm.prank(_owner(3));
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseInvalidAmount.selector, 2 ** 63)
        );
        house.requestWithdrawal(3, 2 ** 63);
    }

    function test_claimWithdrawal_waitsForTheOpenBatchAndGoesBeforeTheNext() public {
        _request(3, 900);
        vm.warp(block.timestamp + DELAY);
        _commit(INTERVAL + 2);
        bytes memory deltas = Deltas.move(3, 4, 700);
        _stage(_batch(INTERVAL, 0), 1, 0, deltas);
        vm.expectEmit();
        emit IClearingHouse.WithdrawalDeferred(3);
        _assertEq(house.claimWithdrawal(3), 0, "waits");
        _assertEq(house.claimWithdrawal(3), 0, "waits once, not twice");
        house.applyChunk(_batch(INTERVAL, 0), 0, deltas);

        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseClaimsWaiting.selector, 1)
        );
        _stage(_batch(INTERVAL + 1, 0), 1, 0, Deltas.move(4, 5, 1));
        _assertTrue(_settle(_batch(INTERVAL + 1, 0), Deltas.move(4, 5, 1)), "settling goes on");
        _assertEq(house.claimWithdrawal(3), 300, "what the batch left");
        _assertTrue(_stage(_batch(INTERVAL + 2, 0), 1, 0, Deltas.move(4, 5, 1)), "staging goes on");
    }

    function test_requestWithdrawal_ofAWaitingClaimLetsStagingGoOn() public {
        _request(3, 900);
        vm.warp(block.timestamp + DELAY);
        _stage(_batch(INTERVAL, 0), 2, 0, Deltas.move(4, 5, 1));
        house.claimWithdrawal(3);
        vm.prank(operator);
        house.abandon();
        _request(3, 0);
        _assertTrue(_stage(_batch(INTERVAL, 0), 1, 0, Deltas.move(4, 5, 1)), "staged");
    }

    function test_claimWithdrawal_dropsABatchThatLapsed() public {
        _request(3, 400);
        vm.warp(block.timestamp + DELAY - 300);
        _stage(_batch(INTERVAL, 0), 2, 0, Deltas.move(4, 5, 1));
        vm.warp(block.timestamp + 300);
        _assertEq(house.claimWithdrawal(3), 400, "paid");
        (,,, uint32 chunkCount,,,) = house.openBatch();
        _assertEq(chunkCount, 0, "dropped");
    }

    function test_exit_paysEverythingWhenTheOperatorIsSilent() public {
        vm.warp(house.silentFrom());
        vm.prank(_owner(3));
        vm.expectEmit();
        emit IClearingHouse.Exited(3, _owner(3), 1_000);
        _assertEq(house.exit(3), 1_000, "paid");
        _assertEq(token.balanceOf(_owner(3)), 1_000, "owner");
        _assertEq(house.balanceOf(3), 0, "balance");
        _assertEq(house.totalBalance(), 9_000, "total");
        vm.prank(_owner(3));
        _assertEq(house.exit(3), 0, "nothing left");
    }

    function test_exit_revertsWhileTheOperatorCommits() public {
        uint256 silentFrom = house.silentFrom();
        _assertEq(silentFrom, block.timestamp + 7_200, "silent from");
        vm.warp(silentFrom - 1);
        _refuseExit(3);
        // The same commitment again is no sign of life; another one is.
        _commit(INTERVAL);
        _assertEq(house.silentFrom(), silentFrom, "unchanged");
        _commit(INTERVAL + 2);
        vm.warp(silentFrom);
        _refuseExit(3);
    }

    function test_exit_endsARequest() public {
        _request(3, 400);
        vm.warp(house.silentFrom());
        vm.prank(_owner(3));
        house.exit(3);
        _expectNoRequest(3);
        house.claimWithdrawal(3);
    }

    function test_exit_dropsABatchThatLapsed() public {
        _stage(_batch(INTERVAL, 0), 2, 0, Deltas.move(3, 5, 1));
        vm.warp(house.silentFrom());
        vm.prank(_owner(3));
        _assertEq(house.exit(3), 1_000, "paid");
    }

    function test_exit_waitsForABatchThatAnyoneCanApply() public {
        bytes memory deltas = Deltas.move(3, 5, 1);
        _stage(_batch(INTERVAL, 0), 1, 0, deltas);
        vm.warp(house.silentFrom());
        vm.startPrank(_owner(3));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseBatchOpen.selector, ZONE, INTERVAL, 0
            )
        );
        house.exit(3);
        house.applyChunk(_batch(INTERVAL, 0), 0, deltas);
        _assertEq(house.exit(3), 999, "paid");
    }

    function test_exit_revertsForOthersAndSystemAccounts() public {
        vm.warp(house.silentFrom());
        vm.startPrank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnauthorized.selector, operator)
        );
        house.exit(3);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseSystemAccount.selector, 2)
        );
        house.exit(2);
    }

    function _request(uint32 account, uint64 amount) private {
        vm.prank(_owner(account));
        house.requestWithdrawal(account, amount);
    }

    function _refuseExit(uint32 account) private {
        uint256 silentFrom = house.silentFrom();
        vm.prank(_owner(account));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseOperatorNotSilent.selector, silentFrom
            )
        );
        house.exit(account);
    }

    function _expectNoRequest(uint32 account) private {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseNoRequest.selector, account)
        );
    }
}
