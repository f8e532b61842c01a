/**
 * Goal: one process at a time in a data directory, and a killed one never in the way.
 * Method: locks taken in this process, and left behind by processes that were killed or whose id
 * now belongs to somebody else.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { lockDataDir } from './data-dir-lock.ts'

const directories: string[] = []
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

function fresh(): string {
  const directory = mkdtempSync(join(tmpdir(), 'busbar-lock-'))
  directories.push(directory)
  return directory
}

const isInUse = (error: unknown): boolean =>
  error instanceof Fault && error.code === 'DATA_DIR_IN_USE'

test('a second opener is refused, naming the first, until it lets go', async () => {
  const directory = fresh()
  const lock = await lockDataDir(directory)
  await rejects(lockDataDir(directory), (error) => {
    ok(isInUse(error))
    equal((error as Fault).details['process'], process.pid)
    return true
  })
  lock.release()
  const again = await lockDataDir(directory)
  again.release()
  deepEqual(readdirSync(directory), [])
})

test('of many at the same time at most one is let in', async () => {
  for (let round = 0; round < 20; round += 1) {
    const directory = fresh()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => lockDataDir(directory)),
    )
    const held = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    ok(held.length <= 1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') ok(isInUse(outcome.reason))
    }
    for (const { value } of held) value.release()
    deepEqual(readdirSync(directory), [])
  }
})

test('the lock of a killed process is not in the way', async () => {
  const directory = fresh()
  const module = JSON.stringify(new URL('./data-dir-lock.ts', import.meta.url))
  const program = `import { lockDataDir } from ${module}
    await lockDataDir(${JSON.stringify(directory)})
    process.stdout.write('locked')
    setInterval(() => undefined, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  await rejects(lockDataDir(directory), isInUse)
  const ended = once(holder, 'exit')
  holder.kill('SIGKILL')
  await ended
  const lock = await lockDataDir(directory)
  equal(readdirSync(directory).length, 1)
  lock.release()
})

test(
  'a process id that somebody else has now is not in the way',
  { skip: !existsSync('/proc/self/stat') && 'no /proc here' },
  async () => {
    const directory = fresh()
    writeFileSync(join(directory, `lock.${process.pid}.1.${'0'.repeat(16)}`), '')
    const lock = await lockDataDir(directory)
    lock.release()
    deepEqual(readdirSync(directory), [])
  },
)

test('other files are left alone', async () => {
  const directory = fresh()
  for (const name of ['lock', 'lock.txt', `lock.1.1.${'g'.repeat(16)}`]) {
    writeFileSync(join(directory, name), '')
  }
  const lock = await lockDataDir(directory)
  lock.release()
  equal(readdirSync(directory).length, 3)
})
