import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions } from '../desk/desk.ts'

const tasks = ['show', 'set', 'remove', 'replay', 'listen'] as const

export const webhook: Command = {
  name: 'webhook',
  operands: 'TASK …',
  summary: 'have notices brought, and see them arrive',
  help: `Has the notices of an account brought to a server of its own, signed by the operator, each
until it is taken. Where they go is the account's own signed word.

  busbar webhook set https://hooks.example/busbar --as north
      what comes from now on; --after 0 has everything brought, also what was told before
  busbar webhook show --as north             where to, what waits, what went wrong last
  busbar webhook replay 12 --as north        notice 12 and all that follow it, once more
  busbar webhook remove --as north

To see them arrive, a receiver that checks the signature of each and needs no key:
  busbar webhook listen --as north
  busbar webhook set http://127.0.0.1:8430/ --as north      in another terminal
Exit code 1 if something came that was not to be believed. An exchange brings notices to addresses
of its own machine only with BUSBAR_WEBHOOKS=any, as a sandbox does.`,
  options: {
    ...deskOptions,
    after: { type: 'string', value: 'N', means: 'of set: those behind this one' },
    port: { type: 'string', value: 'P', means: 'of listen: where (default 8430)' },
    host: { type: 'string', value: 'H', means: 'of listen: on which address (default 127.0.0.1)' },
    count: { type: 'string', value: 'N', means: 'of listen: end after so many' },
    operator: {
      type: 'string',
      value: '0x…',
      means: 'of listen: who signs, where the exchange is not to be asked',
    },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`webhook takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const { webhookTasks } = await import('../notices/webhook-tasks.ts')
    return await webhookTasks[task](operands, values, output)
  },
}
