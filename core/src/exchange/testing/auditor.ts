/**
 * Keeps its own books beside a market under test, from the commands and postings alone, and says
 * what does not agree. Each check names the line of the design (section 10) that it holds.
 */
import { balanceOf, heldOf, outsideAccount, unheldOf } from '../../ledger/index.ts'
import { netOf } from '../../settlement/index.ts'
import { filledWorstCase } from '../collateral.ts'
import { ordering } from '../gate.ts'
import {
  type Applied,
  awaitsProof,
  type Command,
  conservation,
  estimateHoldKey,
  gateOf,
  intervalStart,
  type IntervalRecord,
  type Opening,
  orderDigests,
  orderHoldKey,
  recordOf,
  rulebookFor,
  type State,
  unprovenHoldKey,
} from '../index.ts'
import { requirement } from '../orders.ts'
import { type Arrears, sumOf, sumsBy } from './sums.ts'

/** An order as the auction sees it. */
type Wish = {
  readonly digest: string
  readonly side: 'buy' | 'sell'
  readonly energy: bigint
  readonly limit: bigint
}

const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`does not hold: ${what}`)
}

export class Auditor {
  /** Deposits minus withdrawals plus the nets of all runs, by account. */
  readonly balances = new Map<number, bigint>()
  readonly #arrears: Arrears = new Map()
  /** The chain knows no holds: of these accounts, what was set aside may be gone. */
  readonly #paidByChain = new Set<number>()
  /** What was decided at the gate, as text, and the collateral of each account then. */
  readonly #decided = new Map<string, { text: string; collateral: Map<number, bigint> }>()
  /** The order set of each interval as its gate fixed it. */
  readonly #fixed = new Map<string, string>()
  /** What stands behind each commitment, which the market does not keep. */
  readonly #openings: ReadonlyMap<string, Opening>

  constructor(openings: ReadonlyMap<string, Opening>) {
    this.#openings = openings
  }

  /** Looks at what one command did. */
  after(state: State, command: Command, { outcome, effects }: Applied): void {
    const isNew = outcome.kind === 'accepted' && !outcome.repeated
    if (!isNew) check(effects.length === 0, 'what is not new has no effects')
    if (isNew && command.kind === 'record_deposit') {
      this.#move(command.account, BigInt(command.amountMicros))
    }
    if (isNew && command.kind === 'withdraw') {
      this.#move(command.account, -BigInt(command.amountMicros))
    }
    if (isNew && command.kind === 'record_chain_withdrawal') {
      this.#move(command.account, -BigInt(command.amountMicros))
      this.#paidByChain.add(command.account)
    }
    for (const effect of effects) {
      if (effect.kind === 'orders_fixed') {
        const record = recordOf(state, effect.zone, effect.interval)
        const key = `${effect.zone}:${effect.interval}`
        if (record !== undefined) this.#fixed.set(key, orderDigests(record).join())
      }
      if (effect.kind === 'interval_proven') checkUnproven(state, effect.zone, effect.interval)
      if (effect.kind === 'interval_cleared') this.#cleared(state, effect.zone, effect.interval)
      if (effect.kind === 'run_posted') this.#posted(state, effect.zone, effect.interval)
    }
    this.check(state)
  }

  #move(account: number, amount: bigint): void {
    this.balances.set(account, (this.balances.get(account) ?? 0n) + amount)
  }

  #cleared(state: State, zone: number, interval: number): void {
    const record = recordOf(state, zone, interval)
    if (record === undefined) throw new Error('an interval that was cleared is there')
    const collateral = new Map<number, bigint>()
    for (const account of ordering(record)) {
      const hold = state.ledger.holds.get(orderHoldKey(account, zone, interval))
      collateral.set(account, hold?.amount ?? 0n)
    }
    checkFills(record, this.#wishes(record))
    this.#decided.set(`${zone}:${interval}`, { text: decisions(record), collateral })
  }

  /** The orders that take part in the auction. */
  #wishes(record: IntervalRecord): readonly Wish[] {
    const open = [...record.orders.values()].flat()
    const sealed = [...record.sealed.keys()]
      .filter((commitment) => !record.voids.has(commitment))
      .map((commitment) => {
        const opening = this.#openings.get(commitment)
        if (opening === undefined) throw new Error('what trades was sealed by somebody')
        const { side, energyWh, limitMicrosPerKwh } = opening
        const [energy, limit] = [BigInt(energyWh), BigInt(limitMicrosPerKwh)]
        return { digest: commitment, side, energy, limit }
      })
    return [...open, ...sealed]
  }

  #posted(state: State, zone: number, interval: number): void {
    const record = recordOf(state, zone, interval)
    const run = record?.runs.at(-1)
    if (record === undefined || run === undefined) throw new Error('a run that was posted is there')
    check(sumOf(run.items) === 0n, '1: the postings of a run sum to zero')
    check(run.energy.unexplained === 0n, '4: every watt-hour has one owner')
    check(sameNet(run.net, netOf(run.items)), '1: the net is the sum of the items')
    for (const { account, amount } of run.net) this.#move(account, amount)
    for (let i = 0; i < run.items.length; i += 1) {
      const [payer, payee] = [run.items[i], run.items[i + 1]]
      if (payer === undefined || payee === undefined) continue
      const cover = payer.reason === 'arrears_cover'
      if (!cover && payer.reason !== 'arrears_repaid') continue
      const [debtor, creditor] = cover ? [payee, payer] : [payer, payee]
      const key = `${debtor.account}:${creditor.account}`
      const owed = (this.#arrears.get(key) ?? 0n) + (cover ? payee.amount : -payee.amount)
      check(owed >= 0n, 'nobody repays more than it owes')
      this.#arrears.set(key, owed)
    }
    const collateral = this.#decided.get(`${zone}:${interval}`)?.collateral
    for (const [account, amount] of collateral ?? []) {
      const ofContracts = [...record.posted]
        .filter(([key]) => key.startsWith(`${account}/`))
        .filter(([key]) => record.contracts.has(Number(key.split('/')[1])))
        .map(([, line]) => line)
      check(-sumOf(ofContracts) <= amount, `a trade of ${account} costs what was set aside at most`)
    }
    if (run.kind !== 'provisional') checkMarked(state, record)
    check(run.kind !== 'final' || !awaitsProof(state, record), 'a final run is of what is proven')
    checkUnproven(state, zone, interval)
  }

  /** What must hold at every moment. */
  check(state: State): void {
    const { ledger } = state
    const { moneyMicros, energyWh, tokensMicros } = conservation(state)
    check(moneyMicros === 0n && energyWh === 0n, '1: nothing is unexplained')
    check(tokensMicros === 0n, '2: tokens are deposits minus withdrawals')
    const holds = sumsBy(ledger.holds.values())
    for (const [account, balance] of ledger.balances) {
      if (account === outsideAccount) continue
      const held = heldOf(ledger, account)
      check(balance >= 0n, `3: account ${account} stands at its floor or above`)
      const isThere = balance >= held || this.#paidByChain.has(account)
      check(isThere, `3: what is held of account ${account} is there`)
      check((holds.get(account) ?? 0n) === held, `3: account ${account} holds what its holds say`)
      check((this.balances.get(account) ?? 0n) === balance, `11: balance of ${account} is its runs`)
    }
    for (const [account, amount] of this.balances) {
      check(balanceOf(ledger, account) === amount, `11: account ${account} has its balance`)
    }
    const arrears = new Map([...this.#arrears].filter(([, amount]) => amount !== 0n))
    check(arrears.size === ledger.arrears.size, 'arrears are what was covered and not repaid')
    for (const [key, owed] of ledger.arrears) check(arrears.get(key) === owed, `arrears of ${key}`)
    let expected = 0
    for (const zoneIntervals of state.intervals.values()) {
      for (const record of zoneIntervals.values()) {
        expected += this.#checkRecord(state, record) + this.#checkSealed(state, record)
      }
    }
    check(expected === ledger.holds.size, '3: every hold is of an interval that needs it')
  }

  /** How many holds the sealed orders and the proof of an interval account for. */
  #checkSealed(state: State, record: IntervalRecord): number {
    const { zone, interval, status, sealed, voids } = record
    const held = (key: string): bigint => state.ledger.holds.get(key)?.amount ?? 0n
    const waits = status === 'open' || status === 'fixed'
    const bond = BigInt(rulebookFor(state, interval).bondMicros)
    let holds = 0
    for (const [account, commitments] of record.sealedOf) {
      const hold = held(orderHoldKey(account, zone, interval))
      if (hold > 0n) holds += 1
      const active = commitments.filter((commitment) => !voids.has(commitment))
      const declared = active.map((commitment) => ({
        amount: (sealed.get(commitment)?.collateral ?? 0n) + bond,
      }))
      const own = state.meters.filter((meter) => meter.account === account)
      const contracted = own.map(({ meter }) => ({ amount: filledWorstCase(state, record, meter) }))
      const lost = record.bondsLost.get(account) ?? 0n
      const needed = waits ? sumOf(declared) : sumOf(contracted) + lost
      const isNone = record.runs.length > 0
      check(hold === (isNone ? 0n : needed), '3: sealed orders have what was declared for them')
      const suspended = state.participants[account - 3]?.status === 'suspended'
      const isOpen = status === 'open' && gateOf(state, interval) > state.at
      check(!suspended || !isOpen || active.length === 0, 'I42: no order of the suspended')
    }
    const kept = [...sealed.values()].filter(({ commitment }) => !waits || voids.has(commitment))
    check(
      kept.every(({ collateral, ciphertext, revealed }) =>
        collateral === 0n && ciphertext === '' && revealed === null),
      'of what has traded or is void nothing is kept that says what it was',
    )
    for (const { account } of state.participants) {
      if (held(unprovenHoldKey(account, zone, interval)) > 0n) holds += 1
    }
    return holds
  }

  /** How many holds the interval accounts for. */
  #checkRecord(state: State, record: IntervalRecord): number {
    const { zone, interval, status } = record
    const held = (key: string): bigint => state.ledger.holds.get(key)?.amount ?? 0n
    const count = [...record.orders.values()].flat().length + record.sealed.size
    check(record.orderCount === count, 'an interval knows how many orders it has')
    let holds = 0
    for (const [account, orders] of record.orders) {
      const hold = held(orderHoldKey(account, zone, interval))
      if (hold > 0n) holds += 1
      if (status === 'open') {
        const needed = requirement(state, rulebookFor(state, interval), orders, interval)
        check(hold === needed, '3: open orders have their collateral')
      } else if (record.runs.length === 0) {
        const meters = [...new Set(orders.map((order) => order.meter))]
        const needed = meters.reduce((sum, one) => sum + filledWorstCase(state, record, one), 0n)
        check(hold === needed, '3: fills have their collateral')
      } else check(hold === 0n, '3: a hold ends with the first run')
      const suspended = state.participants[account - 3]?.status === 'suspended'
      const gate = gateOf(state, interval)
      check(!suspended || status !== 'open' || gate <= state.at, 'I42: no order of the suspended')
    }
    for (const { account } of state.participants) {
      if (held(estimateHoldKey(account, zone, interval)) === 0n) continue
      check(status === 'provisional', 'an estimate is held back until the final run')
      holds += 1
    }
    if (status === 'open') return holds
    check(gateOf(state, interval) <= state.at, 'no order set is fixed before its gate')
    const fixed = this.#fixed.get(`${zone}:${interval}`)
    check(fixed === orderDigests(record).join(), 'the gate fixes the order set')
    if (status === 'fixed') return holds
    const decided = this.#decided.get(`${zone}:${interval}`)?.text
    check(decided === decisions(record), '10: nothing changes after the gate')
    const standing = [...record.runs.flatMap((run) => run.items)]
      .filter(({ reason }) => !reason.startsWith('arrears'))
    check(sumOf(record.posted.values()) === 0n, '1: what stands posted sums to zero')
    for (const [account, amount] of sumsBy(standing)) {
      const lines = [...record.posted].filter(([key]) => key.startsWith(`${account}/`))
      const stands = sumOf(lines.map(([, line]) => line))
      check(stands === amount, 'I25: what stands is the sum of the runs')
    }
    const start = intervalStart(state, interval)
    check(record.runs.every(({ at }) => at >= start), 'runs follow delivery')
    return holds
  }
}

/** What an interval credited and is not proven cannot be withdrawn. */
function checkUnproven(state: State, zone: number, interval: number): void {
  const record = recordOf(state, zone, interval)
  if (record === undefined) throw new Error('what is proven is there')
  const late = record.proof === 'overdue' || record.proof === 'faulty'
  const isHeld = awaitsProof(state, record) || late
  const credits = sumsBy(record.runs.flatMap(({ net }) => net))
  const held = (key: string): bigint => state.ledger.holds.get(key)?.amount ?? 0n
  for (const { account } of state.participants) {
    const hold = held(unprovenHoldKey(account, zone, interval))
    check(isHeld || hold === 0n, 'what is proven is free')
    const credit = credits.get(account) ?? 0n
    check(hold <= 0n || hold <= credit, 'no more is held back than was credited')
    const all = hold + held(estimateHoldKey(account, zone, interval))
    const isAll = all >= credit || unheldOf(state.ledger, account) <= 0n
    check(!isHeld || isAll, 'what is not proven is held back')
  }
}

const sameNet = (
  a: readonly { account: number; amount: bigint }[],
  b: readonly { account: number; amount: bigint }[],
): boolean =>
  a.length === b.length &&
  a.every(({ account, amount }, i) => b[i]?.account === account && b[i]?.amount === amount)

/** 6: buys filled equal sells filled; no fill beyond its order or outside its limit; one price. */
function checkFills(
  { fills, contracts, price, energy }: IntervalRecord,
  all: readonly Wish[],
): void {
  const filled = { buy: 0n, sell: 0n }
  for (const { digest, side, energy: wanted, limit } of all) {
    const fill = fills.get(digest) ?? 0n
    check(fill >= 0n && fill <= wanted, '6: no fill beyond its order')
    if (fill === 0n) continue
    const within = price !== null && (side === 'buy' ? limit >= price : limit <= price)
    check(within, '6: no fill outside its limit')
    filled[side] += fill
  }
  const known = new Set(all.map((order) => order.digest))
  check([...fills.keys()].every((digest) => known.has(digest)), '7: only orders are filled')
  check(filled.buy === energy && filled.sell === energy, '6: buys filled equal sells filled')
  const contracted = [...contracts.values()]
  check(sumOf(contracted.map(({ bought }) => ({ amount: bought }))) === energy, '6: contracts buy')
  check(sumOf(contracted.map(({ sold }) => ({ amount: sold }))) === energy, '6: contracts sell')
}

const decisions = (
  { orders, sealed, voids, fills, contracts, price, energy }: IntervalRecord,
): string =>
  JSON.stringify(
    [[...orders], [...sealed], [...voids], [...fills], [...contracts], price, energy],
    (_, value) => (typeof value === 'bigint' ? `${value}` : (value as unknown)),
  )

/** Every meter of a final run was read at both ends, or is marked as estimated. */
function checkMarked(state: State, record: IntervalRecord): void {
  const marked = new Set(record.runs.at(-1)?.estimated)
  for (const { meter, zone, kind } of state.meters) {
    const counts = zone === record.zone && (state.meterFrom[meter] ?? 0) <= record.interval
    if (kind !== 'physical' || !counts) continue
    const boundaries = state.readings.get(meter)?.boundaries
    const read = boundaries?.has(record.interval) && boundaries.has(record.interval + 1)
    check(read === true || marked.has(meter), 'what is final was read or is marked')
  }
}
