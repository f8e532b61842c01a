/**
 * Goal: an owner shows that its order would trade at a price, and who holds the openings how many
 * stand before it; somebody else checks that, and every change is found.
 * Method: the commands with the native prover and the contracts that verify, and a table of changes
 * to their files.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from '../arguments.ts'
import type { Command } from '../command.ts'
import { checkRank } from '../commands/check-rank.ts'
import { checkThreshold } from '../commands/check-threshold.ts'
import { prove } from '../commands/prove.ts'
import { proveRank } from '../commands/prove-rank.ts'
import { proveThreshold } from '../commands/prove-threshold.ts'
import type { ClaimFile } from './claim-file.ts'
import type { ProofFile } from './proof-file.ts'

const root = mkdtempSync(join(tmpdir(), 'busbar-claims-'))
after(() => rmSync(root, { recursive: true }))

const csv = `id,side,energy_wh,limit_micros_per_kwh
alice,buy,400,300000
bob,sell,300,200000
carol,buy,100,200000
dave,sell,50,-200
`
const at = (name: string): string => join(root, name)
const opening = (id: string): string => at(`openings/${id}.opening.json`)
const read = (name: string): ClaimFile => JSON.parse(readFileSync(name, 'utf8')) as ClaimFile

async function ran(
  command: Command,
  args: readonly string[],
): Promise<{ readonly code: number; readonly said: Record<string, unknown> }> {
  const printed: string[] = []
  const nothing = (): void => {}
  const output = { print: (text: string) => void printed.push(text), note: nothing }
  const values = parse([...args, '--json'], command.options)
  const code = await command.run(values, { ...output, progress: nothing })
  return { code, said: JSON.parse(printed.join('')) as Record<string, unknown> }
}

/** A claim's file without its hashes and its proof, among whose digits any number may stand. */
const words = (id: string): string =>
  readFileSync(at(`${id}.json`), 'utf8').replaceAll(/0x[0-9a-f]{64,}/g, '')

/** The lines that do not hold. */
async function failed(command: Command, claim: object): Promise<readonly string[]> {
  const path = at('changed.json')
  writeFileSync(path, JSON.stringify(claim))
  const { code, said } = await ran(command, [path, at('orders.proof.json')])
  const lines = said.lines as readonly { line: string; holds: boolean }[]
  equal(code, lines.every(({ holds }) => holds) ? 0 : 1)
  return lines.filter(({ holds }) => !holds).map(({ line }) => line)
}

let clearing: ProofFile
let threshold: ClaimFile
let rank: ClaimFile

before(async () => {
  writeFileSync(at('orders.csv'), csv)
  const openings = ['--openings', at('openings'), '--out', at('orders.proof.json')]
  await ran(prove, [at('orders.csv'), '--seed', 'test', ...openings])
  clearing = JSON.parse(readFileSync(at('orders.proof.json'), 'utf8')) as ProofFile
  const price = ['--at', '250000', '--energy', '99']
  await ran(proveThreshold, [opening('alice'), ...price, '--out', at('alice.json')])
  threshold = read(at('alice.json'))
  await ran(proveRank, [at('openings'), 'carol', '--out', at('carol.json')])
  rank = read(at('carol.json'))
})

describe('a proof of threshold', () => {
  test('says what was asked, and holds', async () => {
    const { side, thresholdMicrosPerKwh, energyWh } = threshold as ClaimFile & ProofFile & {
      readonly thresholdMicrosPerKwh: number
    }
    deepEqual([side, thresholdMicrosPerKwh, energyWh], ['buy', 250_000, 99])
    const text = words('alice')
    for (const secret of ['300000', ': 400,']) ok(!text.includes(secret), secret)
    deepEqual(await failed(checkThreshold, threshold), [])
  })

  const changes: readonly (readonly [string, object, readonly string[]])[] = [
    ['a better limit', { thresholdMicrosPerKwh: 250_001 }, ['proof']],
    ['more energy', { energyWh: 100 }, ['proof']],
    ['the other side', { side: 'sell' }, ['proof']],
    ['a place beyond the set', { position: 4 }, ['set']],
    ['another context', { context: `0x${'0'.repeat(63)}1` }, ['set']],
    ['another root', { partRoots: [`0x${'0'.repeat(63)}1`] }, ['set']],
    ['an energy that no order has', { energyWh: 0 }, ['set']],
    ['no mark of development', { notice: null }, ['notice']],
  ]
  for (const [name, change, lines] of changes) {
    test(`with ${name} does not hold`, async () => {
      deepEqual(await failed(checkThreshold, { ...threshold, ...change }), lines)
    })
  }

  test('is not made of what is not so', async () => {
    const of = (...args: readonly string[]) => ran(proveThreshold, [opening('alice'), ...args])
    await rejects(of('--at', '300001'), { code: 'THRESHOLD_NOT_MET' })
    await rejects(of('--at', '1', '--energy', '401'), { code: 'THRESHOLD_NOT_MET' })
    await rejects(of(), /needs --at/)
  })
})

describe('a proof of rank', () => {
  test('says how many stand before, and holds', async () => {
    ok(rank.statement === 'rank')
    deepEqual([rank.side, rank.atMost, rank.ordersRoot], ['buy', 1, clearing.ordersRoot])
    const text = words('carol')
    for (const secret of ['300000', '200000']) ok(!text.includes(secret), secret)
    deepEqual(await failed(checkRank, rank), [])
  })

  const changes: readonly (readonly [string, object, readonly string[]])[] = [
    ['a better rank', { atMost: 0 }, ['proof']],
    ['the other side', { side: 'sell' }, ['proof']],
    ['a place beyond the set', { position: 4 }, ['set']],
    ['a rank below zero', { atMost: -1 }, ['set']],
    ['another set', { ordersRoot: `0x${'0'.repeat(63)}1` }, ['set']],
    ['no mark of development', { notice: null }, ['notice']],
  ]
  for (const [name, change, lines] of changes) {
    test(`with ${name} does not hold`, async () => {
      deepEqual(await failed(checkRank, { ...rank, ...change }), lines)
    })
  }

  test('is not made of what is not so', async () => {
    const args = [at('openings'), 'carol', '--at-most', '0']
    await rejects(ran(proveRank, args), { code: 'RANK_NOT_MET' })
    await rejects(ran(proveRank, [at('openings'), 'eve']), /no opening of eve/)
  })

  test('is not taken for a threshold', async () => {
    await rejects(ran(checkThreshold, [at('carol.json'), at('orders.proof.json')]), /check-rank/)
  })
})

test('a file that is no claim is named', async () => {
  for (const [change, field] of [
    [{ side: 'both' }, 'side'],
    [{ proof: '0x0' }, 'proof'],
    [{ position: 1.5 }, 'position'],
    [{ statement: 'other' }, 'statement'],
  ] as const) {
    const bad = failed(checkRank, { ...rank, ...change })
    await rejects(bad, { code: 'PROOF_FILE_INVALID', message: new RegExp(field) })
  }
})
