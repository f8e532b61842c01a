// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {ClearingProofs} from "../../src/ClearingProofs.sol";
import {IClearingProofs} from "../../src/interfaces/IClearingProofs.sol";
import {IClearingVerifier} from "../../src/interfaces/IClearingVerifier.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {MockVerifier} from "../support/MockVerifier.sol";
import {SealedMarket} from "../support/SealedMarket.sol";
import {Tree} from "../support/Tree.sol";

/// @dev Goal: an interval is proven by a proof of exactly what was committed, and by nothing else.
/// Method: a mock verifier whose proofs are valid for one statement; a table of what an operator
/// might want to be proven instead.
contract ProveTest is SealedMarket {
    uint32 private constant COUNT = 5;
    uint32 private constant SIZE = 64;

    IIntervalLog.Orders private _orders;
    bool private _withoutVerifier;

    function setUp() public override {
        super.setUp();
        Tree tree = _treeOf(_commitments(COUNT));
        _orders = _ordersOf(tree, COUNT);
        _fix(ZONE, INTERVAL, _orders);
        _clear(ZONE, INTERVAL);
    }

    function test_constructor_revertsWhereItIsNotExpected() public {
        IClearingVerifier verifier = proofs.verifier();
        vm.expectRevert(IClearingProofs.ClearingProofsInvalidDeployment.selector);
        new ClearingProofs(house, verifier, auditor);
        address ours = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 1);
        house = new ClearingHouse(token, registry, "other", 300, 12, 24, ours);
        vm.expectRevert(IClearingProofs.ClearingProofsInvalidDeployment.selector);
        new ClearingProofs(house, IClearingVerifier(address(0)), address(0));
    }

    function test_constructor_keepsWhatItWasMadeWith() public view {
        _assertEq(address(proofs.clearingHouse()), address(house), "house");
        _assertEq(address(proofs.intervalLog()), address(log), "log");
        _assertEq(log.clearingProofs(), address(proofs), "proofs of the log");
        _assertEq(proofs.auditor(), auditor, "auditor");
        _assertTrue(proofs.verifier().isDevelopment(), "the mock");
    }

    function test_contextOf_isTheHashOfItsParts() public view {
        bytes32 expected = keccak256(
            bytes.concat(
                keccak256("Busbar sealed orders 1"),
                bytes32(block.chainid),
                bytes32(uint256(uint160(address(log)))),
                bytes32(uint256(ZONE)),
                bytes32(uint256(INTERVAL)),
                RULES
            )
        );
        _assertEq(proofs.contextOf(ZONE, INTERVAL, RULES), expected >> 8, "context");
    }

    /// @dev Worked by hand: 5 orders, 2 void, −0.25 a kWh, 120 kWh.
    function test_headerOf_packsFromTheLowestBit() public view {
        uint256 expected =
            5 + 2 * 2 ** 24 + 2 ** 48 + (2 ** 40 - 250_000) * 2 ** 49 + 120_000 * 2 ** 90;
        _assertEq(proofs.headerOf(COUNT, _clearing()), bytes32(expected), "header");
        IIntervalLog.Clearing memory nothing;
        _assertEq(proofs.headerOf(0, nothing), bytes32(0), "nothing");
    }

    function testFuzz_headerOf_isAnotherForAnythingElse(
        uint32 countA,
        uint32 countB,
        IIntervalLog.Clearing memory a,
        IIntervalLog.Clearing memory b
    ) public view {
        countA = _within(countA, a);
        countB = _within(countB, b);
        bool isSame = countA == countB && a.voidCount == b.voidCount && a.hasPrice == b.hasPrice
            && a.priceMicrosPerKwh == b.priceMicrosPerKwh && a.energyWh == b.energyWh;
        bytes32 headerA = proofs.headerOf(countA, a);
        _assertTrue((headerA == proofs.headerOf(countB, b)) == isSame, "injective");
        _assertTrue(uint256(headerA) < 2 ** 146, "146 bits");
    }

    function test_headerOf_revertsBeyondTheStatement() public {
        for (uint256 i = 0; i < 6; ++i) {
            IIntervalLog.Clearing memory clearing = _clearing();
            uint32 count = COUNT;
            if (i == 0) count = 2 ** 24;
            if (i == 1) clearing.voidCount = COUNT + 1;
            if (i == 2) clearing.priceMicrosPerKwh = 10 ** 12 + 1;
            if (i == 3) clearing.priceMicrosPerKwh = -(10 ** 12) - 1;
            if (i == 4) clearing.energyWh = 2 ** 56;
            if (i == 5) clearing.hasPrice = false;
            vm.expectRevert(IClearingProofs.ClearingProofsOutOfRange.selector);
            proofs.headerOf(count, clearing);
        }
    }

    function testFuzz_prove_marksItForWhoeverBringsAProof(address prover) public {
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), SIZE);
        vm.expectEmit();
        emit IClearingProofs.ClearingProven(ZONE, INTERVAL, prover, SIZE);
        vm.expectEmit();
        emit IIntervalLog.IntervalJudged(ZONE, INTERVAL, IIntervalLog.Status.Proven);
        vm.prank(prover);
        _assertTrue(_prove(_clearing(), SIZE, proof), "proven");
        _assertStatus(IIntervalLog.Status.Proven);
    }

    function test_prove_againChangesNothing() public {
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), SIZE);
        _prove(_clearing(), SIZE, proof);
        vm.recordLogs();
        _assertFalse(_prove(_clearing(), SIZE, proof), "not again");
        _assertFalse(_prove(_clearing(), SIZE, ""), "and not looked at");
        _assertEq(vm.getRecordedLogs().length, 0, "no event");
    }

    function test_prove_alsoWhenOverdue() public {
        vm.warp(block.timestamp + DEADLINE + 1);
        _assertStatus(IIntervalLog.Status.Overdue);
        _prove(_clearing(), SIZE, _proofOf(ZONE, INTERVAL, _orders, _clearing(), SIZE));
        _assertStatus(IIntervalLog.Status.Proven);
    }

    /// @dev What an operator that committed to a clearing might rather have proven. Each is a
    /// valid proof, of a statement that is not the committed one.
    function test_prove_refusesProofsOfOtherStatements() public {
        for (uint256 i = 0; i < 11; ++i) {
            IIntervalLog.Orders memory orders = _orders;
            IIntervalLog.Clearing memory clearing = _clearing();
            (uint32 zone, uint64 interval, uint32 size) = (ZONE, INTERVAL, SIZE);
            if (i == 0) orders.root = _treeOf(_commitments(COUNT - 1)).root();
            if (i == 1) orders.root = _treeOf(_commitments(COUNT + 1)).root();
            if (i == 2) orders.count += 1;
            if (i == 3) orders.rulebookHash = "other rules";
            if (i == 4) clearing.priceMicrosPerKwh += 1;
            if (i == 5) clearing.energyWh -= 1;
            if (i == 6) clearing.voidCount += 1;
            if (i == 7) clearing.fillsRoot = bytes32(uint256(0xf112));
            if (i == 8) zone += 1;
            if (i == 9) interval += 1;
            if (i == 10) size = 256;
            bytes memory proof = _proofOf(zone, interval, orders, clearing, size);
            vm.expectRevert(IClearingProofs.ClearingProofsInvalidProof.selector);
            _prove(_clearing(), SIZE, proof);
        }
        _assertStatus(IIntervalLog.Status.Cleared);
    }

    function test_prove_refusesProofsForAnotherChainOrMarket() public {
        uint256 here = block.chainid;
        vm.chainId(here + 1);
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), SIZE);
        vm.chainId(here);
        vm.expectRevert(IClearingProofs.ClearingProofsInvalidProof.selector);
        _prove(_clearing(), SIZE, proof);

        ClearingProofs former = proofs;
        super.setUp();
        _fix(ZONE, INTERVAL, _orders);
        _clear(ZONE, INTERVAL);
        bytes memory elsewhere = _proofOf(ZONE, INTERVAL, _orders, _clearing(), SIZE);
        vm.expectRevert(IClearingProofs.ClearingProofsInvalidProof.selector);
        former.prove(ZONE, INTERVAL, _orders, _clearing(), SIZE, elsewhere);
    }

    /// @dev Content other than what was committed is refused before the verifier is asked, with a
    /// proof that would be valid for it.
    function test_prove_refusesContentThatWasNotCommitted() public {
        for (uint256 i = 0; i < 3; ++i) {
            IIntervalLog.Orders memory orders = _orders;
            if (i == 0) orders.root = _treeOf(_commitments(COUNT - 1)).root();
            if (i == 1) orders.count -= 1;
            if (i == 2) orders.rulebookHash = "other rules";
            bytes memory proof = _proofOf(ZONE, INTERVAL, orders, _clearing(), SIZE);
            _expect(IClearingProofs.ClearingProofsOrdersDiffer.selector);
            proofs.prove(ZONE, INTERVAL, orders, _clearing(), SIZE, proof);
        }
        for (uint256 i = 0; i < 4; ++i) {
            IIntervalLog.Clearing memory clearing = _clearing();
            if (i == 0) clearing.priceMicrosPerKwh += 1;
            if (i == 1) clearing.fillsRoot = bytes32(uint256(0xf112));
            if (i == 2) clearing.clearingRoot = "other";
            if (i == 3) clearing.voidCount -= 1;
            bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, clearing, SIZE);
            _expect(IClearingProofs.ClearingProofsClearingDiffers.selector);
            _prove(clearing, SIZE, proof);
        }
    }

    function test_prove_refusesWhatCannotBeProvenYetOrAnyMore() public {
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), SIZE);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsOrdersDiffer.selector, ZONE, INTERVAL + 1
            )
        );
        proofs.prove(ZONE, INTERVAL + 1, _orders, _clearing(), SIZE, proof);
        _fix(ZONE, INTERVAL + 1, _orders);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsClearingDiffers.selector, ZONE, INTERVAL + 1
            )
        );
        proofs.prove(ZONE, INTERVAL + 1, _orders, _clearing(), SIZE, proof);

        vm.prank(address(proofs));
        log.judge(ZONE, INTERVAL, IIntervalLog.Status.Faulty);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsWrongStatus.selector,
                ZONE,
                INTERVAL,
                IIntervalLog.Status.Faulty
            )
        );
        _prove(_clearing(), SIZE, proof);
    }

    function test_prove_refusesAnOpenBook() public {
        _commit(INTERVAL + 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsNotSealed.selector, keccak256("rules")
            )
        );
        proofs.prove(ZONE, INTERVAL + 1, _openOrders(), _openClearing(), 1_024, "");
    }

    function test_prove_refusesASizeThatIsTooSmall() public {
        bytes memory proof = _proofOf(ZONE, INTERVAL, _orders, _clearing(), COUNT - 1);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingProofs.ClearingProofsSizeTooSmall.selector, COUNT - 1, COUNT
            )
        );
        _prove(_clearing(), COUNT - 1, proof);
    }

    function test_prove_refusesWhatTheVerifierCannotRead() public {
        vm.expectRevert(MockVerifier.Unreadable.selector);
        _prove(_clearing(), SIZE, "");
    }

    function test_prove_refusesWithoutAVerifier() public {
        _withoutVerifier = true;
        super.setUp();
        _fix(ZONE, INTERVAL, _orders);
        _clear(ZONE, INTERVAL);
        vm.expectRevert(IClearingProofs.ClearingProofsNoVerifier.selector);
        _prove(_clearing(), SIZE, "");
    }

    function _verifier() internal override returns (IClearingVerifier) {
        return _withoutVerifier ? IClearingVerifier(address(0)) : super._verifier();
    }

    function _prove(IIntervalLog.Clearing memory clearing, uint32 size, bytes memory proof)
        private
        returns (bool)
    {
        return proofs.prove(ZONE, INTERVAL, _orders, clearing, size, proof);
    }

    function _expect(bytes4 selector) private {
        vm.expectRevert(abi.encodeWithSelector(selector, ZONE, INTERVAL));
    }

    /// @dev Brings a clearing within the statement's bounds.
    function _within(uint32 count, IIntervalLog.Clearing memory clearing)
        private
        pure
        returns (uint32)
    {
        count = uint32(_bound(count, 0, 2 ** 24 - 1));
        clearing.voidCount = uint32(_bound(clearing.voidCount, 0, count));
        clearing.energyWh = uint64(_bound(clearing.energyWh, 0, 2 ** 56 - 1));
        clearing.priceMicrosPerKwh = int64(clearing.priceMicrosPerKwh % 10 ** 12);
        if (!clearing.hasPrice) clearing.priceMicrosPerKwh = 0;
        return count;
    }
}
