// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The market's currency as a token
/// @notice One base unit is one micro. The bank mints one for one against money it received, and
/// pays out one for one what is redeemed. References are the bank's own payment references.
interface IFiatToken is IERC20 {
    /// @notice Thrown when the caller is not the bank
    error FiatTokenUnauthorized(address caller);

    /// @notice Thrown when the bank's address is zero
    error FiatTokenInvalidBank(address bank);

    /// @notice Thrown when `depositReference` was minted before with another receiver or amount
    error FiatTokenDepositDiffers(bytes32 depositReference);

    /// @notice Thrown when `holder` redeemed under `payoutReference` before with another amount
    error FiatTokenRedemptionDiffers(address holder, bytes32 payoutReference);

    /// @notice Emitted once per deposit, when its tokens exist
    event DepositMinted(address indexed to, uint256 amount, bytes32 indexed depositReference);

    /// @notice Emitted once per redemption, when its tokens are gone: the bank now owes `amount`
    event Redeemed(address indexed holder, uint256 amount, bytes32 indexed payoutReference);

    /// @notice Mints the tokens of one deposit at the bank. Only the bank.
    /// @dev The same deposit again changes and emits nothing.
    /// @return minted False if this deposit had been minted before
    function mint(address to, uint256 amount, bytes32 depositReference)
        external
        returns (bool minted);

    /// @notice Burns the caller's tokens against a payout by the bank
    /// @dev The same reference and amount again changes and emits nothing.
    /// @return redeemed False if the caller had redeemed under this reference before
    function redeem(uint256 amount, bytes32 payoutReference) external returns (bool redeemed);

    /// @notice Burns tokens that `holder` has allowed the bank to take, against a payout. Only the
    /// bank: with a permit the holder needs no gas.
    /// @return redeemed False if `holder` had redeemed under this reference before
    function redeemFrom(address holder, uint256 amount, bytes32 payoutReference)
        external
        returns (bool redeemed);

    /// @notice Who mints, and who pays for redemptions
    function bank() external view returns (address);

    /// @notice All that was ever minted
    function totalDeposited() external view returns (uint256);

    /// @notice All that was ever redeemed. `totalSupply() == totalDeposited() - totalRedeemed()`.
    function totalRedeemed() external view returns (uint256);
}
