// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {Test} from "../support/Test.sol";
import {TradeHoldsHandler} from "./TradeHoldsHandler.sol";

/// @dev Goal: what is held is what was set, in time and beyond no request; and no claim takes it.
/// Method: `TradeHoldsHandler` acts, keeps a plain list and compares every claim.
contract TradeHoldsInvariants is Test {
    TradeHoldsHandler private _handler;
    ClearingHouse private _house;
    uint256[7] private _heldBefore;

    function setUp() public {
        _handler = new TradeHoldsHandler();
        _house = _handler.theHouse();
        bytes4[] memory selectors = new bytes4[](7);
        selectors[0] = TradeHoldsHandler.hold.selector;
        // Most often, or there would be little to claim against.
        selectors[1] = TradeHoldsHandler.hold.selector;
        selectors[2] = TradeHoldsHandler.request.selector;
        selectors[3] = TradeHoldsHandler.claim.selector;
        selectors[4] = TradeHoldsHandler.move.selector;
        selectors[5] = TradeHoldsHandler.deposit.selector;
        selectors[6] = TradeHoldsHandler.pass.selector;
        _target(address(_handler), selectors);
    }

    function invariant_claimsLeaveWhatIsHeld() public view {
        for (uint32 account = 0; account < 7; ++account) {
            uint256 held = _house.tradeHolds().heldOf(account);
            _assertEq(held, _handler.heldOf(account), "held");
        }
    }

    function invariant_holdsSpareRequests() public view {
        for (uint32 account = 0; account < 7; ++account) {
            (uint64 requested,,) = _house.requestOf(account);
            _assertEq(requested, _handler.requestedOf(account), "requested");
        }
    }
}
