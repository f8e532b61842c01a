import type { Command } from '../command.ts'
import { auditorOptions, chainOptions } from '../disputes/chain-options.ts'

export const reExecute: Command = {
  name: 're-execute',
  operands: 'ZONE INTERVAL',
  summary: 'clear an interval again as its auditor, and decide its dispute',
  help: `Reads all that was opened of an interval of a sealed book, as who has the role of an
auditor in the market; checks each order against its commitment and the set, the price, the fills
and the reasons of voids against what the chain has, by the naive clearing; and writes a report
that says nothing of any order but which were void and why. With --decide the auditor's key on
the chain decides the open dispute by it, and the hash of the report goes with the decision. A
reason is judged by what traders, the committee, utilities and retailers have signed, and not by
the exchange's word; where nothing signed decides it, --upheld does.

  busbar re-execute 0 5946120 --account 9 --account-key auditor.key \\
    --node http://127.0.0.1:8545 --key chain-auditor.key --out report.json
  busbar re-execute 0 5946120 … --decide
  busbar re-execute 0 5946120 … --void 0x… --decide

Exit code 1 where the chain has something else than the rule.`,
  options: {
    ...chainOptions,
    ...auditorOptions,
    void: { type: 'string', value: '0x…', means: 'the order whose void is disputed' },
    upheld: {
      type: 'string',
      value: 'YES',
      means: 'yes or no: of a void whose reason nothing signed decides',
    },
    decide: { type: 'boolean', means: 'decide the dispute on the chain' },
    out: { type: 'string', value: 'FILE', means: 'where the report is written' },
  },
  async run(values, output) {
    const { runReExecution } = await import('../disputes/run-re-execution.ts')
    return await runReExecution(values, output)
  },
}
