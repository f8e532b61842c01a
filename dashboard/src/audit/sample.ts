import type { BusbarClient, CallOptions } from '@busbar/client'
import { keccak256, textToBytes } from '@busbar/protocols/hash'
import type { Market } from '@busbar/protocols/api'
import { type Check, checksOf, worstOf } from '../why/checks.ts'
import { readEvidence } from '../why/evidence.ts'

/** One line of somebody's money, chosen by the auditor's seed, and what its proofs showed. */
export type SampledLine = {
  readonly account: number
  readonly interval: number
  readonly amountMicros: number
  readonly state: Check['state']
  readonly checks: number
}

/** A number below `below` that whoever has the seed can work out, and nobody could foresee. */
export function drawn(seed: string, number: number, below: number): number {
  const bytes = keccak256(textToBytes(`${seed}/${number}`))
  const value = bytes.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
  return value % below
}

/**
 * Draws lines by the seed and checks each with all its proofs, here: first an interval among those
 * given, then one of the accounts whose money it moved.
 *
 * @param hear told each line as it is checked
 * @throws BusbarError where something cannot be read
 */
export async function sampleLines(
  client: BusbarClient,
  market: Market,
  asked: {
    readonly seed: string
    readonly count: number
    readonly zone: number
    readonly intervals: readonly number[]
    readonly hear: (line: SampledLine) => void
  },
  options: CallOptions = {},
): Promise<void> {
  const { seed, count, zone, intervals, hear } = asked
  for (let n = 0; n < count && intervals.length > 0; n += 1) {
    const interval = intervals[drawn(seed, 2 * n, intervals.length)] ?? 0
    const { nets } = await client.auditInterval(zone, interval, options)
    // System accounts have no orders and meters: what they got is what others paid.
    const people = nets.filter(({ account }) => account >= firstPerson)
    const net = people[drawn(seed, 2 * n + 1, Math.max(1, people.length))]
    if (net === undefined) continue
    const evidence = await readEvidence(client, net.account, interval, [], options.signal)
    const checks = checksOf(evidence, market)
    hear({
      ...{ account: net.account, interval, amountMicros: evidence.answer.netMicros },
      state: worstOf(checks),
      checks: checks.length,
    })
  }
}

/** Accounts below are the exchange's own. */
const firstPerson = 3
