import { clear } from '@busbar/core/clearing'
import {
  apply,
  type Command,
  emptyState,
  type Engine,
  gateOf,
  openBooksOnly,
  type Outcome,
  type Result,
  type State,
} from '@busbar/core/exchange'
import { reconcile } from '@busbar/core/settlement'
import { createDomain, type Domain } from '@busbar/protocols/eip712'
import { addressOfKey } from '../meters/index.ts'
import type { Exchange, MarketNumbers, MarketPlan, SignedOrder } from './exchange-port.ts'

/**
 * The rules of the market alone, in this process: no server, no journal, no chain, and signatures
 * are taken as good. For tests of the simulator and for questions of the kind "what if".
 */
export function createInProcessExchange(
  engine: Engine = { clear, reconcile, commitment: openBooksOnly },
): Exchange & { readonly state: State } {
  const state = emptyState()
  let now = 0
  let ids = 0

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

  return {
    state,
    ...readsOf(state),
    open(plan) {
      now = plan.openAt
      return Promise.resolve(openMarket(plan, must, unsigned))
    },
    submitOrders: (orders) =>
      Promise.resolve(
        orders.map((order) => {
          const outcome = tryOut(placeOrderOf(order))
          return outcome.kind === 'accepted'
            ? { kind: 'accepted' }
            : { kind: 'rejected', reason: outcome.reason }
        }),
      ),
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
        must({ kind: 'close_gate', interval: state.clearedThrough + 1 })
        settleWhatIsDue(state, tryOut)
      }
      now = at
      settleWhatIsDue(state, tryOut)
      return Promise.resolve()
    },
  }
}

const readsOf = (state: State): Pick<Exchange, 'interval' | 'nets' | 'balances'> => ({
  interval(interval) {
    const found = state.intervals.get(0)?.get(interval)
    return Promise.resolve({
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
  return { domain: domainOf(plan), accounts, gateways, meters }
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
