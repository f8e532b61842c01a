// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingJoinVerifier} from "../../src/verifiers/ClearingJoinVerifier.sol";
import {ClearingPartVerifier} from "../../src/verifiers/ClearingPartVerifier.sol";
import {ClearingVerifier} from "../../src/verifiers/ClearingVerifier.sol";
import {ClearingVerifier1024} from "../../src/verifiers/ClearingVerifier1024.sol";
import {ClearingVerifier256} from "../../src/verifiers/ClearingVerifier256.sol";
import {ClearingVerifier4096} from "../../src/verifiers/ClearingVerifier4096.sol";
import {ClearingVerifier64} from "../../src/verifiers/ClearingVerifier64.sol";
import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {ClaimedVerifier} from "../support/ClaimedVerifier.sol";
import {Test} from "../support/Test.sol";
import {ProofFiles} from "./ProofFiles.sol";

/// @dev Goal: a proof of clearing verifies under its pinned key for just its statement and size,
/// for less than a million gas; and a development key is refused where money is real.
/// Method: proofs of the native prover for every size, written beside the contracts with the digest
/// of their key; each tampered with in every part; verifiers that claim to be others.
contract ClearingVerifierTest is Test, ProofFiles {
    uint256 private constant GAS_MAX = 1_000_000;
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    struct Proof {
        bytes proof;
        bytes32[4] publicInputs;
        bytes32 keyDigest;
    }

    ClearingVerifier private _verifier;
    uint32[4] private _sizes = [uint32(64), 256, 1024, 4096];
    uint32[6] private _claims = [uint32(64), 256, 1024, 4096, 0, 65_536];

    function setUp() public {
        _verifier = new ClearingVerifier(_verifiers());
    }

    function test_verify_acceptsProofsOfEverySize() public view {
        for (uint256 i = 0; i < 4; ++i) {
            Proof memory given = _proofFor(_sizes[i]);
            _assertTrue(_verifier.verify(_sizes[i], given.proof, given.publicInputs), "valid");
        }
    }

    function test_verify_costsLessThanAMillionGas() public view {
        string[4] memory names = ["64", "256", "1024", "4096"];
        for (uint256 i = 0; i < 4; ++i) {
            Proof memory given = _proofFor(_sizes[i]);
            uint256 gasBefore = gasleft();
            _verifier.verify(_sizes[i], given.proof, given.publicInputs);
            uint256 gasUsed = gasBefore - gasleft();
            vm.assertLe(gasUsed, GAS_MAX, names[i]);
        }
    }

    function test_keyDigest_isThePinnedOne() public {
        for (uint256 i = 0; i < 4; ++i) {
            _assertEq(_verifier.keyDigest(_sizes[i]), _pinnedDigest(_sizes[i]), "pinned");
            _assertEq(_proofFor(_sizes[i]).keyDigest, _pinnedDigest(_sizes[i]), "of the proof");
        }
        vm.expectRevert(abi.encodeWithSelector(ClearingVerifier.SizeUnknown.selector, 65));
        _verifier.keyDigest(65);
    }

    function test_verify_refusesAnotherStatement() public view {
        for (uint256 i = 0; i < 4; ++i) {
            Proof memory given = _proofFor(_sizes[i]);
            for (uint256 k = 0; k < 4; ++k) {
                bytes32 own = given.publicInputs[k];
                given.publicInputs[k] = bytes32(uint256(own) ^ 1);
                _assertRefused(_sizes[i], given.proof, given.publicInputs);
                // The same residue, written otherwise, would be a second name of one statement.
                given.publicInputs[k] = bytes32(uint256(own) + FIELD_ORDER);
                _assertRefused(_sizes[i], given.proof, given.publicInputs);
                given.publicInputs[k] = own;
            }
        }
    }

    /// @dev One bit in each of 64 places, from the first word to the last.
    function test_verify_refusesATamperedProof() public view {
        Proof memory given = _proofFor(64);
        uint256 words = given.proof.length / 32;
        for (uint256 i = 0; i < 64; ++i) {
            uint256 place = ((words - 1) * i / 63) * 32 + 31;
            given.proof[place] = bytes1(uint8(given.proof[place]) ^ 1);
            _assertRefused(64, given.proof, given.publicInputs);
            given.proof[place] = bytes1(uint8(given.proof[place]) ^ 1);
        }
        _assertTrue(_verifier.verify(64, given.proof, given.publicInputs), "untouched again");
    }

    function test_verify_refusesAProofOfAnotherLength() public view {
        Proof memory given = _proofFor(64);
        uint256 length = given.proof.length;
        _assertRefused(64, bytes.concat(given.proof, bytes32(0)), given.publicInputs);
        _assertRefused(64, bytes.concat(given.proof, bytes1(0)), given.publicInputs);
        _assertRefused(64, "", given.publicInputs);
        _assertRefused(64, new bytes(length), given.publicInputs);
        bytes memory cut = given.proof;
        assembly ("memory-safe") {
            mstore(cut, sub(length, 32))
        }
        _assertRefused(64, cut, given.publicInputs);
    }

    function test_verify_refusesAnotherSize() public view {
        uint32[8] memory others = [uint32(0), 1, 63, 65, 256, 1024, 4096, type(uint32).max];
        Proof memory given = _proofFor(64);
        for (uint256 i = 0; i < others.length; ++i) {
            _assertRefused(others[i], given.proof, given.publicInputs);
        }
    }

    function testFuzz_verify_refusesNoise(bytes calldata noise, uint8 which) public view {
        Proof memory given = _proofFor(64);
        _assertRefused(_sizes[which % 4], noise, given.publicInputs);
    }

    function test_constructor_refusesADevelopmentKeyWhereMoneyIsReal() public {
        _assertTrue(_verifier.isDevelopment(), "what the repository pins");
        uint256[6] memory chains = [uint256(1), 5, 137, 10, 31_336, 31_338];
        IKeyVerifier[6] memory verifiers = _verifiers();
        for (uint256 i = 0; i < chains.length; ++i) {
            vm.chainId(chains[i]);
            vm.expectRevert(
                abi.encodeWithSelector(ClearingVerifier.DevelopmentKeyRefused.selector, chains[i])
            );
            new ClearingVerifier(verifiers);
        }
        vm.chainId(1_337);
        _assertTrue(new ClearingVerifier(verifiers).isDevelopment(), "a development chain");
    }

    function test_constructor_refusesOneDevelopmentKeyAmongOthers() public {
        vm.chainId(1);
        for (uint256 i = 0; i < 6; ++i) {
            IKeyVerifier[6] memory verifiers = _claimed(true);
            verifiers[i] = new ClaimedVerifier(_claims[i], true, true);
            vm.expectRevert(
                abi.encodeWithSelector(ClearingVerifier.DevelopmentKeyRefused.selector, 1)
            );
            new ClearingVerifier(verifiers);
        }
        _assertTrue(!new ClearingVerifier(_claimed(true)).isDevelopment(), "none of them");
    }

    function test_constructor_refusesVerifiersInAnotherOrder() public {
        IKeyVerifier[6] memory verifiers = _verifiers();
        (verifiers[1], verifiers[2]) = (verifiers[2], verifiers[1]);
        vm.expectRevert(abi.encodeWithSelector(ClearingVerifier.SizeDiffers.selector, 256, 1024));
        new ClearingVerifier(verifiers);
        verifiers = _verifiers();
        (verifiers[3], verifiers[4]) = (verifiers[4], verifiers[3]);
        vm.expectRevert(abi.encodeWithSelector(ClearingVerifier.SizeDiffers.selector, 4096, 0));
        new ClearingVerifier(verifiers);
    }

    /// @dev Ours refuse that by themselves; another verifier might reduce what it is given.
    function test_verify_takesNoSecondSpellingOfAPublicInput() public {
        ClearingVerifier gullible = new ClearingVerifier(_claimed(true));
        for (uint256 i = 0; i < 4; ++i) {
            bytes32[4] memory inputs;
            inputs[i] = bytes32(FIELD_ORDER - 1);
            _assertTrue(gullible.verify(64, "", inputs), "the largest element");
            inputs[i] = bytes32(FIELD_ORDER);
            _assertTrue(!gullible.verify(64, "", inputs), "another name of zero");
            inputs[i] = bytes32(type(uint256).max);
            _assertTrue(!gullible.verify(64, "", inputs), "out of the field");
        }
    }

    function test_verify_answersWhatTheVerifierAnswers() public {
        bytes32[4] memory inputs;
        _assertTrue(new ClearingVerifier(_claimed(true)).verify(256, "", inputs), "yes");
        _assertTrue(!new ClearingVerifier(_claimed(false)).verify(256, "", inputs), "no");
    }

    function _verifiers() private returns (IKeyVerifier[6] memory) {
        return [
            IKeyVerifier(new ClearingVerifier64()),
            new ClearingVerifier256(),
            new ClearingVerifier1024(),
            new ClearingVerifier4096(),
            new ClearingPartVerifier(),
            new ClearingJoinVerifier()
        ];
    }

    function _claimed(bool answer) private returns (IKeyVerifier[6] memory verifiers) {
        for (uint256 i = 0; i < 6; ++i) {
            verifiers[i] = new ClaimedVerifier(_claims[i], false, answer);
        }
    }

    function _assertRefused(uint32 size, bytes memory proof, bytes32[4] memory inputs)
        private
        view
    {
        _assertTrue(!_verifier.verify(size, proof, inputs), "refused");
    }

    function _proofFor(uint32 size) private view returns (Proof memory given) {
        bytes32[] memory inputs;
        (given.proof, inputs, given.keyDigest) = _read(_circuit(size));
        for (uint256 i = 0; i < 4; ++i) {
            given.publicInputs[i] = inputs[i];
        }
    }

    function _pinnedDigest(uint32 size) private view returns (bytes32) {
        return _pinned(_circuit(size));
    }

    function _circuit(uint32 size) private pure returns (string memory) {
        if (size == 64) return "clearing-64";
        if (size == 256) return "clearing-256";
        return size == 1024 ? "clearing-1024" : "clearing-4096";
    }
}
