import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { auditorOptions, chainOptions } from '../disputes/chain-options.ts'

const tasks = [
  'omission', 'ascent', 'count', 'demand', 'unanswered', 'void', 'overdue',
] as const

export const challenge: Command = {
  name: 'challenge',
  operands: 'TASK …',
  summary: 'hold an exchange to its word, on the chain',
  help: `Whoever holds the receipt of a sealed order can hold the exchange to it, and anybody to its
deadlines: on the chain, with any key that can pay for gas, and without the exchange where it does
not answer. RECEIPT is the JSON that the exchange answered when it took the order.

  busbar challenge omission RECEIPT      the order is not in the fixed set: shown by its neighbours,
                                         which the exchange tells whoever holds the receipt
  busbar challenge ascent RECEIPT …      two neighbours of the set are equal or descend, among the
                                         sixteen leaves that the path of each of the orders shows
  busbar challenge count RECEIPT …       the set has more or fewer orders than it says, by the same
  busbar challenge demand RECEIPT        the exchange does not tell them: it has to show on the
                                         chain where the order is, within an hour by default
  busbar challenge unanswered RECEIPT    it did not: the interval is faulty
  busbar challenge void RECEIPT --reason mismatch
                                         the order was void for no such reason: for the auditor
  busbar challenge overdue ZONE INTERVAL its proof did not come: the auditor has to clear it again

Who has the role of an auditor brings ascent and count with ZONE INTERVAL, --account and
--account-key in place of receipts: all of the set is looked through then.

Each needs --node and --key, such as --node http://127.0.0.1:8545 --key my.key. What the contract
would refuse is told and not sent.`,
  options: {
    ...chainOptions,
    ...auditorOptions,
    reason: {
      type: 'string',
      value: 'R',
      means: 'the reason of the void as the exchange gave it, or words for the auditor',
    },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`challenge takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const { challenges } = await import('../disputes/challenges.ts')
    return await challenges[task](operands, values, output)
  },
}
