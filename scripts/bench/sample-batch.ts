import type { Batch, Claim } from '@busbar/proofs'
import { keccak256, bytesToHex, textToBytes } from '@busbar/protocols/hash'
import {
  blindOf,
  commitmentOf,
  contextOf,
  fieldToHex,
  wordFields,
  wordOf,
} from '@busbar/protocols/sealed-orders'

/** No chain's: batches that are made up. */
export const sampleContext: string = contextOf({
  chainId: 31_337,
  intervalLog: `0x${'0'.repeat(40)}`,
  zone: 0,
  interval: 0,
  rulebookHash: `0x${'0'.repeat(64)}`,
})

/**
 * A market of `count` orders, the same on every machine: prices that overlap, many of them equal so
 * that some are filled in part, and every thirtieth order void.
 */
export function sampleBatch(count: number): Batch {
  const orders = Array.from({ length: count }, (_, index) => {
    const opening = {
      account: index + 3,
      meter: index + 1,
      side: index % 2 === 0 ? 'buy' : 'sell',
      energyWh: 1 + ((index * 7_919) % 5_000),
      limitMicrosPerKwh: 200_000 + 5_000 * (((index * 104_729) % 41) - 20),
      salt: bytesToHex(keccak256(textToBytes(`sample ${index}`))),
    } as const
    const commitment = commitmentOf(sampleContext, opening)
    if (index % 30 === 29) return { commitment, void: 'not_opened' }
    return { commitment, word: fieldToHex(wordOf(opening)), blind: fieldToHex(blindOf(opening)) }
  })
  const ascending = orders.toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1))
  return { context: sampleContext, orders: ascending }
}

/** True of the sample of 64: of the order in the sixth place, which asks for more. */
export const sampleClaim: Claim = sampleClaimAt(sampleBatch(64), 5)

function sampleClaimAt({ orders }: Batch, position: number): Claim {
  const order = orders[position]
  if (order === undefined || !('word' in order)) throw new Error('that order is void')
  const { side, limitMicrosPerKwh, energyWh } = wordFields(BigInt(order.word))
  const thresholdMicrosPerKwh = limitMicrosPerKwh + (side === 'buy' ? -1 : 1)
  return { side, thresholdMicrosPerKwh, energyWh: Math.max(1, energyWh - 1), position }
}
