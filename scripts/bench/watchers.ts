/**
 * Whether those who watch a market make those who trade in it wait: how long an order takes to be
 * accepted, and a gate to be cleared, while a thousand readers of the event stream are told of each
 * gate, against the same with no reader. All of them are signed in: before each gate every home
 * gets a notice of its own, which its readers are told besides. The readers have a process of their
 * own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Signer } from '@busbar/client'
import { type FigureLine, quantile, rounded } from './figure.ts'
import { type RunningMarket, startMarket } from './server-market.ts'
import { homeSigners, joinCodes } from './watched-homes.ts'
import { gateLead, intervalMs, manyOrders } from './watched-orders.ts'

const watchers = 1_000
/** Pairs of one round without and one with watchers. */
const pairs = 6
const gatesPerRound = 8
const ordersPerGate = 25
/** Of the time without watchers: what the machine itself varies by from run to run. */
const bar = 1.25

type Round = { readonly orderMs: number[]; readonly gateMs: number[] }

/** What the readers heard together, and how much of it was for one account alone. */
type Told = { readonly all: number; readonly own: number }

export async function watcherFigures(options: { readonly short: boolean }): Promise<FigureLine[]> {
  const market = await startMarket()
  try {
    const count = options.short ? 2 : pairs
    // The first round warms the server up and is not counted.
    const orders = manyOrders(market, (2 * count + 1) * gatesPerRound * ordersPerGate)
    const homes = homeSigners(market)
    await round(market, orders, homes)
    const alone: Round = { orderMs: [], gateMs: [] }
    const watched: Round = { orderMs: [], gateMs: [] }
    let told: Told = { all: 0, own: 0 }
    for (let pair = 0; pair < count; pair += 1) {
      addTo(alone, await round(market, orders, homes))
      const readers = await startReaders(market.url, homes)
      addTo(watched, await round(market, orders, homes))
      const { all, own } = await readers.stop()
      told = { all: told.all + all, own: told.own + own }
    }
    // A stream that tells nobody anything of its own but at its beginning costs nothing.
    const ownLeast = 2 * count * watchers
    if (told.own < ownLeast) throw new Error(`${told.own} of ${ownLeast} own events were heard`)
    return linesOf(alone, watched, told, count)
  } finally {
    await market.close()
  }
}

function linesOf(alone: Round, watched: Round, told: Told, count: number): FigureLine[] {
  const line = (figure: string, key: keyof Round, at: number): FigureLine => {
    const [without, with_] = [quantile(alone[key], at), quantile(watched[key], at)]
    const value = rounded(with_ / without)
    const detail = {
      ...{ watchers, pairs: count, measured: watched[key].length, at },
      ...{ eventsTold: told.all, ownEventsTold: told.own },
      ...{ withoutMs: rounded(without), withMs: rounded(with_) },
      ...{ withoutP50Ms: rounded(quantile(alone[key], 0.5)) },
      withP50Ms: rounded(quantile(watched[key], 0.5)),
    }
    return { figure, value, bar: `<= ${bar}`, holds: value <= bar, detail }
  }
  return [
    line('order_accept_p99_1000_watchers_vs_none', 'orderMs', 0.99),
    line('gate_to_cleared_p50_1000_watchers_vs_none', 'gateMs', 0.5),
  ]
}

function addTo(all: Round, { orderMs, gateMs }: Round): void {
  all.orderMs.push(...orderMs)
  all.gateMs.push(...gateMs)
}

type Orders = ReturnType<typeof manyOrders>

/**
 * Gates close one after the other while orders come, one at a time, and while each home is told
 * something of its own.
 */
async function round(
  market: RunningMarket,
  orders: Orders,
  homes: readonly Signer[],
): Promise<Round> {
  const { client } = market
  const measured: Round = { orderMs: [], gateMs: [] }
  for (let gate = 0; gate < gatesPerRound; gate += 1) {
    const { clock, interval: { nextGate } } = await client.market()
    const codes = await joinCodes(homes, clock.nowMs)
    const closing = (async () => {
      const begun = performance.now()
      await client.setClock(nextGate.interval * intervalMs - gateLead)
      measured.gateMs.push(performance.now() - begun)
    })()
    const telling = Promise.all(codes.map((code) => client.instruct(code)))
    for (const order of orders.splice(0, ordersPerGate)) {
      const begun = performance.now()
      await client.placeOrder(order)
      measured.orderMs.push(performance.now() - begun)
    }
    await Promise.all([closing, telling])
  }
  return measured
}

/** As many readers as are measured, all of them connected when this resolves. */
async function startReaders(url: string, homes: readonly Signer[]) {
  const program = fileURLToPath(import.meta.resolve('./stream-readers.ts'))
  const until = Date.now() + 3_600_000
  const credentials = await Promise.all(homes.map((home) => home.credential(until)))
  const child: ChildProcess = spawn(process.execPath, [program, url, String(watchers)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.send(credentials)
  await once(child, 'message')
  return {
    /** @returns what all of them heard together */
    stop: async (): Promise<Told> => {
      child.send('stop')
      const [heard] = (await once(child, 'message')) as [Told]
      await once(child, 'exit')
      return heard
    },
  }
}

if (import.meta.main) {
  const options = { short: process.argv.includes('--short') }
  for (const line of await watcherFigures(options)) console.log(JSON.stringify(line))
}
