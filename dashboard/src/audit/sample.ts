import type { BusbarClient, CallOptions } from '@busbar/client'
import { keccak256, textToBytes } from '@busbar/protocols/hash'
import type { Market } from '@busbar/protocols/api'
import type { Columns } from '../lib/csv.ts'
import { nullIfMissing } from '../lib/missing.ts'
import { type Check, checksOf, worstOf } from '../why/checks.ts'
import { readEvidence } from '../why/evidence.ts'

/** One line of somebody's money, chosen by the auditor's seed, and what its proofs showed. */
export type SampledLine = {
  /** From 0: which draw of the seed it came by. */
  readonly draw: number
  readonly zone: number
  readonly account: number
  readonly interval: number
  readonly amountMicros: number
  readonly state: Check['state']
  readonly checks: number
}

/** Where lines are drawn from: every settled interval of these zones, contracts too. */
export type SampleSpan = {
  readonly zones: readonly number[]
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/** What a sample was drawn by: whoever has it can draw the same again. */
export type SampleDrawn = {
  readonly seed: string
  readonly count: number
  readonly span: SampleSpan
}

/** Where a sample stands: `stopped` before all of it was drawn and checked. */
export type SampleStage = 'running' | 'stopped' | 'done'

/** What can be said of a sample: of a whole one what its worst line shows. */
export type SampleVerdict = Check['state'] | Exclude<SampleStage, 'done'> | 'empty'

/** A line that cannot be true says so of the sample at once; all else waits for the end. */
export function verdictOf(
  lines: readonly Pick<SampledLine, 'state'>[],
  stage: SampleStage,
): SampleVerdict {
  const worst = worstOf(lines)
  if (worst === 'fails') return worst
  if (stage !== 'done') return stage
  return lines.length === 0 ? 'empty' : worst
}

/** A sample as a file: each line with all that it takes to draw it again. */
export function sampleColumns(
  lines: readonly SampledLine[],
  { seed, span: { zones, from, to } }: SampleDrawn,
): Columns {
  const same = <Value>(value: Value): Value[] => lines.map(() => value)
  return {
    ...{ seed: same(seed), draw: lines.map(({ draw }) => draw) },
    ...{ zones: same(zones.join(' ')), from_interval: same(from), to_interval: same(to) },
    interval: lines.map(({ interval }) => interval),
    zone: lines.map(({ zone }) => zone),
    account: lines.map(({ account }) => account),
    amount_micros: lines.map(({ amountMicros }) => amountMicros),
    checks: lines.map(({ checks }) => checks),
    state: lines.map(({ state }) => state),
  }
}

/** A number below `below` that whoever has the seed can work out, and nobody could foresee. */
export function drawn(seed: string, number: number, below: number): number {
  const bytes = keccak256(textToBytes(`${seed}/${number}`))
  const value = bytes.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
  return value % below
}

/** The place of a draw: as many intervals as there are in all zones, zone by zone. */
export function placeOf(place: number, { zones, from, to }: SampleSpan) {
  const zone = zones[Math.floor(place / (to - from))] ?? 0
  return { zone, interval: from + (place % (to - from)) }
}

/**
 * Draws lines by the seed and checks each with all its proofs, here: first an interval of a zone,
 * then one of the accounts whose money it moved. Of an interval without any another is drawn: the
 * n-th draw of the seed is the same for everybody, whatever was checked before.
 *
 * @param hear told each line as it is checked
 * @returns how many draws it took
 * @throws BusbarError where something cannot be read
 */
export async function sampleLines(
  client: BusbarClient,
  market: Market,
  asked: SampleDrawn & { readonly hear: (line: SampledLine) => void },
  options: CallOptions = {},
): Promise<number> {
  const { seed, count, span, hear } = asked
  const places = span.zones.length * (span.to - span.from)
  let [draw, found] = [0, 0]
  for (; found < count && places > 0 && draw < drawsPerLineMax * count; draw += 1) {
    const { zone, interval } = placeOf(drawn(seed, 2 * draw, places), span)
    const people = await peopleOf(client, zone, interval, options)
    const net = people[drawn(seed, 2 * draw + 1, Math.max(1, people.length))]
    if (net === undefined) continue
    const of = { account: net.account, interval, kept: [], market }
    const evidence = await readEvidence(client, of, options.signal)
    const checks = checksOf(evidence, market)
    hear({
      ...{ draw, zone, account: net.account, interval, amountMicros: evidence.answer.netMicros },
      ...{ state: worstOf(checks), checks: checks.length },
    })
    found += 1
  }
  return draw
}

/** Whose money an interval moved; nobody's where there is no such interval. */
async function peopleOf(
  client: BusbarClient,
  zone: number,
  interval: number,
  options: CallOptions,
) {
  const found = await nullIfMissing(client.auditInterval(zone, interval, options))
  // System accounts have no orders and meters: what they got is what others paid.
  return (found?.nets ?? []).filter(({ account }) => account >= firstPerson)
}

/** A market that has just begun has few settled intervals in a long span. */
const drawsPerLineMax = 20

/** Accounts below are the exchange's own. */
const firstPerson = 3
