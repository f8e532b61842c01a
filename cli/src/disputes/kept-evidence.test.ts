/**
 * Goal: `re-execute --from` judges an interval by a file alone: it holds as it is, one changed byte
 * is a difference, and the chain's word in it counts.
 * Method: the program with files and no server, node or key; an interval made by hand.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { evidenceText } from '@busbar/client/replay'
import { honest } from '@busbar/client/replay/testing/open-book'
import type { WitnessedInterval } from '@busbar/server/own-node/challenger'
import { busbar, type Ran } from '../testing/run-busbar.ts'
import { factsJson, parseFacts } from './chain-facts.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-evidence-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function judged(text: string, ...more: readonly string[]): Promise<Ran> {
  const file = join(folder, 'evidence.json')
  writeFileSync(file, text)
  return busbar(['re-execute', '--from', file, ...more])
}

const { shown } = honest()

/** What an honest chain has of it. */
const onChain: WitnessedInterval = {
  ...{ ordersRoot: shown.ordersRoot ?? '', orderCount: 2, rulebookHash: shown.rulebookHash },
  status: 'cleared',
  clearing: {
    ...{ price: BigInt(shown.priceMicrosPerKwh ?? 0), energy: BigInt(shown.energyWh) },
    ...{ voidCount: 0, fillsRoot: `0x${'0'.repeat(64)}`, clearingRoot: shown.clearingRoot ?? '' },
  },
}

const withChain = (interval: WitnessedInterval): string =>
  evidenceText(honest(), factsJson({ interval, participants: new Map() }))

describe('a file that was kept', () => {
  test('holds by itself, and says what is not in it', async () => {
    const { code, out, err } = await judged(evidenceText(honest()))
    equal(code, 0, out + err)
    equal(out.match(/^holds/gm)?.length, 9)
    match(out, /^holds {2}signed/m)
    match(out, /The operator has signed these roots for the chain; no node of it was asked/)
  })

  test('says so where the operator has not signed anything yet', async () => {
    const material = honest()
    const unsigned = { ...material, shown: { ...material.shown, commitment: null } }
    const { code, out, err } = await judged(evidenceText(unsigned))
    equal(code, 0, out + err)
    match(out, /^open {3}signed/m)
    match(out, /whether the chain has them is not in it/)
  })

  test('is a difference where one byte was changed', async () => {
    for (const [before, named] of [['"importedWh":90', 'readings'], ['"salt":"0x5', 'readings']]) {
      const text = evidenceText(honest()).replace(before ?? '', (found) =>
        `${found.slice(0, -1)}${found.endsWith('1') ? '2' : '1'}`)
      const { code, out } = await judged(text, '--json')
      equal(code, 1, out)
      const { checks } = JSON.parse(out) as { checks: { name: string; state: string }[] }
      equal(checks.find(({ name }) => name === named)?.state, 'fails')
    }
  })

  test('has the word of the chain, where that was read', async () => {
    const same = await judged(withChain(onChain))
    deepEqual([same.code, /The chain has what the rule says/.test(same.out)], [0, true])
    const other = await judged(withChain({ ...onChain, ordersRoot: `0x${'11'.repeat(32)}` }))
    equal(other.code, 1)
    match(other.out, /DIFFERENT {2}ordersRoot: 0x[0-9a-f]+ is shown, 0x1111/)
    const facts = { interval: onChain, participants: new Map() }
    deepEqual(parseFacts(JSON.parse(JSON.stringify(factsJson(facts)))), facts)
  })

  test('is refused where it is none, or is to decide anything', async () => {
    const none = await judged('{}')
    deepEqual([none.code, /it is no evidence/.test(none.err)], [2, true])
    const kept = evidenceText(honest(), { interval: { clearing: { price: 'x' } } })
    deepEqual((await judged(kept)).code, 2)
    const decided = await judged(evidenceText(honest()), '--decide')
    deepEqual([decided.code, /--decide asks the chain/.test(decided.err)], [2, true])
    equal((await busbar(['re-execute', '--from', join(folder, 'none.json')])).code, 2)
  })
})
