import { withCommon } from './arguments.ts'
import type { Command } from './command.ts'

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return `${title}

${lines.join('\n')}

busbar COMMAND --help says more, with examples. Every command takes --json.
Exit codes: 0 done, 1 a difference was found, 2 the command line or a file is wrong, 3 it failed.`
}

const title =
  'busbar: an exchange where distributed energy is traded, proven by signed meters, ' +
  'and paid in seconds.'

export function helpOf(command: Command): string {
  const options = Object.entries(withCommon(command.options))
  const shown = options.map(([name, { value = '' }]) => `--${name} ${value}`.trimEnd())
  const width = Math.max(...shown.map((text) => text.length))
  const lines = options.map(([, { means }], i) => `  ${(shown[i] ?? '').padEnd(width)}  ${means}`)
  const operands = command.operands === '' ? '' : ` ${command.operands}`
  return `busbar ${command.name}${operands}: ${command.summary}

${command.help}

${lines.join('\n')}`
}
