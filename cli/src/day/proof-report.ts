import { developmentNotice } from '@busbar/proofs'
import type { MarketRun } from '../market/market-run.ts'

/** What became of a day's proofs. Names and units of the JSON form are part of the interface. */
export type ProofReport = {
  readonly mode: 'all' | 'none'
  /** That the reference string was made on this machine. */
  readonly notice: string
  /** Clearings of the market, of intervals without orders too. */
  readonly batches: number
  readonly made: number
  /** Verified on the chain, and booked. */
  readonly proven: number
  /** Numbers of the intervals that are not. */
  readonly unproven: readonly number[]
  /** How many of them have their final run, which waits for the proof. */
  readonly final: number
  readonly seconds: { readonly median: number | null; readonly max: number | null }
  readonly gas_per_proof: number | null
}

const rounded = (seconds: { median: number | null; max: number | null } | undefined) => {
  const tenths = (value: number | null): number | null =>
    value === null ? null : Math.round(value * 10) / 10
  return { median: tenths(seconds?.median ?? null), max: tenths(seconds?.max ?? null) }
}

const timeoutMs = 300_000
const pollMs = 200

/**
 * Waits until every clearing is proven on the chain, or until nothing more will be, and says what
 * is. Null where the book is open.
 */
export async function proofReport(
  market: MarketRun,
  progress: (text: string) => void,
): Promise<Omit<ProofReport, 'gas_per_proof'> | null> {
  const { client, proofs } = market
  const { rulebook } = await client.market()
  if (rulebook.proof === 'none') return null
  const until = performance.now() + timeoutMs
  for (;;) {
    const states = await statesOf(market)
    const unproven = states.filter(({ state }) => state !== 'proven')
    const isOver = proofs === null || proofs.ended !== undefined || performance.now() > until
    if (unproven.length === 0 || isOver) {
      return {
        mode: proofs === null ? 'none' : 'all',
        notice: developmentNotice,
        batches: states.length,
        made: proofs?.figures.made ?? 0,
        proven: states.length - unproven.length,
        unproven: unproven.map(({ interval }) => interval),
        final: states.filter(({ status }) => status === 'final').length,
        seconds: rounded(proofs?.figures.seconds),
      }
    }
    progress(`waiting for ${unproven.length} proofs`)
    await new Promise((resolve) => setTimeout(resolve, pollMs))
    // A manual clock looks at the chain when it is set, also to the time that it shows.
    await client.setClock((await client.market()).clock.nowMs)
  }
}

async function statesOf({ client }: MarketRun) {
  const states: { readonly interval: number; readonly state: string; readonly status: string }[] =
    []
  let from: number | null = 0
  while (from !== null) {
    const page = await client.intervals({ zone: 0, from, limit: 500 })
    for (const { interval, status, proof } of page.intervals) {
      if (status !== 'open') states.push({ interval, state: proof.state, status })
    }
    from = page.nextFrom
  }
  return states
}
