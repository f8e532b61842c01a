/**
 * One process at a time in a data directory, and no lock that outlives its process.
 *
 * Each opener first announces itself with a file `lock.<pid>.<start>.<token>` and then looks at the
 * others: if one of a living process is there it withdraws, else it removes them. Of two openers at
 * least one looks after the other has announced itself, so never both go on; when both withdraw,
 * each tries again after a wait of its own. `start` is when the process started, where the system
 * tells, so that a process id given to somebody else later does not keep the lock.
 *
 * It does not reach beyond one machine: a directory shared between machines or containers with
 * process ids of their own is not protected.
 */
import { randomBytes, randomInt } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'

export type DataDirLock = { release(): void }

const attempts = 3
const waitMsMax = 50

/** Faults: DATA_DIR_IN_USE, naming the process. */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const start = processStart(process.pid) ?? ''
  for (let attempt = 1; ; attempt += 1) {
    const name = `lock.${process.pid}.${start}.${randomBytes(8).toString('hex')}`
    writeFileSync(join(dataDir, name), '', { flag: 'wx', mode: 0o600 })
    const others = readdirSync(dataDir).filter((file) => isLock(file) && file !== name)
    const held = others.find(isHeld)
    if (held === undefined) {
      for (const stale of others) rmSync(join(dataDir, stale), { force: true })
      return { release: () => rmSync(join(dataDir, name), { force: true }) }
    }
    rmSync(join(dataDir, name), { force: true })
    if (attempt === attempts) throw new Fault('DATA_DIR_IN_USE', { process: parse(held).pid })
    await wait(randomInt(1, waitMsMax))
  }
}

const isLock = (file: string): boolean => /^lock\.\d+\.\d*\.[0-9a-f]{16}$/.test(file)

function parse(file: string): { readonly pid: number; readonly start: string } {
  const [, pid = '', start = ''] = file.split('.')
  return { pid: Number(pid), start }
}

function isHeld(file: string): boolean {
  const { pid, start } = parse(file)
  if (!isAlive(pid)) return false
  const startNow = processStart(pid)
  return startNow === undefined || start === '' || startNow === start
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not permitted to signal it: it is alive and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Clock ticks from boot to the start of the process; undefined where there is no /proc.
 * A process that ended and waits to be reaped holds nothing: it has no start.
 */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may contain anything, so fields are counted after its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : fields[19]
  } catch {
    return undefined
  }
}
