// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

/// @dev The cheatcodes that read files. Semantics: the Foundry book, "Cheatcodes Reference".
interface FileVm {
    function readFile(string calldata path) external view returns (string memory);
    function parseBytes32(string calldata text) external pure returns (bytes32);
    function parseJsonBytes(string calldata json, string calldata key)
        external
        pure
        returns (bytes memory);
    function parseJsonString(string calldata json, string calldata key)
        external
        pure
        returns (string memory);
    function parseJsonBytes32Array(string calldata json, string calldata key)
        external
        pure
        returns (bytes32[] memory);
}

/// @dev Proofs that `scripts/generate-verifiers.ts` keeps for the tests, and the pinned digests.
abstract contract ProofFiles {
    FileVm private constant FILES =
        FileVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function _read(string memory circuit)
        internal
        view
        returns (bytes memory proof, bytes32[] memory publicInputs, bytes32 keyDigest)
    {
        string memory path = string.concat("test/verifiers/proofs/", circuit, ".json");
        string memory json = FILES.readFile(path);
        proof = FILES.parseJsonBytes(json, ".proof");
        publicInputs = FILES.parseJsonBytes32Array(json, ".publicInputs");
        keyDigest = _digest(json, ".keySha256");
    }

    /// @dev A proof in two parts: the file names the digests of both keys.
    function _readParts() internal view returns (bytes memory proof, bytes32[] memory inputs) {
        string memory json = FILES.readFile("test/verifiers/proofs/clearing-8192.json");
        proof = FILES.parseJsonBytes(json, ".proof");
        inputs = FILES.parseJsonBytes32Array(json, ".publicInputs");
    }

    /// @dev What the repository says the circuit's key is.
    function _pinned(string memory circuit) internal view returns (bytes32) {
        string memory json = FILES.readFile("../proofs/keys/development.json");
        return _digest(json, string.concat(".circuits['", circuit, "'].keySha256"));
    }

    function _digest(string memory json, string memory key) private pure returns (bytes32) {
        return FILES.parseBytes32(string.concat("0x", FILES.parseJsonString(json, key)));
    }
}
