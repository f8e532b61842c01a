/** Where a server is to be killed, chosen from where it passed when nobody killed it. */
import { killedAt } from '@busbar/server/testing/passages'
import { random } from '@busbar/simulator'

/** The steps of a market at which a kill is something of its own. */
export const killPoints: readonly (readonly [title: string, points: RegExp])[] = [
  // The clock has moved since the last entry: only what it kept gives the orders their time again.
  ['before orders are written', /^store\.commit\(place_order\)\/before$/],
  ['before a commit', /^store\.commit\(.*\)\/before$/],
  ['while a commit is written', /^store\.commit\(.*\)\/during$/],
  [
    'after a commit that the chain has to hear of',
    /^store\.commit\((admit|suspend|reinstate|fund|close_gate|settle|withdraw).*\)\/after$/,
  ],
  ['after a commit, before anybody is told', /^store\.commit\(.*\)\/after$/],
  ['all is done but the answer', /^service\..*\/after$/],
  ['the clock is moved', /^clock\.advance/],
  ['before a note in the outbox', /^outbox\.update\(.*\)\/before$/],
  ['after a note in the outbox', /^outbox\.update\(.*\)\/(during|after)$/],
  ['before a transaction is sent', /^rpc\(send\)\/before$/],
  ['the node has a transaction, we do not know', /^rpc\(send\)\/(during|after)$/],
  ['receipts are fetched', /^rpc\(receipts\)/],
  ['deposits are read', /^rpc\(eth_getLogs\)/],
  ['the contracts are deployed', /^rpc\(deploy\)/],
  ['the journal is replayed', /^store\.(read|latestSnapshot)/],
  ['the outbox is compared with the chain', /^outbox\.list/],
  ['a snapshot is saved', /^store\.saveSnapshot/],
  ['the state of the chain is saved', /^rpc\(anvil_dumpState\)/],
  ['the state of the chain is loaded', /^rpc\(anvil_loadState\)/],
  ['the store is closed', /^store\.close/],
]

export const killPointOf = (point: string): string | undefined =>
  killPoints.find(([, points]) => points.test(point))?.[0]

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
 * `KILL_AT` for one run: `each` kills at every kill point that the run without kills passed, at
 * passages that the seed chooses.
 */
export function planKills(
  passages: ReadonlyMap<string, number>,
  seed: number,
  each: number,
): readonly string[] {
  return killPoints.flatMap(([title, points]) => {
    const draw = random(seed, 'kills', title)
    const candidates = [...passages.keys()].filter((point) => points.test(point)).sort()
    const plan = new Set<string>()
    const triesMax = candidates.length > 0 ? 10 * each : 0
    for (let tries = 0; plan.size < each && tries < triesMax; tries += 1) {
      const point = candidates[draw.integer(candidates.length)] ?? ''
      plan.add(`${point}:${1 + draw.integer(passages.get(point) ?? 1)}`)
    }
    return [...plan]
  })
}
