/**
 * What a running server takes in over HTTP, durably, against what the machine's cores could verify
 * if they did nothing else. The client has a process of its own, as it has in life.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BusbarClient } from '@busbar/client'
import { openDerToCash } from '@busbar/core/rulebook'
import { orderDigest } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { chooseVerifier } from '@busbar/server/adapters/signatures/index'
import {
  addressOfKey,
  createHttpExchange,
  type MarketNumbers,
  type MarketPlan,
  planDay,
  seededGateways,
  seededId,
  seededNeighbourhood,
  type SignedBatch,
  signBatch,
} from '@busbar/simulator'
import { type FigureLine, quantile, rounded } from './figure.ts'

const seed = 7
const orderCount = 12_000
const perRequest = 100
const rounds = 3
const readingBatches = 400

type Running = {
  readonly client: BusbarClient
  readonly plan: MarketPlan
  readonly numbers: MarketNumbers
  readonly close: () => Promise<void>
}

export async function ingestFigures(): Promise<FigureLine[]> {
  const market = await startMarket()
  try {
    const orders = signedOrders(market)
    const rawPerSecond = rawVerification(market, orders)
    const cores = availableParallelism()
    const ordersPerSecond = await ordersIngest(market, orders)
    const readingsPerSecond = await readingsIngest(market)
    const common = {
      rawVerificationsPerSecondOneCore: rounded(rawPerSecond),
      cores,
      perRequest,
      store: 'PGlite on disk, every answer durable',
    }
    const line = (figure: string, perSecond: number, bar: number, what: string): FigureLine => {
      const value = rounded(perSecond / (rawPerSecond * cores))
      const detail = { ...common, what, perSecond: rounded(perSecond) }
      return { figure, value, bar: `>= ${bar}`, holds: value >= bar, detail }
    }
    return [
      line(
        'ingest_vs_raw_verify',
        readingsPerSecond,
        0.8,
        'readings, a gateway signature for each batch',
      ),
      line('ingest_orders_vs_raw_verify', ordersPerSecond, 0.8, 'orders, a signature for each'),
    ]
  } finally {
    await market.close()
  }
}

async function startMarket(): Promise<Running> {
  const district = seededNeighbourhood({ seed })
  const planned = planDay({ market: 'bench', district, rulebook: openDerToCash, seed })
  // Deep pockets: what is measured is taking orders, not refusing them.
  const participants = planned.participants.map((one) => ({
    ...one,
    depositMicros: one.depositMicros === 0 ? 0 : 10_000_000_000_000,
  }))
  const plan: MarketPlan = { ...planned, participants }
  const [operator] = participants
  if (operator === undefined) throw new Error('a market has an operator')
  const directory = await mkdtemp(join(tmpdir(), 'busbar-bench-'))
  const rulebook = join(directory, 'rulebook.json')
  await writeFile(rulebook, JSON.stringify(openDerToCash))
  const server = await startServer({
    BUSBAR_RULEBOOK: rulebook,
    BUSBAR_MARKET: plan.market,
    BUSBAR_DATA_DIR: directory,
    BUSBAR_PORT: '0',
    BUSBAR_CLOCK: 'manual',
    BUSBAR_CLOCK_START_MS: String(plan.openAt),
    BUSBAR_REQUESTS_PER_MINUTE: '100000000',
    BUSBAR_OPERATOR: JSON.stringify({
      name: operator.name,
      roles: operator.roles,
      address: addressOfKey(operator.key),
      publicKey: operator.key.publicKey,
      retailer: null,
    }),
  })
  const client = new BusbarClient({ baseUrl: server.url, concurrency: 4, timeoutMs: 120_000 })
  const exchange = createHttpExchange({ client, seed })
  const numbers = await exchange.open(plan)
  await exchange.advanceTo(plan.openAt)
  const close = async (): Promise<void> => {
    const ended = new Promise((resolve) => server.child.once('exit', resolve))
    server.child.kill('SIGTERM')
    await ended
    await rm(directory, { recursive: true, force: true })
  }
  return { client, plan, numbers, close }
}

async function startServer(
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const program = fileURLToPath(import.meta.resolve('@busbar/server/main'))
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...environment },
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { readonly event: string; readonly url?: string }
    if (event.event === 'ready' && event.url !== undefined) return { child, url: event.url }
  }
  throw new Error('the server did not start')
}

function signedOrders({ plan, numbers }: Running) {
  const sites = plan.participants.filter(({ roles }) => roles.includes('prosumer'))
  const perAccount = openDerToCash.ordersPerAccountMax
  const first = Math.floor(plan.openAt / (openDerToCash.intervalSeconds * 1_000)) + 1
  return Array.from({ length: orderCount }, (_, i) => {
    const site = sites[i % sites.length]
    const name = site?.name ?? ''
    const order = {
      id: seededId(seed, `bench/${i}`),
      account: numbers.accounts.get(name) ?? -1,
      meter: numbers.meters.get(name) ?? -1,
      interval: first + Math.floor(i / sites.length / perAccount),
      side: 'buy' as const,
      energyWh: 1 + (i % 20),
      limitMicrosPerKwh: 100_000 + (i % 100) * 10,
    }
    const digest = orderDigest(numbers.domain, order)
    return { ...order, signature: site?.key.sign(digest) ?? '' }
  })
}

type Order = ReturnType<typeof signedOrders>[number]

/** One core, hashing and verifying and nothing else: signatures a second. */
function rawVerification({ plan, numbers }: Running, orders: readonly Order[]): number {
  const { verifier } = chooseVerifier()
  const keys = new Map(
    plan.participants.map(({ name, key }) => [
      numbers.accounts.get(name),
      hexToBytes(key.publicKey),
    ]),
  )
  const rates = Array.from({ length: rounds }, () => {
    const begun = performance.now()
    for (const order of orders.slice(0, 4_000)) {
      const key = keys.get(order.account)
      const digest = orderDigest(numbers.domain, order)
      const valid =
        key !== undefined && verifier.verifySecp256k1(key, digest, hexToBytes(order.signature))
      if (!valid) throw new Error('an order of the bench is not valid')
    }
    return 4_000 / ((performance.now() - begun) / 1_000)
  })
  return quantile(rates, 0.5)
}

async function ordersIngest({ client }: Running, orders: readonly Order[]): Promise<number> {
  const rates: number[] = []
  const part = Math.floor(orders.length / rounds)
  for (let round = 0; round < rounds; round += 1) {
    const batch = orders.slice(round * part, (round + 1) * part)
    const begun = performance.now()
    await inParallel(chunks(batch, perRequest), 4, async (chunk) => {
      const results = await client.submitOrders(chunk)
      const refused = results.find(({ kind }) => kind === 'rejected')
      if (refused !== undefined) throw new Error(`an order was refused: ${JSON.stringify(refused)}`)
    })
    rates.push(batch.length / ((performance.now() - begun) / 1_000))
  }
  return quantile(rates, 0.5)
}

/** Each gateway's meters, read again and again with higher versions: a hundred readings a batch. */
async function readingsIngest(market: Running): Promise<number> {
  const batches = signedReadings(market)
  const rates: number[] = []
  const part = Math.floor(batches.length / rounds)
  for (let round = 0; round < rounds; round += 1) {
    const some = batches.slice(round * part, (round + 1) * part)
    const begun = performance.now()
    await inParallel(chunks(some, 4), 4, async (chunk) => {
      const results = await market.client.submitReadings(
        chunk.map(({ id, gateway, readings, signature }) => ({
          id,
          gateway,
          readings: [...readings],
          signature,
        })),
      )
      for (const result of results) {
        if (result.kind === 'rejected') throw new Error(`a batch was refused: ${result.code}`)
      }
    })
    const count = some.reduce((sum, { readings }) => sum + readings.length, 0)
    rates.push(count / ((performance.now() - begun) / 1_000))
  }
  return quantile(rates, 0.5)
}

function signedReadings({ plan, numbers }: Running): SignedBatch[] {
  const [gateway] = seededGateways(seed, plan.meters.length - 1)
  if (gateway === undefined) throw new Error('a district has a gateway')
  const meters = plan.meters.filter((meter) => meter.gateway === gateway.name)
  const now = Math.floor(plan.openAt / (openDerToCash.intervalSeconds * 1_000))
  return Array.from({ length: readingBatches }, (_, attempt) =>
    signBatch(numbers.domain, seed, gateway.key, {
      gateway: numbers.gateways.get(gateway.name) ?? -1,
      boundary: now,
      attempt,
      readings: Array.from({ length: perRequest }, (_, i) => ({
        meter: numbers.meters.get(meters[i % meters.length]?.name ?? '') ?? -1,
        boundary: now - Math.floor(i / meters.length),
        version: attempt % 256,
        importWh: 1_000_000,
        exportWh: 0,
      })),
    }),
  )
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = []
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size))
  return parts
}

async function inParallel<Item>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

if (import.meta.main) for (const line of await ingestFigures()) console.log(JSON.stringify(line))
