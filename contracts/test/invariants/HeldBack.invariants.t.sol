// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {Test} from "../support/Test.sol";
import {HeldBackHandler} from "./HeldBackHandler.sol";

/// @dev Goal: what is held back is exactly what unproven intervals credited, in time; and no way
/// out takes it.
/// Method: `HeldBackHandler` acts, keeps every credit in a plain list and compares every payment;
/// after each of its calls all accounts are compared with the list.
contract HeldBackInvariants is Test {
    HeldBackHandler private _handler;
    ClearingHouse private _house;

    function setUp() public {
        _handler = new HeldBackHandler();
        _house = _handler.theHouse();
        bytes4[] memory selectors = new bytes4[](9);
        selectors[0] = HeldBackHandler.clear.selector;
        // Most often, or there would be little to hold back.
        selectors[1] = HeldBackHandler.run.selector;
        selectors[2] = HeldBackHandler.run.selector;
        selectors[3] = HeldBackHandler.prove.selector;
        selectors[4] = HeldBackHandler.decide.selector;
        selectors[5] = HeldBackHandler.claim.selector;
        selectors[6] = HeldBackHandler.exit.selector;
        selectors[7] = HeldBackHandler.deposit.selector;
        selectors[8] = HeldBackHandler.pass.selector;
        _target(address(_handler), selectors);
    }

    function invariant_unprovenMoneyStays() public view {
        for (uint32 account = 0; account < 8; ++account) {
            _assertEq(_house.heldBackOf(account), _handler.heldBackOf(account), "held back");
        }
    }
}
