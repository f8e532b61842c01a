// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingProofs} from "../../src/ClearingProofs.sol";
import {IntervalLog} from "../../src/IntervalLog.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {ClearingJoinVerifier} from "../../src/verifiers/ClearingJoinVerifier.sol";
import {ClearingPartVerifier} from "../../src/verifiers/ClearingPartVerifier.sol";
import {ClearingVerifier} from "../../src/verifiers/ClearingVerifier.sol";
import {ClearingVerifier1024} from "../../src/verifiers/ClearingVerifier1024.sol";
import {ClearingVerifier256} from "../../src/verifiers/ClearingVerifier256.sol";
import {ClearingVerifier4096} from "../../src/verifiers/ClearingVerifier4096.sol";
import {ClearingVerifier64} from "../../src/verifiers/ClearingVerifier64.sol";
import {IKeyVerifier} from "../../src/verifiers/IKeyVerifier.sol";
import {Test} from "../support/Test.sol";

/// @dev As much of a ClearingHouse as ClearingProofs asks for, with a log where it is told.
contract HouseOf {
    IIntervalLog public immutable intervalLog;
    address public immutable operator;
    uint64 public constant withdrawalDelaySeconds = 3_600;

    constructor(IIntervalLog log, address operator_) {
        intervalLog = log;
        operator = operator_;
    }
}

/// @dev A proof is for one chain, log, zone, interval and rulebook. Those beside the verifiers are
/// for all of them zero, on forge's chain: the log's code is put there.
abstract contract RealProof is Test {
    address private constant PLACE_OF_THE_LOG = address(0);

    struct Committed {
        uint32 zone;
        uint64 interval;
        IIntervalLog.Orders orders;
        IIntervalLog.Clearing clearing;
        bytes proof;
    }

    address internal immutable operator = vm.addr(0xa1);

    ClearingVerifier internal verifier;

    function setUp() public {
        verifier = new ClearingVerifier(
            [
                IKeyVerifier(new ClearingVerifier64()),
                new ClearingVerifier256(),
                new ClearingVerifier1024(),
                new ClearingVerifier4096(),
                new ClearingPartVerifier(),
                new ClearingJoinVerifier()
            ]
        );
    }

    /// @dev What the proof is of, from its public inputs.
    function _committed(string memory size) internal view returns (Committed memory it) {
        string memory path = string.concat("test/verifiers/proofs/clearing-", size, ".json");
        string memory json = vm.readFile(path);
        bytes32[] memory inputs = vm.parseJsonBytes32Array(json, ".publicInputs");
        uint256 header = uint256(inputs[3]);
        it.proof = vm.parseJsonBytes(json, ".proof");
        it.orders.root = inputs[1];
        it.orders.count = uint32(header % 2 ** 24);
        it.clearing.voidCount = uint32((header >> 24) % 2 ** 24);
        it.clearing.hasPrice = (header >> 48) % 2 == 1;
        it.clearing.priceMicrosPerKwh =
            int64(uint64((header >> 49) % 2 ** 41)) - int64(uint64(2 ** 40));
        it.clearing.energyWh = uint64(header >> 90);
        it.clearing.fillsRoot = inputs[2];
    }

    /// @dev A market whose log is at `place`, with the clearing committed to.
    function _market(address place, Committed memory it) internal returns (ClearingProofs proofs) {
        HouseOf house = new HouseOf(IIntervalLog(place), operator);
        address next = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        vm.etch(place, address(new IntervalLog(operator, next)).code);
        proofs = new ClearingProofs(IClearingHouse(address(house)), verifier, address(this));
        IIntervalLog log = IIntervalLog(place);
        vm.prank(operator);
        log.fixOrders(it.zone, it.interval, it.orders, IIntervalLog.Terms(true, true, 3_600));
        vm.prank(operator);
        log.commitClearing(it.zone, it.interval, it.clearing);
    }

    function _market(Committed memory it) internal returns (ClearingProofs proofs) {
        return _market(PLACE_OF_THE_LOG, it);
    }

    function _prove(ClearingProofs proofs, Committed memory it, uint32 size)
        internal
        returns (bool)
    {
        return proofs.prove(it.zone, it.interval, it.orders, it.clearing, size, it.proof);
    }
}

/// @dev Goal: with the real verifier and a real proof, what an operator may have put on the chain
/// instead of what follows from the orders is refused.
/// Method: the clearing that the proof is of, changed in one place each, committed to in a market
/// of its own, and brought with the proof.
contract RealProofTest is RealProof {
    function test_prove_acceptsAProofOfEverySize() public {
        string[4] memory sizes = ["64", "256", "1024", "4096"];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 before = vm.snapshotState();
            Committed memory it = _committed(sizes[i]);
            ClearingProofs proofs = _market(it);
            _assertTrue(_prove(proofs, it, uint32(4 ** (i + 3))), sizes[i]);
            IIntervalLog.Status status = proofs.intervalLog().statusOf(it.zone, it.interval);
            _assertTrue(status == IIntervalLog.Status.Proven, "proven");
            vm.revertToState(before);
        }
    }

    /// @dev 4,100 orders: a full part, and one of four.
    function test_prove_acceptsAProofOfParts() public {
        Committed memory it = _committed("8192");
        ClearingProofs proofs = _market(it);
        it.proof[it.proof.length - 1] ^= 0x01;
        _refuse(proofs, it, 8192);
        it.proof[it.proof.length - 1] ^= 0x01;
        _refuse(proofs, it, 12_288);
        _assertTrue(_prove(proofs, it, 8192), "in two parts");
        IIntervalLog.Status status = proofs.intervalLog().statusOf(it.zone, it.interval);
        _assertTrue(status == IIntervalLog.Status.Proven, "proven");
    }

    function test_prove_refusesEveryAttack() public {
        string[15] memory attacks = [
            "an order dropped, added or changed",
            "one order fewer in the count",
            "one order more in the count",
            "one void more",
            "one void fewer",
            "the price up by a micro",
            "the price down by a micro",
            "no price",
            "the energy up by a watt-hour",
            "the energy down by a watt-hour",
            "a fill changed",
            "other rules",
            "another zone",
            "another interval",
            "a proof of another size"
        ];
        for (uint256 i = 0; i < attacks.length; ++i) {
            uint256 before = vm.snapshotState();
            Committed memory it = _committed("64");
            uint32 size = 64;
            if (i == 0) it.orders.root = bytes32(uint256(it.orders.root) ^ 1);
            if (i == 1) it.orders.count -= 1;
            if (i == 2) (it.orders.count, size) = (it.orders.count + 1, 256);
            if (i == 3) it.clearing.voidCount += 1;
            if (i == 4) it.clearing.voidCount -= 1;
            if (i == 5) it.clearing.priceMicrosPerKwh += 1;
            if (i == 6) it.clearing.priceMicrosPerKwh -= 1;
            if (i == 7) (it.clearing.hasPrice, it.clearing.priceMicrosPerKwh) = (false, 0);
            if (i == 8) it.clearing.energyWh += 1;
            if (i == 9) it.clearing.energyWh -= 1;
            if (i == 10) it.clearing.fillsRoot = bytes32(uint256(it.clearing.fillsRoot) ^ 1);
            if (i == 11) it.orders.rulebookHash = "other rules";
            if (i == 12) it.zone = 1;
            if (i == 13) it.interval = 1;
            if (i == 14) it.proof = _committed("256").proof;
            _refuse(_market(it), it, size);
            vm.revertToState(before);
        }
    }

    function test_prove_refusesAnotherChainAndAnotherMarket() public {
        Committed memory it = _committed("64");
        uint256 before = vm.snapshotState();
        ClearingProofs proofs = _market(it);
        vm.chainId(31_338);
        _refuse(proofs, it, 64);
        vm.chainId(31_337);
        _assertTrue(_prove(proofs, it, 64), "on its own chain");
        vm.revertToState(before);
        _refuse(_market(address(0x1c1c), it), it, 64);
    }

    /// @dev One bit in each tenth word.
    function test_prove_refusesATamperedProof() public {
        Committed memory it = _committed("64");
        ClearingProofs proofs = _market(it);
        for (uint256 place = 31; place < it.proof.length; place += 320) {
            it.proof[place] ^= 0x01;
            _refuse(proofs, it, 64);
            it.proof[place] ^= 0x01;
        }
        _assertTrue(_prove(proofs, it, 64), "untouched again");
    }

    function _refuse(ClearingProofs proofs, Committed memory it, uint32 size) private {
        vm.expectRevert(IClearingProofs.ClearingProofsInvalidProof.selector);
        _prove(proofs, it, size);
        IIntervalLog.Status status = proofs.intervalLog().statusOf(it.zone, it.interval);
        _assertTrue(status == IIntervalLog.Status.Cleared, "not proven");
    }
}

/// @dev What a proof costs as a transaction, its call data included.
contract RealProofGasTest is RealProof {
    uint256 private constant GAS_MAX = 1_000_000;
    /// @dev The length of a part's proof, two roots of two parts, and three states.
    uint256 private constant HEAD_BYTES = 32 * 8;

    function test_prove_costsLessThanAMillion() public {
        string[4] memory sizes = ["64", "256", "1024", "4096"];
        for (uint256 i = 0; i < 4; ++i) {
            uint256 before = vm.snapshotState();
            Committed memory it = _committed(sizes[i]);
            ClearingProofs proofs = _market(it);
            _prove(proofs, it, uint32(4 ** (i + 3)));
            uint256 gasUsed = vm.lastCallGas().gasTotalUsed;
            vm.snapshotValue(
                "gas", string.concat("ClearingProofs.prove ", sizes[i], " orders"), gasUsed
            );
            vm.assertLe(gasUsed, GAS_MAX, sizes[i]);
            vm.revertToState(before);
        }
    }

    /// @dev Sixteen parts have to stay within what a transaction may use (EIP-7825).
    function test_prove_ofPartsCostsAMillionAPart() public {
        Committed memory it = _committed("8192");
        ClearingProofs proofs = _market(it);
        _prove(proofs, it, 8192);
        uint256 gasUsed = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("gas", "ClearingProofs.prove 4100 orders in two parts", gasUsed);
        vm.assertLe(gasUsed, 3 * GAS_MAX, "two parts and what joins them");
    }

    /// @dev As a server sends it: each part alone, then what joins them.
    function test_provePart_costsAMillionAndItsSlot() public {
        Committed memory it = _committed("8192");
        ClearingProofs proofs = _market(it);
        bytes memory whole = it.proof;
        uint256 partBytes = _wordAt(whole, 0);
        bytes32[5] memory inputs;
        inputs[0] = proofs.contextOf(it.zone, it.interval, it.orders.rulebookHash);
        for (uint256 part = 0; part < 2; ++part) {
            for (uint256 i = 0; i < 3; ++i) {
                inputs[1 + i] = bytes32(_wordAt(whole, 1 + 2 * i + part));
            }
            inputs[4] = bytes32(_wordAt(whole, 6 + part));
            verifier.provePart(_slice(whole, HEAD_BYTES + part * partBytes, partBytes), inputs);
            uint256 partGas = vm.lastCallGas().gasTotalUsed;
            string memory name = part == 0 ? "a full part" : "a part of 4 orders";
            vm.snapshotValue("gas", string.concat("ClearingVerifier.provePart, ", name), partGas);
            vm.assertLe(partGas, GAS_MAX + 40_000, "a part");
        }
        uint256 joinAt = HEAD_BYTES + 2 * partBytes;
        bytes memory head = _slice(whole, 32, HEAD_BYTES - 32);
        bytes memory join = _slice(whole, joinAt, whole.length - joinAt);
        it.proof = bytes.concat(bytes32(0), head, join);
        _assertTrue(_prove(proofs, it, 8192), "joined");
        uint256 joinGas = vm.lastCallGas().gasTotalUsed;
        vm.snapshotValue("gas", "ClearingProofs.prove 4100 orders, parts proven before", joinGas);
        vm.assertLe(joinGas, GAS_MAX + GAS_MAX / 5, "what joins them");
    }

    function _wordAt(bytes memory words, uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(words, 32), mul(place, 32)))
        }
    }

    function _slice(bytes memory all, uint256 from, uint256 length)
        private
        pure
        returns (bytes memory part)
    {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = all[from + i];
        }
    }
}
