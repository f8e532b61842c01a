// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {Deltas} from "../support/Deltas.sol";
import {Market} from "../support/Market.sol";
import {Passkeys} from "../support/Passkeys.sol";
import {Withdrawals} from "../support/Withdrawals.sol";

contract WithdrawTest is Market {
    bytes16 private constant ID = 0x000102030405060708090a0b0c0d0e0f;
    address private constant TO = address(0xbeef);
    uint256 private constant PHONE = 0x1234;
    uint256 private constant ORDER =
        0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    function setUp() public override {
        super.setUp();
        _admit(3);
        _fundMany(FIRST, 3, 1_000);
        _commit(INTERVAL);
    }

    /// @dev The domain that protocols/eip712 signs under, spelt out.
    function test_domainSeparator_isTheMarkets() public view {
        bytes32 expected = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,"
                    "address verifyingContract)"
                ),
                keccak256("Busbar/test"),
                keccak256("1"),
                block.chainid,
                address(house)
            )
        );
        _assertEq(house.domainSeparator(), expected, "domain");
    }

    function test_withdraw_paysWhatTheOwnerSigned() public {
        bytes memory signature = _sign(KEYS, ID, 3, 400, TO);
        vm.expectEmit();
        emit IClearingHouse.Withdrawn(3, ID, TO, 400);
        _assertTrue(_withdraw(ID, 3, 400, TO, signature), "withdrawn");
        _assertEq(token.balanceOf(TO), 400, "paid");
        _assertEq(house.balanceOf(3), 600, "balance");
        _assertEq(house.totalBalance(), 2_600, "total");
        _assertTrue(house.isWithdrawn(3, ID), "is withdrawn");
    }

    function test_withdraw_hasNoEffectAgain() public {
        bytes memory signature = _sign(KEYS, ID, 3, 400, TO);
        _withdraw(ID, 3, 400, TO, signature);
        vm.recordLogs();
        _assertFalse(_withdraw(ID, 3, 400, TO, signature), "not again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _assertEq(house.balanceOf(3), 600, "balance");
    }

    function test_withdraw_revertsForTheSameIdWithOtherContent() public {
        _withdraw(ID, 3, 400, TO, _sign(KEYS, ID, 3, 400, TO));
        bytes memory signature = _sign(KEYS, ID, 3, 401, TO);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseWithdrawalDiffers.selector, 3, ID)
        );
        _withdraw(ID, 3, 401, TO, signature);
    }

    /// @dev Ids are per account: nobody can use up another's.
    function test_withdraw_ofTheSameIdByTwoAccounts() public {
        _withdraw(ID, 3, 400, TO, _sign(KEYS, ID, 3, 400, TO));
        _withdraw(ID, 4, 400, TO, _sign(KEYS + 1, ID, 4, 400, TO));
        _assertEq(token.balanceOf(TO), 800, "both");
    }

    function test_withdraw_revertsWhenAFieldWasChanged() public {
        bytes memory signature = _sign(KEYS, ID, 3, 400, TO);
        _expectInvalid(3);
        _withdraw("other", 3, 400, TO, signature);
        _expectInvalid(4);
        _withdraw(ID, 4, 400, TO, signature);
        _expectInvalid(3);
        _withdraw(ID, 3, 401, TO, signature);
        _expectInvalid(3);
        _withdraw(ID, 3, 400, address(0xbee), signature);
    }

    function test_withdraw_revertsOnBadSignatures() public {
        bytes memory signature = _sign(KEYS + 1, ID, 3, 400, TO);
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, signature);
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, "");
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, new bytes(65));
        signature = bytes.concat(_sign(KEYS, ID, 3, 400, TO), hex"00");
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, signature);
    }

    /// @dev The other half of a signature's pair: valid on the curve, refused, as off chain.
    function test_withdraw_revertsOnAHighS() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEYS, Withdrawals.digest(house, ID, 3, 400, TO));
        bytes memory signature =
            abi.encodePacked(r, bytes32(ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, signature);
    }

    function test_withdraw_revertsForAnotherMarketsSignature() public {
        ClearingHouse other =
            new ClearingHouse(token, registry, "other", 300, 12, 24, address(proofs));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEYS, Withdrawals.digest(other, ID, 3, 400, TO));
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, abi.encodePacked(r, s, v));
    }

    function test_withdraw_revertsForAFormerKey() public {
        bytes memory signature = _sign(KEYS, ID, 3, 400, TO);
        vm.prank(authority);
        registry.replaceKey(3, address(77), "key");
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInvalidSignature.selector, 3, address(77)
            )
        );
        _withdraw(ID, 3, 400, TO, signature);
    }

    function test_withdraw_revertsAboveTheBalance() public {
        bytes memory signature = _sign(KEYS, ID, 3, 1_001, TO);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInsufficientBalance.selector, 3, 1_000, -1_001
            )
        );
        _withdraw(ID, 3, 1_001, TO, signature);
    }

    function test_withdraw_revertsOnAmountsThatAreNone() public {
        uint64[3] memory amounts = [0, uint64(2 ** 63), type(uint64).max];
        for (uint256 i = 0; i < amounts.length; ++i) {
            bytes memory signature = _sign(KEYS, ID, 3, amounts[i], TO);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseInvalidAmount.selector, amounts[i]
                )
            );
            _withdraw(ID, 3, amounts[i], TO, signature);
        }
    }

    function test_withdraw_revertsForReceiversThatLoseTheMoney() public {
        address[2] memory receivers = [address(0), address(house)];
        for (uint256 i = 0; i < receivers.length; ++i) {
            bytes memory signature = _sign(KEYS, ID, 3, 400, receivers[i]);
            vm.expectRevert(
                abi.encodeWithSelector(
                    IClearingHouse.ClearingHouseInvalidReceiver.selector, receivers[i]
                )
            );
            _withdraw(ID, 3, 400, receivers[i], signature);
        }
    }

    function test_withdraw_revertsForAnAccountThatDoesNotExist() public {
        bytes memory signature = _sign(KEYS, ID, 6, 400, TO);
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouseUnknownAccount.selector, 6)
        );
        _withdraw(ID, 6, 400, TO, signature);
    }

    /// @dev The fees earned leave this way: signed by the operator as owner of the account.
    function test_withdraw_fromASystemAccount() public {
        _fund(1, 50);
        _withdraw(ID, 1, 50, TO, _sign(0xa1, ID, 1, 50, TO));
        _assertEq(token.balanceOf(TO), 50, "paid");
    }

    function test_withdraw_ofASuspendedParticipant() public {
        vm.prank(authority);
        registry.suspend(3);
        _withdraw(ID, 3, 400, TO, _sign(KEYS, ID, 3, 400, TO));
        _assertEq(token.balanceOf(TO), 400, "paid");
    }

    /// @dev To the owner's address; and the same again has no effect.
    function test_withdraw_paysTheOwnerWhatItsPasskeySigned() public {
        _admitPhone();
        address owner = _owner(3);
        bytes memory signature = _signByPhone(400, owner);
        vm.expectEmit();
        emit IClearingHouse.Withdrawn(3, ID, owner, 400);
        _assertTrue(_withdraw(ID, 3, 400, owner, signature), "withdrawn");
        _assertFalse(_withdraw(ID, 3, 400, owner, signature), "not again");
        _assertEq(token.balanceOf(owner), 400, "paid");
        _assertEq(house.balanceOf(3), 600, "balance");
    }

    function test_withdraw_revertsWhereAPasskeyWouldPayAnother() public {
        _admitPhone();
        bytes memory signature = _signByPhone(400, TO);
        _expectInvalid(3);
        _withdraw(ID, 3, 400, TO, signature);
    }

    function test_withdraw_revertsForAPasskeyThatIsNotAdmittedNow() public {
        address owner = _owner(3);
        bytes memory signature = _signByPhone(400, owner);
        _expectInvalid(3);
        _withdraw(ID, 3, 400, owner, signature);
        _admitPhone();
        bytes32 keyHash = Passkeys.keyHashOf(PHONE);
        vm.startPrank(authority);
        house.accountKeys().revokePasskey(3, keyHash);
        vm.stopPrank();
        _expectInvalid(3);
        _withdraw(ID, 3, 400, owner, signature);
    }

    function _admitPhone() private {
        (bytes32 x, bytes32 y) = Passkeys.pointOf(PHONE);
        bytes32 hostHash = sha256("busbar.example");
        vm.startPrank(authority);
        house.accountKeys().admitPasskey(3, x, y, hostHash);
        vm.stopPrank();
    }

    function _signByPhone(uint64 amount, address to) private view returns (bytes memory) {
        bytes32 digest = Withdrawals.digest(house, ID, 3, amount, to);
        return Passkeys.sign(PHONE, digest, "busbar.example", "https://busbar.example");
    }

    function _sign(uint256 key, bytes16 id, uint32 account, uint64 amount, address to)
        private
        view
        returns (bytes memory)
    {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, Withdrawals.digest(house, id, account, amount, to));
        return abi.encodePacked(r, s, v);
    }

    function _withdraw(
        bytes16 id,
        uint32 account,
        uint64 amount,
        address to,
        bytes memory signature
    ) private returns (bool) {
        vm.prank(operator);
        return house.withdraw(id, account, amount, to, signature);
    }

    function _expectInvalid(uint32 account) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouseInvalidSignature.selector, account, _owner(account)
            )
        );
    }
}
