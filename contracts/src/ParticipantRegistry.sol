// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";

/// @title Participant registry
/// @dev The authority can be handed over in two steps. It is a body that outlives its keys, and the
/// balances of the ClearingHouse hang on this index: were the key fixed, losing it would end
/// admission and suspension for good. Two steps, so that a mistyped address cannot end them either.
/// The operator is fixed: it owns the system accounts, and the ClearingHouse reads it from here.
/// @custom:invariant invariant_accountsAreWithoutGaps: accounts are 0, 1, 2, … and stay.
/// @custom:invariant invariant_oneAddressOneAccount: an address owns one participant account at
/// most.
contract ParticipantRegistry is IParticipantRegistry {
    struct Participant {
        address owner;
        bool suspended;
        bytes32 keyHash;
    }

    /// @dev `rounding`, `fees` and `guarantee`.
    uint32 private constant SYSTEM_ACCOUNTS = 3;

    /// @inheritdoc IParticipantRegistry
    address public immutable operator;

    address private _authority;
    address private _offeredAuthority;
    Participant[] private _participants;
    mapping(address owner => uint32 account) private _accounts;

    modifier onlyAuthority() {
        if (msg.sender != _authority) revert RegistryUnauthorized(msg.sender);
        _;
    }

    constructor(address authority_, address operator_) {
        if (authority_ == address(0)) revert RegistryInvalidOwner(authority_);
        if (operator_ == address(0)) revert RegistryInvalidOwner(operator_);
        operator = operator_;
        _authority = authority_;
        for (uint32 account = 0; account < SYSTEM_ACCOUNTS; ++account) {
            _participants.push(
                Participant({owner: operator_, suspended: false, keyHash: bytes32(0)})
            );
            emit ParticipantAdmitted(account, operator_, bytes32(0));
        }
        emit AuthorityTransferred(address(0), authority_);
    }

    /// @inheritdoc IParticipantRegistry
    function admit(uint32 account, address owner, bytes32 keyHash)
        external
        onlyAuthority
        returns (bool admitted)
    {
        return _admit(account, owner, keyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function admitMany(uint32 first, address[] calldata owners, bytes32[] calldata keyHashes)
        external
        onlyAuthority
        returns (uint256 admitted)
    {
        if (owners.length != keyHashes.length) {
            revert RegistryLengthMismatch(owners.length, keyHashes.length);
        }
        for (uint256 i = 0; i < owners.length; ++i) {
            // Beyond uint32 it wraps to an account that exists, which is never the next one.
            uint32 account = uint32(first + i);
            if (_admit(account, owners[i], keyHashes[i])) ++admitted;
        }
    }

    /// @inheritdoc IParticipantRegistry
    function suspend(uint32 account) external onlyAuthority {
        Participant storage participant = _participant(account);
        if (participant.suspended) return;
        participant.suspended = true;
        emit ParticipantSuspended(account);
    }

    /// @inheritdoc IParticipantRegistry
    function reinstate(uint32 account) external onlyAuthority {
        Participant storage participant = _participant(account);
        if (!participant.suspended) return;
        participant.suspended = false;
        emit ParticipantReinstated(account);
    }

    /// @inheritdoc IParticipantRegistry
    function replaceKey(uint32 account, address owner, bytes32 keyHash) external onlyAuthority {
        Participant storage participant = _participant(account);
        address former = participant.owner;
        if (owner != former) {
            _requireFree(owner);
            delete _accounts[former];
            _accounts[owner] = account;
            participant.owner = owner;
        }
        if (keyHash == bytes32(0)) revert RegistryInvalidKeyHash(account);
        participant.keyHash = keyHash;
        emit ParticipantKeyReplaced(account, owner, keyHash);
    }

    /// @inheritdoc IParticipantRegistry
    function offerAuthority(address candidate) external onlyAuthority {
        // Zero takes an offer back.
        // slither-disable-next-line missing-zero-check
        _offeredAuthority = candidate;
        emit AuthorityOffered(candidate);
    }

    /// @inheritdoc IParticipantRegistry
    function acceptAuthority() external {
        if (msg.sender != _offeredAuthority) revert RegistryUnauthorized(msg.sender);
        address former = _authority;
        _authority = msg.sender;
        delete _offeredAuthority;
        emit AuthorityTransferred(former, msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function authority() external view returns (address) {
        return _authority;
    }

    /// @inheritdoc IParticipantRegistry
    function offeredAuthority() external view returns (address) {
        return _offeredAuthority;
    }

    /// @inheritdoc IParticipantRegistry
    function accountCount() external view returns (uint32) {
        return _count();
    }

    /// @inheritdoc IParticipantRegistry
    function accountOf(address owner) external view returns (uint32) {
        return _accounts[owner];
    }

    /// @inheritdoc IParticipantRegistry
    function ownerOf(uint32 account) external view returns (address) {
        return account < _participants.length ? _participants[account].owner : address(0);
    }

    /// @inheritdoc IParticipantRegistry
    function keyHashOf(uint32 account) external view returns (bytes32) {
        return account < _participants.length ? _participants[account].keyHash : bytes32(0);
    }

    /// @inheritdoc IParticipantRegistry
    function isActive(uint32 account) external view returns (bool) {
        return account < _participants.length && !_participants[account].suspended;
    }

    function _admit(uint32 account, address owner, bytes32 keyHash) private returns (bool) {
        uint32 next = _count();
        if (account < next) {
            Participant storage known = _participants[account];
            bool same =
                account >= SYSTEM_ACCOUNTS && known.owner == owner && known.keyHash == keyHash;
            if (same) return false;
        }
        if (account != next || next == type(uint32).max) {
            revert RegistryAccountNotNext(account, next);
        }
        if (keyHash == bytes32(0)) revert RegistryInvalidKeyHash(account);
        _requireFree(owner);

        _accounts[owner] = account;
        _participants.push(Participant({owner: owner, suspended: false, keyHash: keyHash}));
        emit ParticipantAdmitted(account, owner, keyHash);
        return true;
    }

    function _requireFree(address owner) private view {
        // The operator already owns three accounts; as a participant it would be its own
        // counterparty.
        if (owner == address(0) || owner == operator) revert RegistryInvalidOwner(owner);
        uint32 taken = _accounts[owner];
        if (taken != 0) revert RegistryOwnerTaken(owner, taken);
    }

    function _participant(uint32 account) private view returns (Participant storage) {
        if (account < SYSTEM_ACCOUNTS || account >= _participants.length) {
            revert RegistryUnknownParticipant(account);
        }
        return _participants[account];
    }

    function _count() private view returns (uint32) {
        // `_admit` stops at the largest uint32.
        return uint32(_participants.length);
    }
}
