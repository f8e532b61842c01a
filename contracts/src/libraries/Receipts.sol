// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IClearingProofs} from "../interfaces/IClearingProofs.sol";

/// @title Receipts of sealed orders
library Receipts {
    bytes32 private constant TYPEHASH =
        keccak256("Receipt(bytes32 commitment,uint32 zone,uint64 interval,uint64 sequence)");

    /// @notice Whether `signer` has signed the receipt for this zone and interval
    function isSignedBy(
        IClearingProofs.Receipt calldata receipt,
        address signer,
        bytes32 domainSeparator,
        uint32 zone,
        uint64 interval
    ) internal pure returns (bool) {
        bytes32 content = keccak256(
            abi.encode(TYPEHASH, receipt.commitment, zone, interval, receipt.sequence)
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(domainSeparator, content);
        // What is left out only says more about a failure.
        // slither-disable-next-line unused-return
        (address found, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, receipt.signature);
        return failure == ECDSA.RecoverError.NoError && found == signer;
    }
}
