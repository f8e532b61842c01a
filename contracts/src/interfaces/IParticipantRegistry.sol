// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @title Participants of one market and the index of their accounts
/// @notice Account 0 is `rounding`, 1 is `fees`, 2 is `guarantee`; they belong to the operator.
/// Participants follow from 3 without gaps, in the order of their admission. An index is never used
/// for another participant. Nothing here names a person: an address and the hash of a key.
interface IParticipantRegistry {
    /// @notice Thrown when the caller is not the authority (or not the one that was offered it)
    error RegistryUnauthorized(address caller);

    /// @notice Thrown when `account` is neither the next free index nor admitted with this content
    error RegistryAccountNotNext(uint32 account, uint32 next);

    /// @notice Thrown when `account` does not exist, or is a system account that cannot be changed
    error RegistryUnknownParticipant(uint32 account);

    /// @notice Thrown when `owner` is zero or the operator's own address
    error RegistryInvalidOwner(address owner);

    /// @notice Thrown when `owner` has an account already
    error RegistryOwnerTaken(address owner, uint32 account);

    /// @notice Thrown when the hash of a key is zero
    error RegistryInvalidKeyHash(uint32 account);

    /// @notice Thrown when the lists of a batch differ in length
    error RegistryLengthMismatch(uint256 owners, uint256 keyHashes);

    /// @notice Emitted once per participant, when its account exists
    event ParticipantAdmitted(uint32 indexed account, address indexed owner, bytes32 keyHash);

    /// @notice Emitted when a participant may no longer trade. Its money still settles and leaves.
    event ParticipantSuspended(uint32 indexed account);

    /// @notice Emitted when a suspended participant may trade again
    event ParticipantReinstated(uint32 indexed account);

    /// @notice Emitted when an account was given another owner and key
    event ParticipantKeyReplaced(uint32 indexed account, address indexed owner, bytes32 keyHash);

    /// @notice Emitted when the authority was offered to `candidate`, who has yet to accept
    event AuthorityOffered(address indexed candidate);

    /// @notice Emitted when the authority passed from `former` to `current`
    event AuthorityTransferred(address indexed former, address indexed current);

    /// @notice Admits a participant under the next free index
    /// @dev With the content of an account that exists, it changes and emits nothing, so that a
    /// caller that lost a receipt may ask again.
    /// @param account The index expected for it: the current `accountCount()`
    /// @param owner The address that signs for it and receives its money
    /// @param keyHash keccak256 of its compressed secp256k1 public key (33 bytes)
    /// @return admitted False if this very participant was there before
    function admit(uint32 account, address owner, bytes32 keyHash) external returns (bool admitted);

    /// @notice Admits participants `first`, `first + 1`, …, all or none; each as `admit` would
    /// @return admitted How many were not there before
    function admitMany(uint32 first, address[] calldata owners, bytes32[] calldata keyHashes)
        external
        returns (uint256 admitted);

    /// @notice Takes a participant out of trading. No effect if it is suspended already.
    function suspend(uint32 account) external;

    /// @notice Lets a suspended participant trade again. No effect if it is active already.
    function reinstate(uint32 account) external;

    /// @notice Gives `account` another owner and key, when a key was lost or stolen
    /// @dev The former owner's address is free afterwards. What the former owner signed and was not
    /// executed is void, because signatures are checked against the current owner.
    function replaceKey(uint32 account, address owner, bytes32 keyHash) external;

    /// @notice Offers the authority to `candidate`; the current one stays until it is accepted.
    /// Offering it to the zero address takes an offer back.
    function offerAuthority(address candidate) external;

    /// @notice Takes over the authority that was offered to the caller
    function acceptAuthority() external;

    /// @notice Who admits, suspends and replaces keys
    function authority() external view returns (address);

    /// @notice Who was offered the authority and has not accepted, or zero
    function offeredAuthority() external view returns (address);

    /// @notice The market's operator, owner of the system accounts
    function operator() external view returns (address);

    /// @notice The number of accounts, system accounts included: the next free index
    function accountCount() external view returns (uint32);

    /// @notice The participant account of `owner`, or 0 if it has none (no participant is account
    /// 0)
    function accountOf(address owner) external view returns (uint32);

    /// @notice The owner of `account`, or zero if there is no such account
    function ownerOf(uint32 account) external view returns (address);

    /// @notice keccak256 of the compressed public key of `account`, zero for system accounts
    function keyHashOf(uint32 account) external view returns (bytes32);

    /// @notice Whether `account` exists and is not suspended
    function isActive(uint32 account) external view returns (bool);
}
