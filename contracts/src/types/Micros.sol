// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @dev Signed money, millionths of the market's currency: 1 micro is 1 base unit of the ERC-20.
/// Same unit, same name, same sign and same 64 bits as `Micros` in core/src/units.
type Micros is int64;

using {equals as ==, lessThan as <, toAmount} for Micros global;

Micros constant ZERO_MICROS = Micros.wrap(0);

/// @dev The most that one account, or all accounts together, can hold: about 9.2 trillion units.
uint64 constant MAX_MICROS = uint64(type(int64).max);

function equals(Micros a, Micros b) pure returns (bool) {
    return Micros.unwrap(a) == Micros.unwrap(b);
}

function lessThan(Micros a, Micros b) pure returns (bool) {
    return Micros.unwrap(a) < Micros.unwrap(b);
}

/// @dev A balance as an amount to move. Balances are never negative: the top bit is clear.
function toAmount(Micros balance) pure returns (uint64) {
    return uint64(Micros.unwrap(balance));
}
