/**
 * The slower half of `.ci/run`: suites that take minutes (a real browser, processes that are killed
 * at every step, a week of trades), the contracts with a larger budget and static analysis, the
 * store killed and cut more often, properties with more cases, generated files, and the figures of
 * the bench in their short form. Says one line a check; `not run` says what this machine lacks.
 *
 * Browsers are alone: their tests look at clocks. Then what waits (for disks and chains) and what
 * computes run beside each other, so that no core is idle; who computes gives way. The bench is
 * alone again.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism, constants, getPriority, setPriority } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { repositoryRoot } from './rooms.ts'

type Step = {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly minutesMax: number
}

/** Browsers and processes, several at a time. */
const slowerSuites: Step = {
  name: 'slower suites',
  program: 'test.ts',
  args: ['.slow.test.ts'],
  minutesMax: 30,
}

/** Processes too, none of which looks at a clock. */
const waiting: readonly Step[] = [
  {
    name: 'a week of trades',
    program: 'test.ts',
    args: ['cli/src/day/trade-day'],
    environment: { DAYS: '7' },
    minutesMax: 25,
  },
  {
    name: 'a set in parts',
    program: 'test.ts',
    args: ['proofs/large-batch'],
    environment: { BUSBAR_LARGE_ORDERS: '4100' },
    minutesMax: 25,
  },
  {
    name: 'stores',
    program: 'test.ts',
    args: ['adapters/store/kill', 'adapters/store/power-cut', 'adapters/store/postgres'],
    environment: { BUSBAR_KILLS: '40', BUSBAR_POWER_CUTS: '20' },
    minutesMax: 25,
  },
]

/** Both compile into `contracts/out`, one after the other. */
const ofContracts: readonly Step[] = [
  // Fuzzing takes every core there is.
  { name: 'contracts', program: 'contracts-check.ts', args: [], minutesMax: 25 },
  // Keys of the small circuits are made again, the large ones are compiled: minutes of it.
  {
    name: 'verifiers',
    program: 'generate-verifiers.ts',
    args: ['--check', '--small'],
    minutesMax: 25,
  },
]

/** Whoever waits for nothing takes what the others leave; those that take longest stand first. */
const computing: readonly Step[] = [
  {
    name: 'circuits',
    program: 'test.ts',
    args: ['proofs/src/clearing'],
    environment: { RUNS: '2000', MUTANTS: 'all' },
    minutesMax: 25,
  },
  {
    name: 'circuits in parts',
    program: 'test.ts',
    args: ['proofs/src/parts'],
    environment: { RUNS: '300', MUTANTS: 'all' },
    minutesMax: 25,
  },
  {
    name: 'large batches',
    program: 'test.ts',
    args: ['proofs/src/witness', 'proofs/src/threshold', 'proofs/src/rank'],
    environment: { RUNS: '800' },
    minutesMax: 25,
  },
  {
    name: 'properties',
    program: 'test.ts',
    args: ['core/src/settlement', 'core/src/metering'],
    environment: { RUNS: '5000' },
    minutesMax: 25,
  },
]

/** Figures are ratios inside one run, and still want a machine that does nothing else. */
const bench: Step = {
  name: 'bench',
  program: 'bench.ts',
  args: ['--short', '--report'],
  minutesMax: 15,
}

/** What the programs say of one check. A figure that does not hold is told, and fails nothing. */
const saysPassed = /^contracts \w+ +ok\b|^\{"figure".*"holds":true/
const saysFailed = /^contracts \w+ +failed\b/
const saysNotHeld = /^\{"figure".*"holds":false/
const saysNotRun = /^contracts \w+ +not run\b|^not run: |"holds":"not run"/

type Counts = { passed: number; failed: number; notRun: number; notHeld: number }

/** Runs one program, passes its lines on, and counts its checks where it says them line by line. */
async function runStep(
  { name, program, args, environment, minutesMax }: Step,
  priority: number,
  pass: (line: string) => void,
): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, notRun: 0, notHeld: 0 }
  const child = spawn(process.execPath, [join(repositoryRoot, 'scripts', program), ...args], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  giveWay(child, priority)
  const timer = setTimeout(() => {
    pass(`${name} took longer than ${minutesMax} minutes`)
    child.kill('SIGKILL')
  }, minutesMax * 60_000)
  const exit = once(child, 'exit')
  createInterface({ input: child.stderr }).on('line', pass)
  for await (const line of createInterface({ input: child.stdout })) {
    const tests = /^(\d+) passed, (\d+) failed$/.exec(line)
    // The sum of all is said once, at the end.
    if (tests === null) pass(line)
    counts.passed += Number(tests?.[1] ?? (saysPassed.test(line) ? 1 : 0))
    counts.failed += Number(tests?.[2] ?? (saysFailed.test(line) ? 1 : 0))
    if (saysNotRun.test(line)) counts.notRun += 1
    if (saysNotHeld.test(line)) counts.notHeld += 1
  }
  const [code] = await exit
  clearTimeout(timer)
  if (code !== 0 && counts.failed === 0) counts.failed = 1
  if (code === 0 && counts.passed + counts.notRun === 0) counts.passed = 1
  return counts
}

/** What it starts inherits it. Where this already gives way more than that, so does the child. */
function giveWay({ pid }: ChildProcess, priority: number): void {
  if (pid !== undefined && getPriority() < priority) setPriority(pid, priority)
}

const total = { passed: 0, failed: 0 }
const summary: string[] = []

async function check(
  step: Step,
  priority: number,
  pass: (line: string) => void,
): Promise<void> {
  const started = performance.now()
  const { passed, failed, notRun, notHeld } = await runStep(step, priority, pass)
  const seconds = ((performance.now() - started) / 1_000).toFixed(0).padStart(5)
  const remarks = [
    ...(notRun === 0 ? [] : [`, ${notRun} not run`]),
    ...(notHeld === 0 ? [] : [`, ${notHeld} figures do not hold on this machine`]),
  ]
  const sums = `${passed} passed, ${failed} failed${remarks.join('')}`
  summary.push(`${step.name.padEnd(17)} ${seconds} s  ${sums}`)
  total.passed += passed
  total.failed += failed
}

const title = (name: string): void => console.log(`\n== ${name}`)
const { PRIORITY_NORMAL: normal, PRIORITY_LOW: low } = constants.priority

/** Its lines as they come. */
async function aloud(step: Step): Promise<void> {
  title(step.name)
  await check(step, normal, (line) => console.log(line))
}

/** The lines of a step stand together, behind those of the slower suites. */
const held: string[] = []

/** One after the other, as long as there are any. */
async function aside(next: () => Step | undefined, priority: number): Promise<void> {
  for (let step = next(); step !== undefined; step = next()) {
    console.log(`… ${step.name}`)
    const lines = [`\n== ${step.name}`]
    await check(step, priority, (line) => lines.push(line))
    held.push(...lines)
  }
}

/** Gives each step once, to whoever asks. */
function queue(steps: readonly Step[]): () => Step | undefined {
  const rest = [...steps]
  return () => rest.shift()
}

const wait = queue(waiting)
const compute = queue(computing)
await aloud(slowerSuites)
await Promise.all([
  aside(wait, normal),
  // Whoever is done with the contracts helps with the rest.
  aside(queue(ofContracts), low).then(() => aside(compute, low)),
  ...Array.from({ length: availableParallelism() - 1 }, () => aside(compute, low)),
])
console.log(held.join('\n'))
await aloud(bench)
console.log(`\n${summary.join('\n')}\n\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1
