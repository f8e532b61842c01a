// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IAccountKeys} from "../src/interfaces/IAccountKeys.sol";
import {Market} from "./support/Market.sol";
import {Passkeys} from "./support/Passkeys.sol";

/// @dev Goal: money leaves by the registered key or by a passkey that the authority admitted, which
/// sends it to the owner alone; and the chain takes of a passkey just what the exchange takes.
/// Method: tables by hand; signatures that TypeScript made, each with its judgement; every bit of
/// one of them turned; devices by chance.
contract AccountKeysTest is Market {
    uint256 private constant PHONE = 0x1234;
    string private constant HOST = "busbar.example";
    string private constant ORIGIN = "https://busbar.example";
    bytes32 private constant DIGEST = keccak256("digest");

    IAccountKeys private _keys;
    string private _vectors;

    function setUp() public override {
        super.setUp();
        _admit(3);
        _keys = house.accountKeys();
        _vectors = vm.readFile("test/support/passkey-vectors.json");
    }

    function test_registry_isTheHouses() public view {
        _assertEq(address(_keys.registry()), address(registry), "registry");
    }

    function test_registeredKey_sendsAnywhere() public view {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEYS, DIGEST);
        bytes memory signature = abi.encodePacked(r, s, v);
        _assertTrue(_may(3, address(0xbeef), signature), "to another");
        _assertTrue(_may(3, _owner(3), signature), "to itself");
        _assertFalse(_may(4, _owner(4), signature), "of another account");
        _assertFalse(_may(6, address(0), signature), "of no account");
        _assertFalse(_may(3, _owner(3), abi.encodePacked(r, s)), "without v");
        _assertFalse(_may(3, _owner(3), abi.encodePacked(r, s, v, v)), "and a byte");
        _assertFalse(_may(6, address(0), new bytes(65)), "of nobody");
    }

    function test_passkey_sendsToTheOwnerAlone() public {
        _admitPhone(3);
        bytes memory signature = Passkeys.sign(PHONE, DIGEST, HOST, ORIGIN);
        _assertTrue(_may(3, _owner(3), signature), "to the owner");
        _assertFalse(_may(3, address(0xbeef), signature), "to another");
        _assertFalse(_may(3, _owner(4), signature), "to another participant");
        _assertFalse(_may(4, _owner(4), signature), "of another account");
        _assertFalse(
            _keys.mayRelease(3, _owner(3), keccak256("other"), signature), "over another digest"
        );
        vm.prank(authority);
        registry.replaceKey(3, address(77), "key");
        _assertTrue(_may(3, address(77), signature), "to the new address");
        _assertFalse(_may(3, vm.addr(KEYS), signature), "to the former address");
    }

    function test_admitPasskey_isDoneOnce() public {
        _assertFalse(_keys.isAdmitted(3, Passkeys.keyHashOf(PHONE)), "not yet");
        (bytes32 x, bytes32 y) = Passkeys.pointOf(PHONE);
        bytes32 host = sha256(bytes(HOST));
        vm.expectEmit();
        emit IAccountKeys.PasskeyAdmitted(3, Passkeys.keyHashOf(PHONE), host);
        vm.prank(authority);
        _assertTrue(_keys.admitPasskey(3, x, y, host), "admitted");
        _assertTrue(_keys.isAdmitted(3, Passkeys.keyHashOf(PHONE)), "admitted");
        _assertEq(_keys.hostHashOf(3, Passkeys.keyHashOf(PHONE)), sha256(bytes(HOST)), "its host");
        vm.recordLogs();
        _assertFalse(_admitPhone(3), "again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        bytes32 other = sha256("other.example");
        _expectTaken();
        vm.prank(authority);
        _keys.admitPasskey(3, x, y, other);
    }

    function test_revokePasskey_isForGood() public {
        _admitPhone(3);
        bytes memory signature = Passkeys.sign(PHONE, DIGEST, HOST, ORIGIN);
        vm.expectEmit();
        emit IAccountKeys.PasskeyRevoked(3, Passkeys.keyHashOf(PHONE));
        _assertTrue(_revoke(3), "revoked");
        _assertFalse(_may(3, _owner(3), signature), "pays no more");
        _assertFalse(_keys.isAdmitted(3, Passkeys.keyHashOf(PHONE)), "revoked");
        vm.recordLogs();
        _assertFalse(_revoke(3), "again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        (bytes32 x, bytes32 y) = Passkeys.pointOf(PHONE);
        bytes32 host = sha256(bytes(HOST));
        _expectTaken();
        vm.prank(authority);
        _keys.admitPasskey(3, x, y, host);
    }

    function test_revokePasskey_revertsForOneThatNeverWas() public {
        bytes32 keyHash = Passkeys.keyHashOf(PHONE);
        vm.expectRevert(
            abi.encodeWithSelector(IAccountKeys.AccountKeysUnknownPasskey.selector, 3, keyHash)
        );
        _revoke(3);
    }

    function test_passkeys_areTheAuthoritysToAdmit() public {
        (bytes32 x, bytes32 y) = Passkeys.pointOf(PHONE);
        (bytes32 host, bytes32 keyHash) = (sha256(bytes(HOST)), Passkeys.keyHashOf(PHONE));
        address[3] memory others = [operator, _owner(3), address(this)];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory refusal =
                abi.encodeWithSelector(IAccountKeys.AccountKeysUnauthorized.selector, others[i]);
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            _keys.admitPasskey(3, x, y, host);
            vm.expectRevert(refusal);
            vm.prank(others[i]);
            _keys.revokePasskey(3, keyHash);
        }
        vm.prank(authority);
        registry.offerAuthority(address(this));
        registry.acceptAuthority();
        _assertTrue(_keys.admitPasskey(3, x, y, host), "by the new one");
    }

    function test_admitPasskey_revertsForWhatIsNone() public {
        (bytes32 x, bytes32 y) = Passkeys.pointOf(PHONE);
        bytes32 host = sha256(bytes(HOST));
        _expectInvalid(x, bytes32(uint256(y) ^ 1), host);
        _expectInvalid(bytes32(0), bytes32(0), host);
        _expectInvalid(bytes32(type(uint256).max), y, host);
        _expectInvalid(x, y, bytes32(0));
        uint32[4] memory accounts = [uint32(0), 2, 6, type(uint32).max];
        for (uint256 i = 0; i < accounts.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IAccountKeys.AccountKeysUnknownParticipant.selector, accounts[i]
                )
            );
            vm.prank(authority);
            _keys.admitPasskey(accounts[i], x, y, host);
        }
    }

    /// @dev What the exchange says of each, the chain says.
    function test_vectors_areJudgedAsByTheExchange() public {
        _admitVectors();
        bytes[] memory signatures = vm.parseJsonBytesArray(_vectors, ".signatures");
        bytes32[] memory right = vm.parseJsonBytes32Array(_vectors, ".right");
        string[] memory names = vm.parseJsonStringArray(_vectors, ".names");
        bytes32 digest = vm.parseJsonBytes32(_vectors, ".digest");
        _assertEq(signatures.length, right.length, "as many");
        uint256 taken = 0;
        for (uint256 i = 0; i < signatures.length; ++i) {
            bool may = _keys.mayRelease(3, _owner(3), digest, signatures[i]);
            _assertEq(may ? 1 : 0, uint256(right[i]), names[i]);
            if (may) ++taken;
        }
        _assertTrue(taken >= 10 && taken < signatures.length - 60, "of both kinds");
    }

    function test_vectors_areRefusedWithAnyBitTurned() public {
        _admitVectors();
        bytes memory signature = vm.parseJsonBytesArray(_vectors, ".signatures")[0];
        bytes32 digest = vm.parseJsonBytes32(_vectors, ".digest");
        address owner = _owner(3);
        _assertTrue(_keys.mayRelease(3, owner, digest, signature), "as it was");
        for (uint256 bit = 0; bit < signature.length * 8; ++bit) {
            bytes1 turned = bytes1(uint8(1 << (bit % 8)));
            signature[bit / 8] ^= turned;
            _assertFalse(_keys.mayRelease(3, owner, digest, signature), "a bit turned");
            signature[bit / 8] ^= turned;
        }
    }

    function testFuzz_passkey_ofAnyDeviceIsTakenForItsDigestAlone(
        uint256 key,
        bytes32 digest,
        bytes32 other,
        uint16 port,
        uint256 extensions
    ) public {
        key = _bound(key, 1, 2 ** 255);
        _admitFor(3, key, HOST);
        bytes memory data = abi.encodePacked(
            sha256(bytes(HOST)), uint8(0x9d), uint32(0), new bytes(_bound(extensions, 1, 475))
        );
        string memory origin =
            port == 0 ? ORIGIN : string.concat(ORIGIN, ":", vm.toString(uint256(port)));
        bytes memory client = Passkeys.clientData(digest, origin, "}");
        bytes memory signature = Passkeys.signParts(key, data, client);
        _assertTrue(_keys.mayRelease(3, _owner(3), digest, signature), "its digest");
        vm.assume(other != digest);
        _assertFalse(_keys.mayRelease(3, _owner(3), other, signature), "another");
    }

    function testFuzz_passkey_isNoneOfAnyOtherBytes(
        bytes memory junk,
        uint256 place,
        bytes1 change
    ) public {
        _admitPhone(3);
        _assertFalse(_may(3, _owner(3), junk), "junk");
        _assertFalse(_may(3, _owner(3), bytes.concat(hex"50", junk)), "junk that is marked");
        bytes memory signature = Passkeys.sign(PHONE, DIGEST, HOST, ORIGIN);
        place = _bound(place, 0, signature.length - 1);
        vm.assume(change != 0);
        signature[place] ^= change;
        _assertFalse(_may(3, _owner(3), signature), "a byte changed");
    }

    /// @dev An origin is taken if it is https, the host, and perhaps a port: whatever stands there.
    function testFuzz_passkey_isTakenOnItsHostsPagesAlone(string memory behind) public {
        _admitPhone(3);
        bytes memory text = bytes(behind);
        vm.assume(text.length != 0 && text.length < 200 && !_isPort(text));
        bytes memory signature = Passkeys.sign(PHONE, DIGEST, HOST, string.concat(ORIGIN, behind));
        _assertFalse(_may(3, _owner(3), signature), behind);
    }

    /// @dev The precompile answers, and it is what is asked: Solidity alone would take far more.
    function test_precompile_isThereAndUsed() public {
        _admitPhone(3);
        bytes memory signature = Passkeys.sign(PHONE, DIGEST, HOST, ORIGIN);
        (uint256 withIt, bool may) = _measured(signature);
        _assertTrue(may, "taken");
        vm.assertLe(withIt, 70_000, "gas with the precompile");
        // A network without one answers every call to the address with nothing.
        vm.mockCall(address(0x100), "", "");
        uint256 without;
        (without, may) = _measured(signature);
        _assertTrue(may, "taken without it");
        vm.assertGe(without, withIt + 100_000, "gas without");
        vm.assertLe(without, 700_000, "gas without");
        signature[signature.length - 1] ^= 0x01;
        _assertFalse(_may(3, _owner(3), signature), "a wrong one without it");
    }

    function _measured(bytes memory signature) private view returns (uint256 gasUsed, bool may) {
        may = _may(3, _owner(3), signature);
        gasUsed = vm.lastCallGas().gasTotalUsed;
    }

    /// @dev Written apart from what it checks: a colon, and 1 to 99999 without zeros before it. A
    /// quote would end the origin.
    function _isPort(bytes memory text) private pure returns (bool) {
        if (text[0] == '"') return true;
        if (text[0] != ":" || text.length < 2 || text[1] == "0") return false;
        for (uint256 i = 1; i < text.length; ++i) {
            if (text[i] == '"') return i > 1 && i <= 6;
            if (text[i] < "0" || text[i] > "9") return false;
        }
        return text.length <= 6;
    }

    function _admitVectors() private {
        bytes32[] memory phone = vm.parseJsonBytes32Array(_vectors, ".phone");
        bytes32[] memory home = vm.parseJsonBytes32Array(_vectors, ".home");
        vm.startPrank(authority);
        _keys.admitPasskey(3, phone[0], phone[1], phone[2]);
        _keys.admitPasskey(3, home[0], home[1], home[2]);
        vm.stopPrank();
    }

    function _admitPhone(uint32 account) private returns (bool) {
        return _admitFor(account, PHONE, HOST);
    }

    function _admitFor(uint32 account, uint256 key, string memory host) private returns (bool) {
        (bytes32 x, bytes32 y) = Passkeys.pointOf(key);
        // A hash is a call of a precompile: made before the call that is meant.
        bytes32 hostHash = sha256(bytes(host));
        vm.prank(authority);
        return _keys.admitPasskey(account, x, y, hostHash);
    }

    function _revoke(uint32 account) private returns (bool) {
        bytes32 keyHash = Passkeys.keyHashOf(PHONE);
        vm.prank(authority);
        return _keys.revokePasskey(account, keyHash);
    }

    function _may(uint32 account, address to, bytes memory signature) private view returns (bool) {
        return _keys.mayRelease(account, to, DIGEST, signature);
    }

    function _expectTaken() private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IAccountKeys.AccountKeysPasskeyTaken.selector, 3, Passkeys.keyHashOf(PHONE)
            )
        );
    }

    function _expectInvalid(bytes32 x, bytes32 y, bytes32 hostHash) private {
        vm.expectRevert(
            abi.encodeWithSelector(IAccountKeys.AccountKeysInvalidPasskey.selector, x, y, hostHash)
        );
        vm.prank(authority);
        _keys.admitPasskey(3, x, y, hostHash);
    }
}
