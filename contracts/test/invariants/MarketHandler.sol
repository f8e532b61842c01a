// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {ClearingHouse} from "../../src/ClearingHouse.sol";
import {IClearingHouse} from "../../src/interfaces/IClearingHouse.sol";
import {IIntervalLog} from "../../src/interfaces/IIntervalLog.sol";
import {Deltas} from "../support/Deltas.sol";
import {Market} from "../support/Market.sol";

/// @dev Everybody in a market, doing anything at any time: forge calls these functions in random
/// order with random arguments. It keeps its own books, in plain integers, from what it asked for
/// and what it was told; and it knows beforehand what must be refused. A call that answers
/// otherwise reverts here, and that fails the invariant test.
contract MarketHandler is Market {
    uint64 private constant INTERVALS = 3;
    uint32 private constant MOST_ACCOUNTS = 14;

    mapping(uint256 account => int256 balance) public books;
    uint256 public gifts;
    uint256 public deposited;
    uint256 public redeemed;
    mapping(uint64 interval => bytes32 orderSet) public orderSets;
    mapping(uint64 interval => bytes32 commitment) public commitments;
    mapping(uint64 interval => bytes32[] runs) private _runs;

    IClearingHouse.Batch private _open;
    bytes[] private _chunks;
    int64[] private _openDeltas;
    uint32 private _staged;
    uint32 private _applied;

    IClearingHouse.Batch private _last;
    bytes private _lastDeltas;
    uint256 private _ids;

    constructor() {
        setUp();
        _admit(4);
        for (uint32 account = 0; account < 7; ++account) {
            deposit(account, 1_000_000);
        }
    }

    function theHouse() external view returns (ClearingHouse) {
        return house;
    }

    function accountCount() public view returns (uint32) {
        return registry.accountCount();
    }

    function isApplying() public view returns (bool) {
        return _applied != 0;
    }

    function runsOf(uint64 interval) external view returns (bytes32[] memory) {
        return _runs[interval];
    }

    function admitOne() external {
        uint32 account = accountCount();
        if (account == MOST_ACCOUNTS) return;
        vm.prank(authority);
        registry.admit(account, _owner(account), "key");
    }

    function suspendOrReinstate(uint32 account, bool suspends) external {
        account = _participant(account);
        vm.prank(authority);
        if (suspends) registry.suspend(account);
        else registry.reinstate(account);
    }

    function redeem(uint256 amount) external {
        amount = _bound(amount, 0, token.balanceOf(address(this)));
        token.redeem(amount, bytes32(++_ids));
        redeemed += amount;
    }

    function gift(uint256 amount) external {
        amount = _bound(amount, 1, 1_000);
        _mint(address(this), amount);
        deposited += amount;
        gifts += amount;
        token.transfer(address(house), amount);
    }

    function deposit(uint32 account, uint64 amount) public {
        account = uint32(_bound(account, 0, accountCount() - 1));
        amount = uint64(_bound(amount, 1, 2_000_000));
        _mint(address(this), amount);
        deposited += amount;
        try house.deposit(account, amount) {
            _assertFalse(isApplying(), "a deposit while a batch is applied");
            books[account] += int256(uint256(amount));
        } catch {
            _assertTrue(isApplying(), "a deposit was refused");
        }
    }

    function fix(uint64 interval, uint8 content) external {
        interval = uint64(_bound(interval, 0, INTERVALS - 1));
        IIntervalLog.Orders memory orders = _openOrders();
        orders.count = content % 2;
        bytes32 orderSet = log.hashOrders(orders);
        bytes32 known = orderSets[interval];
        vm.prank(operator);
        try log.fixOrders(ZONE, interval, orders, _openTerms()) returns (bool isNew) {
            _assertTrue(isNew ? known == 0 : known == orderSet, "an order set changed");
            orderSets[interval] = orderSet;
        } catch {
            _assertTrue(known != 0 && known != orderSet, "an order set was refused");
        }
    }

    function commit(uint64 interval, uint8 content) external {
        interval = uint64(_bound(interval, 0, INTERVALS - 1));
        IIntervalLog.Clearing memory clearing = _openClearing();
        clearing.voidCount = content % 2;
        bytes32 commitment = log.hashClearing(clearing);
        bytes32 known = commitments[interval];
        vm.prank(operator);
        try log.commitClearing(ZONE, interval, clearing) returns (bool isNew) {
            _assertTrue(orderSets[interval] != 0, "a clearing of orders that are not fixed");
            _assertTrue(isNew ? known == 0 : known == commitment, "a clearing changed");
            commitments[interval] = commitment;
        } catch {
            bool isSame = known == 0 || known == commitment;
            _assertTrue(!isSame || orderSets[interval] == 0, "a clearing was refused");
        }
    }

    function settle(uint64 interval, uint256 seed) external {
        interval = uint64(_bound(interval, 0, INTERVALS - 1));
        IClearingHouse.Batch memory batch = _batch(interval, uint32(_runs[interval].length));
        (int64[] memory deltas, bool isSound) = _deltas(seed);
        bytes memory records = Deltas.encode(0, deltas);
        bool isDue = commitments[interval] != 0 && _chunks.length == 0 && isSound;
        vm.prank(operator);
        try house.settle(batch, records) returns (bool settled) {
            _assertTrue(settled && isDue, "a batch that is not due");
            _book(batch, deltas);
            (_last, _lastDeltas) = (batch, records);
        } catch {
            _assertFalse(isDue, "a batch was refused");
        }
    }

    function settleAgain(bool changes) external {
        if (_lastDeltas.length == 0) return;
        bytes memory records = changes ? bytes.concat(_lastDeltas, _lastDeltas) : _lastDeltas;
        vm.prank(operator);
        try house.settle(_last, records) returns (bool settled) {
            _assertFalse(settled || changes, "a batch moved twice");
        } catch {
            _assertTrue(changes, "the same batch was refused");
        }
    }

    function stageNext(uint64 interval, uint8 chunkCount, uint256 seed) external {
        if (_chunks.length == 0) {
            interval = uint64(_bound(interval, 0, INTERVALS - 1));
            _cut(interval, _bound(chunkCount, 1, 3), seed);
        }
        if (_staged == _chunks.length) return;
        bool isDue = (_staged != 0 || _mayOpen()) && _nextChunkIsSound();
        vm.prank(operator);
        try house.stage(_open, uint32(_chunks.length), _staged, _chunks[_staged]) returns (
            bool isNew
        ) {
            _assertTrue(isNew && isDue, "a chunk that is not due");
            ++_staged;
        } catch {
            _assertFalse(isDue, "a chunk was refused");
            if (_staged == 0) _forget();
        }
    }

    function applyNext(address anyone) external {
        if (_chunks.length == 0) return;
        bool isDue = _staged == _chunks.length;
        vm.prank(anyone);
        try house.applyChunk(_open, _applied, _chunks[_applied]) returns (bool isNew) {
            _assertTrue(isNew && isDue, "a chunk before all were staged");
            if (++_applied == _chunks.length) {
                _book(_open, _openDeltas);
                _forget();
            }
        } catch {
            _assertFalse(isDue, "applying failed");
        }
    }

    function stageOrApplyAgain(uint32 index, bool applies) external {
        if (_staged == 0) return;
        index = uint32(_bound(index, 0, _staged - 1));
        if (applies) {
            if (index >= _applied) return;
            _assertFalse(house.applyChunk(_open, index, _chunks[index]), "applied twice");
            return;
        }
        vm.prank(operator);
        bool isNew = house.stage(_open, uint32(_chunks.length), index, _chunks[index]);
        _assertFalse(isNew, "staged twice");
    }

    function abandon(bool byTheOperator) external {
        bool isLapsed = _isLapsed();
        bool mayBe = _staged != 0 && !isApplying() && (byTheOperator || isLapsed);
        if (byTheOperator) vm.prank(operator);
        try house.abandon() {
            _assertTrue(mayBe, "a batch was dropped");
            _forget();
        } catch {
            _assertFalse(mayBe, "a batch could not be dropped");
        }
    }

    function withdraw(uint32 account, uint64 amount, bool isForged) external {
        account = _participant(account);
        amount = uint64(_bound(amount, 1, uint256(books[account]) + 100));
        address to = address(this);
        bytes16 id = bytes16(uint128(++_ids));
        bytes32 content = keccak256(
            abi.encode(
                keccak256("Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)"),
                id,
                account,
                amount,
                to
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            KEYS + account - FIRST + (isForged ? 1 : 0),
            keccak256(abi.encodePacked("\x19\x01", house.domainSeparator(), content))
        );
        bool mayBe = _staged == 0 && !isForged && int256(uint256(amount)) <= books[account];
        vm.prank(operator);
        try house.withdraw(id, account, amount, to, abi.encodePacked(r, s, v)) {
            _assertTrue(mayBe, "a withdrawal went out");
            books[account] -= int256(uint256(amount));
        } catch {
            _assertFalse(mayBe, "a withdrawal was refused");
        }
    }

    function request(uint32 account, uint64 amount) external {
        account = _participant(account);
        vm.prank(_owner(account));
        house.requestWithdrawal(account, uint64(_bound(amount, 0, 3_000_000)));
    }

    function claim(uint32 account) external {
        account = _withRequest(_participant(account));
        (uint64 amount, uint64 claimableAt,) = house.requestOf(account);
        bool isDue = amount != 0 && block.timestamp >= claimableAt;
        bool lapses = _isLapsed();
        try house.claimWithdrawal(account) returns (uint64 paid) {
            _assertTrue(isDue, "a claim that is not due");
            if (lapses) _forget();
            int256 expected = int256(uint256(amount));
            if (expected > books[account]) expected = books[account];
            if (_staged != 0) expected = 0;
            _assertEq(int256(uint256(paid)), expected, "the claim");
            books[account] -= expected;
        } catch {
            _assertFalse(isDue, "a claim was refused");
        }
    }

    function exit(uint32 account) external {
        account = _participant(account);
        bool lapses = _isLapsed();
        bool mayBe = block.timestamp >= house.silentFrom() && (_staged == 0 || lapses);
        vm.prank(_owner(account));
        try house.exit(account) returns (uint64 paid) {
            _assertTrue(mayBe, "an exit");
            if (lapses) _forget();
            _assertEq(int256(uint256(paid)), books[account], "the exit");
            books[account] = 0;
        } catch {
            _assertFalse(mayBe, "an exit was refused");
        }
    }

    function pass(uint256 time) external {
        // Less than an interval; enough for staging to lapse; for a request; for silence, in two.
        vm.warp(block.timestamp + [uint256(10), 400, 2_000, 4_000][time % 4]);
    }

    function _participant(uint32 any) private view returns (uint32) {
        return uint32(_bound(any, FIRST, accountCount() - 1));
    }

    /// @dev The first account from this one on that has requested something, if there is any.
    function _withRequest(uint32 first) private view returns (uint32) {
        uint32 participants = accountCount() - FIRST;
        for (uint32 i = 0; i < participants; ++i) {
            uint32 account = FIRST + (first - FIRST + i) % participants;
            (uint64 amount,,) = house.requestOf(account);
            if (amount != 0) return account;
        }
        return first;
    }

    /// @dev Payments that everyone can afford and that sum to zero; one time in eight somebody pays
    /// more than it has, one time in eight a micro is missing.
    function _deltas(uint256 seed) private view returns (int64[] memory deltas, bool isSound) {
        uint32 count = accountCount();
        deltas = new int64[](count);
        int64 sum = 0;
        for (uint256 account = 0; account < count; ++account) {
            uint256 random = uint256(keccak256(abi.encode(seed, account)));
            if (random % 2 == 0) continue;
            deltas[account] = -int64(int256(_bound(random >> 8, 0, uint256(books[account]))));
            sum += deltas[account];
        }
        deltas[seed % count] -= sum;
        isSound = true;
        if (seed % 8 == 1) {
            uint256 account = (seed >> 8) % count;
            int64 excess = int64(books[account]) + deltas[account] + 1;
            deltas[account] -= excess;
            deltas[(account + 1) % count] += excess;
            isSound = false;
        }
        if (seed % 8 == 2) {
            deltas[(seed >> 8) % count] += 1;
            isSound = false;
        }
    }

    /// @dev Cuts a batch into chunks between words.
    function _cut(uint64 interval, uint256 chunkCount, uint256 seed) private {
        (int64[] memory deltas,) = _deltas(seed);
        _open = _batch(interval, uint32(_runs[interval].length));
        _openDeltas = deltas;
        uint256 words = (deltas.length + 3) / 4;
        if (chunkCount > words) chunkCount = words;
        for (uint256 i = 0; i < chunkCount; ++i) {
            uint256 first = words * i / chunkCount;
            uint256 beyond = words * (i + 1) / chunkCount;
            bytes memory records;
            for (uint256 word = first; word < beyond; ++word) {
                int64[] memory lanes = new int64[](4);
                for (uint256 k = 0; k < 4 && 4 * word + k < deltas.length; ++k) {
                    lanes[k] = deltas[4 * word + k];
                }
                records = bytes.concat(records, Deltas.encode(word, lanes));
            }
            if (records.length == 0) records = Deltas.record(first, 0);
            _chunks.push(records);
        }
    }

    /// @dev Nobody in the next chunk is short, by what it has now; and the last one leaves no sum.
    function _nextChunkIsSound() private view returns (bool) {
        uint256 words = (_openDeltas.length + 3) / 4;
        uint256 beyond = 4 * (words * (_staged + 1) / _chunks.length);
        int256 sum = 0;
        for (uint256 account = 0; account < _openDeltas.length; ++account) {
            sum += _openDeltas[account];
            bool isInChunk = account >= 4 * (words * _staged / _chunks.length) && account < beyond;
            if (isInChunk && books[account] + _openDeltas[account] < 0) return false;
        }
        return sum == 0 || _staged + 1 < _chunks.length;
    }

    function _mayOpen() private view returns (bool) {
        if (commitments[_open.interval] == 0 || block.timestamp >= house.silentFrom()) {
            return false;
        }
        for (uint32 account = FIRST; account < accountCount(); ++account) {
            (,, bool waiting) = house.requestOf(account);
            if (waiting) return false;
        }
        return true;
    }

    function _isLapsed() private view returns (bool) {
        (,,,,,, uint64 lapsesAt) = house.openBatch();
        return _staged != 0 && _staged < _chunks.length && block.timestamp >= lapsesAt;
    }

    function _book(IClearingHouse.Batch memory batch, int64[] memory deltas) private {
        for (uint256 account = 0; account < deltas.length; ++account) {
            books[account] += deltas[account];
        }
        _runs[batch.interval].push(log.hashRun(batch.readingsRoot, batch.postingsRoot));
    }

    function _forget() private {
        delete _open;
        delete _chunks;
        delete _openDeltas;
        _staged = 0;
        _applied = 0;
    }
}
