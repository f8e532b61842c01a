import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions } from '../desk/desk.ts'
import { meterOptions } from '../trading/meter-tasks.ts'

const tasks = ['schedule', 'limit', 'lift', 'wheeling', 'meters'] as const

export const utility: Command = {
  name: 'utility',
  operands: 'TASK …',
  summary: 'run the wires that trades go over: schedule, limits, wheeling',
  help: `What a distribution utility sees of trades, and what it may do about them: what flows in
its zones and when, and before an interval's gate how much of a trade it lets through. Who sells
does not pay for what the wires do not take.

  busbar utility schedule --as grid
  busbar utility meters --as grid --silent 4     on its wires, and how well they are read
  busbar utility limit 7 --as grid --from 2026-06-01T14:00Z --intervals 4 --energy 200Wh \\
    --reason "transformer 12 is being repaired"
  busbar utility limit 7 --as grid --from +0 --intervals 1 --energy 0Wh --reason "fault"
  busbar utility lift 7 --as grid --from 2026-06-01T14:30Z --intervals 2
  busbar utility wheeling 0.012 --as grid --from 2026-07-01T00:00Z

Of two utilities' limits the lower one counts, and each lifts its own.`,
  options: {
    ...deskOptions,
    ...meterOptions,
    from: { type: 'string', value: 'TIME', means: 'where it begins: a time, an interval or +N' },
    until: { type: 'string', value: 'TIME', means: 'where it ends' },
    intervals: { type: 'string', value: 'N', means: 'or how many intervals there are' },
    energy: { type: 'string', value: 'E', means: 'the most in each interval, such as 200Wh' },
    reason: { type: 'string', value: 'TEXT', means: 'for both sides: 1 to 200 characters' },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`utility takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const told = await import('../trading/grid-tasks.ts')
    const { meters } = await import('../trading/meter-tasks.ts')
    return await { ...told, meters }[task](operands, values, output)
  },
}
