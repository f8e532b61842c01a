// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";

/// @dev A verifier that says of itself what a test wants.
contract ClaimedVerifier is IKeyVerifier {
    uint32 public immutable size;
    bool public immutable isDevelopment;
    bool private immutable _answer;
    bytes32 public constant keyDigest = bytes32(uint256(1));

    constructor(uint32 size_, bool isDevelopment_, bool answer) {
        size = size_;
        isDevelopment = isDevelopment_;
        _answer = answer;
    }

    function verify(bytes calldata, bytes32[] calldata) external view returns (bool) {
        return _answer;
    }
}
