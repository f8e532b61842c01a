/**
 * Goal: a market that dies at any moment pays each obligation by money block once.
 * Method: a caller in a process of its own takes a payment through every operation and writes each
 * answer down; it is killed before, during and after every call and every note, and started again.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { TestProvider } from '../../testing/provider-process.ts'

const dayMs = 86_400_000
const now = 1_767_225_600_000
const provider = new TestProvider({ clock: 'market' })
let payments = 0

before(async () => {
  await provider.start()
  await provider.tell('clock', { nowMs: now })
  await provider.admit('district.8')
})
after(() => provider.remove())

describe('a caller that is killed', () => {
  const program = fileURLToPath(new URL('../../testing/rail-caller.ts', import.meta.url))
  const steps = [
    { step: 'reserve', amountMicros: 25_000_000, expiresAt: now + dayMs },
    { step: 'renew', amountMicros: 25_000_000, expiresAt: now + 2 * dayMs },
    { step: 'capture', amountMicros: 20_000_000, expiresAt: 0 },
    { step: 'refund', amountMicros: 5_000_000, expiresAt: 0 },
    { step: 'collect', amountMicros: 1_000_000, expiresAt: 0 },
  ] as const
  const moved = ['capture 20000000', 'refund 5000000', 'charge 1000000']
  const folder = mkdtempSync(join(tmpdir(), 'busbar-rail-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs it until it has come to its end, through every death that was ordered. */
  async function run(killAt: readonly string[]) {
    const number = (payments += 1)
    const { url, credentials } = provider
    const payer = 1_000 + number
    await provider.admit(`district.${payer}`)
    const plan = { url, apiKey: credentials.apiKey, payment: number, payer, steps }
    const [journal = '', log = ''] = ['journal', 'log'].map((name) => join(folder, payer + name))
    const args = [program, JSON.stringify(plan), journal, log, killAt.join()]
    let deaths = 0
    for (;;) {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
      if (signal !== 'SIGKILL') equal(code, 0)
      if (code === 0) break
      deaths += 1
    }
    const moves = await provider.moves()
    const own = moves.filter((move) => [move.payer, move.payee].includes(`district.${payer}`))
    return {
      deaths,
      answers: readFileSync(journal, 'utf8').trimEnd().split('\n').length,
      points: readFileSync(log, 'utf8').trimEnd().split('\n'),
      moved: own.map(({ kind, amount }) => `${kind} ${amount}`),
    }
  }

  test('at every point, one after the other, has done each step once in the end', async () => {
    const { points, ...quiet } = await run([])
    deepEqual(quiet, { deaths: 0, answers: steps.length, moved })
    equal(points.length, steps.length * 5)
    const { points: _passed, ...killed } = await run(points.map((point) => `${point}:1`))
    deepEqual(killed, { deaths: points.length, answers: steps.length, moved })
  })
})
