import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { formatClearJson, formatClearText, runClear } from '../clear/clear-command.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

export const clear: Command = {
  name: 'clear',
  operands: 'FILE',
  summary: 'clear an auction from a CSV file, offline',
  help: `Reads orders and prints the price, the energy and what each order gets, by the rule of the
market (docs/concepts/clearing.md). "-" reads standard input.

  id,side,energy_wh,limit_micros_per_kwh
  alice,buy,400,300000
  bob,sell,300,200000

  busbar clear orders.csv
  busbar clear - --json < orders.csv`,
  options: {},
  async run(values, output) {
    const [file, ...others] = values.positionals
    if (file === undefined || others.length > 0) throw new UsageError('clear takes one FILE, or -')
    const result = runClear(file === '-' ? await readAll(process.stdin) : await contents(file))
    output.print(values.flag('json') ? formatClearJson(result) : formatClearText(result))
    return exitCodes.ok
  },
}

async function contents(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UsageError(`${file}: ${error.message}`)
    throw error
  }
}
