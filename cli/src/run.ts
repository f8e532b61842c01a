import { BusbarError } from '@busbar/client'
import { Fault } from '@busbar/core/errors'
import { isProblemCode, problemKind } from '@busbar/protocols/api'
import { parse } from './arguments.ts'
import { exitCodes, UsageError } from './cli-error.ts'
import type { Command, Output } from './command.ts'
import { commands } from './commands.ts'
import { helpOf, overview } from './help.ts'

/** Does what a command line says, and resolves with the exit code; nothing is thrown. */
export async function run(
  [name, ...args]: readonly string[],
  output: Output,
): Promise<number> {
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
    return report(command, error, json, output)
  }
}

function report(command: Command, error: unknown, json: boolean, output: Output): number {
  const usage = error instanceof UsageError || error instanceof RangeError
  const isCoded = error instanceof Fault || error instanceof BusbarError
  const code = isCoded ? error.code : usage ? 'USAGE' : 'FAILED'
  const message = error instanceof Error ? error.message : String(error)
  if (json) output.print(JSON.stringify({ error: { code, message } }))
  else output.note(`busbar ${command.name}: ${message}`)
  // The code's own words, where the message has only the field and the limit.
  const means = isProblemCode(code) ? problemKind(code).means : ''
  if (!json && !message.includes(means)) output.note(means)
  if (usage && !json) output.note(`busbar ${command.name} --help says what it takes.`)
  if (process.env.BUSBAR_TRACE === '1' && error instanceof Error) output.note(error.stack ?? '')
  return usage || error instanceof Fault ? exitCodes.usage : exitCodes.failed
}
