import type { DayRange } from '../home/day.ts'
import type { SeriesRange } from '../market/series-range.ts'

/** What was read is remembered under these names. */
export const keys = {
  market: ['market'],
  health: ['health'],
  conservation: ['conservation'],
  interval: (zone: number, interval: number) => ['interval', zone, interval],
  intervals: (zone: number, from: number | null) => ['intervals', zone, from],
  series: (range: SeriesRange) => ['series', range],
  /** Of the books: from an interval on, by points of so many. */
  history: (from: number, step: number) => ['history', from, step],
  tallies: (interval: number) => ['tallies', interval],
  heads: ['heads'],
  head: (sequence: number) => ['head', sequence],
  grid: ['grid'],
  openApi: ['openapi'],
  kpis: (from: number, to: number) => ['kpis', from, to],
  account: (account: number) => ['account', account],
  accountSeries: (account: number, range: DayRange) => ['account-series', account, range],
  devices: (account: number, range: DayRange) => ['devices', account, range],
  accessGrants: (account: number) => ['access-grants', account],
  standing: (account: number) => ['standing', account],
  placed: (account: number) => ['placed', account],
  ownInterval: (account: number, interval: number) => ['own-interval', account, interval],
  trades: (account: number) => ['trades', account],
  payments: (account: number) => ['payments', account],
  board: ['board'],
  ownOffers: (account: number) => ['own-offers', account],
  notices: (account: number) => ['notices', account],
  /** Those that there were when somebody came to read them: they stay what they are. */
  earlierNotices: (account: number) => ['earlier-notices', account],
  names: (accounts: readonly number[]) => ['names', ...accounts],
  statement: (account: number) => ['statement', account],
  withdrawals: (account: number) => ['withdrawals', account],
  why: (account: number, interval: number) => ['why', account, interval],
  proposals: ['proposals'],
  /** What concerns a retailer or a utility. */
  company: (account: number, ...what: readonly (string | number)[]) =>
    ['company', account, ...what],
  operations: ['operations'],
  faults: ['faults'],
  participants: ['participants'],
  meters: (asked: unknown) => ['meters', asked],
  rulebooks: ['rulebooks'],
  whatIf: (rulebook: unknown) => ['what-if', rulebook],
  /** With the intervals of its zone, so that it is old when they are. */
  runs: (zone: number) => ['intervals', zone, 'runs'],
  provingQueue: ['proving-queue'],
  providers: ['providers'],
  choices: ['choices'],
} as const satisfies Record<string, unknown>

/** What everybody is shown: it may stay when somebody else signs in. All else goes. */
const publicNames: ReadonlySet<unknown> = new Set([
  'market', 'health', 'conservation', 'interval', 'intervals', 'series', 'grid', 'kpis', 'openapi',
  'history', 'tallies', 'heads', 'head',
])

export const isPublic = (name: unknown): boolean => publicNames.has(name)
