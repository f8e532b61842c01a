import { derToCash } from '@busbar/core/rulebook'
import type { Market } from '@busbar/protocols/api'
import { createDomain } from '@busbar/protocols/eip712'

export const chainId = 31_337
export const intervalLog = `0x${'1b'.repeat(20)}`
export const rulebookHash = `0x${'a7'.repeat(32)}`

export const domain = createDomain({
  market: 'm',
  chainId,
  verifyingContract: `0x${'c1'.repeat(20)}`,
})

/** As the test file that uses it needs it: what a market says of how its orders are sealed. */
export type SealedMarket = Pick<
  Market,
  'domain' | 'contracts' | 'committees' | 'rulebook' | 'rulebookHash' | 'scheduledRulebooks'
>

const address = `0x${'0a'.repeat(20)}`

export const committeeOf = (fromInterval: number, publicKey: string): Market['committees'][0] => ({
  fromInterval,
  publicKey,
  threshold: 2,
  members: [],
})

/** A market whose committee opens orders from interval 100 on. */
export const sealedMarket = (publicKey: string): SealedMarket => ({
  domain: {
    name: domain.name,
    version: '1',
    chainId,
    verifyingContract: domain.verifyingContract,
  },
  contracts: {
    participantRegistry: address,
    fiatToken: address,
    clearingHouse: domain.verifyingContract,
    intervalLog,
    tradeHolds: `0x${'1c'.repeat(20)}`,
    accountKeys: `0x${'1d'.repeat(20)}`,
    clearingProofs: address,
    clearingVerifier: null,
  },
  committees: [committeeOf(100, publicKey)],
  rulebook: { ...derToCash, reconciliation: { ...derToCash.reconciliation } },
  rulebookHash,
  scheduledRulebooks: [],
})
