/**
 * Goal: `busbar up` brings up a market of contracts with everything that its rails need; stopped in
 * order it goes on where it stopped, and what it leaves is sound.
 * Method: the program is started, asked over HTTP as anybody may, interrupted, started again where
 * it was, and its directory verified.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { seededKey, signNative } from '@busbar/simulator'
import { findAccount } from '../desk/participants.ts'
import { busbar } from '../testing/run-busbar.ts'

const directory = mkdtempSync(join(tmpdir(), 'busbar-up-trades-'))
const dataDir = join(directory, 'market')
const home = 'home-1'
const program = fileURLToPath(new URL('../main.ts', import.meta.url))

let running: ChildProcess | undefined
after(async () => {
  if (running !== undefined && running.exitCode === null) running.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

type Event = { readonly event: string; readonly url?: string; readonly interval?: number }

/** Starts it, does `use` once `settled` intervals went by, and interrupts it. */
async function up(
  settled: number,
  use: (client: BusbarClient) => Promise<void>,
): Promise<readonly number[]> {
  const args = ['up', '--scenario', 'inter-retailer', '--json', '--no-dashboard', '--port', '0']
  const rest = ['--speed', '100000', '--data-dir', dataDir]
  const child = spawn(process.execPath, [program, ...args, ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const intervals: number[] = []
  let client: BusbarClient | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, url, interval } = JSON.parse(line) as Event
    if (event === 'ready' && url !== undefined) client = new BusbarClient({ baseUrl: url })
    if (interval !== undefined) intervals.push(interval)
    if (intervals.length !== settled || client === undefined) continue
    await use(client)
    child.kill('SIGINT')
  }
  if (child.exitCode === null) await once(child, 'exit')
  equal(child.exitCode, 0, said.join('\n'))
  ok(said.some((line) => line.startsWith('Stopped in order')))
  return intervals
}

test('contracts trade at a pace, and after a stop go on where they were', async () => {
  let first = 0
  const before = await up(6, async (client) => {
    const { market, clock } = await client.market()
    equal(market, 'inter-retailer')
    first = clock.nowMs
    const account = (await findAccount(client, home)) ?? -1
    const sign = withPrivateKey(seededKey(1, home, 'secp256k1').privateKey, signNative)
    const signer = new Signer({ domain: await client.domain(), account, sign })
    const { trades } = await client.as(credentialOf(signer)).trades.list()
    ok(trades.some(({ status }) => status === 'agreed'), 'a home sees what it has agreed')
    const { checks } = await client.health()
    deepEqual(checks.filter(({ ok }) => !ok), [])
  })
  const again = await up(before.length + 3, async (client) => {
    const { clock } = await client.market()
    ok(clock.nowMs > first, 'the market’s time went on')
    const { money, energy } = await client.conservation()
    deepEqual([money.unexplainedMicros, energy.unexplainedWh], [0, 0])
  })
  equal(again[0], 0, 'what was said before is said again, and has no effect')
  const { code, out } = await busbar(['verify', '--data-dir', dataDir, '--json'])
  deepEqual((JSON.parse(out) as { differences: unknown[] }).differences, [])
  equal(code, 0)
})
