/** All that somebody could read of a market while it runs. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type JournalHeads, routes } from '@busbar/protocols/api'
import { HttpRpc, type Rpc } from '@busbar/server/adapters/chain/rpc'
import { tablesOf } from './leak-scan.ts'

/** The tables of a database that is in use, from a copy of its files as they lie on disk. */
export async function liveTables(storeDir: string): Promise<ReadonlyMap<string, string>> {
  const copy = mkdtempSync(join(tmpdir(), 'busbar-store-copy-'))
  try {
    const filter = (path: string): boolean => !basename(path).startsWith('lock.')
    cpSync(storeDir, copy, { recursive: true, filter })
    return await tablesOf(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The node that the server of this data directory runs. */
export function liveNode(dataDir: string): Rpc {
  const text = readFileSync(join(dataDir, 'chain', 'anvil.json'), 'utf8')
  const { pid } = JSON.parse(text) as { readonly pid: number }
  const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const port = words[words.indexOf('--port') + 1]
  return new HttpRpc(() => `http://127.0.0.1:${port}`)
}

type Block = {
  readonly transactions: readonly { readonly hash: string; readonly input: string }[]
}

export type ChainRecord = {
  readonly transactions: number
  readonly logs: number
  /** Calldata of all transactions, all logs, and the storage of all contracts. */
  readonly text: string
}

/** What a chain tells the world: what was sent to it, what it said, and what it keeps. */
export async function chainRecordOf(rpc: Rpc): Promise<ChainRecord> {
  const newest = Number(await rpc.call<string>('eth_blockNumber', []))
  const texts: string[] = []
  let transactions = 0
  for (let number = 0; number <= newest; number += 1) {
    const tag = `0x${number.toString(16)}`
    const block = await rpc.call<Block>('eth_getBlockByNumber', [tag, true])
    transactions += block.transactions.length
    texts.push(...block.transactions.map(({ input }) => input))
  }
  const filter = { fromBlock: '0x0', toBlock: 'latest' }
  const logs = await rpc.call<readonly object[]>('eth_getLogs', [filter])
  const state = await rpc.call<string>('anvil_dumpState', [], 60_000)
  texts.push(JSON.stringify(logs), gunzipSync(Buffer.from(state.slice(2), 'hex')).toString())
  return { transactions, logs: logs.length, text: texts.join('\n') }
}

export type Asked = {
  readonly accounts: readonly number[]
  readonly meters: readonly number[]
  readonly commitments: readonly string[]
  readonly interval: number
}

/**
 * Every answer of the interface that is read, to somebody: of each route with each of the values in
 * place of its parameters. Refusals are answers too.
 *
 * @param authorization the header of who asks; nobody in particular without
 */
export async function everyAnswer(
  url: string,
  asked: Asked,
  authorization?: string,
): Promise<ReadonlyMap<string, string>> {
  const headers = authorization === undefined ? {} : { authorization }
  const answers = new Map<string, string>()
  const filling = { ...asked, sequences: await headsOf(url) }
  const paths = Object.values(routes)
    .filter(({ method, path }) => method === 'GET' && path !== routes.stream.path)
    .flatMap(({ path }) => filled(path, filling))
  for (const path of [...paths, '/metrics']) {
    const response = await fetch(`${url}${path}`, { headers })
    answers.set(path, `${response.status} ${await response.text()}`)
  }
  return answers
}

/** The entries of the journal that can be asked for one by one. */
async function headsOf(url: string): Promise<readonly number[]> {
  const response = await fetch(`${url}${routes.journalHeads.path}`)
  const { heads } = (await response.json()) as JournalHeads
  return heads.map(({ sequence }) => sequence)
}

type Filling = Asked & { readonly sequences: readonly number[] }

function filled(path: string, asked: Filling): string[] {
  const { accounts, meters, commitments, interval, sequences } = asked
  const [, name] = /:(\w+)/.exec(path) ?? []
  if (name === undefined) return [path]
  const known: Readonly<Record<string, readonly (string | number)[]>> = {
    account: accounts,
    meter: meters,
    commitment: commitments,
    digest: commitments,
    interval: [interval],
    boundary: [interval],
    sequence: sequences,
    zone: [0],
    trade: [1],
    // Of a join code, and a company's sign-in: there is none of either here.
    key: [`0x02${'11'.repeat(32)}`],
    provider: ['company'],
  }
  const values = known[name]
  if (values === undefined) throw new Error(`nothing is known to ask for as ${name}`)
  return values.flatMap((value) => filled(path.replace(`:${name}`, String(value)), asked))
}
