/**
 * `npm test`: the types of every room, every suite of node:test, and the contracts' quick tests.
 * The last two run beside each other.
 *
 *     npm test                    all of it, but suites that take minutes (`*.slow.test.ts`)
 *     npm test -- clearing        the suites with `clearing` in their path, slow ones too
 *     npm test -- types contracts the other two parts by name
 *     npm test -- --times …       and which files kept a core busy for how long
 *
 * `SEED=…` replays a property. The last line is `N passed, N failed`; exit code 1 if any did.
 */
import { forgeBeside, forgeBinary } from './forge.ts'
import { isSlow, runSuites, runTimedSuites, suiteFiles } from './suites.ts'
import { checkTypes } from './types.ts'

type Part = {
  readonly passed: number
  readonly failed: number
  readonly notRun: readonly string[]
}

const nothing: Part = { passed: 0, failed: 0, notRun: [] }

async function types(): Promise<Part> {
  const results = await checkTypes()
  for (const { config, ok, output } of results) if (!ok) console.log(`FAILED ${config}\n${output}`)
  const failed = results.filter(({ ok }) => !ok).length
  return { passed: results.length - failed, failed, notRun: [] }
}

async function contracts(): Promise<Part> {
  if (forgeBinary() === undefined) {
    const platform = `${process.platform}-${process.arch}`
    return { ...nothing, notRun: [`contracts: npm has no forge for ${platform}`] }
  }
  const { exitCode, output } = await forgeBeside(['test', '--color', 'never'])
  const counts = /(\d+) tests passed, (\d+) failed, (\d+) skipped/.exec(output)
  if (exitCode !== 0) console.log(output)
  if (counts === null) {
    if (exitCode === 0) console.log(output)
    return { ...nothing, failed: 1 }
  }
  return { ...nothing, passed: Number(counts[1]), failed: Number(counts[2]) }
}

async function suites(names: readonly string[], timed: boolean): Promise<Part> {
  const isWanted = (path: string): boolean =>
    names.length === 0 ? !isSlow(path) : names.some((name) => path.includes(name))
  const files = suiteFiles().filter(isWanted)
  if (files.length === 0) return nothing
  const slow = names.length === 0 ? suiteFiles().filter(isSlow) : []
  const { passed, failed, skipped } = timed ? await timedSuites(files) : await runSuites(files)
  const why = 'takes minutes; .ci/run does, or by name'
  return { passed, failed, notRun: [...skipped, ...slow.map((path) => `${path}: ${why}`)] }
}

async function timedSuites(files: readonly string[]): ReturnType<typeof runSuites> {
  const { times, ...counts } = await runTimedSuites(files)
  const line = (seconds: number, what: string): string =>
    `${seconds.toFixed(1).padStart(7)} s  ${what}`
  const sum = times.reduce((before, { seconds }) => before + seconds, 0)
  const lines = times.map(({ file, seconds }) => line(seconds, file))
  console.log(['', 'processor time', line(sum, 'all files'), ...lines].join('\n'))
  return counts
}

async function main(given: readonly string[]): Promise<void> {
  const timed = given.includes('--times')
  const names = given.filter((name) => name !== '--times')
  const others = names.filter((name) => name !== 'types' && name !== 'contracts')
  const wants = (name: string): boolean => names.length === 0 || names.includes(name)
  const lines: string[] = []
  let [passed, failed] = [0, 0]
  const notRun: string[] = []
  const run = async (name: string, part: () => Promise<Part>): Promise<void> => {
    const started = performance.now()
    const result = await part()
    passed += result.passed
    failed += result.failed
    notRun.push(...result.notRun)
    const seconds = ((performance.now() - started) / 1_000).toFixed(0)
    const counts = `${result.passed} passed, ${result.failed} failed`
    lines.push(`${name.padEnd(9)}  ${counts.padEnd(28)}${seconds.padStart(5)} s`)
  }
  if (wants('types')) await run('types', types)
  // The contracts' compiler keeps one core busy, and the suites wait for a third of their time.
  const beside = wants('contracts') ? run('contracts', contracts) : undefined
  if (names.length === 0 || others.length > 0) await run('suites', () => suites(others, timed))
  await beside
  console.log(['', ...lines, ...notRun.map((what) => `not run: ${what}`)].join('\n'))
  if (passed + failed === 0) {
    console.error(`nothing has ${others.map((name) => `"${name}"`).join(' or ')} in its path`)
    failed = 1
  }
  console.log(`\n${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

await main(process.argv.slice(2))
