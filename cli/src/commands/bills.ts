import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

const tasks = ['collect', 'make'] as const

const isTask = (name: string): name is (typeof tasks)[number] =>
  tasks.some((task) => task === name)

export const bills: Command = {
  name: 'bills',
  operands: 'TASK',
  summary: 'a retailer’s bills, without the energy that its customers traded',
  help: `Bills what of a meter's energy is the retailer's: what it showed, less its contracts, its
auction and what it deviated from that. Nothing is billed that is not final, and that the chain
does not prove; if one proof does not hold, no bill is written, and the meter is named.

  collect   asks the exchange for what is final since the last time, and keeps it with its proofs.
            To be done every day: the exchange forgets intervals that can no longer be corrected.
            Takes --retailer, --key, --node and --evidence; --server, --contract, --from.
  make      the bills of a period of whole local days, from what was collected; asks nobody, or
            with --node the chain. Takes --evidence, --tariff, --out and --month, or --from-day
            and --through-day; --readings, --previous, --node.

For each customer a folder: bill.csv, intervals.csv and green-button.xml; beside them bills.csv and
run.json, which the next period takes as --previous. See docs/guides/billing.md.

  busbar bills collect --retailer retailer-north --key north.key --node http://127.0.0.1:8545 \\
    --evidence evidence
  busbar bills make --evidence evidence --tariff tariff.json --month 2026-03 --out bills-2026-03`,
  options: {
    evidence: { type: 'string', value: 'DIR', means: 'where what was collected is kept' },
    server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
    node: { type: 'string', value: 'URL', means: 'a node of the chain (JSON-RPC)' },
    contract: {
      type: 'string',
      value: '0x…',
      means: 'IntervalLog, where the exchange is not to be asked for it',
    },
    retailer: { type: 'string', value: 'WHO', means: 'the retailer’s account or name' },
    key: { type: 'string', value: 'FILE', means: 'its private key, 32 bytes in hex' },
    from: { type: 'string', value: 'N', means: 'collect again from this interval on' },
    tariff: { type: 'string', value: 'FILE', means: 'prices and fees (JSON)' },
    month: { type: 'string', value: 'YYYY-MM', means: 'the month that is billed' },
    'from-day': { type: 'string', value: 'DATE', means: 'or the first day' },
    'through-day': { type: 'string', value: 'DATE', means: 'and the last' },
    out: { type: 'string', value: 'DIR', means: 'where the bills go; it is made' },
    previous: { type: 'string', value: 'FILE', means: 'run.json of the period before' },
    readings: {
      type: 'string',
      value: 'FILE',
      means: 'the retailer’s own metered energy (CSV), in the place of the exchange’s',
    },
  },
  async run(values, output) {
    const [task = '', ...others] = values.positionals
    if (!isTask(task) || others.length > 0) {
      throw new UsageError(`bills takes one task: ${tasks.join(' or ')}`)
    }
    // The chain and its libraries take a while to load: only who needs them waits for them.
    return await (await import('../bills/tasks.ts'))[task](values, output)
  },
}
