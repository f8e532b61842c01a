// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "../interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../interfaces/IIntervalLog.sol";

/// @title The public inputs of a proof that are not roots
library Statement {
    bytes32 private constant CONTEXT_DOMAIN = keccak256("Busbar sealed orders 1");

    /// @dev Bounds of the circuit: 24 bits of orders, ±10^12 micros per kWh, 56 bits of energy.
    uint256 private constant COUNT_BEYOND = 2 ** 24;
    int256 private constant PRICE_MOST = 10 ** 12;
    int256 private constant PRICE_OFFSET = 2 ** 40;
    uint256 private constant ENERGY_BEYOND = 2 ** 56;

    /// @notice See IClearingProofs.contextOf
    function context(IIntervalLog log, uint32 zone, uint64 interval, bytes32 rulebookHash)
        internal
        view
        returns (bytes32)
    {
        return keccak256(
            abi.encode(CONTEXT_DOMAIN, block.chainid, address(log), zone, interval, rulebookHash)
        ) >> 8;
    }

    /// @notice See IClearingProofs.headerOf
    function header(uint32 orderCount, IIntervalLog.Clearing calldata clearing)
        internal
        pure
        returns (bytes32)
    {
        int256 price = clearing.priceMicrosPerKwh;
        bool isWithin = orderCount < COUNT_BEYOND && clearing.voidCount <= orderCount
            && price >= -PRICE_MOST && price <= PRICE_MOST && clearing.energyWh < ENERGY_BEYOND
            && (clearing.hasPrice || price == 0);
        if (!isWithin) revert IClearingProofs.ClearingProofsOutOfRange();
        uint256 word = uint256(orderCount) | uint256(clearing.voidCount) << 24
            | uint256(clearing.energyWh) << 90;
        // Between 2^40 - 10^12 and 2^40 + 10^12: positive and below 2^41.
        if (clearing.hasPrice) word |= 1 << 48 | uint256(price + PRICE_OFFSET) << 49;
        return bytes32(word);
    }
}
