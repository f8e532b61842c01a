import type { Command } from '../command.ts'
import { defaultSpeed, scenarioOptions } from '../market/scenario-options.ts'

export const up: Command = {
  name: 'up',
  operands: '',
  summary: 'start the exchange with a scenario trading on it (this is npm start)',
  help: `Brings up everything on this machine: the exchange, its database, its chain, and a district
of buildings that trade in it. The night is passed as fast as it goes, until there is sun; then, at
speed 60, a five-minute interval takes five seconds. Ctrl-C stops in order; starting again goes on
where it stopped.

  busbar up
  busbar up --scenario neighbourhood --speed 300
  busbar up --scenario inter-retailer    a week of contracts, by every rail
  busbar up --data DIR --data-dir my-market --port 8421`,
  options: {
    ...scenarioOptions,
    'data-dir': {
      type: 'string',
      value: 'D',
      means: 'where journal and chain are kept (default .busbar/SCENARIO)',
    },
    intervals: {
      type: 'string',
      value: 'K',
      means: 'of contracts: how many there are (default a week); of hours, money comes sooner',
    },
    speed: {
      type: 'string',
      value: 'X',
      means: `market time per real time, 1 is real time (default ${defaultSpeed})`,
    },
    from: {
      type: 'string',
      value: 'HH:MM',
      means: 'what lies before is run as fast as it goes (default 09:00)',
    },
    port: { type: 'string', value: 'P', means: 'of the HTTP interface (default 8420)' },
    'no-prover': { type: 'boolean', means: 'clearings are not proven: for a small machine' },
    'no-dashboard': { type: 'boolean', means: 'the interface alone, without pages' },
  },
  run: async (...given) => (await import('../up/up-task.ts')).runUp(...given),
}
