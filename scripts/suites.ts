import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { run } from 'node:test'
import { memoryFolder } from './memory-folder.ts'
import { repositoryFiles, repositoryRoot, rooms } from './rooms.ts'

export type SuiteCounts = {
  readonly passed: number
  readonly failed: number
  /** What could not be run here, and why. */
  readonly skipped: readonly string[]
}

/** Of a file of tests with all processes that it started. */
export type ProcessorTime = { readonly file: string; readonly seconds: number }

/** Takes minutes: run where it is named, and by `.ci/run`. */
export const isSlow = (path: string): boolean => path.endsWith('.slow.test.ts')

/** A file that takes longer hangs: none needs a third of it, if it need not give way to others. */
const fileMinutesMax = 24
const saidCharactersMax = 4_000

/** Every file of tests, those of the rooms that take longest first, so that none is waited for. */
export function suiteFiles(): readonly string[] {
  const rank = (path: string): number => rooms.findIndex((room) => path.startsWith(`${room}/`))
  return repositoryFiles()
    .filter((path) => path.endsWith('.test.ts') && rank(path) >= 0)
    .toSorted((a, b) => rank(b) - rank(a))
}

/** Runs files of node:test, whose temporary files are in memory if there is room. */
export async function runSuites(
  files: readonly string[],
  preload: Preload = {},
): Promise<SuiteCounts> {
  const temporary = memoryFolder()
  const places = temporary === undefined ? {} : { TMPDIR: temporary.path }
  try {
    return await runFiles(files, { ...preload, env: { ...process.env, ...preload.env, ...places } })
  } finally {
    temporary?.remove()
  }
}

/**
 * Each in a process of its own, two for each core at a time: a third of their time they wait, for
 * clocks and chains. Says one line a file, and of a failed test its name, place and error.
 */
async function runFiles(files: readonly string[], preload: Preload): Promise<SuiteCounts> {
  let passed = 0
  let failed = 0
  const skipped: string[] = []
  const silent = new Set(files)
  const words = new Map<string, string>()
  const sayFailed = (line: string, file: string): void =>
    console.log(`FAILED ${line}\n${(words.get(file) ?? '').slice(-saidCharactersMax)}`)
  const stream = run({
    files: files.map((path) => join(repositoryRoot, path)),
    cwd: repositoryRoot,
    concurrency: Math.min(6, availableParallelism() * 2),
    timeout: fileMinutesMax * 60_000,
    ...preload,
  })
  for await (const { type, data } of stream) {
    const file = 'file' in data ? relative(repositoryRoot, data.file ?? repositoryRoot) : ''
    if (type === 'test:stderr' || type === 'test:stdout') {
      words.set(file, `${words.get(file) ?? ''}${data.message}`)
    } else if (type === 'test:pass' && data.skip !== undefined) {
      const why = typeof data.skip === 'string' ? `: ${data.skip}` : ''
      skipped.push(`${file}: ${data.name}${why}`)
    } else if (type === 'test:fail' && !isSummary(data.details.error)) {
      console.log(failure(data, file))
    } else if (type === 'test:summary' && data.file !== undefined) {
      const { counts, success, duration_ms: ms } = data
      silent.delete(file)
      passed += counts.passed
      failed += counts.failed + counts.cancelled
      const tests = `${counts.passed + counts.failed + counts.cancelled} tests`
      const line = `${(ms / 1_000).toFixed(1).padStart(6)} s  ${file} (${tests})`
      if (success) console.log(`ok     ${line}`)
      else sayFailed(line, file)
    }
  }
  // A file that ended before it could report: a syntax error, a crash, or out of time.
  for (const file of silent) sayFailed(`        ${file} (did not finish)`, file)
  return { passed, failed: failed + silent.size, skipped }
}

type Preload = {
  readonly execArgv?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** As `runSuites`, and how long each file kept a core busy, the longest first. */
export async function runTimedSuites(
  files: readonly string[],
): Promise<SuiteCounts & { readonly times: readonly ProcessorTime[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-times-'))
  try {
    const program = new URL('./processor-time.ts', import.meta.url).href
    const counts = await runSuites(files, {
      execArgv: [`--import=${program}`],
      env: { ...process.env, BUSBAR_PROCESSOR_TIMES: folder },
    })
    const times = readdirSync(folder)
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessorTime)
      .map(({ file, seconds }) => ({ file: relative(repositoryRoot, file), seconds }))
      .toSorted((a, b) => b.seconds - a.seconds)
    return { ...counts, times }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A group that failed because one of its tests did says nothing new. */
const isSummary = (error: Error): boolean =>
  'failureType' in error && error.failureType === 'subtestsFailed'

type Failed = {
  readonly name: string
  readonly line?: number | undefined
  readonly details: { readonly error: Error & { readonly cause?: unknown } }
}

function failure({ name, line, details: { error } }: Failed, file: string): string {
  const { cause } = error
  const said = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  const text = said.split('\n').map((part) => `       ${part}`)
  return `FAILED ${file}${line === undefined ? '' : `:${line}`}: ${name}\n${text.join('\n')}`
}
