import type { Command } from '../command.ts'
import { chainOptions } from '../disputes/chain-options.ts'

const { node, server } = chainOptions

export const leave: Command = {
  name: 'leave',
  operands: 'ACCOUNT',
  summary: 'take money out on the chain, without the exchange',
  help: `For who has the registered key of an account and an exchange that does not answer, or does
not pay. Without more it says what the chain has for the account and what can be done.

With --amount it asks the contract for money; after its delay --claim takes it. Where the operator
has been silent for too long, --exit takes all that is free at once. Money goes to the registered
key's address, and nowhere else; a passkey cannot do this. What the contract would refuse is told
and not sent.

  busbar leave 17 --node http://127.0.0.1:8545 --key my.key --house 0x…
  busbar leave 17 … --amount 12.50
  busbar leave 17 … --claim
  busbar leave 17 … --exit`,
  options: {
    ...(node === undefined || server === undefined ? {} : { node, server }),
    key: { type: 'string', value: 'FILE', means: 'the registered key: of busbar key, or hex' },
    house: {
      type: 'string',
      value: '0x…',
      means: 'ClearingHouse, where the exchange is not to be asked for it',
    },
    amount: { type: 'string', value: 'AMOUNT', means: 'ask for so much, or all; 0 asks no more' },
    claim: { type: 'boolean', means: 'take what was asked for' },
    exit: { type: 'boolean', means: 'take all that is free from a silent operator' },
  },
  async run(values, output) {
    const { runLeave } = await import('../disputes/leave.ts')
    return await runLeave(values, output)
  },
}
