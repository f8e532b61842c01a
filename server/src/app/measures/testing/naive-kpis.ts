/**
 * What the exchange is measured by, worked out again by replaying the journal: money by what each
 * account's balance was before and after each run, energy by the registers, costs by the rules. It
 * shares with the figures of the server only what the core says of single readings and prices.
 */
import { apply, emptyState, type Engine, rulebookFor, type State } from '@busbar/core/exchange'
import { meteredEnergy } from '@busbar/core/metering'
import { shortagePrice, surplusPrice } from '@busbar/core/settlement'
import { MicrosPerKwh } from '@busbar/core/units'
import type { JournalEntry } from '../../ports/journal.ts'
import type { Vault } from '../../ports/vault.ts'
import { commandOf } from '../../sealing.ts'

type MeterEnergy = { readonly imported: bigint; readonly exported: bigint; readonly sure: boolean }

/** One run as it changed the world. */
type SeenRun = {
  readonly at: number
  readonly kind: string
  readonly moved: ReadonlyMap<number, bigint>
  readonly meters: ReadonlyMap<number, MeterEnergy>
}

export type NaiveInterval = {
  readonly interval: number
  readonly runs: SeenRun[]
  readonly traded: bigint
  /** Of the newest run. */
  fees: bigint
  deviationThousandths: bigint
}

/** Every interval of zone 0 that was settled, by its number. */
export function naiveIntervals(
  entries: readonly JournalEntry[],
  vault: Vault,
  engine: Engine,
): ReadonlyMap<number, NaiveInterval> {
  const state = emptyState()
  const found = new Map<number, NaiveInterval>()
  for (const entry of entries) {
    const before = new Map(state.ledger.balances)
    const { sequence, at } = entry
    const { effects } = apply(state, { sequence, at, command: commandOf(vault, entry) }, engine)
    for (const effect of effects) {
      if (effect.kind !== 'run_posted') continue
      const { interval, runKind: kind } = effect
      const meters = metersOf(state, interval)
      const traded = state.intervals.get(0)?.get(interval)?.energy ?? 0n
      const seen = found.get(interval) ?? {
        ...{ interval, runs: [], traded, fees: 0n, deviationThousandths: 0n },
      }
      found.set(interval, seen)
      seen.runs.push({ at, kind, moved: movedSince(before, state), meters })
      Object.assign(seen, costsOf(state, interval, meters))
    }
  }
  return found
}

function movedSince(before: ReadonlyMap<number, bigint>, state: State): Map<number, bigint> {
  const moved = new Map<number, bigint>()
  for (const [account, balance] of state.ledger.balances) {
    const change = balance - (before.get(account) ?? 0n)
    if (change !== 0n) moved.set(account, change)
  }
  return moved
}

function metersOf(state: State, interval: number): Map<number, MeterEnergy> {
  const meters = new Map<number, MeterEnergy>()
  for (const { meter, kind } of state.meters) {
    const readings = state.readings.get(meter)
    if (kind !== 'physical' || readings === undefined) continue
    if ((state.meterFrom[meter] ?? 0) > interval) continue
    const { imported, exported, assurance } = meteredEnergy(readings, interval)
    meters.set(meter, { imported, exported, sure: assurance === 'metered' })
  }
  return meters
}

/** Fee and deviation, meter by meter, as the rulebook has them. */
function costsOf(
  state: State,
  interval: number,
  meters: ReadonlyMap<number, MeterEnergy>,
): Pick<NaiveInterval, 'fees' | 'deviationThousandths'> {
  const { feeMicrosPerKwh, reconciliation } = rulebookFor(state, interval)
  const { spreadBasisPoints, overDeviationBasisPoints } = reconciliation
  const record = state.intervals.get(0)?.get(interval)
  let fees = 0n
  let deviationThousandths = 0n
  for (const [meter, { imported, exported }] of meters) {
    const { bought = 0n, sold = 0n } = record?.contracts.get(meter) ?? {}
    fees += ceiling(BigInt(feeMicrosPerKwh) * (bought + sold))
    const price = record?.price ?? null
    const contract = sold - bought
    if (price === null || contract === 0n) continue
    const size = contract < 0n ? -contract : contract
    const allowed = (size * BigInt(overDeviationBasisPoints)) / 10_000n
    // As if it always sold: for a buyer, what it took in is what it was to take in.
    const delivered = contract > 0n ? exported - imported : imported - exported
    const over = least(most(delivered - size), allowed)
    const under = most(size - most(delivered))
    const [receives, pays] = contract > 0n ? [over, under] : [under, over]
    const surplus = surplusPrice(MicrosPerKwh.from(price), spreadBasisPoints)
    const shortage = shortagePrice(MicrosPerKwh.from(price), spreadBasisPoints)
    deviationThousandths += price * receives - 1_000n * -ceiling(-surplus * receives)
    deviationThousandths += 1_000n * ceiling(shortage * pays) - price * pays
  }
  return { fees, deviationThousandths }
}

const most = (value: bigint): bigint => (value > 0n ? value : 0n)
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Thousandths to whole, up. */
function ceiling(thousandths: bigint): bigint {
  const quotient = thousandths / 1_000n
  return thousandths > 0n && quotient * 1_000n !== thousandths ? quotient + 1n : quotient
}

/** The smallest of them that so many per cent do not exceed, by counting. */
export function naiveRank(all: readonly number[], percent: number): number {
  const enough = (value: number): boolean =>
    all.filter((one) => one <= value).length * 100 >= percent * all.length
  return Math.min(...all.filter(enough))
}
