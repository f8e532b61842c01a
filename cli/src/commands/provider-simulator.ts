import { exitCodes } from '../cli-error.ts'
import type { Command } from '../command.ts'

export const providerSimulator: Command = {
  name: 'provider-simulator',
  operands: '',
  summary: 'be a payment provider that misbehaves as it is told',
  help: `A payment provider for trying out rail B, as a process of its own with its own store: it
holds, captures, charges and refunds by the contract in docs/reference/payment-provider.md, and
brings signed webhooks. It listens on this machine only, and its money is not real. Ctrl-C stops
it; started again in the same folder it goes on.

  busbar provider-simulator
  busbar provider-simulator --misbehave timeout=0.05,duplicate=0.2,reorder=0.1
  busbar provider-simulator --hold-max-seconds 3600 --webhook-url http://127.0.0.1:8420/hooks

Its three secrets are in credentials.json in its folder: the key of the market, the key of whoever
admits payers and plans misbehaviour, and the secret that webhooks are signed by.`,
  options: {
    'data-dir': {
      type: 'string',
      value: 'D',
      means: 'where everything is kept (default .busbar/payment-provider)',
    },
    port: { type: 'string', value: 'P', means: 'where it listens (default 8600)' },
    clock: {
      type: 'string',
      value: 'K',
      means: 'real, or market: stands until it is told the time (default real)',
    },
    'hold-max-seconds': {
      type: 'string',
      value: 'S',
      means: 'how long it keeps a hold at most (default 604800, a week)',
    },
    'decide-after-ms': {
      type: 'string',
      value: 'N',
      means: 'how long payers take to decide (default 0: at once)',
    },
    'webhook-url': { type: 'string', value: 'URL', means: 'where events are brought' },
    misbehave: {
      type: 'string',
      value: 'LIST',
      means: 'how often what goes wrong: timeout=0.05,lose=0.01 …',
    },
    'late-ms': {
      type: 'string',
      value: 'N',
      means: 'how late a late webhook is (default 2000)',
    },
    seed: { type: 'string', value: 'N', means: 'what misbehaviour follows from (default 1)' },
  },
  async run(values, output) {
    const { runProviderSimulator } = await import('../simulators/provider-simulator.ts')
    await runProviderSimulator(values, output)
    return exitCodes.ok
  },
}
