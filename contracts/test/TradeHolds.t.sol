// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ITradeHolds} from "../src/interfaces/ITradeHolds.sol";
import {Deltas} from "./support/Deltas.sol";
import {Market} from "./support/Market.sol";

/// @dev Goal: what stands for a trade cannot leave by its owner's own request; and the operator can
/// neither hold what was asked for before, nor anything for ever.
contract TradeHoldsTest is Market {
    uint256 private constant DELAY = DELAY_INTERVALS * INTERVAL_SECONDS;
    uint64 private constant DAY = 1 days;

    ITradeHolds private _holds;

    function setUp() public override {
        super.setUp();
        _admit(10);
        _fundMany(FIRST, 10, 1_000);
        _commit(INTERVAL);
        _holds = house.tradeHolds();
    }

    function test_parts_knowEachOther() public view {
        _assertEq(_holds.operator(), operator, "operator");
        _assertEq(_holds.clearingHouse(), address(house), "house");
        _assertEq(_holds.lastSequence(), 0, "no list");
    }

    function test_hold_staysInAClaim() public {
        _hold(1, 3, 700);
        _assertEq(_claim(3, 900), 300, "what is not held");
        _assertEq(house.balanceOf(3), 700, "what is held");
    }

    function test_hold_isFreeOnceSetToLess() public {
        _hold(1, 3, 700);
        _hold(2, 3, 100);
        _assertEq(_claim(3, 1_000), 900, "what is not held");
        _hold(3, 3, 0);
        _assertEq(_holds.heldOf(3), 0, "nothing");
        _assertEq(_claim(3, 1_000), 100, "the rest");
    }

    function test_hold_paysForWhatItStands() public {
        _hold(1, 3, 700);
        _settle(_batch(INTERVAL, 0), Deltas.move(3, 4, 600));
        _assertEq(house.balanceOf(3), 400, "paid out of what was held");
        _assertEq(_claim(3, 1), 0, "more is held than is there");
    }

    function test_hold_doesNotGrowIntoARequest() public {
        _request(3, 800);
        vm.expectEmit();
        emit ITradeHolds.HoldSet(3, 200, 700, uint64(block.timestamp) + 7 * DAY);
        _hold(1, 3, 700);
        (uint64 amount, uint64 wanted, uint64 until) = _holds.holdOf(3);
        _assertEq(amount, 200, "held");
        _assertEq(wanted, 700, "wanted");
        _assertEq(until, block.timestamp + 7 * DAY, "until");
        vm.warp(block.timestamp + DELAY);
        _assertEq(house.claimWithdrawal(3), 800, "as requested");
    }

    function test_hold_thatStoodBeforeTheRequestStays() public {
        _hold(1, 3, 700);
        _request(3, 800);
        _hold(2, 3, 900);
        _assertEq(_holds.heldOf(3), 700, "no more than before");
        _hold(3, 3, 600);
        _assertEq(_holds.heldOf(3), 600, "less at any time");
    }

    /// @dev A small request that stands for ever keeps no hold away from the rest.
    function test_hold_takesWhatASmallRequestLeaves() public {
        _request(3, 1);
        _hold(1, 3, 999);
        _assertEq(_holds.heldOf(3), 999, "all but the request");
        _assertEq(_claim(3, 1_000), 1, "a larger one comes too late");
    }

    function test_hold_ofMoreThanABalanceThatIsAllRequested() public {
        _request(3, 5_000);
        _hold(1, 3, 700);
        _assertEq(_holds.heldOf(3), 0, "nothing is left to hold");
    }

    function test_hold_lapsesUnlessSetAgain() public {
        _hold(1, 3, 700);
        vm.warp(block.timestamp + 7 * DAY - 1);
        _assertEq(_holds.heldOf(3), 700, "to the last second");
        _hold(2, 3, 700);
        vm.warp(block.timestamp + 7 * DAY - 1);
        _assertEq(_holds.heldOf(3), 700, "set again");
        vm.warp(block.timestamp + 1);
        _assertEq(_holds.heldOf(3), 0, "lapsed");
    }

    function test_hold_doesNotBindWhoLeavesASilentOperator() public {
        _hold(1, 3, 700);
        vm.warp(house.silentFrom());
        vm.prank(_owner(3));
        _assertEq(house.exit(3), 1_000, "all");
    }

    function test_hold_doesNotBindWhatTheOperatorPays() public {
        _hold(1, 3, 700);
        _assertEq(house.heldBackOf(3), 0, "held back is something else");
    }

    function test_hold_againChangesNothing() public {
        _hold(1, 3, 700);
        vm.prank(operator);
        _assertFalse(_holds.hold(1, _one(3), _one64(5)), "known");
        _assertEq(_holds.heldOf(3), 700, "as before");
    }

    function test_hold_revertsOutOfOrder() public {
        vm.prank(operator);
        vm.expectRevert(abi.encodeWithSelector(ITradeHolds.TradeHoldsNotNext.selector, 2, 1));
        _holds.hold(2, _one(3), _one64(5));
    }

    function test_hold_revertsForOthers() public {
        vm.expectRevert(
            abi.encodeWithSelector(ITradeHolds.TradeHoldsUnauthorized.selector, address(this))
        );
        _holds.hold(1, _one(3), _one64(5));
    }

    function test_hold_revertsForListsOfTwoLengths() public {
        vm.prank(operator);
        vm.expectRevert(
            abi.encodeWithSelector(ITradeHolds.TradeHoldsLengthMismatch.selector, 1, 0)
        );
        _holds.hold(1, _one(3), new uint64[](0));
    }

    function testFuzz_claim_paysWhatIsNeitherHeldNorMore(
        uint64 held,
        uint64 requested,
        bool isRequestedFirst
    ) public {
        held = uint64(_bound(held, 0, 2_000));
        requested = uint64(_bound(requested, 1, 2_000));
        if (isRequestedFirst) _request(3, requested);
        _hold(1, 3, held);
        if (!isRequestedFirst) _request(3, requested);
        vm.warp(block.timestamp + DELAY);
        uint256 most = requested < 1_000 ? requested : 1_000;
        uint256 free = held < 1_000 ? 1_000 - held : 0;
        uint256 expected = isRequestedFirst || most < free ? most : free;
        _assertEq(house.claimWithdrawal(3), expected, "paid");
    }

    function _hold(uint64 sequence, uint32 account, uint64 amount) private {
        vm.prank(operator);
        _holds.hold(sequence, _one(account), _one64(amount));
    }

    function _request(uint32 account, uint64 amount) private {
        vm.prank(_owner(account));
        house.requestWithdrawal(account, amount);
    }

    function _claim(uint32 account, uint64 amount) private returns (uint64) {
        _request(account, amount);
        vm.warp(block.timestamp + DELAY);
        return house.claimWithdrawal(account);
    }

    function _one(uint32 value) private pure returns (uint32[] memory list) {
        list = new uint32[](1);
        list[0] = value;
    }

    function _one64(uint64 value) private pure returns (uint64[] memory list) {
        list = new uint64[](1);
        list[0] = value;
    }
}
