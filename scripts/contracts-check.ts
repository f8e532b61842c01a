/**
 * Everything that is checked of the contracts, slower than `npm test` allows: format, lint, sizes,
 * the tests with a larger budget, gas, generated files, the promises at their heads, and Slither.
 *
 *     node scripts/contracts-check.ts [NAME ...]     all checks, or those named
 *
 * One line per check. `not run` says which tool is missing and is no failure; any `failed` is exit
 * code 1, and what the tool said goes to stderr.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { contractsRoot, forge, forgeBinary } from './forge.ts'
import { generateContracts, staleContracts } from './generate-contracts.ts'

type Outcome = { readonly state: 'ok' | 'failed' | 'not run'; readonly detail: string }

const slitherVersion = '0.11.6'

const checks: Readonly<Record<string, () => Outcome>> = {
  format: () => fromForge(['fmt', '--check'], {}),
  lint: () => fromForge(['lint', 'src'], {}),
  generated: checkGenerated,
  sizes: () => fromForge(['build', 'src', '--sizes'], {}),
  promises: checkPromises,
  gas: () => fromForge(['test', '--match-contract', 'GasTest'], { FORGE_SNAPSHOT_CHECK: 'true' }),
  tests: () => fromForge(['test'], { FOUNDRY_PROFILE: 'thorough' }),
  slither: checkSlither,
}

function fromForge(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Outcome {
  if (forgeBinary() === undefined) return { state: 'not run', detail: 'no forge for this platform' }
  const { exitCode, output } = forge(command, environment)
  if (exitCode === 0) return { state: 'ok', detail: /[\d,]+ tests passed/.exec(output)?.[0] ?? '' }
  return { state: 'failed', detail: output }
}

function checkGenerated(): Outcome {
  if (forgeBinary() === undefined) return { state: 'not run', detail: 'no forge for this platform' }
  const stale = staleContracts(generateContracts())
  if (stale.length === 0) return { state: 'ok', detail: '' }
  return { state: 'failed', detail: `stale: ${stale.join(', ')}; scripts/generate-contracts.ts` }
}

/** Each `@custom:invariant NAME: …` at the head of a contract has its function in the tests. */
function checkPromises(): Outcome {
  const promised = sources('src').flatMap((text) =>
    [...text.matchAll(/@custom:invariant (\w*)/g)].map((match) => match[1] ?? ''),
  )
  const tests = sources('test').join('\n')
  const missing = promised.filter((name) => !tests.includes(`function ${name}()`))
  if (missing.length === 0) return { state: 'ok', detail: `${promised.length} invariants` }
  return { state: 'failed', detail: `no test for: ${missing.join(', ')}` }
}

function sources(folder: string): readonly string[] {
  const root = join(contractsRoot, folder)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sol'))
    .map((path) => readFileSync(join(root, path), 'utf8'))
}

/** Slither reads what forge compiled; findings that are meant are explained where they are. */
function checkSlither(): Outcome {
  const slither = installedSlither()
  const binary = forgeBinary()
  if (slither === undefined || binary === undefined) {
    return { state: 'not run', detail: 'needs Python 3 and slither-analyzer from PyPI' }
  }
  const folder = mkdtempSync(join(tmpdir(), 'busbar-slither-'))
  try {
    const out = join(folder, 'out')
    const build = forge([
      ...['build', 'src', '--force', '--build-info', '--ast'],
      // As Barretenberg writes them: a thousand lines of assembly, beyond what Slither can follow.
      ...['--skip', '*/verifiers/ClearingVerifier*[0-9].sol'],
      ...['--skip', '*/verifiers/ThresholdVerifier.sol'],
      ...['--skip', '*/verifiers/ClearingPartVerifier.sol'],
      ...['--skip', '*/verifiers/ClearingJoinVerifier.sol'],
      ...['--skip', '*/verifiers/RankVerifier*[0-9].sol'],
      ...['--out', out, '--cache-path', join(folder, 'cache')],
    ])
    if (build.exitCode !== 0) return { state: 'failed', detail: build.output }
    const options = ['--foundry-ignore-compile', '--foundry-out-directory', out]
    const result = spawnSync(slither, ['.', ...options, '--filter-paths', 'node_modules'], {
      cwd: contractsRoot,
      encoding: 'utf8',
      // It asks forge for its configuration, by name.
      env: { ...process.env, PATH: `${join(binary, '..')}:${process.env['PATH'] ?? ''}` },
    })
    const output = `${result.stdout}${result.stderr}`
    const summary = /analyzed .*/.exec(output)?.[0]
    if (result.status === 0 && summary !== undefined) return { state: 'ok', detail: summary }
    return { state: 'failed', detail: output }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Slither in an environment of its own, outside the repository, made on the first call. */
function installedSlither(): string | undefined {
  const folder = join(homedir(), '.cache', 'busbar', `slither-${slitherVersion}`)
  const slither = join(folder, 'bin', 'slither')
  if (existsSync(slither)) return slither
  const steps: readonly (readonly [string, ...string[]])[] = [
    ['python3', '-m', 'venv', folder],
    [join(folder, 'bin', 'pip'), 'install', '--quiet', `slither-analyzer==${slitherVersion}`],
  ]
  for (const [command, ...rest] of steps) {
    if (spawnSync(command, rest, { stdio: 'ignore' }).status !== 0) return undefined
  }
  return existsSync(slither) ? slither : undefined
}

function main(): void {
  const wanted = process.argv.slice(2)
  const unknown = wanted.filter((name) => checks[name] === undefined)
  if (unknown.length > 0) {
    const known = Object.keys(checks).join(', ')
    console.error(`no such check: ${unknown.join(', ')}. There are: ${known}`)
    process.exitCode = 2
    return
  }
  for (const [name, check] of Object.entries(checks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    const started = performance.now()
    const { state, detail } = check()
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    if (state === 'failed') {
      console.error(detail)
      process.exitCode = 1
    }
    const remark = state === 'failed' ? '' : detail
    const head = `contracts ${name.padEnd(10)} ${state.padEnd(7)} ${seconds.padStart(4)} s`
    console.log(`${head}  ${remark}`.trimEnd())
  }
}

main()
