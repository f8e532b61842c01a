/** The product as `npm start` brings it up, with a small neighbourhood trading in it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export type SampleMarket = {
  readonly url: string
  /** Where it keeps what it keeps. */
  readonly dataDir: string
  /** Resolves when so many intervals were settled since the start. */
  readonly settled: (count: number) => Promise<void>
  /** The link that `busbar up` gives out for somebody to come in as this participant, once. */
  readonly invitation: (name: string) => Promise<string>
  /** Stops it in order, and forgets what it kept. */
  readonly stop: () => Promise<void>
}

type Said = {
  readonly event: string
  readonly url?: string
  readonly made?: readonly { readonly name: string; readonly link: string }[]
}

const program = resolve(import.meta.dirname, '..', '..', 'cli', 'src', 'main.ts')

/**
 * @param from the market's time of day until which it runs as fast as it goes
 * @param more of what `busbar up` takes; without a prover, whose proofs few pages show
 * @throws Error with its last words where it does not come up
 */
export async function startSampleMarket(
  from: string,
  speed: number,
  more: readonly string[] = ['--no-prover'],
  scenario = 'neighbourhood',
): Promise<SampleMarket> {
  const dataDir = await mkdtemp(join(tmpdir(), 'busbar-pages-'))
  const args = [
    ...['up', '--json', '--scenario', scenario, '--port', '0', '--data-dir', dataDir],
    ...['--from', from, '--speed', String(speed), ...more],
  ]
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  const { heard, words } = listen(child)
  const ready = await Promise.race([heard('ready', 1), ended.then(() => undefined)])
  if (ready?.url === undefined) throw new Error(`the market did not come up:\n${words()}`)
  return {
    url: ready.url,
    dataDir,
    settled: async (count) => {
      const done = await Promise.race([heard('settled', count), ended.then(() => undefined)])
      if (done === undefined) throw new Error(`the market ended:\n${words()}`)
    },
    invitation: async (name) => {
      const { made = [] } = await heard('invited', 1)
      const link = made.find((one) => one.name === name)?.link
      if (link === undefined) throw new Error(`${name} was not invited`)
      return link
    },
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      for (const kept of [dataDir, `${dataDir}.rails`]) {
        await rm(kept, { recursive: true, force: true })
      }
    },
  }
}

/**
 * Contracts between customers of two retailers, over the wires of two utilities. It is as many
 * intervals of a quarter of an hour into the morning as are waited for.
 */
export const startTradeMarket = (speed: number, from = '05:00'): Promise<SampleMarket> =>
  // In a run of hours money is asked for every hour, and who does not pay climbs the ladder.
  startSampleMarket(from, speed, ['--intervals', '60'], 'inter-retailer')

function listen(child: ChildProcess): {
  readonly heard: (event: string, count: number) => Promise<Said>
  readonly words: () => string
} {
  const said: Said[] = []
  const waiting = new Set<() => void>()
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(-4_000)
  })
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) said.push(JSON.parse(line) as Said)
      for (const look of waiting) look()
    })
  }
  const heard = (event: string, count: number): Promise<Said> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = said.filter((one) => one.event === event)[count - 1]
        if (found === undefined) return
        waiting.delete(look)
        resolve(found)
      }
      waiting.add(look)
      look()
    })
  return { heard, words: () => words }
}
