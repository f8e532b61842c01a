// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {Vm} from "./Vm.sol";

/// @dev A device with one passkey and the browser before it: writes what those write.
library Passkeys {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function pointOf(uint256 key) internal pure returns (bytes32 x, bytes32 y) {
        (uint256 left, uint256 right) = VM.publicKeyP256(key);
        return (bytes32(left), bytes32(right));
    }

    function keyHashOf(uint256 key) internal pure returns (bytes32) {
        return keccak256(compressed(key));
    }

    function compressed(uint256 key) internal pure returns (bytes memory) {
        (bytes32 x, bytes32 y) = pointOf(key);
        return abi.encodePacked(uint8(2) + uint8(uint256(y) & 1), x);
    }

    /// @dev `origin` as it stands between the quotes.
    function sign(uint256 key, bytes32 digest, string memory host, string memory origin)
        internal
        pure
        returns (bytes memory)
    {
        bytes memory data = abi.encodePacked(sha256(bytes(host)), uint8(0x1d), uint32(0));
        return signParts(key, data, clientData(digest, origin, ',"crossOrigin":false}'));
    }

    function clientData(bytes32 digest, string memory origin, string memory behind)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(
            '{"type":"webauthn.get","challenge":"',
            Base64.encodeURL(abi.encodePacked(digest)),
            '","origin":"',
            origin,
            '"',
            behind
        );
    }

    function signParts(uint256 key, bytes memory data, bytes memory client)
        internal
        pure
        returns (bytes memory)
    {
        (bytes32 r, bytes32 s) = VM.signP256(key, sha256(abi.encodePacked(data, sha256(client))));
        if (uint256(s) > P256.N / 2) s = bytes32(P256.N - uint256(s));
        return abi.encodePacked(
            hex"50",
            compressed(key),
            uint16(data.length),
            data,
            uint16(client.length),
            client,
            r,
            s
        );
    }
}
