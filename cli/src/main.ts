/**
 * The command `busbar`: finds the command, runs it, and turns what went wrong into words and a
 * code.
 */
import type { Output } from './command.ts'
import { run } from './run.ts'

const output: Output = {
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`)
  },
}

process.exitCode = await run(process.argv.slice(2), output)
