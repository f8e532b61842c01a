import type { Command } from '../command.ts'
import { scenarioOptions } from '../market/scenario-options.ts'

export const day: Command = {
  name: 'day',
  operands: '',
  summary: 'run one market day as fast as it goes, and check it',
  help: `Starts a server with its own database and chain, lets a district trade through it for one
day of five-minute auctions, and compares everything at the end: money, energy, the chain with
the ledger, and an auditor who keeps books of its own.

  busbar day                                  180 simulated buildings
  busbar day --data DIR                       the same, from measured data
  busbar day --intervals 12 --json            the first hour, for a script
  busbar day --faults late=0.05,lying=0.02    with meters that misbehave
  busbar day --proofs none                    without proofs: much faster
  busbar day --scenario inter-retailer        contracts between customers of retailers
  busbar day --scenario inter-retailer --days 31

Orders are sealed to a committee of three processes, of which any two open an interval. Each
clearing is proven by a prover process and verified on the chain before the next interval; the
reference string is made on this machine, so the proofs are for development and not secure.

Exit code 1 if anything is not exact.`,
  options: {
    ...scenarioOptions,
    intervals: { type: 'string', value: 'K', means: 'only the first K intervals' },
    days: { type: 'string', value: 'D', means: 'of contracts: as many days, at most 60' },
    minutes: {
      type: 'string',
      value: 'M',
      means: 'of contracts: length of an interval: 5, 15 (default) or 30 (default for days)',
    },
    allocation: {
      type: 'string',
      value: 'RULE',
      means: 'of contracts: who gets the energy of a meter: maximal-proportional, max-flow, …',
    },
    proofs: { type: 'string', value: 'all', means: 'all (default), or none: nothing is proven' },
    final: { type: 'boolean', means: 'go on until the last interval has its final run' },
    committee: {
      type: 'string',
      value: 'D',
      means: 'go on with the committee in this folder: with the same keys a day repeats exactly',
    },
    'data-dir': { type: 'string', value: 'D', means: 'keep journal and chain, for busbar verify' },
  },
  run: async (...given) => (await import('../day/day-task.ts')).runDay(...given),
}
