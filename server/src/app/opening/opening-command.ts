import { assert } from '@busbar/core/errors'
import {
  type Command,
  type CommitmentContext,
  committeeFor,
  type IntervalRecord,
  type Opening,
  recordOf,
  revealUntil,
  rulebookFor,
  type SealedOrder,
  type State,
} from '@busbar/core/exchange'
import { decodeOpening } from '@busbar/protocols/sealed-orders'
import type { Opened, OpeningRequest } from '../ports/opening.ts'

/** Whether the orders of an interval are fixed and may be opened now. */
export function openingDue(state: State, now: number, zone: number, interval: number): boolean {
  const record = recordOf(state, zone, interval)
  if (record?.status !== 'fixed') return false
  if (rulebookFor(state, interval).orderBook !== 'sealed-reveal') return true
  if (now >= revealUntil(state, interval)) return true
  const isHidden = ({ commitment, revealed }: SealedOrder): boolean =>
    revealed === null && !record.voids.has(commitment)
  return ![...record.sealed.values()].some(isHidden)
}

/** What the committee is asked; undefined where there is nothing to ask it. */
export function openingRequest(
  state: State,
  zone: number,
  interval: number,
  label: string,
): OpeningRequest | undefined {
  if (rulebookFor(state, interval).orderBook !== 'sealed-committee') return undefined
  const orders = encrypted(fixedRecord(state, zone, interval))
  if (orders.length === 0) return undefined
  const committee = committeeFor(state, interval)
  assert(committee !== undefined, 'an order is taken only where somebody can open it')
  const { publicKey, threshold, members } = committee
  return {
    zone,
    interval,
    label,
    committee: { publicKey, threshold, members },
    orders: orders.map(({ commitment, ciphertext }) => ({ commitment, ciphertext })),
  }
}

/** What each order of the set opens to, by commitment; what does not is not in it. */
export type Decoded = ReadonlyMap<string, Opening>

/** Orders decoded in one turn of the event loop: some milliseconds, so that others get through. */
const turnSize = 32

/**
 * Reads what the committee opened, and works out what each opening commits to, which the clearing
 * asks for at once: with many orders that takes seconds, in which nobody else shall wait.
 */
export async function decodedOpenings(
  state: State,
  request: OpeningRequest,
  { openings }: Pick<Opened, 'openings'>,
  prepare: (where: CommitmentContext, opening: Opening) => void,
): Promise<Decoded> {
  const { zone, interval, orders } = request
  assert(openings.length === orders.length, 'each order that was asked for has its answer')
  const where = { zone, interval, rulebook: rulebookFor(state, interval) }
  const decoded = new Map<string, Opening>()
  for (const [index, { commitment }] of orders.entries()) {
    if (index % turnSize === turnSize - 1) await new Promise((resolve) => setImmediate(resolve))
    const plaintext = openings[index] ?? null
    // What decrypts to no order is as good as what does not decrypt.
    const opening = plaintext === null ? undefined : decodeOpening(plaintext)
    if (opening === undefined) continue
    prepare(where, opening)
    decoded.set(commitment, opening)
  }
  return decoded
}

/** The command that opens the interval, with what the committee opened if it was asked. */
export function openingCommand(
  state: State,
  zone: number,
  interval: number,
  opened: { readonly decoded: Decoded; readonly signature: string } | undefined,
): Command {
  const record = fixedRecord(state, zone, interval)
  const { orderBook } = rulebookFor(state, interval)
  const place = { kind: 'open_orders' as const, zone, interval }
  if (orderBook === 'sealed-reveal') return { ...place, openings: [], evidence: '' }
  const openings = ascending(record).map(
    ({ commitment }) => opened?.decoded.get(commitment) ?? null,
  )
  return { ...place, openings, evidence: opened?.signature ?? '' }
}

function fixedRecord(state: State, zone: number, interval: number): IntervalRecord {
  const record = recordOf(state, zone, interval)
  assert(record?.status === 'fixed', 'only what is fixed is opened')
  return record
}

const ascending = ({ sealed }: IntervalRecord): readonly SealedOrder[] =>
  [...sealed.values()].sort((a, b) => (a.commitment < b.commitment ? -1 : 1))

/** What was taken back before the gate stays closed. */
const encrypted = (record: IntervalRecord): readonly SealedOrder[] =>
  ascending(record).filter(({ commitment }) => !record.voids.has(commitment))
