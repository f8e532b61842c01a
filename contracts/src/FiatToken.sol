// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IFiatToken} from "./interfaces/IFiatToken.sol";

/// @title Fiat token
/// @dev The bank is fixed: who may create money is what holders trust. A bank that changes its key
/// issues another token and redeems this one.
/// @custom:invariant invariant_supplyIsDepositsMinusRedemptions: one for one, always.
contract FiatToken is ERC20, ERC20Permit, IFiatToken {
    /// @inheritdoc IFiatToken
    address public immutable bank;

    uint256 private _totalDeposited;
    mapping(bytes32 depositReference => bytes32 content) private _deposits;
    mapping(address holder => mapping(bytes32 payoutReference => uint256 amountPlusOne)) private
        _redemptions;

    modifier onlyBank() {
        if (msg.sender != bank) revert FiatTokenUnauthorized(msg.sender);
        _;
    }

    constructor(string memory name_, string memory symbol_, address bank_)
        ERC20(name_, symbol_)
        ERC20Permit(name_)
    {
        if (bank_ == address(0)) revert FiatTokenInvalidBank(bank_);
        bank = bank_;
    }

    /// @inheritdoc IFiatToken
    function mint(address to, uint256 amount, bytes32 depositReference)
        external
        onlyBank
        returns (bool minted)
    {
        bytes32 content = keccak256(abi.encode(to, amount));
        bytes32 known = _deposits[depositReference];
        if (known == content) return false;
        if (known != bytes32(0)) revert FiatTokenDepositDiffers(depositReference);

        _deposits[depositReference] = content;
        _totalDeposited += amount;
        _mint(to, amount);
        emit DepositMinted(to, amount, depositReference);
        return true;
    }

    /// @inheritdoc IFiatToken
    function redeem(uint256 amount, bytes32 payoutReference) external returns (bool redeemed) {
        return _redeem(msg.sender, amount, payoutReference);
    }

    /// @inheritdoc IFiatToken
    function redeemFrom(address holder, uint256 amount, bytes32 payoutReference)
        external
        onlyBank
        returns (bool redeemed)
    {
        redeemed = _redeem(holder, amount, payoutReference);
        if (redeemed) _spendAllowance(holder, msg.sender, amount);
    }

    /// @inheritdoc IFiatToken
    function totalDeposited() external view returns (uint256) {
        return _totalDeposited;
    }

    /// @inheritdoc IFiatToken
    function totalRedeemed() external view returns (uint256) {
        return _totalDeposited - totalSupply();
    }

    /// @notice One base unit is one micro
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _redeem(address holder, uint256 amount, bytes32 payoutReference)
        private
        returns (bool)
    {
        // Plus one tells a redemption of zero from none. No balance reaches the largest uint256.
        uint256 known = _redemptions[holder][payoutReference];
        if (known != 0 && known - 1 == amount) return false;
        if (known != 0) revert FiatTokenRedemptionDiffers(holder, payoutReference);

        _redemptions[holder][payoutReference] = amount + 1;
        _burn(holder, amount);
        emit Redeemed(holder, amount, payoutReference);
        return true;
    }
}
