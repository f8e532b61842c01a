/**
 * What a running server takes in over HTTP, durably, against what the machine's cores could verify
 * if they did nothing else. The client has a process of its own, as it has in life.
 */
import { availableParallelism } from 'node:os'
import { openDerToCash } from '@busbar/core/rulebook'
import { orderDigest } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { chooseVerifier } from '@busbar/server/adapters/signatures/index'
import {
  seededGateways,
  seededId,
  type SignedBatch,
  signBatch,
} from '@busbar/simulator'
import { type FigureLine, quantile, rounded } from './figure.ts'
import { type RunningMarket, seed, startMarket } from './server-market.ts'

const orderCount = 12_000
const perRequest = 100
const rounds = 3
const readingBatches = 400

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

function signedOrders({ plan, numbers }: RunningMarket) {
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
function rawVerification({ plan, numbers }: RunningMarket, orders: readonly Order[]): number {
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

async function ordersIngest({ client }: RunningMarket, orders: readonly Order[]): Promise<number> {
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
async function readingsIngest(market: RunningMarket): Promise<number> {
  const batches = signedReadings(market)
  const rates: number[] = []
  const part = Math.floor(batches.length / rounds)
  for (let round = 0; round < rounds; round += 1) {
    const some = batches.slice(round * part, (round + 1) * part)
    const begun = performance.now()
    await inParallel(chunks(some, 4), 4, async (chunk) => {
      const results = await market.client.submitReadings(
        chunk.map(({ id, gateway, readings, blind, signature }) => ({
          id,
          gateway,
          readings: [...readings],
          blind,
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

function signedReadings({ plan, numbers }: RunningMarket): SignedBatch[] {
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
