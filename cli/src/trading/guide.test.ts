/**
 * Goal: who follows the guide to trading by contract comes to its end, with the money it speaks of.
 * Method: the sandbox in a process of its own, and every command of the guide against it, as it
 * stands on the page; only what differs from run to run is put in its place: a digest, addresses
 * and ports, and the sandbox's folder.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../run.ts'

const page = fileURLToPath(new URL('../../../docs/guides/trading-by-contract.md', import.meta.url))
const program = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'busbar-guide-'))
const dataDir = join(folder, 'sandbox')

type Ready = { readonly url: string; readonly node: string; readonly gateway_key: string }
let sandbox: ChildProcess
let ready: Ready
/** Where the receiver of the guide listens: its own port may be somebody else's here. */
let port = 0

async function start(): Promise<void> {
  const args = [program, 'sandbox', '--json', '--port', '0', '--data-dir', dataDir]
  const env = { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' }
  sandbox = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: sandbox.stdout ?? process.stdin })
  const line = await Promise.race([once(lines, 'line'), once(sandbox, 'exit')])
  ready = JSON.parse(String(line[0])) as Ready
}

async function stop(): Promise<void> {
  const ended = once(sandbox, 'exit')
  sandbox.stdin?.end()
  deepEqual((await ended)[0], 0)
}

before(async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  port = (taken.address() as AddressInfo).port
  taken.close()
  await start()
})
after(async () => {
  await stop()
  rmSync(folder, { recursive: true, force: true })
})

async function busbar(...args: readonly string[]) {
  const said: string[] = []
  const hear = (text: string): void => void said.push(text)
  const all = [...args, '--server', ready.url]
  const code = await run(all, { print: hear, note: hear, progress: () => undefined })
  return { code, text: said.join('\n') }
}

/** Under their headings, what the page has one type; the first starts the sandbox itself. */
function commandsOf(text: string): readonly string[] {
  const [tried = ''] = text.split('## A market that trades by itself')
  return [...tried.matchAll(/^```sh\n([\s\S]*?)^```/gm)].slice(1).flatMap(([, block = '']) => {
    const whole = block.replaceAll(/\\\n\s*/g, '')
    return whole.match(/^cat > \S+ << END\n[\s\S]*?^END\n|^.+\n/gm) ?? []
  })
}

const words = (command: string): readonly string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** As the reader has it on the screen. */
async function asRead(args: readonly string[]): Promise<readonly string[]> {
  const at = args.indexOf('0x1234abcd')
  const known: Readonly<Record<string, string>> = {
    '.busbar/sandbox/gateway.key': ready.gateway_key,
    $NODE: ready.node,
    'http://127.0.0.1:8430/': `http://127.0.0.1:${port}/`,
  }
  const read = args.map((arg) => known[arg] ?? (arg.endsWith('.json') ? join(folder, arg) : arg))
    .map((arg) => (arg === 'readings.csv' ? join(folder, arg) : arg))
  if (args[1] === 'listen') return [...read, '--port', String(port)]
  if (at < 0) return read
  const shown = await busbar('trade', 'show', args[at - 1] ?? '', ...args.slice(-2), '--json')
  const { proposal } = JSON.parse(shown.text) as { proposal: { contract: string } | null }
  return read.with(at, (proposal?.contract ?? '').slice(0, 10))
}

/** What the last command of a kind said. */
const said = new Map<string, string>()

test('every command of the guide does what the page says', async () => {
  const commands = commandsOf(readFileSync(page, 'utf8'))
  ok(commands.length > 25, `${commands.length} commands`)
  for (const command of commands) {
    const [, file, content] = /^cat > (\S+) << END\n([\s\S]*)END\n$/.exec(command) ?? []
    if (file !== undefined) {
      writeFileSync(join(folder, file), content ?? '')
      continue
    }
    const [line = '', into] = command.trim().split(' > ')
    const [name, ...args] = words(line)
    equal(name, 'busbar', `${command}: a command of the guide`)
    // `--as NAME` stands last in what answers a contract; see `asRead`.
    const own = args.includes('0x1234abcd') && args.includes('--price')
      ? [...args.slice(0, 4), ...args.slice(6), ...args.slice(4, 6)]
      : args
    if (line.includes('retailer traded')) await onTheChain(args)
    const { code, text } = await busbar(...(await asRead(own)))
    equal(code, 0, `${command}${text}`)
    if (into !== undefined) writeFileSync(join(folder, into), text)
    said.set(args.slice(0, 3).join(' '), text)
  }
})

/** Until the roots of the guide's first hour are there. */
async function onTheChain(args: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 300; turn += 1) {
    const { text } = await busbar(...(await asRead(args)))
    if (!text.includes('not settled')) return
    await busbar('clock', '+0s')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  ok(false, 'the chain has no root of the hour')
}

test('and comes to what it speaks of', () => {
  const lines = (said.get('trade deliveries 1') ?? '').split('\n')
  // 500 Wh at 0.28 are 0.14, less or more a fee of 0.0005 a kWh; 200 Wh are 0.056.
  match(lines[1] ?? '', /14:00Z .+ 0\.5 kWh +complete +0\.139750 +-0\.140250 +provisional$/)
  match(lines[2] ?? '', /14:15Z .+ 0\.2 kWh +complete +0\.055900 +-0\.056100 +provisional$/)
  // Bob takes 400 Wh: 0.112; Alice loses 100 Wh at 0.28 less 0.08: 0.02; beyond the band of 50 Wh
  // a tenth of the price: 0.0014.
  match(lines[4] ?? '', /14:45Z .+ 0\.4 kWh +partial +0\.133200 +-0\.133600 +provisional$/)
  match(lines[5] ?? '', /limited by grid \(8\): transformer 12 is being repaired/)
  match(said.get('retailer traded 1') ?? '', /0 kWh sold and 1\.6 kWh bought/)
  match(said.get('retailer traded 2') ?? '', /(proven: nothing[\s\S]+){4}0 kWh sold and 0 kWh b/)
  match(said.get('notices --as south') ?? '', /2 .+trade\/1 +agreed; a customer of yours is a side/)
  const brought = (said.get('webhook listen --as') ?? '').match(/^verified /gm)
  equal(brought?.length, 2)
  match(said.get('webhook show --as') ?? '', /brought to +http:\/\/127\.0\.0\.1:/)
  match(said.get('trade show 2') ?? '', /because two offers met[\s\S]+0\.24000 per kWh/)
  match(said.get('trade payments --as') ?? '', /prepaid +to alice[\s\S]+Prepaid at your/)
})

test('a sandbox that is stopped goes on where it was', async () => {
  await stop()
  await start()
  const { text } = await busbar('trade', 'list', '--as', 'carol', '--json')
  const { trades } = JSON.parse(text) as { trades: readonly { status: string }[] }
  deepEqual(trades.map(({ status }) => status), ['agreed'])
})
