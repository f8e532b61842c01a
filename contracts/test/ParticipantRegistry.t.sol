// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ParticipantRegistry} from "../src/ParticipantRegistry.sol";
import {IParticipantRegistry} from "../src/interfaces/IParticipantRegistry.sol";
import {Market} from "./support/Market.sol";

contract ParticipantRegistryTest is Market {
    bytes32 private constant KEY = keccak256("key");

    function test_constructor_opensTheSystemAccounts() public view {
        _assertEq(registry.accountCount(), 3, "count");
        for (uint32 account = 0; account < 3; ++account) {
            _assertEq(registry.ownerOf(account), operator, "owner");
            _assertTrue(registry.isActive(account), "active");
        }
        _assertEq(registry.accountOf(operator), 0, "no participant");
    }

    function test_constructor_revertsWithoutAuthorityOrOperator() public {
        vm.expectRevert(_error(IParticipantRegistry.RegistryInvalidOwner.selector, address(0)));
        new ParticipantRegistry(address(0), operator);
        vm.expectRevert(_error(IParticipantRegistry.RegistryInvalidOwner.selector, address(0)));
        new ParticipantRegistry(authority, address(0));
    }

    function test_admit_givesTheNextAccount() public {
        vm.expectEmit();
        emit IParticipantRegistry.ParticipantAdmitted(3, address(11), KEY);
        _assertTrue(_admitOne(3, address(11), KEY), "admitted");
        _assertEq(registry.accountCount(), 4, "count");
        _assertEq(registry.accountOf(address(11)), 3, "account");
        _assertEq(registry.ownerOf(3), address(11), "owner");
        _assertEq(registry.keyHashOf(3), KEY, "key");
        _assertTrue(registry.isActive(3), "active");
    }

    function test_admit_hasNoEffectWithTheSameContent() public {
        _admitOne(3, address(11), KEY);
        vm.recordLogs();
        _assertFalse(_admitOne(3, address(11), KEY), "not again");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
        _assertEq(registry.accountCount(), 4, "count");
    }

    function test_admit_revertsOutOfSequence() public {
        _admitOne(3, address(11), KEY);
        uint32[5] memory accounts = [uint32(0), 2, 3, 5, type(uint32).max];
        for (uint256 i = 0; i < accounts.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(
                    IParticipantRegistry.RegistryAccountNotNext.selector, accounts[i], 4
                )
            );
            _admitOne(accounts[i], address(12), KEY);
        }
    }

    /// @dev Even with the content that a system account has, as far as it can be given.
    function test_admit_revertsForASystemAccount() public {
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.RegistryAccountNotNext.selector, 0, 3)
        );
        _admitOne(0, operator, bytes32(0));
    }

    function test_admit_revertsForAnAddressWithAnAccount() public {
        _admitOne(3, address(11), KEY);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParticipantRegistry.RegistryOwnerTaken.selector, address(11), 3
            )
        );
        _admitOne(4, address(11), KEY);
    }

    function test_admit_revertsForTheOperatorAndForNobody() public {
        vm.expectRevert(_error(IParticipantRegistry.RegistryInvalidOwner.selector, operator));
        _admitOne(3, operator, KEY);
        vm.expectRevert(_error(IParticipantRegistry.RegistryInvalidOwner.selector, address(0)));
        _admitOne(3, address(0), KEY);
    }

    function test_admit_revertsWithoutAKey() public {
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.RegistryInvalidKeyHash.selector, 3)
        );
        _admitOne(3, address(11), bytes32(0));
    }

    function test_admitMany_isAllOrNothing() public {
        (address[] memory owners, bytes32[] memory keys) = _three();
        owners[2] = owners[0];
        vm.prank(authority);
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.RegistryOwnerTaken.selector, owners[0], 3)
        );
        registry.admitMany(3, owners, keys);
        _assertEq(registry.accountCount(), 3, "none");
    }

    function test_admitMany_skipsThoseWhoAreThere() public {
        (address[] memory owners, bytes32[] memory keys) = _three();
        _admitOne(3, owners[0], keys[0]);
        vm.prank(authority);
        _assertEq(registry.admitMany(3, owners, keys), 2, "two are new");
        vm.prank(authority);
        _assertEq(registry.admitMany(3, owners, keys), 0, "none is new");
        _assertEq(registry.accountCount(), 6, "count");
        _assertEq(registry.ownerOf(5), owners[2], "last");
    }

    function test_admitMany_revertsOnListsOfDifferentLength() public {
        (address[] memory owners,) = _three();
        vm.prank(authority);
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.RegistryLengthMismatch.selector, 3, 2)
        );
        registry.admitMany(3, owners, new bytes32[](2));
    }

    function test_suspend_andReinstate() public {
        _admitOne(3, address(11), KEY);
        vm.startPrank(authority);
        vm.expectEmit();
        emit IParticipantRegistry.ParticipantSuspended(3);
        registry.suspend(3);
        _assertFalse(registry.isActive(3), "suspended");
        vm.expectEmit();
        emit IParticipantRegistry.ParticipantReinstated(3);
        registry.reinstate(3);
        _assertTrue(registry.isActive(3), "reinstated");
    }

    function test_suspend_andReinstateAgainHaveNoEffect() public {
        _admitOne(3, address(11), KEY);
        vm.startPrank(authority);
        registry.suspend(3);
        vm.recordLogs();
        registry.suspend(3);
        _assertEq(vm.getRecordedLogs().length, 0, "suspended before");
        registry.reinstate(3);
        vm.recordLogs();
        registry.reinstate(3);
        _assertEq(vm.getRecordedLogs().length, 0, "active before");
    }

    function test_suspend_revertsForSystemAndUnknownAccounts() public {
        uint32[4] memory accounts = [uint32(0), 2, 3, type(uint32).max];
        vm.startPrank(authority);
        for (uint256 i = 0; i < accounts.length; ++i) {
            bytes memory reason = abi.encodeWithSelector(
                IParticipantRegistry.RegistryUnknownParticipant.selector, accounts[i]
            );
            vm.expectRevert(reason);
            registry.suspend(accounts[i]);
            vm.expectRevert(reason);
            registry.reinstate(accounts[i]);
            vm.expectRevert(reason);
            registry.replaceKey(accounts[i], address(12), KEY);
        }
    }

    function test_replaceKey_changesOwnerAndKey() public {
        _admitOne(3, address(11), KEY);
        vm.prank(authority);
        vm.expectEmit();
        emit IParticipantRegistry.ParticipantKeyReplaced(3, address(12), keccak256("new"));
        registry.replaceKey(3, address(12), keccak256("new"));
        _assertEq(registry.ownerOf(3), address(12), "owner");
        _assertEq(registry.accountOf(address(12)), 3, "account");
        _assertEq(registry.accountOf(address(11)), 0, "former owner");
        _assertEq(registry.keyHashOf(3), keccak256("new"), "key");
    }

    function test_replaceKey_keepsTheOwnerWithANewKey() public {
        _admitOne(3, address(11), KEY);
        vm.prank(authority);
        registry.replaceKey(3, address(11), keccak256("new"));
        _assertEq(registry.accountOf(address(11)), 3, "account");
        _assertEq(registry.keyHashOf(3), keccak256("new"), "key");
    }

    function test_replaceKey_revertsForTakenOwnersAndNoKey() public {
        _admitOne(3, address(11), KEY);
        _admitOne(4, address(12), KEY);
        vm.startPrank(authority);
        vm.expectRevert(
            abi.encodeWithSelector(
                IParticipantRegistry.RegistryOwnerTaken.selector, address(12), 4
            )
        );
        registry.replaceKey(3, address(12), KEY);
        vm.expectRevert(_error(IParticipantRegistry.RegistryInvalidOwner.selector, operator));
        registry.replaceKey(3, operator, KEY);
        vm.expectRevert(
            abi.encodeWithSelector(IParticipantRegistry.RegistryInvalidKeyHash.selector, 3)
        );
        registry.replaceKey(3, address(13), bytes32(0));
    }

    function test_authority_passesInTwoSteps() public {
        vm.prank(authority);
        registry.offerAuthority(address(20));
        _assertEq(registry.authority(), authority, "still the former");
        _assertEq(registry.offeredAuthority(), address(20), "offered");
        vm.prank(address(20));
        registry.acceptAuthority();
        _assertEq(registry.authority(), address(20), "passed");
        _assertEq(registry.offeredAuthority(), address(0), "nothing offered");
        vm.prank(authority);
        vm.expectRevert(_error(IParticipantRegistry.RegistryUnauthorized.selector, authority));
        registry.suspend(3);
    }

    function test_acceptAuthority_revertsForOthersAndAfterItWasTakenBack() public {
        vm.startPrank(authority);
        registry.offerAuthority(address(20));
        vm.expectRevert(_error(IParticipantRegistry.RegistryUnauthorized.selector, authority));
        registry.acceptAuthority();
        registry.offerAuthority(address(0));
        vm.stopPrank();
        vm.prank(address(20));
        vm.expectRevert(_error(IParticipantRegistry.RegistryUnauthorized.selector, address(20)));
        registry.acceptAuthority();
    }

    function testFuzz_authority_isNeededForEveryChange(address caller) public {
        vm.assume(caller != authority);
        bytes memory reason = _error(IParticipantRegistry.RegistryUnauthorized.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(reason);
        registry.admit(3, address(11), KEY);
        vm.expectRevert(reason);
        registry.admitMany(3, new address[](0), new bytes32[](0));
        vm.expectRevert(reason);
        registry.suspend(3);
        vm.expectRevert(reason);
        registry.reinstate(3);
        vm.expectRevert(reason);
        registry.replaceKey(3, address(11), KEY);
        vm.expectRevert(reason);
        registry.offerAuthority(caller);
    }

    function test_views_ofUnknownAccounts() public view {
        _assertEq(registry.ownerOf(3), address(0), "owner");
        _assertEq(registry.keyHashOf(3), bytes32(0), "key");
        _assertFalse(registry.isActive(3), "active");
        _assertEq(registry.accountOf(address(99)), 0, "account");
    }

    function _admitOne(uint32 account, address owner, bytes32 key) private returns (bool) {
        vm.prank(authority);
        return registry.admit(account, owner, key);
    }

    function _three() private pure returns (address[] memory owners, bytes32[] memory keys) {
        owners = new address[](3);
        keys = new bytes32[](3);
        for (uint256 i = 0; i < 3; ++i) {
            owners[i] = vm.addr(KEYS + i);
            keys[i] = bytes32(i + 1);
        }
    }

    function _error(bytes4 selector, address value) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, value);
    }
}
