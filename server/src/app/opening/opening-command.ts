import { assert } from '@busbar/core/errors'
import {
  type Command,
  committeeFor,
  type IntervalRecord,
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

/** The command that opens the interval, with what the committee opened if it was asked. */
export function openingCommand(
  state: State,
  zone: number,
  interval: number,
  opened: Pick<Opened, 'openings' | 'signature'> | undefined,
): Command {
  const record = fixedRecord(state, zone, interval)
  const { orderBook } = rulebookFor(state, interval)
  const place = { kind: 'open_orders' as const, zone, interval }
  if (orderBook === 'sealed-reveal') return { ...place, openings: [], evidence: '' }
  const asked = encrypted(record)
  const plaintexts = opened?.openings ?? []
  assert(plaintexts.length === asked.length, 'each order that was asked for has its answer')
  const byCommitment = new Map(asked.map(({ commitment }, n) => [commitment, plaintexts[n]]))
  const openings = ascending(record).map(({ commitment }) => {
    const plaintext = byCommitment.get(commitment) ?? null
    // What decrypts to no order is as good as what does not decrypt.
    return plaintext === null ? null : (decodeOpening(plaintext) ?? null)
  })
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
