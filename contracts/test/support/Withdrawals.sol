// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";

/// @dev What is signed to have money paid, spelt out apart from the contract.
library Withdrawals {
    function digest(
        ClearingHouse house,
        bytes16 id,
        uint32 account,
        uint64 amountMicros,
        address to
    ) internal view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)"
        );
        bytes32 content = keccak256(abi.encode(typeHash, id, account, amountMicros, to));
        return keccak256(abi.encodePacked("\x19\x01", house.domainSeparator(), content));
    }
}
