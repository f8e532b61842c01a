import type { Command } from '../command.ts'
import { auditorOptions, chainOptions } from '../disputes/chain-options.ts'

export const reExecute: Command = {
  name: 're-execute',
  operands: 'ZONE INTERVAL',
  summary: 'work an interval out again as its auditor, and decide its dispute',
  help: `Reads all that an interval was worked out from, as who has the role of an auditor in the
market, and works it out again: orders or contracts, clearing or allocation, readings and every
line of money, against what everybody is shown. Zone 4294967294 is that of contracts.

Of a sealed book it checks each order against its commitment and the set, the price, the fills
and the reasons of voids against what the chain has, by the naive clearing; and writes a report
that says nothing of any order but which were void and why. With --decide the auditor's key on
the chain decides the open dispute by it, and the hash of the report goes with the decision. A
reason is judged by what traders, the committee, utilities and retailers have signed, and not by
the exchange's word; where nothing signed decides it, --upheld does.

With --save all of it is kept in a file, which --from judges by itself later or elsewhere, with
no network and no key. The auditor's page saves such files as well, without what the chain has.

  busbar re-execute 0 5946120 --account 9 --account-key auditor.key \\
    --node http://127.0.0.1:8545 --key chain-auditor.key --out report.json
  busbar re-execute 0 5946120 … --decide
  busbar re-execute 0 5946120 … --void 0x… --decide
  busbar re-execute 0 5946120 … --save evidence-0-5946120.json
  busbar re-execute --from evidence-0-5946120.json

Exit code 1 where something is not what the rule says.`,
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
    save: { type: 'string', value: 'FILE', means: 'keep all that it is judged from' },
    from: { type: 'string', value: 'FILE', means: 'judge such a file, and ask nobody' },
    out: { type: 'string', value: 'FILE', means: 'where the report is written' },
  },
  async run(values, output) {
    const { runReExecution } = await import('../disputes/run-re-execution.ts')
    return await runReExecution(values, output)
  },
}
