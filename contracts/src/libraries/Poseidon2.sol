// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {Poseidon2Constants} from "./Poseidon2Constants.sol";

/// @title The Poseidon2 hash over BN254 as Noir has it (`Poseidon2::hash`)
/// @dev Grassi, Khovratovich, Schofnegger: "Poseidon2", 2023, width 4, S-box x^5, 8 full and 56
/// partial rounds; a sponge of rate 3 whose capacity begins with the number of inputs times 2^64.
library Poseidon2 {
    /// @notice The order of the field
    // It is what it is.
    // slither-disable-next-line too-many-digits
    uint256 internal constant ORDER =
        0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;

    /// @notice The hash of at least one field element
    /// @dev An input at or beyond the field's order counts modulo it: compare before hashing.
    function hash(bytes32[] calldata inputs) internal pure returns (bytes32) {
        bytes memory rounds = Poseidon2Constants.rounds();
        uint256[4] memory state;
        state[3] = inputs.length << 64;
        for (uint256 i = 0; i < inputs.length; i += 3) {
            for (uint256 k = 0; k < 3 && i + k < inputs.length; ++k) {
                state[k] = addmod(state[k], uint256(inputs[i + k]), ORDER);
            }
            _permute(state, rounds);
        }
        return bytes32(state[0]);
    }

    /// @notice The permutation of four field elements
    function permute(uint256[4] memory state) internal pure {
        _permute(state, Poseidon2Constants.rounds());
    }

    /// @dev Five field elements sum to less than 2^256, so that additions before a product need no
    /// reduction: `mulmod` and `addmod` take any words. All that is kept from a round is reduced.
    function _permute(uint256[4] memory state, bytes memory rounds) private pure {
        uint256 order = ORDER;
        uint256 d0 = Poseidon2Constants.DIAGONAL_0;
        uint256 d1 = Poseidon2Constants.DIAGONAL_1;
        uint256 d2 = Poseidon2Constants.DIAGONAL_2;
        uint256 d3 = Poseidon2Constants.DIAGONAL_3;
        // For gas: a path takes 18 permutations, and nothing in them can overflow.
        // slither-disable-start assembly
        assembly ("memory-safe") {
            function power5(x, p) -> y {
                y := mulmod(x, x, p)
                y := mulmod(mulmod(y, y, p), x, p)
            }
            // The matrix of the full rounds: (5 7 1 3; 4 6 1 1; 1 3 5 7; 1 1 4 6).
            function mixFully(at, a, b, c, d, p) {
                let ab := add(a, b)
                let cd := add(c, d)
                let u := add(add(b, b), cd)
                let v := add(add(d, d), ab)
                let y := addmod(mulmod(cd, 4, p), v, p)
                let x := addmod(mulmod(ab, 4, p), u, p)
                mstore(at, addmod(v, x, p))
                mstore(add(at, 0x20), x)
                mstore(add(at, 0x40), addmod(u, y, p))
                mstore(add(at, 0x60), y)
            }
            function fullRounds(at, from, p) {
                for { let end := add(from, 0x200) } lt(from, end) { from := add(from, 0x80) } {
                    mixFully(
                        at,
                        power5(add(mload(at), mload(from)), p),
                        power5(add(mload(add(at, 0x20)), mload(add(from, 0x20))), p),
                        power5(add(mload(add(at, 0x40)), mload(add(from, 0x40))), p),
                        power5(add(mload(add(at, 0x60)), mload(add(from, 0x60))), p),
                        p
                    )
                }
            }
            function partialRounds(at, from, p, e0, e1, e2, e3) {
                let a := mload(at)
                let b := mload(add(at, 0x20))
                let c := mload(add(at, 0x40))
                let d := mload(add(at, 0x60))
                for { let end := add(from, 0x700) } lt(from, end) { from := add(from, 0x20) } {
                    a := add(a, mload(from))
                    let s := mulmod(a, a, p)
                    a := mulmod(mulmod(s, s, p), a, p)
                    s := add(add(a, b), add(c, d))
                    a := addmod(mulmod(a, e0, p), s, p)
                    b := addmod(mulmod(b, e1, p), s, p)
                    c := addmod(mulmod(c, e2, p), s, p)
                    d := addmod(mulmod(d, e3, p), s, p)
                }
                mstore(at, a)
                mstore(add(at, 0x20), b)
                mstore(add(at, 0x40), c)
                mstore(add(at, 0x60), d)
            }
            let from := add(rounds, 0x20)
            mixFully(
                state,
                mload(state),
                mload(add(state, 0x20)),
                mload(add(state, 0x40)),
                mload(add(state, 0x60)),
                order
            )
            fullRounds(state, from, order)
            partialRounds(state, add(from, 0x200), order, d0, d1, d2, d3)
            fullRounds(state, add(from, 0x900), order)
        }
        // slither-disable-end assembly
    }
}
