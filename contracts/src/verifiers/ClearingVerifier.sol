// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingVerifier} from "../interfaces/IClearingVerifier.sol";
import {IKeyVerifier} from "./IKeyVerifier.sol";

/// @title Verifies proofs of clearing for every size of batch
/// @notice Nobody can change its keys: another circuit is another contract.
/// @dev A set of k parts of 4,096 orders, k from 2 to 16, takes k + 1 proofs. Its `proof` is, in
/// words: the bytes of each part's proof; the k parts' orders roots; their k fills roots; the k + 1
/// states, of which each part leads from one to the next; then the parts' proofs and the joining
/// one. `proofs/src/part-encoding.ts` writes it. Where the bytes of each part's proof are said to
/// be none, none follow: each part must have been proven before (`provePart`), in a transaction of
/// its own. So no limit of a transaction is a limit of a set.
contract ClearingVerifier is IClearingVerifier {
    /// @notice A development key proves anything to anybody, and `chainId` is not for development
    error DevelopmentKeyRefused(uint256 chainId);
    /// @notice The verifier at this place is made for another number of orders
    error SizeDiffers(uint32 expected, uint32 actual);
    /// @notice The bytes do not prove this part
    error PartRefused();
    /// @notice There is no circuit for this number of orders
    error SizeUnknown(uint32 size);

    /// @notice A part is proven, for whoever joins it
    /// @param part Hash of its public inputs
    event PartProven(bytes32 indexed part);

    /// @dev Order of the scalar field of BN254: above it two public inputs would mean the same.
    uint256 private constant FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    uint256 private constant PART_SIZE = 4096;
    uint256 private constant PARTS_MAX = 16;

    IKeyVerifier public immutable verifier64;
    IKeyVerifier public immutable verifier256;
    IKeyVerifier public immutable verifier1024;
    IKeyVerifier public immutable verifier4096;
    IKeyVerifier public immutable partVerifier;
    IKeyVerifier public immutable joinVerifier;

    /// @inheritdoc IClearingVerifier
    bool public immutable isDevelopment;

    /// @dev That a part is proven stays true: nobody can take it back.
    mapping(bytes32 part => bool isProven) private _provenParts;

    /// @param verifiers For 64, 256, 1,024 and 4,096 orders, for a part, and for what joins them
    constructor(IKeyVerifier[6] memory verifiers) {
        bool development = false;
        uint32[6] memory sizes = [uint32(64), 256, 1024, 4096, 0, uint32(PARTS_MAX * PART_SIZE)];
        // Six, once, and whoever deploys it has chosen them.
        // slither-disable-start calls-loop
        for (uint256 i = 0; i < 6; ++i) {
            uint32 actual = verifiers[i].size();
            if (actual != sizes[i]) revert SizeDiffers(sizes[i], actual);
            if (verifiers[i].isDevelopment()) development = true;
        }
        // slither-disable-end calls-loop
        // The ids that local nodes come with: anvil and Hardhat, and Ganache and Besu's `dev`.
        if (development && block.chainid != 31_337 && block.chainid != 1_337) {
            revert DevelopmentKeyRefused(block.chainid);
        }
        isDevelopment = development;
        verifier64 = verifiers[0];
        verifier256 = verifiers[1];
        verifier1024 = verifiers[2];
        verifier4096 = verifiers[3];
        partVerifier = verifiers[4];
        joinVerifier = verifiers[5];
    }

    /// @inheritdoc IClearingVerifier
    /// @dev Answers false for whatever is not a proof, an unknown size among it.
    function verify(uint32 size, bytes calldata proof, bytes32[4] calldata publicInputs)
        external
        view
        returns (bool)
    {
        if (_isOfParts(size)) return _verifyParts(size / PART_SIZE, proof, publicInputs);
        IKeyVerifier verifier = _verifierOf(size);
        if (address(verifier) == address(0)) return false;
        bytes32[] memory inputs = new bytes32[](4);
        for (uint256 i = 0; i < 4; ++i) {
            inputs[i] = publicInputs[i];
        }
        return _isProven(verifier, proof, inputs);
    }

    /// @notice Verifies the proof of one part and keeps that it holds, whoever brings it
    /// @param inputs Context, orders root, fills root, and the states that it leads from and to
    /// @return isNew False if it was proven before
    function provePart(bytes calldata proof, bytes32[5] calldata inputs)
        external
        returns (bool isNew)
    {
        bytes32[] memory given = new bytes32[](5);
        for (uint256 i = 0; i < 5; ++i) {
            given[i] = inputs[i];
        }
        bytes32 part = _partKey(given);
        if (_provenParts[part]) return false;
        if (!_isProven(partVerifier, proof, given)) revert PartRefused();
        _provenParts[part] = true;
        emit PartProven(part);
        return true;
    }

    /// @notice Whether a part with these public inputs is proven
    function isPartProven(bytes32[5] calldata inputs) external view returns (bool) {
        return _provenParts[keccak256(abi.encode(inputs))];
    }

    /// @notice SHA-256 of the verification key for `size` orders; `proofs/keys` pins it
    /// @dev Several parts are verified under two keys: see `partKeyDigests`.
    function keyDigest(uint32 size) external view returns (bytes32) {
        IKeyVerifier verifier = _verifierOf(size);
        if (address(verifier) == address(0)) revert SizeUnknown(size);
        return verifier.keyDigest();
    }

    /// @notice SHA-256 of the verification keys of a part and of what joins parts
    function partKeyDigests() external view returns (bytes32 part, bytes32 join) {
        return (partVerifier.keyDigest(), joinVerifier.keyDigest());
    }

    /// @dev The joining proof shows that the parts' roots hash to those of the set, that the first
    /// part begins with no sums, and that the last ends in those of the header. That each part
    /// leads from its state to the next is for its own proof, under the same context: the joining
    /// proof alone says nothing of an order.
    function _verifyParts(uint256 parts, bytes calldata proof, bytes32[4] calldata publicInputs)
        private
        view
        returns (bool)
    {
        uint256 count = uint256(publicInputs[3]) % 2 ** 24;
        if ((count + PART_SIZE - 1) / PART_SIZE != parts) return false;
        uint256 end = 32 * (3 * parts + 2);
        if (proof.length < end) return false;
        uint256 partBytes = uint256(_wordAt(proof, 0));
        if (partBytes > (proof.length - end) / parts) return false;

        bytes32[] memory joined = new bytes32[](4 + 4 * PARTS_MAX);
        for (uint256 i = 0; i < 4; ++i) {
            joined[i] = publicInputs[i];
        }
        bytes32[] memory inputs = new bytes32[](5);
        inputs[0] = publicInputs[0];
        for (uint256 part = 0; part < parts; ++part) {
            inputs[1] = _wordAt(proof, 1 + part);
            inputs[2] = _wordAt(proof, 1 + parts + part);
            inputs[3] = _wordAt(proof, 1 + 2 * parts + part);
            inputs[4] = _wordAt(proof, 2 + 2 * parts + part);
            for (uint256 i = 0; i < 4; ++i) {
                joined[4 + i * PARTS_MAX + part] = inputs[1 + i];
            }
            bool holds = partBytes == 0
                ? _provenParts[_partKey(inputs)]
                : _isProven(partVerifier, proof[end:end + partBytes], inputs);
            if (!holds) return false;
            end += partBytes;
        }
        return _isProven(joinVerifier, proof[end:], joined);
    }

    /// @dev The five words one behind the other, as of an array of five.
    function _partKey(bytes32[] memory inputs) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(inputs));
    }

    function _isProven(IKeyVerifier verifier, bytes calldata proof, bytes32[] memory inputs)
        private
        view
        returns (bool)
    {
        for (uint256 i = 0; i < inputs.length; ++i) {
            if (uint256(inputs[i]) >= FIELD_ORDER) return false;
        }
        // Its own verifiers, at most seventeen times.
        // slither-disable-next-line calls-loop
        try verifier.verify(proof, inputs) returns (bool isValid) {
            return isValid;
        } catch {
            return false;
        }
    }

    function _wordAt(bytes calldata words, uint256 place) private pure returns (bytes32) {
        return bytes32(words[32 * place:32 * place + 32]);
    }

    function _isOfParts(uint256 size) private pure returns (bool) {
        return size % PART_SIZE == 0 && size > PART_SIZE && size <= PARTS_MAX * PART_SIZE;
    }

    function _verifierOf(uint32 size) private view returns (IKeyVerifier) {
        if (size == 64) return verifier64;
        if (size == 256) return verifier256;
        if (size == 1024) return verifier1024;
        if (size == 4096) return verifier4096;
        return IKeyVerifier(address(0));
    }
}
