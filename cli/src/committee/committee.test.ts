/**
 * Goal: people can found a committee with `busbar committee`, and an exchange opens orders with it
 * while one member is dead and one lies; with too few it waits and says for whom.
 * Method: the program as people run it, in a folder of its own; five members as processes, of which
 * one is killed and one replaced by a liar; the server's own opening on the other side.
 */
import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type CommitteeKeys,
  labelOf,
  plaintextBytes,
  seal,
  signShare,
  timelockReady,
} from '@busbar/protocols/timelock'
import { createCommitteeOpening } from '@busbar/server/adapters/committee/index'

await timelockReady()

const program = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'busbar-cli-committee-'))
const env = { ...process.env, BUSBAR_COMMITTEE_PASSPHRASE: 'a passphrase of some length' }
const intervalLog = `0x${'ab'.repeat(20)}`
const names = ['operator', 'retailer-a', 'retailer-b', 'grid', 'regulator'] as const

const execute = promisify(execFile)

/** What `busbar committee …` printed, or its words and code where it failed. */
async function busbar(...args: readonly string[]): Promise<string> {
  const all = [program, 'committee', ...args]
  const { stdout } = await execute(process.execPath, all, { cwd: folder, env })
  return stdout
}

const running = new Map<string, { readonly child: ChildProcess; readonly url: string }>()

async function run(name: string): Promise<void> {
  const child = spawn(process.execPath, [program, 'committee', 'run', name, '--json'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { url } = JSON.parse(line) as { readonly url: string }
  running.set(name, { child, url })
}

const addresses = (): readonly string[] => [...running].map(([name, { url }]) => `${name}=${url}`)

const cards = names.map((name) => join(name, 'card.json'))

describe('a committee founded by hand', () => {
  before(async () => {
    const market = ['--chain-id', '31337', '--interval-log', intervalLog]
    for (const name of names) {
      await busbar('init', name, '--name', name, '--port', '0', ...market)
    }
    await busbar('plan', 'plan.json', ...cards, '--threshold', '3')
    for (const name of names) await busbar('approve', name, 'plan.json')
    await Promise.all(names.map(run))
  })
  after(async () => {
    for (const { child } of running.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  })

  const label = labelOf({ chainId: 31_337, intervalLog, zone: 0, interval: 1_000 })
  const plaintext = new Uint8Array(plaintextBytes).fill(5)

  test('makes a key, and says so', async () => {
    const words = await busbar('dkg', 'plan.json', ...addresses(), '--out', 'committee.json')
    match(words, /^Key 0x[0-9a-f]{96}, 3 of 5: committee\.json\n$/)
    const status = await busbar('status', ...addresses())
    equal(status.match(/0 labels signed; shares of 0x[0-9a-f]{16}… 3 of 5/g)?.length, 5)
  })

  test('opens orders for an exchange while one is dead and one lies, and names both', async () => {
    const committee = JSON.parse(
      readFileSync(join(folder, 'committee.json'), 'utf8'),
    ) as CommitteeKeys
    const liar = createServer((_request, response) => {
      response.end(JSON.stringify({ partial: signShare(`0x${'07'.repeat(32)}`, label) }))
    })
    liar.listen(0, '127.0.0.1')
    await once(liar, 'listening')
    const dead = running.get('retailer-a')
    dead?.child.kill('SIGKILL')
    await once(dead?.child as ChildProcess, 'exit')
    const urls: Record<string, string> = Object.fromEntries(
      [...running].map(([name, { url }]) => [name, url]),
    )
    urls.grid = `http://127.0.0.1:${(liar.address() as AddressInfo).port}`
    const { publicKey } = committee
    const random = Uint8Array.from({ length: 48 }, (_, i) => i + 1)
    const orders = [1, 2, 3].map((i) => {
      const commitment = `0x${`0${i}`.repeat(32)}`
      return { commitment, ciphertext: seal({ label, publicKey, commitment, plaintext, random }) }
    })
    const request = { zone: 0, interval: 1_000, label, committee, orders }
    const opening = createCommitteeOpening({ urls, patience: { graceMs: 1_500 } })
    const opened = await opening.open(request)
    deepEqual(opened.openings, [plaintext, plaintext, plaintext])
    deepEqual([opened.absent, opened.wrong], [['retailer-a'], ['grid']])
    await opening.close()

    const patience = { deadlineMs: 500, retryMs: [10, 50] } as const
    const { regulator: _gone, ...fewer } = urls
    const waiting = createCommitteeOpening({ urls: fewer, patience })
    await rejects(waiting.open(request), /COMMITTEE_BELOW_THRESHOLD.*absent=retailer-a, regulator/)
    await waiting.close()
    liar.close()
    liar.closeAllConnections()
  })

  test('hands its key on by the members that are left, and the old shares are erased', async () => {
    const left = ['operator', 'retailer-b', 'regulator'] as const
    const cardsOf = left.map((name) => join(name, 'card.json'))
    const of = ['--of', 'committee.json', '--dealers', cardsOf.join(',')]
    await busbar('plan', 'next.json', ...cardsOf, '--threshold', '2', ...of)
    for (const name of left) await busbar('approve', name, 'next.json')
    const urls = left.map((name) => `${name}=${running.get(name)?.url}`)
    const isUsage = (error: unknown): boolean =>
      error instanceof Error && 'code' in error && error.code === 2
    await rejects(busbar('dkg', 'next.json', ...urls, '--out', 'next-committee.json'), isUsage)
    await busbar('reshare', 'next.json', ...urls, '--out', 'next-committee.json')
    const [old, next] = ['committee.json', 'next-committee.json'].map(
      (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CommitteeKeys,
    )
    equal(next?.publicKey, old?.publicKey)
    deepEqual([next?.threshold, next?.members.length], [2, 3])
    const { child } = running.get('operator')!
    child.kill('SIGTERM')
    await once(child, 'exit')
    equal(await busbar('retire', 'operator', 'next-committee.json'), 'Erased 1 shares; 1 left.\n')
  })

  test('says what is missing', async () => {
    for (const args of [
      [],
      ['init'],
      ['dkg'],
      ['found'],
      ['status', 'here'],
      ['approve', 'grid'],
    ]) {
      await rejects(
        busbar(...args),
        (error) => error instanceof Error && 'code' in error && error.code === 2,
      )
    }
  })
})
