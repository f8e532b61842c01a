/** From what ClearingProofs tells of disputes to those that wait for the auditor. */
import { decodeEventLog, encodeEventTopics, zeroHash } from 'viem'
import type { ChainDispute } from '../../app/ports/chain.ts'
import { clearingProofsAbi } from './contracts.ts'
import type { Log } from './movements.ts'

export type OpenDisputes = ReadonlyMap<string, ChainDispute>

/** For one query, so that everything comes in the order of the chain. */
export const disputeTopics: readonly unknown[] = [
  (['DisputeOpened', 'DisputeDecided'] as const).flatMap((eventName) =>
    encodeEventTopics({ abi: clearingProofsAbi, eventName }),
  ),
]

/** What is open after these events, of what was open before. */
export function disputesAfter(before: OpenDisputes, logs: readonly Log[]): OpenDisputes {
  const open = new Map(before)
  for (const { topics, data } of logs) {
    const event = decodeEventLog({ abi: clearingProofsAbi, topics, data })
    if (event.eventName !== 'DisputeOpened' && event.eventName !== 'DisputeDecided') continue
    const { zone, interval, commitment: order } = event.args
    const key = `${zone}/${interval}/${order}`
    if (event.eventName === 'DisputeDecided') {
      open.delete(key)
      continue
    }
    // Zero stands for the clearing as a whole.
    const commitment = order === zeroHash ? null : order
    const { by, reasonHash } = event.args
    const place = { zone, interval: Number(interval), commitment }
    open.set(key, { ...place, by: by.toLowerCase(), reasonHash })
  }
  return open
}
