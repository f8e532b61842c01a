// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IAccountKeys} from "../../src/interfaces/IAccountKeys.sol";
import {Market} from "../support/Market.sol";
import {Passkeys} from "../support/Passkeys.sol";
import {Withdrawals} from "../support/Withdrawals.sol";

/// @dev A market in which passkeys are admitted and revoked, keys replaced and money asked for by
/// passkeys in any order, to anybody, on any page. The handler keeps a plain list of what each
/// passkey may, and pays by it in its own books.
contract AccountKeysHandler is Market {
    enum State {
        Unknown,
        Admitted,
        Revoked
    }

    uint32 public constant ACCOUNTS = 6;
    uint256 public constant DEVICES = 3;
    uint256 private constant DEVICE = 0x5000;
    string private constant HOST = "busbar.example";

    mapping(uint32 account => mapping(uint256 device => State state)) public states;
    mapping(uint32 account => address owner) public owners;
    mapping(uint32 account => uint256 balance) public books;
    /// @dev What passkeys have had paid to each address.
    mapping(address to => uint256 paid) public paidTo;
    address[] public receivers;
    uint128 private _ids;
    uint256 private _newKeys;

    constructor() {
        setUp();
        _admit(ACCOUNTS - FIRST);
        _fundMany(0, ACCOUNTS, 1_000);
        _commit(INTERVAL);
        for (uint32 account = FIRST; account < ACCOUNTS; ++account) {
            owners[account] = _owner(account);
            receivers.push(_owner(account));
        }
        for (uint32 account = 0; account < ACCOUNTS; ++account) {
            books[account] = 1_000;
        }
    }

    function theHouse() external view returns (ClearingHouse) {
        return house;
    }

    function receiverCount() external view returns (uint256) {
        return receivers.length;
    }

    function balanceOf(address holder) external view returns (uint256) {
        return token.balanceOf(holder);
    }

    function keyHashOf(uint256 device) external pure returns (bytes32) {
        return Passkeys.keyHashOf(DEVICE + device);
    }

    function admit(uint32 account, uint256 device) external {
        (account, device) = (_any(account), device % DEVICES);
        (bytes32 x, bytes32 y) = Passkeys.pointOf(DEVICE + device);
        bytes32 hostHash = sha256(bytes(HOST));
        State before = states[account][device];
        IAccountKeys keys = house.accountKeys();
        vm.prank(authority);
        try keys.admitPasskey(account, x, y, hostHash) returns (bool admitted) {
            _assertTrue(before != State.Revoked, "one that was revoked came back");
            _assertTrue(admitted == (before == State.Unknown), "admitted once");
            states[account][device] = State.Admitted;
        } catch {
            _assertTrue(before == State.Revoked, "one was refused");
        }
    }

    function revoke(uint32 account, uint256 device) external {
        (account, device) = (_any(account), device % DEVICES);
        bytes32 keyHash = Passkeys.keyHashOf(DEVICE + device);
        State before = states[account][device];
        IAccountKeys keys = house.accountKeys();
        vm.prank(authority);
        try keys.revokePasskey(account, keyHash) returns (bool revoked) {
            _assertTrue(revoked == (before == State.Admitted), "revoked once");
            states[account][device] = State.Revoked;
        } catch {
            _assertTrue(before == State.Unknown, "one was not revoked");
        }
    }

    function replaceKey(uint32 account) external {
        account = _any(account);
        address owner = vm.addr(0x900000 + ++_newKeys);
        vm.prank(authority);
        registry.replaceKey(account, owner, "key");
        owners[account] = owner;
        receivers.push(owner);
    }

    function withdraw(uint32 account, uint256 device, uint64 amount, uint256 to, uint256 page)
        external
    {
        (account, device) = (_any(account), device % DEVICES);
        amount = uint64(_bound(amount, 1, books[account] + 10));
        // Most often the owner.
        address receiver = to % 3 == 0 ? receivers[(to / 3) % receivers.length] : owners[account];
        bytes16 id = bytes16(++_ids);
        bytes32 digest = Withdrawals.digest(house, id, account, amount, receiver);
        string memory host = page % 4 == 0 ? "busbar.example.evil.com" : HOST;
        bytes memory signature =
            Passkeys.sign(DEVICE + device, digest, host, string.concat("https://", host));
        bool mayBe = states[account][device] == State.Admitted && receiver == owners[account]
            && page % 4 != 0 && amount <= books[account];
        vm.prank(operator);
        try house.withdraw(id, account, amount, receiver, signature) {
            _assertTrue(mayBe, "a withdrawal went out");
            books[account] -= amount;
            paidTo[receiver] += amount;
        } catch {
            _assertFalse(mayBe, "a withdrawal was refused");
        }
    }

    function _any(uint32 account) private pure returns (uint32) {
        return uint32(_bound(account, FIRST, ACCOUNTS - 1));
    }
}
