/**
 * What a month would have come to by other rules: how long the answer takes, what the replay holds
 * in memory, and whether the market waits for it. The market has that month in its journal and goes
 * on with an auction a second while another process replays it.
 */
import { strictEqual } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createDomain } from '@busbar/protocols/eip712'
import { WhatIfProcess } from '@busbar/server/adapters/what-if/what-if-process'
import { WhatIfDesk } from '@busbar/server/app/what-if/what-if-desk'
import { market as name, rulebook } from './bench-commands.ts'
import { type BenchMarket, openBenchMarket } from './bench-market.ts'
import { type FigureLine, quantile, rounded } from './figure.ts'

const perDay = 86_400 / rulebook.intervalSeconds
const sizes = {
  short: { participants: 20, days: 2, alone: 12 },
  full: { participants: 60, days: 30, alone: 60 },
} as const
type Size = (typeof sizes)[keyof typeof sizes]

const bars = { monthSeconds: 600, peakMib: 2_048, besideVsAlone: 1.25, dayVsMonth: 0.35 } as const

/** An auction a second, from its orders to its money. */
const everyMs = 1_000

type Times = { readonly durableMs: number[]; readonly receiptMs: number[] }
/** `cpuShare`: of one processor, what the market's own process took in each second. */
type Auctions = Times & { readonly cpuShare: number[] }
const noAuctions = (): Auctions => ({ durableMs: [], receiptMs: [], cpuShare: [] })

export async function whatIfFigures(options: { readonly short: boolean }): Promise<FigureLine[]> {
  const size = sizes[options.short ? 'short' : 'full']
  // The last of them is under way: it is not settled yet.
  const market = await openBenchMarket(size.participants, size.days * perDay + 1)
  const { desk, runner } = deskOf(market)
  try {
    const hold = auctioneer(market)
    const [alone, beside] = [noAuctions(), noAuctions()]
    let heldMib = Number.NaN
    // The first ones warm the engine up and are not counted.
    await hold(noAuctions(), 4)
    await hold(alone, size.alone / 2)
    const ask = (days: number, noted: Auctions): Promise<Answered> =>
      answered(market, desk, days, async () => {
        heldMib = mostHeldMib(runner.pid) || heldMib
        await hold(noted, 1)
      })
    const month = await ask(size.days, beside)
    // Few auctions pass while two days are replayed: then they are replayed again.
    while (beside.durableMs.length < size.alone) await ask(size.days, beside)
    await hold(alone, size.alone / 2)
    const day = options.short ? undefined : await ask(1, noAuctions())
    return [...replayLines(size, { month, day, heldMib }), ...marketLines(size, alone, beside)]
  } finally {
    await desk.close()
    await market.close()
  }
}

function deskOf(market: BenchMarket) {
  const { state, store, chain: { deployment }, nowMs, durable } = market
  const { chainId, clearingHouse: verifyingContract } = deployment
  const domain = createDomain({ market: name, chainId, verifyingContract })
  const program = new URL(import.meta.resolve('@busbar/server/what-if-worker'))
  const runner = new WhatIfProcess(program, { deployment, domain, vaultKeys: [] })
  const desk = new WhatIfDesk({
    ...{ state: () => state, now: nowMs, durable, journal: store, runner },
    ...{ timeZone: 'UTC', wallClock: () => performance.now() },
  })
  return { desk, runner }
}

/** What a process has held at most until now, in MiB; not a number where nobody can tell. */
function mostHeldMib(pid: number | undefined): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kib) / 1_024
  } catch {
    // Only Linux says it, and only of a process that is still there.
    return Number.NaN
  }
}

/** Holds so many auctions, one a second, and notes how long gate and money took together. */
function auctioneer(market: BenchMarket): (noted: Auctions, count: number) => Promise<void> {
  let interval = market.first
  return async (noted, count) => {
    for (let n = 0; n < count; n += 1) {
      const [begun, cpu] = [performance.now(), process.cpuUsage()]
      await market.trade(interval)
      const gate = await market.gate(interval)
      await market.read(interval)
      if (interval > market.first) {
        const money = await market.settle(interval - 1)
        noted.durableMs.push(gate.durableMs + money.durableMs)
        noted.receiptMs.push(gate.receiptMs + money.receiptMs)
      }
      interval += 1
      const leftMs = Math.max(0, everyMs - (performance.now() - begun))
      await new Promise((resolve) => setTimeout(resolve, leftMs))
      const { user, system } = process.cpuUsage(cpu)
      noted.cpuShare.push((user + system) / 1_000 / (performance.now() - begun))
    }
  }
}

type Answered = { readonly seconds: number; readonly entries: number }

/** Another one each time: the same question would have its answer already. */
let fee = 900

/** Asks for the last days of the past until they are known. */
async function answered(
  market: BenchMarket,
  desk: WhatIfDesk,
  days: number,
  meanwhile: () => Promise<void>,
): Promise<Answered> {
  const to = market.first - 2
  const other = { feeMicrosPerKwh: (fee += 1), priceMaxMicrosPerKwh: 250_000 }
  const question = {
    rulebook: { ...rulebook, version: 2, ...other },
    ...{ from: to - days * perDay + 1, to, zone: undefined },
  }
  const begun = performance.now()
  for (;;) {
    const answer = desk.ask(question)
    if ('refused' in answer) throw new Error(JSON.stringify(answer))
    const { state, failure, reproducedIntervals, progress: { entries } } = answer
    if (state === 'failed') throw new Error(JSON.stringify(failure))
    if (state === 'done') {
      strictEqual(reproducedIntervals, days * perDay)
      return { seconds: (performance.now() - begun) / 1_000, entries }
    }
    await meanwhile()
  }
}

function replayLines(
  { participants, days }: Size,
  { month, day, heldMib }: {
    readonly month: Answered
    readonly day: Answered | undefined
    readonly heldMib: number
  },
): FigureLine[] {
  const { seconds, entries } = month
  const common = { participants, days, intervals: days * perDay, entries }
  const line = (figure: string, value: number, most: number, detail: object): FigureLine => ({
    ...{ figure, value: rounded(value), bar: `<= ${most}`, detail },
    holds: Number.isNaN(value) ? 'not run' : value <= most,
  })
  const ratio = (day?.seconds ?? Number.NaN) / seconds
  return [
    line('what_if_month_s', seconds, bars.monthSeconds, {
      ...common, perSecond: rounded(entries / seconds),
    }),
    line('what_if_month_peak_mib', heldMib, bars.peakMib, {
      ...common, measured: 'the most that the process has held of memory, where Linux says it',
    }),
    line('what_if_last_day_vs_month', ratio, bars.dayVsMonth, {
      ...common, daySeconds: day === undefined ? 'left out of the short run' : rounded(day.seconds),
    }),
  ]
}

function marketLines({ participants }: Size, alone: Auctions, beside: Auctions): FigureLine[] {
  const line = (figure: string, key: keyof Times): FigureLine => {
    const at = (all: Auctions, share: number): number => rounded(quantile(all[key], share))
    const value = rounded(at(beside, 0.5) / at(alone, 0.5))
    const cpu = (all: Auctions): number => rounded(quantile(all.cpuShare, 0.5))
    const detail = {
      ...{ participants, withoutP50Ms: at(alone, 0.5), withP50Ms: at(beside, 0.5) },
      ...{ withoutP90Ms: at(alone, 0.9), withP90Ms: at(beside, 0.9) },
      cpuShareP50: { without: cpu(alone), with: cpu(beside) },
      auctions: { without: alone[key].length, with: beside[key].length },
    }
    return {
      figure, value, bar: `<= ${bars.besideVsAlone}`, holds: value <= bars.besideVsAlone, detail,
    }
  }
  return [
    line('gate_to_durable_p50_what_if_vs_none', 'durableMs'),
    line('gate_to_receipt_p50_what_if_vs_none', 'receiptMs'),
  ]
}

if (import.meta.main) {
  const options = { short: process.argv.includes('--short') }
  for (const line of await whatIfFigures(options)) console.log(JSON.stringify(line))
}
