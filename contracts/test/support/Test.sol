// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Micros} from "../../src/types/Micros.sol";
import {Vm} from "./Vm.sol";

/// @dev What a test needs of forge, in place of forge-std, which npm does not have: the cheatcodes,
/// assertions with a reason, and the targets of an invariant test.
abstract contract Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// @dev forge listens at the address of this hash.
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev Tells forge that this contract holds tests.
    bool public constant IS_TEST = true;

    FuzzSelector[] private _targets;

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](_targets.length);
        for (uint256 i = 0; i < targets.length; ++i) {
            targets[i] = _targets[i].addr;
        }
    }

    function targetSelectors() external view returns (FuzzSelector[] memory) {
        return _targets;
    }

    function _target(address handler, bytes4[] memory selectors) internal {
        _targets.push(FuzzSelector({addr: handler, selectors: selectors}));
    }

    function _assertTrue(bool condition, string memory reason) internal pure {
        vm.assertTrue(condition, reason);
    }

    function _assertFalse(bool condition, string memory reason) internal pure {
        vm.assertTrue(!condition, reason);
    }

    function _assertEq(uint256 left, uint256 right, string memory reason) internal pure {
        vm.assertEq(left, right, reason);
    }

    function _assertEq(int256 left, int256 right, string memory reason) internal pure {
        vm.assertEq(left, right, reason);
    }

    function _assertEq(Micros left, int256 right, string memory reason) internal pure {
        vm.assertEq(int256(Micros.unwrap(left)), right, reason);
    }

    function _assertEq(bytes32 left, bytes32 right, string memory reason) internal pure {
        vm.assertEq(left, right, reason);
    }

    function _assertEq(address left, address right, string memory reason) internal pure {
        vm.assertEq(left, right, reason);
    }

    /// @dev A number in [low, high] made of any number, the same one for the same input.
    function _bound(uint256 value, uint256 low, uint256 high) internal pure returns (uint256) {
        return low + value % (high - low + 1);
    }
}
