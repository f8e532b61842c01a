/**
 * Loaded before a file of tests by `test.ts --times`: notes at its end how long it and the
 * processes that it started have kept a core busy. Those that are killed count, too; where there is
 * no `/proc`, only its own time is known.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the kernel counts in, on every Linux that Node runs on. */
const ticksPerSecond = 100

const folder = process.env.BUSBAR_PROCESSOR_TIMES
const [, file = ''] = process.argv
if (folder !== undefined) {
  process.on('exit', () => {
    const noted = JSON.stringify({ file, seconds: secondsUsed() })
    writeFileSync(join(folder, `${process.pid}.json`), noted)
  })
}

function secondsUsed(): number {
  if (!existsSync('/proc/self/stat')) {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  }
  const text = readFileSync('/proc/self/stat', 'utf8')
  // Behind the name, which may hold anything: user, system, and both of ended children.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
}
