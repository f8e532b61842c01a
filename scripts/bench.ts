/**
 * `npm run bench`: every figure that is promised, one line of JSON each:
 * `{"figure", "value", "bar", "holds", "detail"}`.
 *
 *     npm run bench                    all
 *     npm run bench -- chain clearing  those modules
 *     npm run bench -- --short         without the sizes that take minutes, and timed less often
 *     npm run bench -- --report        exit code 0 although a figure does not hold
 *
 * Each module has a process of its own: what one leaves on the heap does not slow the next. Exit
 * code 1 if a figure does not hold, 2 if one is missing.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FigureLine } from './bench/figure.ts'
import { repositoryRoot } from './rooms.ts'

type Options = { readonly short: boolean }

const modules: Readonly<Record<string, (options: Options) => Promise<readonly FigureLine[]>>> = {
  clearing: async (options) => (await import('./bench/clearing.ts')).benchClearing(options),
  trades: async (options) => (await import('./bench/trades.ts')).tradeFigures(options),
  signatures: async () => (await import('./bench/signatures.ts')).signatureFigures(),
  chain: async () => (await import('./bench/chain.ts')).chainFigures(),
  ingest: async () => (await import('./bench/ingest.ts')).ingestFigures(),
  watchers: async (options) => (await import('./bench/watchers.ts')).watcherFigures(options),
  'what-if': async (options) => (await import('./bench/what-if.ts')).whatIfFigures(options),
  'traded-energy': async () => (await import('./bench/traded-energy.ts')).tradedEnergyFigures(),
  committee: async (options) => (await import('./bench/committee.ts')).committeeFigures(options),
  proofs: async (options) => (await import('./bench/proofs.ts')).proofFigures(options),
  'gate-to-receipt': async (options) =>
    (await import('./bench/gate-to-receipt.ts')).gateToReceiptFigures(options),
}

/** Figures that others read by name: a run of everything that lacks one has failed. */
const promised = [
  'clear_1m_vs_argsort', 'clear_1m_vs_npm_order_book', 'eip712_verify_vs_viem',
  'allocate_100k_x5_fifo', 'allocate_100k_x5_pro_rata', 'allocate_100k_x5_maximal_proportional',
  'allocate_100k_x5_max_flow', 'verify_100k_trades', 'settle_100k_trades',
  'order_accept_p99_1000_watchers_vs_none', 'gate_to_cleared_p50_1000_watchers_vs_none',
  'what_if_month_s', 'what_if_month_peak_mib', 'what_if_last_day_vs_month',
  'gate_to_durable_p50_what_if_vs_none', 'gate_to_receipt_p50_what_if_vs_none',
  'ingest_vs_raw_verify', 'gas_per_participant_vs_erc20_5000', 'gate_to_receipt_p99_ms_180',
  'gate_to_receipt_p99_ms_1000', 'gate_to_receipt_p99_ms_10000', 'gate_to_receipt_p99_ms_100000',
  'proof_gates_per_order',
  ...[64, 256, 1_024, 4_096, 'part'].flatMap((size) =>
    ['prove_s', 'prove_peak_mib', 'proof_verify_gas'].map((name) => `${name}_${size}`),
  ),
  'proof_verify_gas_join',
  'committee_open_s_10000', 'absence_proof_bytes_100k', 'absence_prove_vs_keccak',
  'absence_verify_vs_keccak', 'traded_energy_tree_100k_vs_keccak',
]

type Shown = { readonly figure: string; readonly holds: boolean | 'not run' }

/** Runs one module in a process of its own and passes its lines on. */
async function runModule(name: string, flags: readonly string[]): Promise<readonly Shown[]> {
  const program = join(repositoryRoot, 'scripts', 'bench.ts')
  const child = spawn(process.execPath, [program, '--here', name, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const shown: Shown[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    console.log(line)
    if (line.startsWith('{"figure"')) shown.push(JSON.parse(line) as Shown)
  }
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  if (code !== 0) console.error(`the bench of ${name} ended with code ${code}`)
  return shown
}

async function runHere(name: string, options: Options): Promise<void> {
  for (const line of (await modules[name]?.(options)) ?? []) console.log(JSON.stringify(line))
}

async function main(args: readonly string[]): Promise<number> {
  const flags = args.filter((arg) => arg.startsWith('--'))
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = [
    ...names.filter((name) => modules[name] === undefined),
    ...flags.filter((flag) => !['--short', '--report', '--here'].includes(flag)),
  ]
  if (unknown.length > 0) {
    console.error(`there is no ${unknown.join(', ')}; there are ${Object.keys(modules).join(', ')}`)
    return 2
  }
  if (flags.includes('--here')) {
    for (const name of names) await runHere(name, { short: flags.includes('--short') })
    return 0
  }
  const shown: Shown[] = []
  for (const name of names.length === 0 ? Object.keys(modules) : names) {
    shown.push(...(await runModule(name, flags)))
  }
  const figures = new Set(shown.map(({ figure }) => figure))
  const missing = names.length > 0 ? [] : promised.filter((name) => !figures.has(name))
  for (const name of missing) console.error(`${name} is missing`)
  const broken = shown.filter(({ holds }) => holds === false)
  for (const { figure } of broken) console.error(`${figure} does not hold`)
  if (missing.length > 0) return 2
  return broken.length > 0 && !flags.includes('--report') ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
