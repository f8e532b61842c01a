import {
  BusbarError,
  type BusbarClient,
  type CallOptions,
  type DeclarationPage,
  type MeteredEnergyPage,
  pagesOf,
  type SpanQuery,
  verifyTradedEnergy,
} from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import { Fault } from '@busbar/core/errors'
import type { Declaration, Market, MeteredEnergyLine, TradedEnergy } from '@busbar/protocols/api'
import { createDomain } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import type { BillLine } from './bill-lines.ts'
import { type Finding, findingsOf, type ProvenEnergy } from './double-dipping.ts'
import { energyLeft, type MeterEnergy, meterKey } from './energy-left.ts'

export type Span = { readonly from: number; readonly count: number }

/** How far it is: intervals that have been read, or meters whose proofs were verified. */
export type Progress = {
  readonly of: 'intervals' | 'meters'
  readonly done: number
  readonly all: number
}

type Tell = (progress: Progress) => void

export const spanOf = (lines: readonly BillLine[]): Span => {
  const intervals = lines.map(({ interval }) => interval)
  const from = intervals.reduce((a, b) => Math.min(a, b))
  return { from, count: intervals.reduce((a, b) => Math.max(a, b)) - from + 1 }
}

/** What a retailer's customers' meters showed in a span, and what is left of it to bill. */
export async function readEnergies(
  client: BusbarClient,
  retailer: number,
  span: Span,
  options: CallOptions = {},
  tell?: Tell,
): Promise<readonly MeterEnergy[]> {
  const { metered, declared } = await readMetered(client, retailer, span, options, tell)
  return energyLeft(metered, declared)
}

/**
 * What the meters showed in a span, and what the exchange declares of it.
 *
 * @param tell hears of the intervals of which both are there
 */
export async function readMetered(
  client: BusbarClient,
  retailer: number,
  span: Span,
  options: CallOptions = {},
  tell?: Tell,
): Promise<{
  readonly metered: readonly MeteredEnergyLine[]
  readonly declared: readonly Declaration[]
}> {
  const { trades } = client
  const done = { metered: 0, declared: 0 }
  const read = (what: keyof typeof done) => (intervals: number): void => {
    done[what] = intervals
    tell?.({ of: 'intervals', done: Math.min(done.metered, done.declared), all: span.count })
  }
  read('metered')(0)
  const [metered, declared] = await Promise.all([
    within(span, ({ energies }: MeteredEnergyPage) => energies, (page) =>
      trades.meteredEnergy(retailer, page, options), read('metered'),
    ),
    within(span, declarationsIn, (page) =>
      trades.declarations(retailer, page, options), read('declared'),
    ),
  ])
  return { metered, declared }
}

/** Some of a span's lines, and where the next begin; null at the end. */
export type EnergyPage = {
  readonly energies: readonly MeterEnergy[]
  readonly nextFrom: number | null
}

/** The first lines of a span, about so many: whole intervals, with what is declared of them. */
export async function readEnergyPage(
  client: BusbarClient,
  retailer: number,
  { from, count }: Span,
  limit: number,
  options: CallOptions,
): Promise<EnergyPage> {
  const { trades } = client
  const until = from + count
  const { energies, nextFrom } = await trades.meteredEnergy(
    retailer, { from, until, limit }, options,
  )
  const next = nextFrom ?? until
  const declared = energies.length === 0
    ? []
    : await within({ from, count: next - from }, declarationsIn, (page) =>
        trades.declarations(retailer, page, options))
  return { energies: energyLeft(energies, declared), nextFrom: next < until ? next : null }
}

const declarationsIn = ({ declarations }: DeclarationPage): readonly Declaration[] => declarations

/** All pages of a span, which are of whole intervals, ascending. */
async function within<Page extends { readonly nextFrom: number | null }, Item>(
  { from, count }: Span,
  itemsOf: (page: Page) => readonly Item[],
  read: (query: SpanQuery) => Promise<Page>,
  done?: (intervals: number) => void,
): Promise<readonly Item[]> {
  const found: Item[] = []
  const asked = { until: from + count, limit: pageSize }
  for await (const page of pagesOf((query) => read({ ...query, ...asked }), from)) {
    found.push(...itemsOf(page))
    const next = Math.min(page.nextFrom ?? asked.until, asked.until)
    done?.(next - from)
    if (next === asked.until) break
  }
  return found
}

const pageSize = 500

/** The root of each interval's trades, as everybody is shown it: that of its latest run. */
async function readRoots(
  client: BusbarClient,
  { from, count }: Span,
  options: CallOptions,
): Promise<ReadonlyMap<number, string>> {
  const roots = new Map<number, string>()
  for (let next: number | null = from; next !== null && next < from + count;) {
    const limit = Math.min(pageSize, from + count - next)
    const query = { zone: bilateralZone, from: next, limit }
    const page = await client.intervals(query, options)
    for (const { interval, runs } of page.intervals) {
      const root = runs.at(-1)?.readingsRoot
      if (typeof root === 'string' && interval < from + count) roots.set(interval, root)
    }
    next = page.nextFrom
  }
  return roots
}

/**
 * Checks each line of a bill against signed proofs of what was traded. The proofs are verified
 * here: the server's word counts for the roots, which everybody is shown, and for nothing else.
 *
 * @throws BusbarError where something cannot be read
 */
export async function checkBill(
  client: BusbarClient,
  asked: {
    readonly retailer: number
    readonly market: Market
    readonly lines: readonly BillLine[]
    /** What is left of each line's energy; read where it is not known yet. */
    readonly energies?: readonly MeterEnergy[]
    readonly progress: Tell
    readonly signal?: AbortSignal
  },
): Promise<readonly Finding[]> {
  const { retailer, market, lines, progress } = asked
  const span = spanOf(lines)
  const options = asked.signal === undefined ? {} : { signal: asked.signal }
  const energies = asked.energies ??
    await readEnergies(client, retailer, span, options, progress)
  const known = new Map(energies.map((one) => [meterKey(one), one]))
  const meters = [...new Set(lines.map(({ meter }) => meter))]
  const roots = new RootsRead(() => readRoots(client, span, options))
  const proofs = new Map<string, ProvenEnergy>()
  for (const [done, meter] of meters.entries()) {
    asked.signal?.throwIfAborted()
    progress({ of: 'meters', done, all: meters.length })
    for (const [interval, proof] of await provenOf(client, meter, span, market, roots)) {
      proofs.set(meterKey({ meter, interval }), proof)
    }
  }
  progress({ of: 'meters', done: meters.length, all: meters.length })
  return findingsOf(lines, known, proofs)
}

type Proofs = ReadonlyMap<number, ProvenEnergy>

/** Read once for all meters, and again where a run may have come between. */
class RootsRead {
  readonly #read: () => Promise<ReadonlyMap<number, string>>
  #known: Promise<ReadonlyMap<number, string>> | undefined

  constructor(read: () => Promise<ReadonlyMap<number, string>>) {
    this.#read = read
  }

  get(isAgain: boolean): Promise<ReadonlyMap<number, string>> {
    if (this.#known === undefined || isAgain) this.#known = this.#read()
    return this.#known
  }
}

async function provenOf(
  client: BusbarClient,
  meter: number,
  span: Span,
  market: Market,
  roots: RootsRead,
): Promise<Proofs> {
  let proofs: Proofs = new Map()
  // A run between the two answers is no lie: then both are asked for once more.
  for (const isAgain of [false, true]) {
    let answer: TradedEnergy
    try {
      answer = await client.trades.tradedEnergy(meter, span)
    } catch (error) {
      if (error instanceof BusbarError && error.code === 'not_found') return new Map()
      throw error
    }
    proofs = verified(answer, await roots.get(isAgain), span, meter, market)
    if ([...proofs.values()].every(({ kind }) => kind !== 'unproven')) break
  }
  return proofs
}

/** All of an answer holds, or nothing of it does: it has one signature. */
export function verified(
  answer: TradedEnergy,
  roots: ReadonlyMap<number, string>,
  { from, count }: Span,
  meter: number,
  market: Market,
): Proofs {
  const { chainId, verifyingContract } = market.domain
  try {
    const { intervals } = verifyTradedEnergy(answer, roots, {
      ...{ zone: bilateralZone, meter, fromInterval: from, count },
      domain: createDomain({ market: market.market, chainId, verifyingContract }),
      operator: market.receiptSigner ?? '',
      meterSecret: hexToBytes(answer.secret, 32, 'secret'),
    })
    return new Map(intervals.map((one) => [one.interval, plain(one)]))
  } catch (error) {
    const isLie = error instanceof Fault ||
      (error instanceof BusbarError && error.code === 'proof_invalid')
    if (!isLie) throw error
    const every = Array.from({ length: count }, (_, n) => from + n)
    return new Map(every.map((interval) => [interval, { kind: 'unproven' }]))
  }
}

const plain = (
  one: ReturnType<typeof verifyTradedEnergy>['intervals'][number],
): ProvenEnergy =>
  one.kind === 'traded'
    ? { kind: 'traded', soldWh: Number(one.soldWh), boughtWh: Number(one.boughtWh) }
    : { kind: one.kind }
