/** The generated interfaces, and the one list of everything a contract of ours may revert with. */
import {
  accountKeysAbi,
  clearingHouseAbi,
  clearingHouseBytecode,
  clearingProofsAbi,
  clearingProofsBytecode,
  fiatTokenAbi,
  fiatTokenBytecode,
  intervalLogAbi,
  participantRegistryAbi,
  participantRegistryBytecode,
  tradeHoldsAbi,
} from '@busbar/contracts/abi'
import { decodeErrorResult, encodeDeployData, type Hex } from 'viem'

export {
  accountKeysAbi,
  clearingHouseAbi,
  clearingProofsAbi,
  fiatTokenAbi,
  intervalLogAbi,
  participantRegistryAbi,
  tradeHoldsAbi,
}

const errors = [
  ...accountKeysAbi,
  ...clearingHouseAbi,
  ...clearingProofsAbi,
  ...fiatTokenAbi,
  ...intervalLogAbi,
  ...participantRegistryAbi,
  ...tradeHoldsAbi,
].filter((entry) => entry.type === 'error')

/** `ClearingHouseBatchOpen(0, 123, 0)`; for bytes that are no error of ours, the bytes. */
export function describeRevert(data: string | undefined): string {
  if (data === undefined || data === '0x') return 'reverted without a reason'
  try {
    const { errorName, args } = decodeErrorResult({ abi: errors, data: data as Hex })
    return `${errorName}(${(args ?? []).map(String).join(', ')})`
  } catch {
    return `reverted with ${data.slice(0, 138)}`
  }
}

/** What a market's contracts are made with. */
export type MarketTerms = {
  readonly market: string
  readonly intervalSeconds: number
  /** How long a participant's own request waits before it can be claimed. */
  readonly withdrawalDelayIntervals: number
  /** After how many intervals without a commitment participants may leave. */
  readonly silentIntervals: number
  /** Also bank and authority. */
  readonly operator: Hex
  /** Who decides disputes at first; it hands its role over by itself. */
  readonly auditor: Hex
}

export const fiatTokenInitCode = ({ market, operator }: MarketTerms): Hex =>
  encodeDeployData({
    abi: fiatTokenAbi,
    bytecode: fiatTokenBytecode,
    args: [`Busbar ${market}`, 'BUSBAR', operator],
  })

export const participantRegistryInitCode = ({ operator }: MarketTerms): Hex =>
  encodeDeployData({
    abi: participantRegistryAbi,
    bytecode: participantRegistryBytecode,
    args: [operator, operator],
  })

/** `proofs`: where ClearingProofs will be. */
export const clearingHouseInitCode = (
  terms: MarketTerms,
  places: { readonly token: Hex; readonly registry: Hex; readonly proofs: Hex },
): Hex =>
  encodeDeployData({
    abi: clearingHouseAbi,
    bytecode: clearingHouseBytecode,
    args: [
      places.token,
      places.registry,
      terms.market,
      terms.intervalSeconds,
      terms.withdrawalDelayIntervals,
      terms.silentIntervals,
      places.proofs,
    ],
  })

export const clearingProofsInitCode = (terms: MarketTerms, house: Hex, verifier: Hex): Hex =>
  encodeDeployData({
    abi: clearingProofsAbi,
    bytecode: clearingProofsBytecode,
    args: [house, verifier, terms.auditor],
  })
