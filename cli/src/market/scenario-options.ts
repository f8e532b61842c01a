import type { Option } from '../arguments.ts'

/** Which market `busbar up` and `busbar day` bring up. */
export const scenarioOptions = {
  scenario: {
    type: 'string',
    value: 'NAME',
    means: 'der-to-cash (180 buildings), neighbourhood (17 homes), or inter-retailer (contracts)',
  },
  data: { type: 'string', value: 'DIR', means: 'measured data; BUSBAR_DATA does the same' },
  date: { type: 'string', value: 'YYYY-MM-DD', means: 'which day of the data, or of the sun' },
  book: {
    type: 'string',
    value: 'KIND',
    means: 'sealed, with proofs (default), or open: orders are read as they come',
  },
  seed: { type: 'string', value: 'N', means: 'another seed is another district (default 1)' },
  faults: {
    type: 'string',
    value: 'LIST',
    means: 'such as late=0.02,duplicate=0.05,lost=0.01,lying=0.02',
  },
} as const satisfies Record<string, Option>

/** Market time per real time. */
export const defaultSpeed = 60
