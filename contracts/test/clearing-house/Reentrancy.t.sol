// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {
    ReentrancyGuardTransient
} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {Market} from "../support/Market.sol";

/// @dev A token that calls back while it moves, as ours never does.
contract CallingToken is ERC20("Calling", "CALL") {
    address private _target;
    bytes private _call;
    bytes public answer;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function callBack(address target, bytes calldata call_) external {
        _target = target;
        _call = call_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (_target == address(0)) return;
        address target = _target;
        _target = address(0);
        (, answer) = target.call(_call);
    }
}

/// @dev Goal: even a hostile token finds the house closed while it moves money, and consistent.
contract ReentrancyTest is Market {
    CallingToken private _calling;

    function setUp() public override {
        super.setUp();
        _admit(2);
        _calling = new CallingToken();
        house = new ClearingHouse(_calling, registry, "test", 300, 1, 1, address(proofs));
        _calling.mint(address(this), 10_000);
        _calling.approve(address(house), 10_000);
        house.deposit(3, 1_000);
        vm.prank(_owner(3));
        house.requestWithdrawal(3, 400);
        vm.warp(block.timestamp + 300);
    }

    function test_claimWithdrawal_cannotBeEntered() public {
        _calling.callBack(address(house), abi.encodeCall(house.claimWithdrawal, (3)));
        _assertEq(house.claimWithdrawal(3), 400, "paid once");
        _expectRefused();
        _assertEq(_calling.balanceOf(_owner(3)), 400, "owner");
    }

    function test_claimWithdrawal_canBeFollowedByNoDeposit() public {
        _calling.callBack(address(house), abi.encodeCall(house.deposit, (3, 1)));
        house.claimWithdrawal(3);
        _expectRefused();
    }

    /// @dev Views stay open; what they show is the state after the move.
    function test_claimWithdrawal_showsTheBalanceAfterIt() public {
        _calling.callBack(address(house), abi.encodeCall(house.balanceOf, (3)));
        house.claimWithdrawal(3);
        _assertEq(abi.decode(_calling.answer(), (uint256)), 600, "balance");
    }

    function test_exit_cannotBeEntered() public {
        vm.prank(_owner(3));
        _calling.callBack(address(house), abi.encodeCall(house.claimWithdrawal, (3)));
        vm.prank(_owner(3));
        house.exit(3);
        _expectRefused();
        _assertEq(_calling.balanceOf(_owner(3)), 1_000, "owner");
    }

    function test_deposit_cannotBeEntered() public {
        _calling.callBack(address(house), abi.encodeCall(house.claimWithdrawal, (3)));
        house.deposit(3, 1);
        _expectRefused();
        _assertEq(house.balanceOf(3), 1_001, "balance");
    }

    function _expectRefused() private view {
        bytes memory expected =
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        _assertEq(keccak256(_calling.answer()), keccak256(expected), "refused");
    }
}
