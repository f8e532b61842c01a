// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";

/// @title What a device signs when it is asked for a digest (WebAuthn)
/// @dev The same judgement as `@busbar/protocols/passkeys`, byte for byte: test/AccountKeys.t.sol
/// holds the two together. Client data are read by WebAuthn's limited verification algorithm:
/// browsers write the first members in one order and spelling, so that nothing is parsed that could
/// be said twice.
library Assertions {
    struct Assertion {
        /// @dev Keccak-256 of the compressed key, and that key without its first byte
        bytes32 keyHash;
        bytes32 x;
        bytes32 r;
        bytes32 s;
        /// @dev SHA-256 of the host of the page that asked for the digest
        bytes32 hostHash;
        /// @dev What r and s are over
        bytes32 message;
    }

    bytes1 private constant MARK = 0x50;
    uint256 private constant KEY_END = 34;
    uint256 private constant DATA_MIN = 37;
    uint256 private constant DATA_MAX = 512;
    uint256 private constant CLIENT_MAX = 1_024;
    uint256 private constant HOST_MAX = 253;

    string private constant BEFORE_CHALLENGE = '{"type":"webauthn.get","challenge":"';
    string private constant BEFORE_ORIGIN = '","origin":"';
    /// @dev Of the two with the 43 characters of a challenge between them
    uint256 private constant ORIGIN_AT = 91;
    string private constant NO_FRAME = ',"crossOrigin":false';
    uint256 private constant NO_FRAME_LENGTH = 20;

    uint8 private constant PRESENT = 0x01;
    uint8 private constant RECOGNISED = 0x04;
    uint8 private constant ELIGIBLE = 0x08;
    uint8 private constant BACKED_UP = 0x10;
    uint8 private constant HAS_KEY = 0x40;
    uint8 private constant HAS_EXTENSIONS = 0x80;

    /// @notice Reads the bytes of a passkey's signature and checks all but r and s
    /// @return isRight False for any bytes that no device and browser wrote for this digest
    function read(bytes calldata signature, bytes32 digest)
        internal
        pure
        returns (bool isRight, Assertion memory assertion)
    {
        (bytes calldata data, bytes calldata client) = _parts(signature);
        if (data.length == 0) return (false, assertion);
        bytes calldata host = _hostAsked(client, digest);
        if (host.length == 0) return (false, assertion);
        bytes32 hostHash = sha256(host);
        if (hostHash != bytes32(data[:32]) || !_isPresent(uint8(data[32]), data.length)) {
            return (false, assertion);
        }
        uint256 end = signature.length;
        assertion = Assertion({
            keyHash: keccak256(signature[1:KEY_END]),
            x: bytes32(signature[2:KEY_END]),
            r: bytes32(signature[end - 64:end - 32]),
            s: bytes32(signature[end - 32:]),
            hostHash: hostHash,
            message: sha256(bytes.concat(data, sha256(client)))
        });
        return (true, assertion);
    }

    /// @dev Authenticator data and client data; empty where the bytes have another form.
    function _parts(bytes calldata signature)
        private
        pure
        returns (bytes calldata data, bytes calldata client)
    {
        data = signature[:0];
        client = data;
        // The shortest: one byte of client data.
        if (signature.length < KEY_END + 2 + DATA_MIN + 2 + 1 + 64 || signature[0] != MARK) {
            return (data, client);
        }
        uint256 dataLength = uint16(bytes2(signature[KEY_END:KEY_END + 2]));
        uint256 dataEnd = KEY_END + 2 + dataLength;
        bool isWhole = dataLength >= DATA_MIN && dataLength <= DATA_MAX
            && dataEnd + 2 + 1 + 64 <= signature.length;
        if (!isWhole) return (data, client);
        uint256 clientLength = uint16(bytes2(signature[dataEnd:dataEnd + 2]));
        isWhole = clientLength != 0 && clientLength <= CLIENT_MAX
            && dataEnd + 2 + clientLength + 64 == signature.length;
        if (!isWhole) return (data, client);
        return (signature[KEY_END + 2:dataEnd], signature[dataEnd + 2:dataEnd + 2 + clientLength]);
    }

    /// @dev The host of the origin that asked for `digest`; empty where there is none.
    function _hostAsked(bytes calldata client, bytes32 digest)
        private
        pure
        returns (bytes calldata host)
    {
        host = client[:0];
        if (client.length <= ORIGIN_AT) return host;
        bytes memory start = bytes.concat(
            bytes(BEFORE_CHALLENGE),
            bytes(Base64.encodeURL(abi.encodePacked(digest))),
            bytes(BEFORE_ORIGIN)
        );
        if (keccak256(client[:ORIGIN_AT]) != keccak256(start)) return host;
        uint256 from = ORIGIN_AT;
        bool hasTls = _has(client, from, "https://");
        if (!hasTls && !_has(client, from, "http://")) return host;
        from += hasTls ? 8 : 7;
        uint256 to = from;
        while (to < client.length && _isOfHost(client[to])) ++to;
        if (to == from || to - from > HOST_MAX) return host;
        uint256 end = _portEnd(client, to);
        if (!_has(client, end, '"') || !_endsRightly(client[end + 1:])) return host;
        // By TLS, or on this machine.
        if (!hasTls && keccak256(client[from:to]) != keccak256("localhost")) return host;
        return client[from:to];
    }

    /// @dev Where a port ends that begins at `from`: there, if there is none.
    function _portEnd(bytes calldata client, uint256 from) private pure returns (uint256 end) {
        if (!_has(client, from, ":")) return from;
        end = from + 1;
        while (end < client.length && end - from <= 5 && _isDigit(client[end])) ++end;
        bool isPort = end > from + 1 && client[from + 1] != "0";
        return isPort ? end : from;
    }

    /// @dev In nobody's frame. Browsers add members behind this one, in an order nobody compares.
    function _endsRightly(bytes calldata rest) private pure returns (bool) {
        uint256 length = rest.length;
        if (length == 0 || rest[length - 1] != "}") return false;
        if (length == 1) return true;
        if (length <= NO_FRAME_LENGTH || !_has(rest, 0, bytes(NO_FRAME))) return false;
        if (length == NO_FRAME_LENGTH + 1) return true;
        if (rest[NO_FRAME_LENGTH] != ",") return false;
        for (uint256 i = NO_FRAME_LENGTH + 1; i < length; ++i) {
            // No printable character of ASCII.
            if (rest[i] < 0x20 || rest[i] > 0x7e) return false;
        }
        return true;
    }

    function _isPresent(uint8 flags, uint256 length) private pure returns (bool) {
        return flags & (PRESENT | RECOGNISED) == PRESENT | RECOGNISED && flags & HAS_KEY == 0
            && flags & (ELIGIBLE | BACKED_UP) != BACKED_UP
            && (flags & HAS_EXTENSIONS != 0) == (length > DATA_MIN);
    }

    function _has(bytes calldata text, uint256 from, bytes memory part)
        private
        pure
        returns (bool)
    {
        uint256 end = from + part.length;
        return end <= text.length && keccak256(text[from:end]) == keccak256(part);
    }

    function _isOfHost(bytes1 character) private pure returns (bool) {
        return (character >= "a" && character <= "z") || _isDigit(character) || character == "."
            || character == "-";
    }

    function _isDigit(bytes1 character) private pure returns (bool) {
        return character >= "0" && character <= "9";
    }
}
