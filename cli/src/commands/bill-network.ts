import { exitCodes } from '../cli-error.ts'
import type { Command } from '../command.ts'

export const billNetwork: Command = {
  name: 'bill-network',
  operands: '',
  summary: 'be a bill network and a bank that misbehave as they are told',
  help: `A bill network and a bank for trying out rails C and D, as a process of its own with its
own store: the network presents bills by the signed messages of docs/reference/bill-presentment.md,
the bank takes pain.001 and gives camt.054 and camt.053. It listens on this machine only, and its
money is not real. Ctrl-C stops it; started again in the same folder it goes on.

  busbar bill-network
  busbar bill-network --misbehave timeout=0.05,duplicate=0.2,reorder=0.1
  busbar bill-network --clock market --port 0 --json

Its secrets are in credentials.json in its folder: the network’s private key, the key of whoever
admits institutions and payers and plans misbehaviour, and the key of the bank’s customer.`,
  options: {
    'data-dir': {
      type: 'string',
      value: 'D',
      means: 'where everything is kept (default .busbar/bill-network)',
    },
    port: { type: 'string', value: 'P', means: 'where it listens (default 8610)' },
    name: { type: 'string', value: 'N', means: 'of the network (default bill-network)' },
    clock: {
      type: 'string',
      value: 'K',
      means: 'real, or market: stands until it is told the time (default real)',
    },
    misbehave: {
      type: 'string',
      value: 'LIST',
      means: 'how often what goes wrong: timeout=0.05,lose=0.01 …',
    },
    'late-ms': { type: 'string', value: 'N', means: 'how late a late notice is (default 2000)' },
    seed: { type: 'string', value: 'N', means: 'what misbehaviour follows from (default 1)' },
  },
  async run(values, output) {
    const { runBillNetwork } = await import('../simulators/bill-network.ts')
    await runBillNetwork(values, output)
    return exitCodes.ok
  },
}
