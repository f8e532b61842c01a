// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccountKeys} from "./interfaces/IAccountKeys.sol";
import {IClearingHouse} from "./interfaces/IClearingHouse.sol";
import {IIntervalLog} from "./interfaces/IIntervalLog.sol";
import {IParticipantRegistry} from "./interfaces/IParticipantRegistry.sol";
import {ITradeHolds} from "./interfaces/ITradeHolds.sol";
import {Balances} from "./libraries/Balances.sol";
import {Requests} from "./libraries/Requests.sol";
import {Staging} from "./libraries/Staging.sol";
import {Unproven} from "./libraries/Unproven.sol";
import {Micros} from "./types/Micros.sol";

/// @title What a clearing house keeps, and what anybody may read of it
/// @dev Who changes it, and when, is in ClearingHouse.
abstract contract Books is IClearingHouse {
    using Balances for Balances.Table;
    using Staging for Staging.State;
    using Unproven for Unproven.State;

    /// @inheritdoc IClearingHouse
    address public immutable operator;
    /// @inheritdoc IClearingHouse
    IERC20 public immutable token;
    /// @inheritdoc IClearingHouse
    IParticipantRegistry public immutable registry;
    /// @inheritdoc IClearingHouse
    IIntervalLog public immutable intervalLog;
    /// @inheritdoc IClearingHouse
    ITradeHolds public immutable tradeHolds;
    /// @inheritdoc IClearingHouse
    IAccountKeys public immutable accountKeys;
    /// @inheritdoc IClearingHouse
    uint64 public immutable intervalSeconds;
    /// @inheritdoc IClearingHouse
    uint64 public immutable withdrawalDelaySeconds;
    /// @inheritdoc IClearingHouse
    uint64 public immutable silenceSeconds;

    Balances.Table internal _balances;
    Staging.State internal _staging;
    Requests.State internal _requests;
    Unproven.State internal _unproven;
    uint64 internal _totalBalance;
    mapping(uint32 account => mapping(bytes16 id => bytes32 content)) internal _withdrawals;

    /// @inheritdoc IClearingHouse
    function balanceOf(uint32 account) external view returns (Micros) {
        _staging.requireReadable();
        return _balances.balanceOf(account);
    }

    /// @inheritdoc IClearingHouse
    function balancesOf(uint32 first, uint32 count)
        external
        view
        returns (Micros[] memory balances)
    {
        _staging.requireReadable();
        balances = new Micros[](count);
        for (uint32 i = 0; i < count; ++i) {
            balances[i] = _balances.balanceOf(first + i);
        }
    }

    /// @inheritdoc IClearingHouse
    function totalBalance() external view returns (uint64) {
        return _totalBalance;
    }

    /// @inheritdoc IClearingHouse
    function isSettled(uint32 zone, uint64 interval, uint32 run) external view returns (bool) {
        return intervalLog.runOf(zone, interval, run) != bytes32(0);
    }

    /// @inheritdoc IClearingHouse
    function openBatch()
        external
        view
        returns (
            uint32 zone,
            uint64 interval,
            uint32 run,
            uint32 chunkCount,
            uint32 staged,
            uint32 applied,
            uint64 lapsesAt
        )
    {
        return _staging.describe();
    }

    /// @inheritdoc IClearingHouse
    function requestOf(uint32 account)
        external
        view
        returns (uint64 amountMicros, uint64 claimableAt, bool waiting)
    {
        Requests.Request memory request = _requests.requests[account];
        return (request.amountMicros, request.claimableAt, request.waiting);
    }

    /// @inheritdoc IClearingHouse
    function isWithdrawn(uint32 account, bytes16 id) external view returns (bool) {
        return _withdrawals[account][id] != bytes32(0);
    }

    /// @inheritdoc IClearingHouse
    function silentFrom() public view returns (uint256) {
        return uint256(intervalLog.lastCommitAt()) + silenceSeconds;
    }

    /// @inheritdoc IClearingHouse
    function heldBackOf(uint32 account) public view returns (uint64) {
        uint256 heldBack = _unproven.heldBackOf(intervalLog, account);
        uint64 balance = _balances.balanceOf(account).toAmount();
        // Money that paid for something since is not there to be held back.
        return heldBack < balance ? uint64(heldBack) : balance;
    }
}
