import { clear } from '@busbar/core/clearing'
import {
  apply,
  type Command,
  emptyState,
  type Engine,
  gateOf,
  type Outcome,
  type Result,
  type State,
  withoutMatches,
} from '@busbar/core/exchange'
import { allocate, shortages } from '@busbar/core/metering'
import { reconcile, settleActuals } from '@busbar/core/settlement'
import { createDomain, type Domain } from '@busbar/protocols/eip712'
import { addressOfKey } from '../meters/index.ts'
import type { Answer, Exchange, MarketNumbers, MarketPlan, SignedOrder } from './exchange-port.ts'
import { commandsOf, commitmentIn, InProcessBook } from './in-process-book.ts'

/** A committee that is always there, appointed for all intervals; nobody asks it anything. */
const standInCommittee = {
  fromInterval: 0,
  publicKey: keyOf(0),
  threshold: 2,
  members: [1, 2].map((index) => ({
    index,
    name: `stand-in-${index}`,
    verificationKey: keyOf(index),
  })),
}

function keyOf(index: number): string {
  return `0x${index.toString(16).padStart(96, '0')}`
}

/**
 * The rules of the market alone, in this process: no server, no journal, no chain, and signatures
 * are taken as good. Sealed books open at the gate and count as proven at once. For tests of the
 * simulator and for questions of the kind "what if".
 */
export function createInProcessExchange(
  computations: Pick<Engine, 'clear' | 'reconcile'> = { clear, reconcile },
): Exchange & { readonly state: State } {
  const state = emptyState()
  let now = 0
  let ids = 0
  let book: InProcessBook | undefined
  const opened = (): InProcessBook => {
    if (book === undefined) throw new Error('the market has not been opened')
    return book
  }
  const engine: Engine = {
    ...{ allocate, shortages, settleActuals, contract: withoutMatches },
    ...computations,
    commitment: ({ interval }, opening) => commitmentIn(opened(), interval, opening),
  }

  const tryOut = (command: Command): Outcome =>
    apply(state, { sequence: state.sequence + 1, at: now, command }, engine).outcome

  const must = (command: Command): Result => {
    const outcome = tryOut(command)
    if (outcome.kind === 'accepted') return outcome.result
    throw new Error(`${command.kind} was rejected: ${JSON.stringify(outcome)}`)
  }

  /** The registry is not under test here, so its commands carry no signature. */
  const unsigned = (account: number) => {
    ids += 1
    const id = `0x${ids.toString(16).padStart(32, '0')}`
    return { id, account, digest: `0x${ids.toString(16).padStart(64, '0')}`, signature: '0x' }
  }

  const answer = (command: Command): Answer => {
    const outcome = tryOut(command)
    return outcome.kind === 'accepted'
      ? { kind: 'accepted' }
      : { kind: 'rejected', reason: outcome.reason }
  }

  const close = (interval: number): void => {
    must({ kind: 'close_gate', interval })
    if (plannedBook(state) !== 'sealed-reveal') openSet(interval)
  }

  const openSet = (interval: number): void => {
    const command = opened().opening(state, interval)
    if (command !== undefined) must(command)
    const record = state.intervals.get(0)?.get(interval)
    if (record?.proof !== 'awaited') return
    must({ kind: 'record_proof', zone: 0, interval, state: 'proven', reference: 'stand-in' })
  }

  return {
    state,
    ...readsOf(state, opened),
    open(plan) {
      now = plan.openAt
      book = new InProcessBook(plan)
      const numbers = openMarket(plan, must, unsigned)
      const [operator] = plan.participants
      const account = numbers.accounts.get(operator?.name ?? '') ?? -1
      if (plan.rulebook.orderBook === 'sealed-committee') {
        must({ ...unsigned(account), kind: 'appoint_committee', content: standInCommittee })
      }
      return Promise.resolve({ ...numbers, sealing: book.sealing })
    },
    submitOrders: (orders) => Promise.resolve(orders.map((order) => answer(placeOrderOf(order)))),
    submitSealedOrders: (orders) =>
      Promise.resolve(orders.map((order) => answer(commandsOf.place(order)))),
    reveal(interval, openings) {
      for (const one of openings) tryOut(commandsOf.reveal(interval, one))
      openSet(interval)
      return Promise.resolve()
    },
    // The rules of the market know of no device.
    submitDeviceReadings: () => Promise.resolve(),
    submitReadings(batch) {
      const outcome = tryOut({ ...batch, kind: 'submit_readings' })
      if (outcome.kind !== 'accepted' || outcome.result.kind !== 'readings_taken') {
        throw new Error(`a batch was rejected: ${JSON.stringify(outcome)}`)
      }
      const { repeated, result } = outcome
      return Promise.resolve({ repeated, outcomes: result.outcomes })
    },
    advanceTo(at) {
      if (at < now) throw new RangeError(`time is ${now} already, cannot go back to ${at}`)
      // Gates close at their own time: what is due between is not left to the end.
      while (gateOf(state, state.clearedThrough + 1) <= at) {
        now = Math.max(now, gateOf(state, state.clearedThrough + 1))
        close(state.clearedThrough + 1)
        settleWhatIsDue(state, tryOut)
      }
      now = at
      settleWhatIsDue(state, tryOut)
      return Promise.resolve()
    },
  }
}

const plannedBook = (state: State): string | undefined => state.rulebooks.at(-1)?.rulebook.orderBook

const readsOf = (
  state: State,
  book: () => InProcessBook,
): Pick<Exchange, 'interval' | 'ownFills' | 'nets' | 'balances'> => ({
  ownFills: (_account, interval, commitments) =>
    Promise.resolve(book().ownFills(state, interval, commitments)),
  interval(interval) {
    const found = state.intervals.get(0)?.get(interval)
    const sealedSet = book().setOf(state, interval)
    return Promise.resolve({
      ...(sealedSet === undefined ? {} : { sealedSet }),
      priceMicrosPerKwh: found?.price == null ? null : Number(found.price),
      energyWh: Number(found?.energy ?? 0n),
      fills: [...(found?.fills ?? [])].map(([digest, energy]) => ({
        digest,
        energyWh: Number(energy),
      })),
    })
  },
  nets: () => Promise.resolve(netsOf(state)),
  balances() {
    const inside = [...state.ledger.balances].filter(([account]) => account >= 0)
    return Promise.resolve(new Map<number, bigint>(inside))
  },
})

function netsOf(state: State): ReadonlyMap<number, ReadonlyMap<number, bigint>> {
  const nets = new Map<number, Map<number, bigint>>()
  for (const { interval, runs } of state.intervals.get(0)?.values() ?? []) {
    const sums = new Map<number, bigint>()
    for (const { account, amount } of runs.flatMap((run) => run.net)) {
      sums.set(account, (sums.get(account) ?? 0n) + amount)
    }
    if (runs.length > 0) nets.set(interval, sums)
  }
  return nets
}

/** Once everything is posted, what is left is answered with a rejection. */
function settleWhatIsDue(state: State, tryOut: (command: Command) => Outcome): void {
  for (const [zone, intervals] of state.intervals) {
    for (const [interval, { status }] of intervals) {
      if (status !== 'open') tryOut({ kind: 'settle_interval', zone, interval })
    }
  }
}

const placeOrderOf = (order: SignedOrder): Command => ({ ...order, kind: 'place_order' })

type Unsigned = {
  readonly id: string
  readonly account: number
  readonly digest: string
  readonly signature: string
}

function openMarket(
  plan: MarketPlan,
  must: (command: Command) => Result,
  unsigned: (account: number) => Unsigned,
): MarketNumbers {
  const [first, ...others] = plan.participants
  if (first === undefined) throw new RangeError('a market has an operator')
  const accounts = new Map<string, number>()
  const gateways = new Map<string, number>()
  const meters = new Map<string, number>()
  const accountOf = (name: string): number => numberOf(accounts, name)
  const newParticipant = ({ name, roles, key, retailer }: typeof first) => ({
    name,
    roles,
    address: addressOfKey(key),
    publicKey: key.publicKey,
    retailer: retailer === null ? null : accountOf(retailer),
  })
  const { market, rulebook } = plan
  const opened = must({ kind: 'open_market', market, rulebook, operator: newParticipant(first) })
  if (opened.kind === 'market_opened') accounts.set(first.name, opened.account)
  const operator = accountOf(first.name)
  for (const one of others) {
    const content = newParticipant(one)
    const result = must({ ...unsigned(operator), kind: 'admit_participant', content })
    if (result.kind === 'participant_admitted') accounts.set(one.name, result.account)
  }
  for (const { retailer, ...content } of plan.tariffs) {
    must({ ...unsigned(accountOf(retailer)), kind: 'set_tariff', content })
  }
  const zone = { name: plan.zone, parent: null, bridgeWatts: 0 }
  must({ ...unsigned(operator), kind: 'register_zone', content: zone })
  for (const { name, key, owner } of plan.gateways) {
    const { curve, publicKey } = key
    const content = { name, curve, publicKey, owner: accountOf(owner) }
    const result = must({ ...unsigned(operator), kind: 'register_gateway', content })
    if (result.kind === 'gateway_registered') gateways.set(name, result.gateway)
  }
  for (const { owner, gateway, ...meter } of plan.meters) {
    const content = {
      ...meter,
      account: accountOf(owner),
      zone: 0,
      gateway: gateway === null ? null : numberOf(gateways, gateway),
    }
    const result = must({ ...unsigned(operator), kind: 'register_meter', content })
    if (result.kind === 'meter_registered') meters.set(meter.name, result.meter)
  }
  for (const { name, depositMicros: amountMicros } of plan.participants) {
    const reference = `deposit/${name}`
    const account = accountOf(name)
    if (amountMicros > 0) must({ kind: 'record_deposit', reference, account, amountMicros })
  }
  return { domain: domainOf(plan), accounts, gateways, meters, sealing: null }
}

/** There is no chain, so the domain names none that exists. */
const domainOf = (plan: MarketPlan): Domain =>
  createDomain({
    market: plan.market,
    chainId: 31_337,
    verifyingContract: `0x${'0'.repeat(40)}`,
  })

function numberOf(numbers: ReadonlyMap<string, number>, name: string): number {
  const found = numbers.get(name)
  if (found === undefined) throw new RangeError(`${name} has not been registered`)
  return found
}
