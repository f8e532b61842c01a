import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  BusbarClient,
  type Credential,
  credentialOf,
  Signer,
  withApiKey,
  withPrivateKey,
} from '@busbar/client'
import { clearingSizes, developmentNotice, type ProverEvent, runProver } from '@busbar/proofs'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Values } from '../arguments.ts'
import type { Output } from '../command.ts'
import { keyIn } from '../desk/keys.ts'
import { serverSource } from './server-source.ts'
import { proverFor } from './prover-for.ts'

/** `busbar prover`; resolves with the exit code. */
export async function runProverProcess(values: Values, output: Output): Promise<number> {
  if (values.positionals.length > 0) throw new UsageError('prover takes no operand')
  const proving = proverFor(values, output)
  const client = new BusbarClient({ baseUrl: values.text('server') ?? 'http://127.0.0.1:8420' })
  const credential = await credentialFor(client, values)
  const sizeMax = Number(values.text('size-max') ?? Math.max(...clearingSizes))
  const zones = zonesOf(values.text('zones'))
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort())
  if (process.env.BUSBAR_STOP_WITH_STDIN === '1') {
    // Whoever started it is gone, however that ended.
    process.stdin.once('end', () => stop.abort()).resume()
    if ('unref' in process.stdin) process.stdin.unref()
  }
  const { signal } = stop
  const isJson = values.flag('json')
  const report = await runProver({
    source: serverSource(client.as(credential), { sizeMax, zones }),
    prove: (batch) => proving.prove(batch),
    signal,
    onEvent: (event) => output.print(isJson ? JSON.stringify(eventJson(event)) : told(event)),
    nowMs: () => Date.now(),
    wait: (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
    random: () => Math.random(),
    pollMs: values.integer('poll-ms', 1_000, 50, 600_000),
  })
  const worth = proving.isDevelopment ? ` (${developmentNotice})` : ''
  output.note(`${report.taken} proven${worth}, ${report.refused} refused, ${report.failed} failed`)
  return report.refused > 0 ? exitCodes.difference : exitCodes.ok
}

async function credentialFor(client: BusbarClient, values: Values): Promise<Credential> {
  const file = values.text('api-key')
  if (file === undefined) return credentialOf(await signerOf(client, values))
  if (values.text('key') !== undefined) throw new UsageError('it takes --key or --api-key')
  const key = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (!/^bb_[0-9a-f]{32}_[0-9a-f]{64}$/.test(key)) throw new UsageError(`${file} holds no API key`)
  return withApiKey(key)
}

async function signerOf(client: BusbarClient, values: Values): Promise<Signer> {
  const file = values.text('key')
  if (file === undefined) throw new UsageError('--key names the file with the prover’s private key')
  const account = values.integer('account', 0, 1, 2 ** 32 - 1)
  if (account === 0) throw new UsageError('--account is the number of the prover’s account')
  const sign = withPrivateKey(await keyIn(file))
  return new Signer({ domain: await client.domain(), account, sign })
}

function zonesOf(list: string | undefined): readonly number[] | undefined {
  if (list === undefined) return undefined
  if (!/^\d{1,9}(?:,\d{1,9})*$/.test(list)) throw new UsageError('--zones takes numbers: 0,3')
  return list.split(',').map(Number)
}

/** Which batch, and what became of it; nothing of its orders. */
function eventJson(event: ProverEvent): object {
  if (event.kind === 'unreachable') {
    return { event: event.kind, wait_ms: event.waitMs, error: messageOf(event.error) }
  }
  const { zone, interval } = event.work
  const batch = { event: event.kind, zone, interval }
  if (event.kind === 'refused') return { ...batch, reason: event.reason }
  if (event.kind === 'failed') return { ...batch, error: messageOf(event.error) }
  if (event.kind === 'claimed') return { ...batch, orders: event.work.batch.orders.length }
  const { size, seconds, peakBytes, isDevelopment } = event.proof
  const notice = isDevelopment ? developmentNotice : null
  return { ...batch, notice, size, seconds, peak_bytes: peakBytes, repeated: event.repeated }
}

function told(event: ProverEvent): string {
  if (event.kind === 'unreachable') {
    const seconds = (event.waitMs / 1_000).toFixed(1)
    return `no answer (${messageOf(event.error)}); again in ${seconds} s`
  }
  const batch = `zone ${event.work.zone}, interval ${event.work.interval}`
  if (event.kind === 'claimed') return `${batch}: ${event.work.batch.orders.length} orders`
  if (event.kind === 'refused') return `${batch}: refused, ${event.reason}`
  if (event.kind === 'failed') return `${batch}: failed, ${messageOf(event.error)}`
  const worth = event.proof.isDevelopment ? ` (${developmentNotice})` : ''
  return `${batch}: proven in ${event.proof.seconds.toFixed(1)} s${worth}`
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)
