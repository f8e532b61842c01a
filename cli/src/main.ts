/**
 * The command `busbar`: finds the command, runs it, and turns what went wrong into words and a
 * code.
 */
import { BusbarError } from '@busbar/client'
import { Fault } from '@busbar/core/errors'
import { parse } from './arguments.ts'
import { exitCodes, UsageError } from './cli-error.ts'
import type { Command, Output } from './command.ts'
import { billNetwork } from './commands/bill-network.ts'
import { challenge } from './commands/challenge.ts'
import { checkProof } from './commands/check-proof.ts'
import { checkRank } from './commands/check-rank.ts'
import { checkThreshold } from './commands/check-threshold.ts'
import { clear } from './commands/clear.ts'
import { committee } from './commands/committee.ts'
import { day } from './commands/day.ts'
import { explain } from './commands/explain.ts'
import { openFill } from './commands/open-fill.ts'
import { proveRank } from './commands/prove-rank.ts'
import { proveThreshold } from './commands/prove-threshold.ts'
import { prove } from './commands/prove.ts'
import { prover } from './commands/prover.ts'
import { providerSimulator } from './commands/provider-simulator.ts'
import { reExecute } from './commands/re-execute.ts'
import { up } from './commands/up.ts'
import { verify } from './commands/verify.ts'
import { helpOf, overview } from './help.ts'

const commands: readonly Command[] = [
  ...[up, day, clear, verify, explain, committee, prove, checkProof, openFill, prover],
  ...[providerSimulator, billNetwork],
  ...[proveThreshold, checkThreshold, proveRank, checkRank],
  ...[challenge, reExecute],
]

const output: Output = {
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  progress: (text) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`)
  },
}

process.exitCode = await main(process.argv.slice(2))

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help') {
    const wanted = commands.find((command) => command.name === args[0])
    output.print(wanted === undefined ? overview(commands) : helpOf(wanted))
    return exitCodes.ok
  }
  const command = commands.find((candidate) => candidate.name === name)
  if (command === undefined) {
    output.note(`busbar has no command ${name}.\n\n${overview(commands)}`)
    return exitCodes.usage
  }
  const json = args.includes('--json')
  try {
    const values = parse(args, command.options)
    if (values.flag('help')) {
      output.print(helpOf(command))
      return exitCodes.ok
    }
    return await command.run(values, output)
  } catch (error) {
    return report(command, error, json)
  }
}

function report(command: Command, error: unknown, json: boolean): number {
  const usage = error instanceof UsageError || error instanceof RangeError
  const isCoded = error instanceof Fault || error instanceof BusbarError
  const code = isCoded ? error.code : usage ? 'USAGE' : 'FAILED'
  const message = error instanceof Error ? error.message : String(error)
  if (json) output.print(JSON.stringify({ error: { code, message } }))
  else output.note(`busbar ${command.name}: ${message}`)
  if (usage && !json) output.note(`busbar ${command.name} --help says what it takes.`)
  if (process.env.BUSBAR_TRACE === '1' && error instanceof Error) output.note(error.stack ?? '')
  return usage || error instanceof Fault ? exitCodes.usage : exitCodes.failed
}
