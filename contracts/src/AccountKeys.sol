// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {IAccountKeys} from "./interfaces/IAccountKeys.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Assertions} from "./libraries/Assertions.sol";

/// @title Account keys
/// @dev Created by the ClearingHouse in its constructor, which asks it before it pays what the
/// operator brings. It holds no money and calls nobody but the registry and the precompiles.
///
/// P-256 is checked by the precompile at 0x100 (EIP-7951), and where a network has none by the same
/// in Solidity, for some 200,000 gas more.
/// @custom:invariant invariant_passkeysPayOwnersOnly: what a passkey signs goes to the owner.
/// @custom:invariant invariant_revokedPasskeysStayRevoked: and never pay again.
contract AccountKeys is IAccountKeys {
    /// @dev A `y` of zero: never admitted, as no point of the curve has it. A `hostHash` of zero
    /// with another `y`: revoked.
    struct Passkey {
        bytes32 y;
        bytes32 hostHash;
    }

    uint32 private constant SYSTEM_ACCOUNTS = 3; // rounding, fees and guarantee
    uint256 private constant ECDSA_LENGTH = 65;

    /// @inheritdoc IAccountKeys
    IParticipantRegistry public immutable registry;

    mapping(uint32 account => mapping(bytes32 keyHash => Passkey passkey)) private _passkeys;

    modifier onlyAuthority() {
        if (msg.sender != registry.authority()) revert AccountKeysUnauthorized(msg.sender);
        _;
    }

    constructor(IParticipantRegistry registry_) {
        registry = registry_;
    }

    /// @inheritdoc IAccountKeys
    function admitPasskey(uint32 account, bytes32 x, bytes32 y, bytes32 hostHash)
        external
        onlyAuthority
        returns (bool admitted)
    {
        if (account < SYSTEM_ACCOUNTS || registry.ownerOf(account) == address(0)) {
            revert AccountKeysUnknownParticipant(account);
        }
        if (hostHash == bytes32(0) || !P256.isValidPublicKey(x, y)) {
            revert AccountKeysInvalidPasskey(x, y, hostHash);
        }
        bytes32 keyHash = keccak256(abi.encodePacked(uint8(2) + uint8(uint256(y) & 1), x));
        Passkey storage known = _passkeys[account][keyHash];
        if (known.y != bytes32(0)) {
            if (known.hostHash == hostHash) return false;
            revert AccountKeysPasskeyTaken(account, keyHash);
        }
        _passkeys[account][keyHash] = Passkey({y: y, hostHash: hostHash});
        emit PasskeyAdmitted(account, keyHash, hostHash);
        return true;
    }

    /// @inheritdoc IAccountKeys
    function revokePasskey(uint32 account, bytes32 keyHash)
        external
        onlyAuthority
        returns (bool revoked)
    {
        Passkey storage known = _passkeys[account][keyHash];
        if (known.y == bytes32(0)) revert AccountKeysUnknownPasskey(account, keyHash);
        if (known.hostHash == bytes32(0)) return false;
        delete known.hostHash;
        emit PasskeyRevoked(account, keyHash);
        return true;
    }

    /// @inheritdoc IAccountKeys
    function mayRelease(uint32 account, address to, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool)
    {
        address owner = registry.ownerOf(account);
        if (signature.length == ECDSA_LENGTH) {
            // What is left out only says more about a failure.
            // slither-disable-next-line unused-return
            (address signer, ECDSA.RecoverError failure,) = ECDSA.tryRecover(digest, signature);
            return failure == ECDSA.RecoverError.NoError && signer == owner;
        }
        return to == owner && _isByPasskey(account, digest, signature);
    }

    /// @inheritdoc IAccountKeys
    function isAdmitted(uint32 account, bytes32 keyHash) external view returns (bool) {
        return _passkeys[account][keyHash].hostHash != bytes32(0);
    }

    /// @inheritdoc IAccountKeys
    function hostHashOf(uint32 account, bytes32 keyHash) external view returns (bytes32) {
        return _passkeys[account][keyHash].hostHash;
    }

    function _isByPasskey(uint32 account, bytes32 digest, bytes calldata signature)
        private
        view
        returns (bool)
    {
        (bool isRight, Assertions.Assertion memory assertion) = Assertions.read(signature, digest);
        if (!isRight) return false;
        Passkey memory passkey = _passkeys[account][assertion.keyHash];
        if (passkey.hostHash != assertion.hostHash) return false;
        return P256.verify(assertion.message, assertion.r, assertion.s, assertion.x, passkey.y);
    }
}
