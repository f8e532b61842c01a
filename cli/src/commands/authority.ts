import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions } from '../desk/desk.ts'
import { meterOptions } from '../trading/meter-tasks.ts'

const tasks = [
  'agreement', 'assign-utility', 'decide-appeal', 'instruct', 'proposals', 'approve', 'refuse',
  'meters', 'what-if',
] as const

export const authority: Command = {
  name: 'authority',
  operands: 'TASK …',
  summary: 'record what holds between retailers, decide appeals, approve or refuse proposals',
  help: `What the operator or an authority of a market says about trades, signed as everything else.

  busbar authority agreement north south --as operator --document agreement.pdf --from +200
      what binds two retailers to act for each other's customers; without one their customers'
      trades need collateral
  busbar authority assign-utility zone-3 grid --as operator
      who runs the wires of a zone
  busbar authority decide-appeal 2 no --as operator
      whether default 2 was wrong: yes or no

Any other instruction, of whatever role, by its kind and the JSON of its content:
  busbar authority instruct admit_participant alice.json --as operator

Where the rulebook has fourEyes, what moves money or rules waits for a second person:
  busbar authority proposals --as operator
      what waits, and what became of the newest others
  busbar authority approve 4 --as deputy
      lets it take effect; nobody approves what oneself has proposed
  busbar authority refuse 4 --as deputy --reason "the bill is paid"
      lets it come to nothing; who proposed it takes it back so

To operators and auditors:
  busbar authority meters --as operator --silent 12
      who is measured by what, when it was read last, how much of it is estimated

To them and to authorities:
  busbar authority what-if rules.json --as operator --from 2026-06-01T00:00Z
      what the time from then on would have come to by these rules (default: the last 30 days,
      all zones); whose money, to operators and auditors alone. Exit code 1 where the journal,
      replayed, does not come to what stands posted`,
  options: {
    ...deskOptions,
    ...meterOptions,
    basis: { type: 'string', value: 'B', means: 'bilateral (default) or regulatory' },
    document: { type: 'string', value: 'FILE', means: 'the agreement; its hash is recorded' },
    from: { type: 'string', value: 'TIME', means: 'where it begins: a time, an interval or +N' },
    reason: { type: 'string', value: 'TEXT', means: 'why a proposal is refused' },
    until: { type: 'string', value: 'TIME', means: 'where it ends (default: nowhere)' },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`authority takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const told = await import('../trading/authority-tasks.ts')
    const { proposals, approve, refuse } = await import('../trading/proposal-tasks.ts')
    const run = {
      ...{ proposals, approve, refuse },
      ...{ agreement: told.agreement, 'assign-utility': told.assignUtility },
      ...{ 'decide-appeal': told.decideAppeal, instruct: told.instruct },
      meters: (await import('../trading/meter-tasks.ts')).meters,
      'what-if': (await import('../trading/what-if-task.ts')).whatIf,
    }
    return await run[task](operands, values, output)
  },
}
