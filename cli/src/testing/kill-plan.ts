/** Where a server is to be killed, chosen from where it passed when nobody killed it. */
import { killedAt } from '@busbar/server/testing/passages'
import { random } from '@busbar/simulator'

type KillPoint = {
  readonly title: string
  readonly points: RegExp
  /** Kills here for one elsewhere: what is many steps in one has more of them. */
  readonly share: number
}

/** The steps of a market at which a kill is something of its own. */
export const killPoints: readonly KillPoint[] = [
  // The clock has moved since the last entry: only what it kept gives the orders their time again.
  { title: 'before an order', points: /^store\.commit\(place_order\)\/before$/, share: 1 },
  { title: 'before a commit', points: /^store\.commit\(.*\)\/before$/, share: 2 },
  { title: 'while a commit is written', points: /^store\.commit\(.*\)\/during$/, share: 2 },
  {
    title: 'after a commit that the chain has to hear of',
    points: /^store\.commit\((admit|suspend|rein|revoke|fund|close|settle|withdraw).*\)\/after$/,
    share: 2,
  },
  { title: 'after a commit, nobody told', points: /^store\.commit\(.*\)\/after$/, share: 1 },
  { title: 'all is done but the answer', points: /^service\..*\/after$/, share: 2 },
  { title: 'the clock is moved', points: /^clock\.advance/, share: 1 },
  { title: 'before a note in the outbox', points: /^outbox\.update\(.*\)\/before$/, share: 2 },
  { title: 'after a note in the outbox', points: /^outbox\.update.*\/(during|after)$/, share: 2 },
  { title: 'before a transaction is sent', points: /^rpc\(send\)\/before$/, share: 2 },
  { title: 'a transaction is sent, unheard of', points: /^rpc\(send\)\/(during|after)$/, share: 2 },
  { title: 'receipts are fetched', points: /^rpc\(receipts\)/, share: 1 },
  { title: 'deposits are read', points: /^rpc\(eth_getLogs\)/, share: 1 },
  { title: 'the contracts are deployed', points: /^rpc\(deploy\)/, share: 1 },
  { title: 'the journal is replayed', points: /^store\.(read|latestSnapshot)/, share: 1 },
  { title: 'the outbox is compared with the chain', points: /^outbox\.list/, share: 1 },
  { title: 'a snapshot is saved', points: /^store\.saveSnapshot/, share: 1 },
  { title: 'the state of the chain is saved', points: /^rpc\(anvil_dumpState\)/, share: 1 },
  { title: 'the state of the chain is loaded', points: /^rpc\(anvil_loadState\)/, share: 1 },
  { title: 'the store is closed', points: /^store\.close/, share: 1 },
]

export const killPointOf = (point: string): string | undefined =>
  killPoints.find(({ points }) => points.test(point))?.title

/** How often each point was passed, from the log of one run or of many. */
export function passagesOf(log: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const line of log.split('\n')) {
    if (line === '' || line.startsWith(killedAt)) continue
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return counts
}

/** The points at which a process of the log was killed from within, in order. */
export const killsOf = (log: string): readonly string[] =>
  log
    .split('\n')
    .filter((line) => line.startsWith(killedAt))
    .map((line) => line.slice(killedAt.length))

/**
 * `KILL_AT` for one run: `each` times the share of kills at every kill point that the run without
 * kills passed, at passages that the seed chooses.
 */
export function planKills(
  passages: ReadonlyMap<string, number>,
  seed: number,
  each: number,
): readonly string[] {
  return killPoints.flatMap(({ title, points, share }) => {
    const count = each * share
    const draw = random(seed, 'kills', title)
    const candidates = [...passages.keys()].filter((point) => points.test(point)).sort()
    const plan = new Set<string>()
    const triesMax = candidates.length > 0 ? 10 * count : 0
    for (let tries = 0; plan.size < count && tries < triesMax; tries += 1) {
      const point = candidates[draw.integer(candidates.length)] ?? ''
      plan.add(`${point}:${1 + draw.integer(passages.get(point) ?? 1)}`)
    }
    return [...plan]
  })
}
