/**
 * What a month would have come to by other rules: how long the question takes, what it takes of
 * memory, and whether the market waits for it. Measured on a market with that month in its journal,
 * which goes on with an auction a second while the thread replays.
 */
import { strictEqual } from 'node:assert/strict'
import { createDomain } from '@busbar/protocols/eip712'
import { WhatIfThread } from '@busbar/server/adapters/what-if/what-if-thread'
import type { WhatIfAsked } from '@busbar/server/app/ports/operator-views'
import { WhatIfDesk } from '@busbar/server/app/what-if/what-if-desk'
import { firstInterval, market as name, rulebook } from './bench-commands.ts'
import { type BenchMarket, openBenchMarket } from './bench-market.ts'
import { type FigureLine, quantile, rounded } from './figure.ts'

const perDay = 86_400 / rulebook.intervalSeconds
const sizes = {
  short: { participants: 20, days: 2, alone: 12 },
  full: { participants: 60, days: 30, alone: 60 },
} as const
type Size = (typeof sizes)[keyof typeof sizes]

/** An auction a second, from its orders to its money. */
const everyMs = 1_000

type Auctions = { readonly durableMs: number[]; readonly receiptMs: number[] }

export async function whatIfFigures(options: { readonly short: boolean }): Promise<FigureLine[]> {
  const size = sizes[options.short ? 'short' : 'full']
  const begun = performance.now()
  // The last one is not settled yet: it is the one under way.
  const market = await openBenchMarket(size.participants, size.days * perDay + 1)
  const madeMs = performance.now() - begun
  const desk = deskOf(market)
  try {
    const alone = emptyAuctions()
    const beside = emptyAuctions()
    const hold = hands(market)
    // The first ones warm everything up and are not counted.
    await hold(emptyAuctions(), 4)
    await hold(alone, size.alone / 2)
    const asked = await answered(market, desk, size.days, () => hold(beside, 1))
    await hold(alone, size.alone / 2)
    console.error({ madeMs, size, asked, entries: market.state.sequence })
    for (const key of ['durableMs', 'receiptMs'] as const) {
      console.error(key, [alone, beside].map((a) => [a[key].length, ...[0.5, 0.9, 0.99].map((q) => rounded(quantile(a[key], q)))]))
    }
    return []
  } finally {
    await desk.close()
    await market.close()
  }
}

const emptyAuctions = (): Auctions => ({ durableMs: [], receiptMs: [] })

function deskOf({ state, store, chain: { deployment }, nowMs }: BenchMarket): WhatIfDesk {
  const { chainId, clearingHouse: verifyingContract } = deployment
  const domain = createDomain({ market: name, chainId, verifyingContract })
  const program = new URL(import.meta.resolve('@busbar/server/what-if-worker'))
  return new WhatIfDesk({
    ...{ state: () => state, now: nowMs, durable: () => Promise.resolve(), journal: store },
    runner: new WhatIfThread(program, { deployment, domain, vaultKeys: [] }),
    ...{ timeZone: 'UTC', wallClock: () => performance.now() },
  })
}

/** Holds so many auctions, one after the other, and notes how long gate and money took together. */
function hands(market: BenchMarket): (noted: Auctions, count: number) => Promise<void> {
  let interval = market.first
  return async (noted, count) => {
    for (let n = 0; n < count; n += 1) {
      const begun = performance.now()
      await market.trade(interval)
      const gate = await market.gate(interval)
      await market.read(interval)
      if (interval > market.first) {
        const money = await market.settle(interval - 1)
        noted.durableMs.push(gate.durableMs + money.durableMs)
        noted.receiptMs.push(gate.receiptMs + money.receiptMs)
      }
      interval += 1
      const leftMs = everyMs - (performance.now() - begun)
      await new Promise((resolve) => setTimeout(resolve, leftMs))
    }
  }
}

async function answered(
  market: BenchMarket,
  desk: WhatIfDesk,
  days: number,
  meanwhile: () => Promise<void>,
) {
  const to = market.first - 2
  const question: WhatIfAsked = {
    rulebook: { ...rulebook, version: 2, feeMicrosPerKwh: 900, priceMaxMicrosPerKwh: 250_000 },
    ...{ from: to - days * perDay + 1, to, zone: undefined },
  }
  const rss = (): number => process.memoryUsage.rss() / 2 ** 20
  const [before, begun] = [rss(), performance.now()]
  let most = before
  const watch = setInterval(() => (most = Math.max(most, rss())), 100)
  try {
    for (;;) {
      const answer = desk.ask(question)
      if ('refused' in answer) throw new Error(JSON.stringify(answer))
      if (answer.state === 'failed') throw new Error(JSON.stringify(answer.failure))
      if (answer.state === 'done') {
        strictEqual(answer.reproducedIntervals, days * perDay)
        const { entries } = answer.progress
        return { ms: performance.now() - begun, entries, before, peakMib: most - before }
      }
      await meanwhile()
    }
  } finally {
    clearInterval(watch)
  }
}

if (import.meta.main) {
  const options = { short: process.argv.includes('--short') }
  for (const line of await whatIfFigures(options)) console.log(JSON.stringify(line))
}
