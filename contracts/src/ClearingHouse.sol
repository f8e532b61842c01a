// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {
    ReentrancyGuardTransient
} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {AccountKeys} from "./AccountKeys.sol";
import {Books} from "./Books.sol";
import {IntervalLog} from "./IntervalLog.sol";
import {TradeHolds} from "./TradeHolds.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {Balances} from "./libraries/Balances.sol";
import {Requests} from "./libraries/Requests.sol";
import {Staging} from "./libraries/Staging.sol";
import {Unproven} from "./libraries/Unproven.sol";
import {MAX_MICROS} from "./types/Micros.sol";

/// @title Clearing house
/// @dev The operator is fixed, taken from the registry: an operator that could name its successor
/// could also name an attacker. To change it, a new market is deployed and money moves there by
/// withdrawals; if its key is lost, it falls silent and everyone can exit.
///
/// The token must be a plain ERC-20 that moves exactly what it is told (the market's FiatToken).
/// @custom:invariant invariant_balancesSumToTotal: all balances sum to totalBalance.
/// @custom:invariant invariant_houseHoldsTotalAndGifts: it holds totalBalance tokens, and gifts.
/// @custom:invariant invariant_noBalanceIsBelowZero: the floor of every account is zero.
/// @custom:invariant invariant_batchMovesMoneyOnce: once, all of it or none, of a cleared interval.
/// @custom:invariant invariant_unprovenMoneyStays: no way out takes what is held back.
/// @custom:invariant invariant_nobodySeesHalfABatch: no balance is read while one is applied.
contract ClearingHouse is Books, EIP712, ReentrancyGuardTransient {
    using Balances for Balances.Table;
    using Requests for Requests.State;
    using SafeERC20 for IERC20;
    using Staging for Staging.State;
    using Unproven for Unproven.State;

    bytes32 private constant WITHDRAWAL_TYPEHASH =
        keccak256("Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)");
    uint32 private constant SYSTEM_ACCOUNTS = 3; // rounding, fees and guarantee

    modifier onlyOperator() {
        if (msg.sender != operator) revert ClearingHouseUnauthorized(msg.sender);
        _;
    }

    /// @param market Its id, in the EIP-712 domain: nothing signed for one is valid in another
    /// @param clearingProofs Where ClearingProofs will be, which is told in turn where this is
    constructor(
        IERC20 token_,
        IParticipantRegistry registry_,
        string memory market,
        uint32 intervalSeconds_,
        uint32 withdrawalDelayIntervals,
        uint32 silentIntervals,
        address clearingProofs
    ) EIP712(string.concat("Busbar/", market), "1") {
        if (intervalSeconds_ == 0 || withdrawalDelayIntervals == 0 || silentIntervals == 0) {
            revert ClearingHouseInvalidTimes(
                intervalSeconds_, withdrawalDelayIntervals, silentIntervals
            );
        }
        token = token_;
        registry = registry_;
        operator = registry_.operator();
        intervalSeconds = intervalSeconds_;
        // Two uint32 multiply within uint64.
        withdrawalDelaySeconds = uint64(intervalSeconds_) * withdrawalDelayIntervals;
        silenceSeconds = uint64(intervalSeconds_) * silentIntervals;
        intervalLog = new IntervalLog(operator, clearingProofs);
        tradeHolds = new TradeHolds(operator);
        accountKeys = new AccountKeys(registry_);
    }

    /// @inheritdoc IClearingHouse
    function deposit(uint32 account, uint64 amountMicros) external nonReentrant {
        _deposit(account, amountMicros);
    }

    /// @inheritdoc IClearingHouse
    function depositWithPermit(
        uint32 account,
        uint64 amountMicros,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        // A permit that someone else has sent already has done its work: the allowance decides. The
        // token is called before the deposit is booked, but it finds the house closed meanwhile.
        // slither-disable-next-line reentrancy-benign
        try IERC20Permit(address(token))
            .permit(msg.sender, address(this), amountMicros, deadline, v, r, s) {}
            catch {}
        _deposit(account, amountMicros);
    }

    /// @inheritdoc IClearingHouse
    function depositFor(uint32[] calldata accounts, uint64[] calldata amountsMicros)
        external
        nonReentrant
    {
        if (accounts.length != amountsMicros.length) {
            revert ClearingHouseLengthMismatch(accounts.length, amountsMicros.length);
        }
        _staging.requireReadable();
        uint256 accountCount = registry.accountCount();
        uint256 sum = 0;
        for (uint256 i = 0; i < accounts.length; ++i) {
            sum += amountsMicros[i];
            _credit(accounts[i], amountsMicros[i], accountCount);
        }
        _receive(sum);
    }

    /// @inheritdoc IClearingHouse
    function settle(Batch calldata batch, bytes calldata deltas)
        external
        onlyOperator
        nonReentrant
        returns (bool settled)
    {
        if (!_staging.bookWhole(batch, deltas)) return false;
        _requireZero(batch, _balances.add(deltas, registry.accountCount()));
        uint32 place = _placeFor(batch);
        if (place != 0) _unproven.note(place, deltas);
        _record(batch, 1);
        return true;
    }

    /// @inheritdoc IClearingHouse
    function stage(Batch calldata batch, uint32 chunkCount, uint32 index, bytes calldata deltas)
        external
        onlyOperator
        nonReentrant
        returns (bool staged)
    {
        bytes32 content = Staging.contentOf(batch, index, deltas);
        if (_staging.isKnown(batch, chunkCount, index, content)) return false;
        if (index == 0) _open(batch, chunkCount);
        _staging.requireNextChunk(batch, chunkCount, index);
        Balances.Tally memory tally =
            _balances.check(deltas, registry.accountCount(), _staging.nextWord);
        int256 sum = _staging.keep(index, content, tally);
        if (index + 1 == chunkCount) _requireZero(batch, sum);
        emit ChunkStaged(batch.zone, batch.interval, batch.run, index);
        return true;
    }

    /// @inheritdoc IClearingHouse
    function applyChunk(Batch calldata batch, uint32 index, bytes calldata deltas)
        external
        nonReentrant
        returns (bool applied)
    {
        uint256 chunkCount = _staging.beginChunk(batch, index, deltas);
        if (chunkCount == 0) return false;
        _balances.replay(deltas);
        if (_staging.place != 0) _unproven.note(_staging.place, deltas);
        emit ChunkApplied(batch.zone, batch.interval, batch.run, index);
        if (index + 1 == chunkCount) {
            _staging.close();
            _record(batch, chunkCount);
        }
        return true;
    }

    /// @inheritdoc IClearingHouse
    function abandon() external {
        if (msg.sender != operator && !_staging.isLapsed()) {
            revert ClearingHouseUnauthorized(msg.sender);
        }
        _staging.discard();
    }

    /// @inheritdoc IClearingHouse
    function withdraw(
        bytes16 id,
        uint32 account,
        uint64 amountMicros,
        address to,
        bytes calldata signature
    ) external onlyOperator nonReentrant returns (bool withdrawn) {
        bytes32 content = keccak256(abi.encode(WITHDRAWAL_TYPEHASH, id, account, amountMicros, to));
        bytes32 known = _withdrawals[account][id];
        if (known == content) return false;
        if (known != bytes32(0)) revert ClearingHouseWithdrawalDiffers(account, id);

        _staging.requireClosed();
        if (to == address(0) || to == address(this)) revert ClearingHouseInvalidReceiver(to);
        address owner = registry.ownerOf(account);
        if (owner == address(0)) revert ClearingHouseUnknownAccount(account);
        if (!accountKeys.mayRelease(account, to, _hashTypedDataV4(content), signature)) {
            revert ClearingHouseInvalidSignature(account, owner);
        }

        _withdrawals[account][id] = content;
        uint64 balance = _balances.balanceOf(account).toAmount();
        uint64 free = _freeOf(account);
        // More than the balance is refused below.
        if (amountMicros > free && amountMicros <= balance) {
            revert ClearingHouseHeldBack(account, amountMicros, free);
        }
        _debit(account, amountMicros);
        emit Withdrawn(account, id, to, amountMicros);
        token.safeTransfer(to, amountMicros);
        return true;
    }

    /// @inheritdoc IClearingHouse
    function requestWithdrawal(uint32 account, uint64 amountMicros) external {
        _requireOwner(account);
        if (amountMicros > MAX_MICROS) revert ClearingHouseInvalidAmount(amountMicros);
        _requests.replace(account, amountMicros, uint64(block.timestamp) + withdrawalDelaySeconds);
    }

    /// @inheritdoc IClearingHouse
    function claimWithdrawal(uint32 account) external nonReentrant returns (uint64 paidMicros) {
        uint64 requested = _requests.requireDue(account);
        if (_staging.isLapsed()) _staging.discard();
        if (_staging.isOpen()) {
            _requests.defer(account);
            return 0;
        }
        _requests.clear(account);
        uint64 free = _freeOf(account);
        uint64 held = tradeHolds.heldOf(account);
        free = free > held ? free - held : 0;
        paidMicros = requested < free ? requested : free;
        address to = registry.ownerOf(account);
        if (paidMicros != 0) _debit(account, paidMicros);
        emit WithdrawalClaimed(account, to, paidMicros);
        token.safeTransfer(to, paidMicros);
    }

    /// @inheritdoc IClearingHouse
    function exit(uint32 account) external nonReentrant returns (uint64 paidMicros) {
        _requireOwner(account);
        // Times here are intervals, minutes and more; a block's maker can move its time by seconds.
        // slither-disable-next-line timestamp
        if (block.timestamp < silentFrom()) revert ClearingHouseOperatorNotSilent(silentFrom());
        if (_staging.isLapsed()) _staging.discard();
        _staging.requireClosed();
        _requests.clear(account);
        paidMicros = _freeOf(account);
        if (paidMicros != 0) _debit(account, paidMicros);
        emit Exited(account, msg.sender, paidMicros);
        token.safeTransfer(msg.sender, paidMicros);
    }

    /// @inheritdoc IClearingHouse
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /// @dev Opening a batch holds back all money that wants to leave, so it is refused to an
    /// operator that passes by claims which are due, or that was silent so long that owners may
    /// exit.
    function _open(Batch calldata batch, uint256 chunkCount) private {
        _requests.requireNoneWaiting();
        // As above, seconds do not matter.
        // slither-disable-next-line timestamp
        if (block.timestamp >= silentFrom()) revert ClearingHouseOperatorSilent(silentFrom());
        intervalLog.requireNextRun(batch.zone, batch.interval, batch.run);
        _staging.open(
            batch, chunkCount, uint64(block.timestamp) + intervalSeconds, _placeFor(batch)
        );
    }

    function _deposit(uint32 account, uint64 amountMicros) private {
        _staging.requireReadable();
        _credit(account, amountMicros, registry.accountCount());
        _receive(amountMicros);
    }

    /// @dev Takes the tokens that were credited. The bound on the total is what makes every lane
    /// safe from overflow: no balance is negative and no batch changes their sum, so none can
    /// exceed it. (A credit that overflowed its lane before took the total beyond the bound too.)
    function _receive(uint256 amountMicros) private {
        uint256 total = _totalBalance;
        if (amountMicros > MAX_MICROS - total) {
            revert ClearingHouseCapacityExceeded(total, amountMicros);
        }
        // At most MAX_MICROS.
        _totalBalance = uint64(total + amountMicros);
        token.safeTransferFrom(msg.sender, address(this), amountMicros);
    }

    function _credit(uint32 account, uint64 amountMicros, uint256 accountCount) private {
        if (account >= accountCount) revert ClearingHouseUnknownAccount(account);
        if (amountMicros == 0 || amountMicros > MAX_MICROS) {
            revert ClearingHouseInvalidAmount(amountMicros);
        }
        _balances.credit(account, amountMicros);
        emit Deposited(account, msg.sender, amountMicros);
    }

    function _debit(uint32 account, uint64 amountMicros) private {
        if (amountMicros == 0 || amountMicros > MAX_MICROS) {
            revert ClearingHouseInvalidAmount(amountMicros);
        }
        _balances.debit(account, amountMicros);
        // The account held the amount, and the total is the sum of all accounts.
        _totalBalance -= amountMicros;
    }

    /// @dev Where what the batch credits is noted, zero if it is free at once. Held back as long as
    /// an operator may be silent: time to dispute an interval that is overdue, and to decide it.
    function _placeFor(Batch calldata batch) private returns (uint32) {
        return _unproven.placeFor(intervalLog, batch.zone, batch.interval, silenceSeconds);
    }

    /// @dev What may leave.
    function _freeOf(uint32 account) private view returns (uint64) {
        return _balances.balanceOf(account).toAmount() - heldBackOf(account);
    }

    function _record(Batch calldata batch, uint256 chunkCount) private {
        emit BatchSettled(batch.zone, batch.interval, batch.run, chunkCount);
        intervalLog.recordRun(
            batch.zone, batch.interval, batch.run, batch.readingsRoot, batch.postingsRoot
        );
    }

    function _requireOwner(uint32 account) private view {
        if (account < SYSTEM_ACCOUNTS) revert ClearingHouseSystemAccount(account);
        if (msg.sender != registry.ownerOf(account)) revert ClearingHouseUnauthorized(msg.sender);
    }

    function _requireZero(Batch calldata batch, int256 sum) private pure {
        if (sum != 0) {
            revert ClearingHouseUnbalancedBatch(batch.zone, batch.interval, batch.run, sum);
        }
    }
}
