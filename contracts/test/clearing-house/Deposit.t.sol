// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {MAX_MICROS} from "../../src/types/Micros.sol";
import {Market} from "../support/Market.sol";

contract DepositTest is Market {
    function setUp() public override {
        super.setUp();
        _admit(3);
    }

    function test_constructor_takesTheOperatorFromTheRegistry() public view {
        _assertEq(house.operator(), operator, "operator");
        _assertEq(log.operator(), operator, "operator of the log");
        _assertEq(log.clearingHouse(), address(house), "house of the log");
        _assertEq(address(house.token()), address(token), "token");
        _assertEq(address(house.registry()), address(registry), "registry");
        _assertEq(house.intervalSeconds(), 300, "interval");
        _assertEq(house.withdrawalDelaySeconds(), 3_600, "delay");
        _assertEq(house.silenceSeconds(), 7_200, "silence");
    }

    function test_constructor_revertsOnADurationOfZero() public {
        uint32[3][3] memory times = [[uint32(0), 1, 1], [uint32(1), 0, 1], [uint32(1), 1, 0]];
        for (uint256 i = 0; i < times.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseInvalidTimes.selector,
                    times[i][0],
                    times[i][1],
                    times[i][2]
                )
            );
            new ClearingHouse(
                token, registry, "test", times[i][0], times[i][1], times[i][2], address(proofs)
            );
        }
    }

    function test_deposit_creditsTheAccount() public {
        _mint(address(this), 25);
        vm.expectEmit();
        emit IClearingHouse.Deposited(4, address(this), 25);
        house.deposit(4, 25);
        _assertEq(house.balanceOf(4), 25, "balance");
        _assertEq(house.balanceOf(5), 0, "neighbour");
        _assertEq(house.totalBalance(), 25, "total");
        _assertEq(token.balanceOf(address(house)), 25, "custody");
    }

    function test_deposit_takesMoneyForSystemAccounts() public {
        _fund(2, 25);
        _assertEq(house.balanceOf(2), 25, "guarantee");
    }

    function test_deposit_revertsForAnAccountThatDoesNotExist() public {
        _mint(address(this), 25);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnknownAccount.selector, 6)
        );
        house.deposit(6, 25);
    }

    function test_deposit_revertsOnNothing() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseInvalidAmount.selector, 0)
        );
        house.deposit(4, 0);
    }

    function test_deposit_revertsWithoutTheTokens() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(house), 0, 25
            )
        );
        house.deposit(4, 25);
    }

    /// @dev All balances together stay within int64, so no settlement can ever overflow a lane.
    function test_deposit_revertsAboveTheCapacityOfAllTogether() public {
        _fund(4, MAX_MICROS - 10);
        _mint(address(this), 11);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseCapacityExceeded.selector, MAX_MICROS - 10, 11
            )
        );
        house.deposit(5, 11);
        house.deposit(5, 10);
        _assertEq(house.totalBalance(), MAX_MICROS, "full");
    }

    function test_deposit_revertsAboveInt64() public {
        _mint(address(this), type(uint64).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInvalidAmount.selector, type(uint64).max
            )
        );
        house.deposit(4, type(uint64).max);
    }

    function test_depositFor_paysManyWithOneTransfer() public {
        uint32[] memory accounts = new uint32[](3);
        uint64[] memory amounts = new uint64[](3);
        (accounts[0], accounts[1], accounts[2]) = (5, 3, 5);
        (amounts[0], amounts[1], amounts[2]) = (10, 20, 30);
        _mint(address(this), 60);
        house.depositFor(accounts, amounts);
        _assertEq(house.balanceOf(3), 20, "once");
        _assertEq(house.balanceOf(5), 40, "twice");
        _assertEq(house.totalBalance(), 60, "total");
    }

    /// @dev Two deposits that overflow the lane of one account before the total is checked.
    function test_depositFor_revertsAboveTheCapacityOfAllTogether() public {
        uint32[] memory accounts = new uint32[](2);
        uint64[] memory amounts = new uint64[](2);
        (accounts[0], accounts[1]) = (4, 4);
        (amounts[0], amounts[1]) = (MAX_MICROS, MAX_MICROS);
        _mint(address(this), 2 * uint256(MAX_MICROS));
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseCapacityExceeded.selector, 0, 2 * uint256(MAX_MICROS)
            )
        );
        house.depositFor(accounts, amounts);
    }

    function test_depositFor_revertsOnListsOfDifferentLength() public {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseLengthMismatch.selector, 1, 2)
        );
        house.depositFor(new uint32[](1), new uint64[](2));
    }

    function test_depositWithPermit_needsNoApproval() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(25);
        vm.prank(_owner(4));
        house.depositWithPermit(4, 25, block.timestamp, v, r, s);
        _assertEq(house.balanceOf(4), 25, "balance");
    }

    /// @dev Whoever sees the permit may send it first; that must not stop the deposit.
    function test_depositWithPermit_worksWhenThePermitWasSentBefore() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(25);
        token.permit(_owner(4), address(house), 25, block.timestamp, v, r, s);
        vm.prank(_owner(4));
        house.depositWithPermit(4, 25, block.timestamp, v, r, s);
        _assertEq(house.balanceOf(4), 25, "balance");
    }

    function test_depositWithPermit_revertsWithAnothersPermit() public {
        (uint8 v, bytes32 r, bytes32 s) = _permit(25);
        vm.prank(_owner(5));
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector, address(house), 0, 25
            )
        );
        house.depositWithPermit(4, 25, block.timestamp, v, r, s);
    }

    function test_balancesOf_listsARange() public {
        _fund(3, 1);
        _fund(5, 3);
        _assertEq(house.balancesOf(3, 4).length, 4, "length");
        _assertEq(house.balancesOf(3, 4)[0], 1, "first");
        _assertEq(house.balancesOf(3, 4)[2], 3, "third");
        _assertEq(house.balancesOf(3, 4)[3], 0, "beyond");
    }

    function _permit(uint256 amount) private returns (uint8 v, bytes32 r, bytes32 s) {
        vm.prank(bank);
        token.mint(_owner(4), amount, "permit");
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 content =
            keccak256(abi.encode(typeHash, _owner(4), address(house), amount, 0, block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), content));
        return vm.sign(KEYS + 1, digest);
    }
}
