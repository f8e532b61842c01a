/**
 * Whether those who watch a market make those who trade in it wait: how long an order takes to be
 * accepted, and a gate to be cleared, while a thousand readers of the event stream are told of each
 * gate, against the same with no reader. The readers have a process of their own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type FigureLine, quantile, rounded } from './figure.ts'
import { type RunningMarket, startMarket } from './server-market.ts'
import { gateLead, intervalMs, manyOrders } from './watched-orders.ts'

const watchers = 1_000
/** Pairs of one round without and one with watchers. */
const pairs = 6
const gatesPerRound = 8
const ordersPerGate = 25
/** Of the time without watchers: what the machine itself varies by from run to run. */
const bar = 1.25

type Round = { readonly orderMs: number[]; readonly gateMs: number[] }

export async function watcherFigures(options: { readonly short: boolean }): Promise<FigureLine[]> {
  const market = await startMarket()
  try {
    const count = options.short ? 2 : pairs
    // The first round warms the server up and is not counted.
    const orders = manyOrders(market, (2 * count + 1) * gatesPerRound * ordersPerGate)
    await round(market, orders)
    const alone: Round = { orderMs: [], gateMs: [] }
    const watched: Round = { orderMs: [], gateMs: [] }
    let told = 0
    for (let pair = 0; pair < count; pair += 1) {
      addTo(alone, await round(market, orders))
      const readers = await startReaders(market.url)
      addTo(watched, await round(market, orders))
      told += await readers.stop()
    }
    return linesOf(alone, watched, told, count)
  } finally {
    await market.close()
  }
}

function linesOf(alone: Round, watched: Round, told: number, count: number): FigureLine[] {
  const line = (figure: string, key: keyof Round, at: number): FigureLine => {
    const [without, with_] = [quantile(alone[key], at), quantile(watched[key], at)]
    const value = rounded(with_ / without)
    const detail = {
      ...{ watchers, pairs: count, measured: watched[key].length, eventsTold: told, at },
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

/** Gates close one after the other while orders come, one at a time. */
async function round(market: RunningMarket, orders: Orders): Promise<Round> {
  const { client } = market
  const measured: Round = { orderMs: [], gateMs: [] }
  for (let gate = 0; gate < gatesPerRound; gate += 1) {
    const { nextGate } = (await client.market()).interval
    const closing = (async () => {
      const begun = performance.now()
      await client.setClock(nextGate.interval * intervalMs - gateLead)
      measured.gateMs.push(performance.now() - begun)
    })()
    for (const order of orders.splice(0, ordersPerGate)) {
      const begun = performance.now()
      await client.placeOrder(order)
      measured.orderMs.push(performance.now() - begun)
    }
    await closing
  }
  return measured
}

/** As many readers as are measured, all of them connected when this resolves. */
async function startReaders(url: string) {
  const program = fileURLToPath(import.meta.resolve('./stream-readers.ts'))
  const child: ChildProcess = spawn(process.execPath, [program, url, String(watchers)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  return {
    /** @returns how many events all of them heard together */
    stop: async (): Promise<number> => {
      child.send('stop')
      const [heard] = (await once(child, 'message')) as [number]
      await once(child, 'exit')
      return heard
    },
  }
}

if (import.meta.main) {
  const options = { short: process.argv.includes('--short') }
  for (const line of await watcherFigures(options)) console.log(JSON.stringify(line))
}
