import type { Command } from '../command.ts'
import { deskOptions } from '../desk/desk.ts'

export const notices: Command = {
  name: 'notices',
  operands: '',
  summary: 'read what an account was told, or follow what it is being told',
  help: `Notices tell an account what concerns it: a trade, a payment, a default, readings that are
asked for. Of one account they are counted from 1 without gaps, and they stay.

  busbar notices --as south                  the newest
  busbar notices --as south --after 12       all behind notice 12
  busbar notices --as south --follow         and each as it comes, until Ctrl-C

With --follow and --json each notice is a line of JSON. busbar webhook has them brought.`,
  options: {
    ...deskOptions,
    after: { type: 'string', value: 'N', means: 'those behind this one' },
    last: { type: 'string', value: 'N', means: 'or how many of the newest (default 50)' },
    follow: { type: 'boolean', means: 'go on with each as it comes' },
  },
  async run(values, output) {
    const told = await import('../notices/notice-task.ts')
    return await told.notices(values, output)
  },
}
