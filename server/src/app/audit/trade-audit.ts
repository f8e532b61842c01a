import {
  bilateralZone,
  type Command,
  type IntervalRecord,
  obligedTrades,
  type Outcome,
  participantOf,
  recordOf,
  rulebookFor,
  type State,
  unexplainedDues,
} from '@busbar/core/exchange'
import { debtsIn, microsPerCent } from '@busbar/core/payments'
import type { Run, SettlementItem } from '@busbar/core/settlement'
import { declarationViews } from '../views/trading/declarations.ts'
import { contractSetFaults } from './contract-sets.ts'
import type { Findings } from './findings.ts'
import { keyFaults, signingKeyFault } from './key-history.ts'
import { sinkFaults, sinksIn } from './meter-sinks.ts'

/** The checks of trades, and what each is about when it finds nothing. */
const checks = [
  'trades', 'traded energy', 'declarations', 'dues', 'keys', 'contracts',
] as const
type Check = (typeof checks)[number]

/**
 * What must hold of contracts between named parties, looked at after each command of a replay: the
 * state forgets intervals that can no longer be corrected.
 */
export class TradeAudit {
  readonly #findings: Findings
  /** By interval: what the last look at it found. Until the last run it may be looked at again. */
  readonly #open = new Map<number, { readonly where: string; readonly faults: string[] }>()
  readonly #counts = { runs: 0, declared: 0, signatures: 0 }
  /** Looked at, with every watt-hour in one place. */
  readonly #metersIn = new Map<number, number>()
  #hasTrades = false

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** @param at when the entry was written; `state` is the one after the command */
  hear(state: State, entry: { sequence: number; at: number }, command: Command, outcome: Outcome) {
    if (outcome.kind !== 'accepted') return
    if (command.kind === 'propose_trade' || command.kind === 'accept_trade') {
      this.#hasTrades = true
      this.#counts.signatures += 1
      const fault = signingKeyFault(state, command.account, entry.at)
      if (fault !== undefined) this.#differ('keys', `entry ${entry.sequence}`, fault)
    }
    if (command.kind !== 'settle_interval' || outcome.result.kind !== 'interval_settled') return
    const { zone, interval } = command
    const record = recordOf(state, zone, interval)
    if (record === undefined || rulebookFor(state, interval).trades === undefined) return
    const { run } = outcome.result
    const posted = run === null ? undefined : record.runs[run]
    if (posted !== undefined && zone === bilateralZone) this.#checkRun(state, record, posted)
    this.#checkEnergy(state, interval)
  }

  /** After the last command: what stands, and what was looked at. */
  finish(state: State): void {
    for (const { where, faults } of this.#open.values()) {
      for (const fault of faults) this.#differ('traded energy', where, fault)
    }
    if (!this.#hasTrades) return
    this.#checkDues(state)
    for (const { account, fault } of keyFaults(state)) {
      this.#differ('keys', `account ${account}`, fault)
    }
    for (const { where, fault } of contractSetFaults(state)) this.#differ('contracts', where, fault)
    const { runs, declared, signatures } = this.#counts
    const intervals = this.#metersIn.size
    const meters = [...this.#metersIn.values()].reduce((sum, count) => sum + count, 0)
    const found: Readonly<Record<Check, string>> = {
      trades: `${runs} runs: the lines of each trade sum to zero, inside and outside of the ledger`,
      'traded energy':
        `${meters} meter intervals of ${intervals}: every watt-hour with a contract, in the ` +
        'auction, with the balancing authority or with the retailer',
      declarations: `${declared} to retailers, none missing, and nothing is billed twice`,
      dues:
        `${state.trading.dues.size} accounts owe or are owed, explained by runs and payments; ` +
        'bills are in whole cents',
      keys: `${signatures} contracts signed with keys that could sign at their time`,
      contracts: `${state.trading.contractGates.size} shown under the root of their own gate`,
    }
    for (const check of checks) this.#findings.agree(check, found[check])
  }

  #differ(check: Check, where: string, what: string): void {
    this.#findings.differ(check, where, what)
  }

  #checkRun(state: State, record: IntervalRecord, run: Run): void {
    const where = `interval ${record.interval}, run ${run.run}`
    this.#counts.runs += 1
    for (const [trade, sum] of sumsByTrade([...run.items, ...run.dues])) {
      if (sum !== 0n) this.#differ('trades', where, `trade ${trade} has ${sum} micros too much`)
    }
    const [inside, outside] = [run.items, run.dues].map(sumOf)
    if (inside !== 0n) this.#differ('trades', where, `its lines sum to ${inside} micros`)
    if (outside !== 0n) this.#differ('trades', where, `its dues sum to ${outside} micros`)
    for (const fault of deliveryFaults(state, record, run)) this.#differ('trades', where, fault)
    for (const fault of this.#declarationFaults(state, record, run)) {
      this.#differ('declarations', where, fault)
    }
  }

  /** Each retailer is told of its own customers' meters that traded in any way, and of no other. */
  #declarationFaults(state: State, record: IntervalRecord, run: Run): string[] {
    const { interval } = record
    const expected = new Map<string, { sold: bigint; bought: bigint }>()
    const auctions = auctionMeters(state, interval)
    for (const { meter } of auctions) {
      expected.set(`${retailerOfMeter(state, meter)}/${meter}`, { sold: 0n, bought: 0n })
    }
    for (const { terms, obligation } of obligedTrades(state, record)) {
      const delivered = record.deliveries.get(obligation.trade)?.delivered ?? 0n
      for (const side of ['seller', 'buyer'] as const) {
        const meter = terms[`${side}Meter`]
        const key = `${participantOf(state, terms[side])?.retailer ?? 'none'}/${meter}`
        const own = expected.get(key) ?? { sold: 0n, bought: 0n }
        own[side === 'seller' ? 'sold' : 'bought'] += delivered
        expected.set(key, own)
      }
    }
    const faults: string[] = []
    const retailers = state.participants.filter(({ roles }) => roles.includes('retailer'))
    for (const { account } of retailers) {
      for (const one of declarationViews(state, account, { from: interval, limit: 1 })) {
        if (one.interval !== interval) continue
        const key = `${account}/${one.meter}`
        const own = expected.get(key)
        expected.delete(key)
        this.#counts.declared += 1
        const auction = auctions.find(({ meter }) => meter === one.meter)
        if (
          (auction?.sold ?? 0n) !== one.auctionSoldWh ||
          (auction?.bought ?? 0n) !== one.auctionBoughtWh
        ) {
          faults.push(`retailer ${account} was told another auction of meter ${one.meter}`)
        }
        if (own?.sold !== one.soldWh || own.bought !== one.boughtWh) {
          const told = `${one.soldWh} Wh sold and ${one.boughtWh} bought`
          faults.push(`retailer ${account} was told of meter ${one.meter}: ${told}`)
        }
        // Of a meter that was in the auction alone the zone's run says what it showed.
        const shown = run.metered.find(({ meter }) => meter === one.meter)
        const isOther =
          shown !== undefined &&
          (shown.exported !== one.exportedWh || shown.imported !== one.importedWh)
        if (isOther) {
          faults.push(`retailer ${account} was told another energy of meter ${one.meter}`)
        }
      }
    }
    for (const key of expected.keys()) {
      const [retailer, meter] = key.split('/')
      faults.push(`retailer ${retailer} was told nothing of meter ${meter}`)
    }
    return faults
  }

  #checkEnergy(state: State, interval: number): void {
    const sinks = sinksIn(state, interval)
    if (sinks === undefined) return
    const faults = sinkFaults(state, interval, sinks)
    this.#open.set(interval, { where: `interval ${interval}`, faults })
    this.#metersIn.set(interval, sinks.length)
    if (faults.length === 0) this.#open.delete(interval)
  }

  #checkDues(state: State): void {
    const { dues, owed } = state.trading
    const all = [...dues.values()].reduce((sum, amount) => sum + amount, 0n)
    if (all !== 0n) this.#differ('dues', 'all accounts', `they sum to ${all} micros`)
    for (const [account, amount] of unexplainedDues(state)) {
      const what = `${amount} micros that no run and no payment explains`
      this.#differ('dues', `account ${account}`, what)
    }
    for (const [trade, parts] of owed) {
      const sum = [...parts.values()].reduce((total, amount) => total + amount, 0n)
      if (sum !== 0n) this.#differ('dues', `trade ${trade}`, `what it owes sums to ${sum} micros`)
    }
    for (const { where, fault } of billFaults(state)) this.#differ('dues', where, fault)
  }
}

/** Bills are in whole cents to each, and less than one is carried between any two. */
function billFaults({ trading }: State): readonly { where: string; fault: string }[] {
  const faults: { where: string; fault: string }[] = []
  for (const { payment, rail, state, legs } of trading.payments.values()) {
    const isBill = rail === 'bill-seller' || rail === 'bill-platform'
    const isAsked = state === 'captured' || state === 'capturing' || state === 'postponed'
    const isWhole = legs.every(({ amount }) => amount % microsPerCent === 0n)
    if (!isBill || !isAsked || isWhole) continue
    faults.push({ where: `payment ${payment}`, fault: 'a bill of parts of a cent' })
  }
  for (const { from, to, amount } of debtsIn(trading.carried)) {
    if (amount < microsPerCent) continue
    const fault = `${amount} micros are carried, which are on no bill`
    faults.push({ where: `accounts ${from} and ${to}`, fault })
  }
  return faults
}

/** What meters have contracted in the auctions of an interval. */
function auctionMeters(state: State, interval: number) {
  return state.zones.flatMap(({ zone }) =>
    [...(recordOf(state, zone, interval)?.contracts ?? [])]
      .filter(([meter]) => state.meters[meter]?.kind === 'physical')
      .map(([meter, { sold, bought }]) => ({ meter, sold, bought })),
  )
}

const retailerOfMeter = (state: State, meter: number): number | string =>
  participantOf(state, state.meters[meter]?.account ?? -1)?.retailer ?? 'none'

const sumOf = (items: readonly SettlementItem[]): bigint =>
  items.reduce((sum, { amount }) => sum + amount, 0n)

function sumsByTrade(items: readonly SettlementItem[]): ReadonlyMap<number, bigint> {
  const sums = new Map<number, bigint>()
  for (const { trade, amount } of items) sums.set(trade, (sums.get(trade) ?? 0n) + amount)
  return sums
}

/** What trades were delivered is what their meters are said to have traded, and no more. */
function deliveryFaults(state: State, record: IntervalRecord, run: Run): string[] {
  const faults: string[] = []
  const traded = new Map<number, { sold: bigint; bought: bigint }>()
  const of = (meter: number): { sold: bigint; bought: bigint } => {
    const own = traded.get(meter) ?? { sold: 0n, bought: 0n }
    traded.set(meter, own)
    return own
  }
  for (const { terms, obligation, owed } of obligedTrades(state, record)) {
    const delivery = record.deliveries.get(obligation.trade)
    if (delivery === undefined) {
      faults.push(`trade ${obligation.trade} has an obligation and no delivery`)
      continue
    }
    if (delivery.obliged !== owed || delivery.delivered > owed) {
      faults.push(`trade ${obligation.trade} got ${delivery.delivered} Wh of ${owed} owed`)
    }
    of(terms.sellerMeter).sold += delivery.delivered
    of(terms.buyerMeter).bought += delivery.delivered
  }
  const told = new Map(run.traded.map((one) => [one.meter, one]))
  for (const meter of new Set([...traded.keys(), ...told.keys()])) {
    const { sold = 0n, bought = 0n } = traded.get(meter) ?? {}
    const own = told.get(meter)
    if ((own?.sold ?? 0n) !== sold || (own?.bought ?? 0n) !== bought) {
      faults.push(`meter ${meter} is said to have traded other than ${sold} and ${bought} Wh`)
    }
  }
  return faults
}
