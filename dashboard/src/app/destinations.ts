import type { IconName } from '../parts/icons.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import type { Session } from '../session/session.ts'
import type { TextKey } from '../texts/en.ts'

type Role = Session['roles'][number]

export type Destination = {
  readonly page: PageName
  readonly icon: IconName
  readonly text: TextKey
  /** Where there is room for a word only, at the foot of a phone. */
  readonly short?: TextKey
  /** For whom it is: everybody, whoever is signed in, or some roles. */
  readonly to: 'all' | 'signed-in' | readonly Role[]
}

/** Where one goes from anywhere; what is for some alone stands first for them. */
const destinations: readonly Destination[] = [
  { page: 'home', icon: 'home', text: 'page.home', to: ['prosumer'] },
  { page: 'retailer', icon: 'coins', text: 'page.retailer', to: ['retailer'] },
  {
    ...{ page: 'utility', icon: 'energy', text: 'page.utility', short: 'page.utility.short' },
    to: ['distribution-utility'],
  },
  {
    ...{ page: 'operator', icon: 'meter', text: 'page.operator' },
    to: ['operator', 'authority', 'auditor'],
  },
  { page: 'market', icon: 'market', text: 'page.market', to: 'all' },
  { page: 'why', icon: 'why', text: 'page.why', short: 'page.why.short', to: 'signed-in' },
  { page: 'intervals', icon: 'intervals', text: 'page.intervals', to: 'all' },
  { page: 'audit', icon: 'audit', text: 'page.audit', to: 'all' },
  { page: 'kpis', icon: 'figures', text: 'page.kpis', to: 'all' },
  { page: 'developer', icon: 'code', text: 'page.developer', to: 'all' },
  { page: 'notices', icon: 'bell', text: 'page.notices', to: 'signed-in' },
  { page: 'account', icon: 'person', text: 'page.account', to: 'signed-in' },
]

export function destinationsOf(session: Session | null | undefined): readonly Destination[] {
  const isFor = ({ to }: Destination): boolean => {
    if (to === 'all') return true
    if (session == null) return false
    return to === 'signed-in' || to.some((role) => session.roles.includes(role))
  }
  const isOwn = ({ to }: Destination): boolean => Array.isArray(to)
  const open = destinations.filter(isFor)
  return [...open.filter(isOwn), ...open.filter((one) => !isOwn(one))]
}

/** Where somebody is led who has just signed in. */
export const firstPathOf = (session: Session): string =>
  pathOf(destinationsOf(session)[0]?.page ?? 'market')

/** In which destination a page lies, where it is none itself. */
const parents: Partial<Readonly<Record<PageName, PageName>>> = {
  interval: 'intervals',
  trading: 'home',
  whyInterval: 'why',
  retailerCustomers: 'retailer',
  retailerTrades: 'retailer',
  retailerEnergy: 'retailer',
  retailerBills: 'retailer',
  retailerCheck: 'retailer',
  retailerDefaults: 'retailer',
  retailerAgreements: 'retailer',
  operatorParticipants: 'operator',
  operatorMeters: 'operator',
  operatorRulebooks: 'operator',
  operatorRuns: 'operator',
}

export const destinationOf = (page: PageName): PageName => parents[page] ?? page

/** By what a page is called in the title of its window. */
export const nameOf = (page: PageName): TextKey =>
  destinations.find((one) => one.page === destinationOf(page))?.text ?? 'app.name'
