/**
 * Goal: `busbar up` brings up a market of contracts with everything that its rails need; two people
 * run it, and it goes on whomever they suspend; what may be broken on purpose breaks; devices tell
 * and agents trade; stopped in order it goes on where it stopped, and what it leaves is sound.
 * Method: the program is started, asked over HTTP as anybody may, interrupted, started again where
 * it was, and its directory verified.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
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
/** Somebody of each kind who does something later in the run. */
const suspended = ['grid-north', 'retailer-east', 'home-3', 'home-9', 'home-12'] as const
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
  const ended = once(child, 'exit')
  const said: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line)
    // Nothing more would be heard of a market that nobody trades in.
    if (line.startsWith('The scenario stopped')) child.kill('SIGKILL')
  })
  const intervals: number[] = []
  let client: BusbarClient | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    const { event, url, interval } = JSON.parse(line) as Event
    if (event === 'ready' && url !== undefined) client = new BusbarClient({ baseUrl: url })
    if (interval !== undefined) intervals.push(interval)
    if (intervals.length !== settled || client === undefined) continue
    await use(client).catch((cause: unknown) => {
      throw new Error(`it last said: ${said.at(-1) ?? 'nothing'}`, { cause })
    })
    child.kill('SIGINT')
  }
  await ended
  equal(child.exitCode, 0, said.join('\n'))
  ok(said.some((line) => line.startsWith('Stopped in order')))
  return intervals
}

/** Somebody of the market, with the key that follows from its name. */
async function hand(client: BusbarClient, name: string): Promise<Signer> {
  const account = (await findAccount(client, name)) ?? -1
  const sign = withPrivateKey(seededKey(1, name, 'secp256k1').privateKey, signNative)
  return new Signer({ domain: await client.domain(), account, sign })
}

const reading = async (client: BusbarClient, name: string): Promise<BusbarClient> =>
  client.as(credentialOf(await hand(client, name)))

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + 120_000
  while (!(await holds())) {
    ok(Date.now() < endMs, `it did not come to that: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** How many intervals ago the meters of a retailer’s customers were read last. */
async function agesOf(client: BusbarClient, retailer: string): Promise<readonly number[]> {
  const account = (await findAccount(client, retailer)) ?? -1
  const { meters } = await (await reading(client, 'auditor')).meters({ retailer: account })
  ok(meters.length > 0)
  return meters.map(({ lastReading }) => lastReading?.ageIntervals ?? Number.POSITIVE_INFINITY)
}

async function breakEach(client: BusbarClient): Promise<void> {
  const offered = ['gateway_silent', 'readings_late', 'chain_slow']
  const { operator } = await reading(client, 'operator')
  const stranger = (await reading(client, 'auditor')).operator
  await rejects(stranger.setFault('gateway_silent', true), { code: 'access_denied' })
  deepEqual(await operator.setFault('gateway_silent', true), { on: ['gateway_silent'], offered })
  await until('a gateway is silent and the others are not', async () => {
    const [silent, heard] = [
      await agesOf(client, 'retailer-north'), await agesOf(client, 'retailer-south'),
    ]
    return silent.every((age) => age > 5) && heard.some((age) => age < 3)
  })
  await operator.setFault('gateway_silent', false)
  await until('what was kept is told', async () =>
    (await agesOf(client, 'retailer-north')).some((age) => age < 3))
  await operator.setFault('readings_late', true)
  await until('all are late', async () =>
    (await agesOf(client, 'retailer-north')).every((age) => age >= 3) &&
    (await agesOf(client, 'retailer-south')).every((age) => age >= 3))
  await operator.setFault('readings_late', false)
}

/** Two of those who run the market say together what becomes of somebody. */
async function decide(
  client: BusbarClient,
  kind: 'suspend_participant' | 'reinstate_participant',
  names: readonly string[],
): Promise<void> {
  const [operator, deputy] = [await hand(client, 'operator'), await hand(client, 'deputy')]
  for (const name of names) {
    const participant = (await findAccount(client, name)) ?? -1
    const asked = await operator.instruction(kind, { participant, reason: 'it is tried out' })
    const { result } = await client.instruct(asked)
    equal(result.kind, 'proposal_made')
    const { proposals } = await (await reading(client, 'deputy')).operator.proposals()
    const found = proposals.find(({ status }) => status === 'open')
    ok(found !== undefined)
    const { proposal, instruction: { digest } } = found
    await client.instruct(await deputy.instruction('approve_proposal', { proposal, digest }))
  }
  const { participants } = await client.participants({ limit: 500 })
  const status = kind === 'suspend_participant' ? 'suspended' : 'active'
  for (const name of names) equal(participants.find((one) => one.name === name)?.status, status)
}

test('contracts trade whoever is suspended, and after a stop go on where they were', async () => {
  let first = 0
  const before = await up(6, async (client) => {
    const { market, clock } = await client.market()
    equal(market, 'inter-retailer')
    first = clock.nowMs
    const own = await reading(client, home)
    const { trades } = await own.trades.list()
    ok(trades.some(({ status }) => status === 'agreed'), 'a home sees what it has agreed')
    const account = (await findAccount(client, home)) ?? -1
    const { mandates: [agent] } = await own.account(account)
    equal(agent?.label, 'energy-manager')
    const { checks } = await client.health()
    deepEqual(checks.filter(({ ok }) => !ok), [])
    await breakEach(client)
    await decide(client, 'suspend_participant', suspended)
  })
  const again = await up(before.length + 60, async (client) => {
    const { clock } = await client.market()
    ok(clock.nowMs > first, 'the market’s time went on')
    await decide(client, 'reinstate_participant', suspended)
    const { interval } = await client.market()
    const account = (await findAccount(client, home)) ?? -1
    const day = { from: interval.now - 96, intervals: 96 }
    const { devices } = await (await reading(client, home)).devices.series(account, day)
    ok(devices.some(({ kind, outWh }) => kind === 'solar' && outWh.some((wh) => (wh ?? 0) > 0)))
    const { money, energy } = await client.conservation()
    deepEqual([money.unexplainedMicros, energy.unexplainedWh], [0, 0])
  })
  equal(again[0], 0, 'what was said before is said again, and has no effect')
  const { code, out } = await busbar(['verify', '--data-dir', dataDir, '--json'])
  deepEqual((JSON.parse(out) as { differences: unknown[] }).differences, [])
  equal(code, 0)
})
