// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {FiatToken} from "../src/FiatToken.sol";
import {IFiatToken} from "../src/interfaces/IFiatToken.sol";
import {Market} from "./support/Market.sol";

contract FiatTokenTest is Market {
    uint256 private constant HOLDER_KEY = 0xcafe;
    address private immutable _holder = vm.addr(HOLDER_KEY);

    function test_constructor_revertsWithoutABank() public {
        vm.expectRevert(
            abi.encodeWithSelector(IFiatToken.FiatTokenInvalidBank.selector, address(0))
        );
        new FiatToken("Busbar Euro", "BEUR", address(0));
    }

    function test_decimals_areSix() public view {
        _assertEq(token.decimals(), 6, "decimals");
    }

    function test_mint_createsTheDeposit() public {
        vm.expectEmit();
        emit IFiatToken.DepositMinted(_holder, 25, "d1");
        _assertTrue(_deposit(25, "d1"), "minted");
        _assertEq(token.balanceOf(_holder), 25, "balance");
        _assertEq(token.totalDeposited(), 25, "deposited");
    }

    function test_mint_hasNoEffectForTheSameDeposit() public {
        _deposit(25, "d1");
        _assertFalse(_deposit(25, "d1"), "not again");
        _assertEq(token.totalSupply(), 25, "supply");
    }

    function test_mint_revertsForTheSameReferenceWithOtherContent() public {
        _deposit(25, "d1");
        bytes memory reason =
            abi.encodeWithSelector(IFiatToken.FiatTokenDepositDiffers.selector, bytes32("d1"));
        vm.startPrank(bank);
        vm.expectRevert(reason);
        token.mint(_holder, 26, "d1");
        vm.expectRevert(reason);
        token.mint(bank, 25, "d1");
    }

    function testFuzz_mint_revertsForAnyoneButTheBank(address caller) public {
        vm.assume(caller != bank);
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IFiatToken.FiatTokenUnauthorized.selector, caller));
        token.mint(caller, 1, "d1");
        vm.expectRevert(abi.encodeWithSelector(IFiatToken.FiatTokenUnauthorized.selector, caller));
        token.redeemFrom(_holder, 1, "p1");
    }

    function test_redeem_burnsOneForOne() public {
        _deposit(25, "d1");
        vm.prank(_holder);
        vm.expectEmit();
        emit IFiatToken.Redeemed(_holder, 10, "p1");
        _assertTrue(token.redeem(10, "p1"), "redeemed");
        _assertEq(token.totalSupply(), 15, "supply");
        _assertEq(token.totalRedeemed(), 10, "redeemed");
        _assertEq(token.totalDeposited(), 25, "deposited");
    }

    function test_redeem_hasNoEffectUnderTheSameReference() public {
        _deposit(25, "d1");
        vm.startPrank(_holder);
        token.redeem(10, "p1");
        _assertFalse(token.redeem(10, "p1"), "not again");
        _assertEq(token.balanceOf(_holder), 15, "balance");
        vm.expectRevert(
            abi.encodeWithSelector(
                IFiatToken.FiatTokenRedemptionDiffers.selector, _holder, bytes32("p1")
            )
        );
        token.redeem(11, "p1");
    }

    function test_redeem_revertsWithoutTheTokens() public {
        _deposit(25, "d1");
        vm.prank(_holder);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, _holder, 25, 26)
        );
        token.redeem(26, "p1");
    }

    function test_redeemFrom_takesWhatTheHolderPermits() public {
        _deposit(25, "d1");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(HOLDER_KEY, _permitDigest(10));
        vm.startPrank(bank);
        token.permit(_holder, bank, 10, block.timestamp, v, r, s);
        _assertTrue(token.redeemFrom(_holder, 10, "p1"), "redeemed");
        _assertEq(token.balanceOf(_holder), 15, "balance");
        _assertEq(token.allowance(_holder, bank), 0, "allowance is used up");
        _assertFalse(token.redeemFrom(_holder, 10, "p1"), "not again, and needs no allowance");
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, bank, 0, 5)
        );
        token.redeemFrom(_holder, 5, "p2");
    }

    function _deposit(uint256 amount, bytes32 depositReference) private returns (bool) {
        vm.prank(bank);
        return token.mint(_holder, amount, depositReference);
    }

    function _permitDigest(uint256 amount) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 content =
            keccak256(abi.encode(typeHash, _holder, bank, amount, 0, block.timestamp));
        return keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), content));
    }
}
