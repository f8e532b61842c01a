// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IParticipantRegistry} from "./IParticipantRegistry.sol";

/// @title Whose signature lets money leave an account
/// @notice The registered key of an account, which the ParticipantRegistry knows by its address,
/// and passkeys (WebAuthn, P-256) that the registry's authority admits for it.
///
/// A passkey sends money to the owner's own address and nowhere else. So who admits one gains
/// nothing by it: the authority can replace the key itself, and whoever takes a phone can bring the
/// owner's money to the owner.
///
/// The chain takes of a passkey just what the exchange takes, byte for byte, so that nothing the
/// exchange has booked is refused here, and nothing is paid here that it would not have booked.
interface IAccountKeys {
    /// @notice Thrown when the caller is not the registry's authority
    error AccountKeysUnauthorized(address caller);

    /// @notice Thrown when `account` does not exist, or is a system account: those have no passkeys
    error AccountKeysUnknownParticipant(uint32 account);

    /// @notice Thrown when (`x`, `y`) is no point of the curve, or no host is given
    error AccountKeysInvalidPasskey(bytes32 x, bytes32 y, bytes32 hostHash);

    /// @notice Thrown when the account has had this passkey for another host, or it was revoked
    error AccountKeysPasskeyTaken(uint32 account, bytes32 keyHash);

    /// @notice Thrown when the account has never had this passkey
    error AccountKeysUnknownPasskey(uint32 account, bytes32 keyHash);

    /// @notice Emitted when money may leave `account` by this passkey
    event PasskeyAdmitted(uint32 indexed account, bytes32 indexed keyHash, bytes32 hostHash);

    /// @notice Emitted when money may leave `account` by this passkey no longer
    event PasskeyRevoked(uint32 indexed account, bytes32 indexed keyHash);

    /// @notice Lets a passkey send the account's money to its owner. Only the authority.
    /// @dev A passkey that is there with the same host changes and emits nothing, so that a caller
    /// that lost a receipt may ask again. One that was revoked never comes back.
    /// @param x, y The point of P-256
    /// @param hostHash SHA-256 of the host whose pages it signs on
    /// @return admitted False if it was there before
    function admitPasskey(uint32 account, bytes32 x, bytes32 y, bytes32 hostHash)
        external
        returns (bool admitted);

    /// @notice Takes that away, for good. Only the authority.
    /// @param keyHash Keccak-256 of the compressed key, 33 bytes
    /// @return revoked False if it was revoked before
    function revokePasskey(uint32 account, bytes32 keyHash) external returns (bool revoked);

    /// @notice Whether `signature` over `digest` lets money of `account` go to `to`
    /// @dev 65 bytes (r ‖ s ‖ v, s in the lower half) are the registered key's, which may send it
    /// anywhere. More, beginning with 0x50, are a passkey's, as docs/concepts/passkeys.md says:
    /// `50 ‖ key (33) ‖ length (2) ‖ authenticator data ‖ length (2) ‖ client data ‖ r ‖ s`. All
    /// else is false. Nothing reverts.
    function mayRelease(uint32 account, address to, bytes32 digest, bytes calldata signature)
        external
        view
        returns (bool);

    /// @notice Whether money may leave `account` by the passkey now
    function isAdmitted(uint32 account, bytes32 keyHash) external view returns (bool);

    /// @notice SHA-256 of the host whose pages the passkey signs on: zero if it is not admitted
    function hostHashOf(uint32 account, bytes32 keyHash) external view returns (bytes32);

    function registry() external view returns (IParticipantRegistry);
}
