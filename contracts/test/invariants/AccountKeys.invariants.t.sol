// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {Test} from "../support/Test.sol";
import {AccountKeysHandler} from "./AccountKeysHandler.sol";

/// @dev Goal: what a passkey signs goes to the owner of its account or nowhere; one that was
/// revoked never pays again. Method: `AccountKeysHandler` acts and keeps its own books.
contract AccountKeysInvariants is Test {
    AccountKeysHandler private _handler;
    ClearingHouse private _house;

    function setUp() public {
        _handler = new AccountKeysHandler();
        _house = _handler.theHouse();
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = AccountKeysHandler.admit.selector;
        selectors[1] = AccountKeysHandler.revoke.selector;
        selectors[2] = AccountKeysHandler.replaceKey.selector;
        // Most often: that is what the others are for.
        selectors[3] = AccountKeysHandler.withdraw.selector;
        selectors[4] = AccountKeysHandler.withdraw.selector;
        selectors[5] = AccountKeysHandler.withdraw.selector;
        _target(address(_handler), selectors);
    }

    function invariant_passkeysPayOwnersOnly() public view {
        for (uint32 account = 0; account < _handler.ACCOUNTS(); ++account) {
            uint256 balance = _house.balanceOf(account).toAmount();
            _assertEq(balance, _handler.books(account), "balance");
        }
        for (uint256 i = 0; i < _handler.receiverCount(); ++i) {
            address receiver = _handler.receivers(i);
            _assertEq(_handler.balanceOf(receiver), _handler.paidTo(receiver), "paid");
        }
    }

    function invariant_revokedPasskeysStayRevoked() public view {
        for (uint32 account = 3; account < _handler.ACCOUNTS(); ++account) {
            for (uint256 device = 0; device < _handler.DEVICES(); ++device) {
                bool isAdmitted =
                    _house.accountKeys().isAdmitted(account, _handler.keyHashOf(device));
                AccountKeysHandler.State state = _handler.states(account, device);
                _assertEq(
                    isAdmitted ? 1 : 0,
                    state == AccountKeysHandler.State.Admitted ? 1 : 0,
                    "admitted"
                );
            }
        }
    }
}
