// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.31;

import {IClearingProofs} from "./interfaces/IClearingProofs.sol";

/// @title Whoever decides disputes
/// @dev Handed over in two steps, for the reasons that the authority of the ParticipantRegistry is.
abstract contract Auditor is IClearingProofs {
    address private _auditor;
    address private _offeredAuditor;

    modifier onlyAuditor() {
        if (msg.sender != _auditor) revert ClearingProofsUnauthorized(msg.sender);
        _;
    }

    constructor(address auditor_) {
        if (auditor_ == address(0)) revert ClearingProofsInvalidDeployment();
        _auditor = auditor_;
        emit AuditorTransferred(address(0), auditor_);
    }

    /// @inheritdoc IClearingProofs
    function offerAuditor(address candidate) external onlyAuditor {
        // Zero takes an offer back.
        // slither-disable-next-line missing-zero-check
        _offeredAuditor = candidate;
        emit AuditorOffered(candidate);
    }

    /// @inheritdoc IClearingProofs
    function acceptAuditor() external {
        if (msg.sender != _offeredAuditor) revert ClearingProofsUnauthorized(msg.sender);
        address former = _auditor;
        _auditor = msg.sender;
        delete _offeredAuditor;
        emit AuditorTransferred(former, msg.sender);
    }

    /// @inheritdoc IClearingProofs
    function auditor() external view returns (address) {
        return _auditor;
    }

    /// @inheritdoc IClearingProofs
    function offeredAuditor() external view returns (address) {
        return _offeredAuditor;
    }
}
