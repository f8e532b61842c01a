// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingJoinVerifier} from "../../src/verifiers/ClearingJoinVerifier.sol";
import {ClearingPartVerifier} from "../../src/verifiers/ClearingPartVerifier.sol";
import {ClearingVerifier} from "../../src/verifiers/ClearingVerifier.sol";
import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {ClaimedVerifier} from "../support/ClaimedVerifier.sol";
import {Test} from "../support/Test.sol";
import {ProofFiles} from "./ProofFiles.sol";

/// @dev A verifier that accepts just the calls that it was told of.
contract ListeningVerifier is IKeyVerifier {
    uint32 public immutable size;
    bool public constant isDevelopment = false;
    bytes32 public constant keyDigest = bytes32(uint256(1));
    bytes32[] private _wanted;

    constructor(uint32 size_) {
        size = size_;
    }

    /// @dev The calls it will answer yes to, by what they bring.
    function want(bytes calldata proof, bytes32[] calldata inputs) external {
        _wanted.push(keccak256(abi.encode(proof, inputs)));
    }

    function verify(bytes calldata proof, bytes32[] calldata inputs) external view returns (bool) {
        bytes32 given = keccak256(abi.encode(proof, inputs));
        for (uint256 i = 0; i < _wanted.length; ++i) {
            if (_wanted[i] == given) return true;
        }
        return false;
    }
}

/// @dev A real verifier that is always asked for one proof's inputs: what many of them cost.
contract ReplayingVerifier is IKeyVerifier {
    uint32 public immutable size;
    bool public constant isDevelopment = false;
    bytes32 public constant keyDigest = bytes32(uint256(1));
    IKeyVerifier private immutable _real;
    bytes32[] private _inputs;

    constructor(IKeyVerifier real, bytes32[] memory inputs) {
        size = real.size();
        _real = real;
        _inputs = inputs;
    }

    function verify(bytes calldata proof, bytes32[] calldata) external view returns (bool) {
        return _real.verify(proof, _inputs);
    }
}

/// @dev Goal: a clearing of several parts is proven by the proofs of all its parts and by the one
/// that joins them, each of just these roots, states and this context.
/// Method: a real proof of 4,100 orders, changed in every place; the same with one of the two real
/// verifiers replaced by one that accepts all, so that what one proof holds is seen without the
/// other; and up to sixteen parts before verifiers that want just what the format says.
contract PartProofsTest is Test, ProofFiles {
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint32 private constant SIZE = 8192;
    /// @dev Words before the proofs of two parts: 1 and 3 for each and 1.
    uint256 private constant HEAD = 8;

    ClearingVerifier private _verifier;
    ClearingVerifier private _anyPart;
    ClearingVerifier private _anyJoin;
    bytes private _proof;
    bytes32[4] private _inputs;

    function setUp() public {
        IKeyVerifier part = new ClearingPartVerifier();
        IKeyVerifier join = new ClearingJoinVerifier();
        _verifier = _over(part, join);
        _anyPart = _over(new ClaimedVerifier(0, false, true), join);
        _anyJoin = _over(part, new ClaimedVerifier(65_536, false, true));
        bytes32[] memory inputs;
        (_proof, inputs) = _readParts();
        for (uint256 i = 0; i < 4; ++i) {
            _inputs[i] = inputs[i];
        }
    }

    function test_verify_acceptsTwoParts() public view {
        _assertTrue(_verifier.verify(SIZE, _proof, _inputs), "valid");
        _assertTrue(_anyPart.verify(SIZE, _proof, _inputs), "joined");
        _assertTrue(_anyJoin.verify(SIZE, _proof, _inputs), "parts");
    }

    function test_keyDigests_arePinned() public {
        (bytes32 part, bytes32 join) = _verifier.partKeyDigests();
        _assertEq(part, _pinned("clearing-part"), "part");
        _assertEq(join, _pinned("clearing-join"), "join");
        _assertEq(uint256(_verifier.partVerifier().size()), 0, "no clearing");
        _assertEq(uint256(_verifier.joinVerifier().size()), 65_536, "of sixteen parts");
        vm.expectRevert(abi.encodeWithSelector(ClearingVerifier.SizeUnknown.selector, SIZE));
        _verifier.keyDigest(SIZE);
    }

    function test_verify_refusesAnotherStatement() public view {
        bytes32[4] memory inputs = _inputs;
        for (uint256 i = 0; i < 4; ++i) {
            bytes32 own = inputs[i];
            inputs[i] = bytes32(uint256(own) ^ 1 << 30);
            _refuses(_verifier, SIZE, _proof, inputs);
            inputs[i] = bytes32(uint256(own) + FIELD_ORDER);
            _refuses(_verifier, SIZE, _proof, inputs);
            inputs[i] = own;
        }
    }

    /// @dev A part of another batch: its proof holds there, and the joining one here.
    function test_verify_refusesPartsOfAnotherContext() public view {
        bytes32[4] memory inputs = _inputs;
        inputs[0] = bytes32(uint256(inputs[0]) ^ 1);
        _refuses(_anyJoin, SIZE, _proof, inputs);
    }

    /// @dev The words are, with two parts: length, orders 2, fills 2, states 3.
    function test_verify_refusesOtherRootsAndStates() public view {
        bytes memory proof = _proof;
        for (uint256 word = 1; word < HEAD; ++word) {
            uint256 own = _wordAt(proof, word);
            _setWord(proof, word, own ^ 1);
            _refuses(_verifier, SIZE, proof, _inputs);
            _refuses(_anyPart, SIZE, proof, _inputs);
            _refuses(_anyJoin, SIZE, proof, _inputs);
            _setWord(proof, word, own + FIELD_ORDER);
            _refuses(_verifier, SIZE, proof, _inputs);
            _setWord(proof, word, own);
        }
        _assertTrue(_verifier.verify(SIZE, proof, _inputs), "untouched again");
    }

    function test_verify_refusesPartsSwapped() public view {
        bytes memory proof = _proof;
        uint256 words = _wordAt(proof, 0) / 32;
        for (uint256 i = 0; i < words; ++i) {
            _swap(proof, HEAD + i, HEAD + words + i);
        }
        _refuses(_anyJoin, SIZE, proof, _inputs);
        // With their roots and states: then the chain is another.
        _swap(proof, 1, 2);
        _swap(proof, 3, 4);
        _refuses(_anyJoin, SIZE, proof, _inputs);
        _refuses(_anyPart, SIZE, proof, _inputs);
        _swap(proof, 5, 6);
        _refuses(_anyPart, SIZE, proof, _inputs);
    }

    function test_verify_refusesOnePartTwice() public view {
        bytes memory proof = _proof;
        uint256 words = _wordAt(proof, 0) / 32;
        for (uint256 i = 0; i < words; ++i) {
            _setWord(proof, HEAD + words + i, _wordAt(proof, HEAD + i));
        }
        _refuses(_anyJoin, SIZE, proof, _inputs);
        _setWord(proof, 2, _wordAt(proof, 1));
        _setWord(proof, 4, _wordAt(proof, 3));
        _refuses(_anyJoin, SIZE, proof, _inputs);
        _refuses(_anyPart, SIZE, proof, _inputs);
    }

    function test_verify_refusesAMissingPart() public view {
        uint256 length = _wordAt(_proof, 0);
        bytes memory first = _slice(_proof, 32 * HEAD, length);
        bytes memory second = _slice(_proof, 32 * HEAD + length, length);
        uint256 joinAt = 32 * HEAD + 2 * length;
        bytes memory join = _slice(_proof, joinAt, _proof.length - joinAt);
        bytes memory head = _slice(_proof, 0, 32 * HEAD);
        _refuses(_verifier, SIZE, bytes.concat(head, first, join), _inputs);
        _refuses(_verifier, SIZE, bytes.concat(head, second, join), _inputs);
        _refuses(_verifier, SIZE, bytes.concat(head, first, second), _inputs);
        _refuses(_verifier, SIZE, bytes.concat(head, first, new bytes(length), join), _inputs);
        _refuses(_verifier, SIZE, bytes.concat(_proof, bytes32(0)), _inputs);
        _refuses(_verifier, SIZE, head, _inputs);
        _refuses(_verifier, SIZE, "", _inputs);
        bytes memory none = bytes.concat(head, join);
        _setWord(none, 0, 0);
        _refuses(_verifier, SIZE, none, _inputs);
        _refuses(_anyPart, SIZE, none, _inputs);
        bytes memory whole = bytes.concat(head, first, second, join);
        _assertTrue(_verifier.verify(SIZE, whole, _inputs), "put together again");
    }

    function test_verify_refusesALengthThatIsNotThere() public view {
        bytes memory proof = _proof;
        uint256 own = _wordAt(proof, 0);
        uint256[6] memory lengths = [
            0, own - 32, own + 1, (proof.length - 32 * HEAD) / 2 + 1, 2 ** 255, type(uint256).max
        ];
        for (uint256 i = 0; i < lengths.length; ++i) {
            _setWord(proof, 0, lengths[i]);
            _refuses(_verifier, SIZE, proof, _inputs);
        }
    }

    /// @dev One bit in each fortieth word of the proofs.
    function test_verify_refusesATamperedProof() public view {
        bytes memory proof = _proof;
        for (uint256 word = HEAD; word < proof.length / 32; word += 40) {
            uint256 own = _wordAt(proof, word);
            _setWord(proof, word, own ^ 1);
            _refuses(_verifier, SIZE, proof, _inputs);
            _setWord(proof, word, own);
        }
    }

    function test_verify_refusesAnotherSize() public view {
        uint32[8] memory others = [uint32(0), 64, 4096, 8191, 12_288, 65_536, 69_632, 2 ** 31];
        for (uint256 i = 0; i < others.length; ++i) {
            _refuses(_verifier, others[i], _proof, _inputs);
        }
    }

    function testFuzz_verify_refusesNoise(bytes calldata noise, uint8 parts) public view {
        _refuses(_verifier, 4096 * (2 + uint32(parts) % 15), noise, _inputs);
    }

    /// @dev Each verifier accepts just one set of calls: those that the format means.
    function test_verify_asksForEveryPartAndWhatJoinsThem() public {
        for (uint256 parts = 2; parts <= 16; parts += 7) {
            ListeningVerifier part = new ListeningVerifier(0);
            ListeningVerifier join = new ListeningVerifier(65_536);
            ClearingVerifier over = _over(part, join);
            bytes32[4] memory inputs =
                [bytes32(uint256(7)), bytes32(uint256(8)), bytes32(uint256(9)), bytes32(0)];
            inputs[3] = bytes32(parts * 4096 - 4095);
            bytes memory proof = _wanted(part, join, parts, inputs);
            uint32 size = uint32(parts * 4096);
            _assertTrue(over.verify(size, proof, inputs), "as the format says");
            for (uint256 word = 1; word < proof.length / 32; ++word) {
                uint256 own = _wordAt(proof, word);
                _setWord(proof, word, own ^ 1);
                _refuses(over, size, proof, inputs);
                _setWord(proof, word, own);
            }
            _refuses(over, size - 4096, proof, inputs);
            _refuses(over, size + 4096, proof, inputs);
            inputs[3] = bytes32(parts * 4096 - 4096);
            _refuses(over, size, proof, inputs);
        }
    }

    /// @dev The first part sixteen times, each with the inputs of the one that it is. A transaction
    /// has 2^24 gas (EIP-7825), of which `ClearingProofs` takes less than 60,000.
    function test_verify_ofSixteenPartsFitsATransaction() public {
        bytes32[] memory own = new bytes32[](5);
        bytes32[] memory joined = new bytes32[](68);
        own[0] = _inputs[0];
        for (uint256 i = 0; i < 4; ++i) {
            joined[i] = _inputs[i];
            for (uint256 part = 0; part < 2; ++part) {
                // Of orders, of fills, and of states, which follow one another.
                uint256 word = (i < 3 ? 1 + 2 * i : 6) + part;
                joined[4 + 16 * i + part] = bytes32(_wordAt(_proof, word));
            }
            own[i + 1] = joined[4 + 16 * i];
        }
        ClearingVerifier over = _over(
            new ReplayingVerifier(new ClearingPartVerifier(), own),
            new ReplayingVerifier(new ClearingJoinVerifier(), joined)
        );
        uint256 length = _wordAt(_proof, 0);
        bytes memory first = _slice(_proof, 32 * HEAD, length);
        uint256 joinAt = 32 * HEAD + 2 * length;
        bytes memory proof = abi.encodePacked(length);
        for (uint256 i = 0; i < 49; ++i) {
            proof = bytes.concat(proof, keccak256(abi.encode(i)) >> 8);
        }
        for (uint256 i = 0; i < 16; ++i) {
            proof = bytes.concat(proof, first);
        }
        proof = bytes.concat(proof, _slice(_proof, joinAt, _proof.length - joinAt));
        bytes32[4] memory inputs = _inputs;
        inputs[3] = bytes32(uint256(65_536));
        // Besides: 16 a byte, 21,000, what is around the proof, and a 64th kept back by the caller.
        uint256 gas = (2 ** 24 - 16 * (proof.length + 1_000) - 21_000 - 60_000) / 64 * 63;
        _assertTrue(over.verify{gas: gas}(65_536, proof, inputs), "sixteen");
    }

    /// @dev What parts bring is word and place; two words are a proof, one is what joins them.
    function _wanted(
        ListeningVerifier part,
        ListeningVerifier join,
        uint256 parts,
        bytes32[4] memory inputs
    ) private returns (bytes memory proof) {
        bytes32[] memory joined = new bytes32[](68);
        for (uint256 i = 0; i < 4; ++i) {
            joined[i] = inputs[i];
        }
        bytes memory proofs;
        proof = abi.encode(64);
        for (uint256 i = 0; i < parts; ++i) {
            bytes32[] memory own = new bytes32[](5);
            own[0] = inputs[0];
            for (uint256 k = 0; k < 4; ++k) {
                // Of orders, of fills, and of states, which follow one another.
                own[k + 1] = bytes32(k < 3 ? 100 * (k + 1) + i : 301 + i);
                joined[4 + 16 * k + i] = own[k + 1];
            }
            bytes memory brought = abi.encode(500 + i, 600 + i);
            proofs = bytes.concat(proofs, brought);
            part.want(brought, own);
        }
        join.want(abi.encode(700), joined);
        for (uint256 i = 0; i < 3 * parts + 1; ++i) {
            uint256 kind = i < parts ? 0 : i < 2 * parts ? 1 : 2;
            proof = bytes.concat(proof, bytes32(100 * (kind + 1) + i - kind * parts));
        }
        proof = bytes.concat(proof, proofs, abi.encode(700));
    }

    function _over(IKeyVerifier part, IKeyVerifier join) private returns (ClearingVerifier) {
        return new ClearingVerifier(
            [
                IKeyVerifier(new ClaimedVerifier(64, false, false)),
                new ClaimedVerifier(256, false, false),
                new ClaimedVerifier(1024, false, false),
                new ClaimedVerifier(4096, false, false),
                part,
                join
            ]
        );
    }

    function _refuses(
        ClearingVerifier verifier,
        uint32 size,
        bytes memory proof,
        bytes32[4] memory inputs
    ) private view {
        // A wrong point ends the call with nearly all of its gas.
        _assertTrue(!verifier.verify{gas: 100_000_000}(size, proof, inputs), "refused");
    }

    function _slice(bytes memory from, uint256 start, uint256 length)
        private
        pure
        returns (bytes memory part)
    {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = from[start + i];
        }
    }

    function _wordAt(bytes memory proof, uint256 word) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(proof, 32), mul(word, 32)))
        }
    }

    function _setWord(bytes memory proof, uint256 word, uint256 value) private pure {
        assembly ("memory-safe") {
            mstore(add(add(proof, 32), mul(word, 32)), value)
        }
    }

    function _swap(bytes memory proof, uint256 one, uint256 other) private pure {
        uint256 kept = _wordAt(proof, one);
        _setWord(proof, one, _wordAt(proof, other));
        _setWord(proof, other, kept);
    }
}
