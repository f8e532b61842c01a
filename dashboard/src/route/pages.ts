/**
 * The pages, by name, with the paths that they live at. The server learns them from the build, so
 * that it answers just these with the page and everything else with `not_found`.
 */
export const pages = {
  market: '/',
  intervals: '/intervals',
  interval: '/intervals/:zone/:interval',
  why: '/why',
  whyInterval: '/why/:account/:interval',
  audit: '/audit',
  home: '/home',
  trading: '/trading',
  notices: '/notices',
  kpis: '/kpis',
  developer: '/developer',
  operator: '/operator',
  operatorParticipants: '/operator/participants',
  operatorMeters: '/operator/meters',
  operatorRulebooks: '/operator/rulebooks',
  operatorRuns: '/operator/runs',
  signin: '/signin',
  join: '/join',
  account: '/account',
  utility: '/utility',
  retailer: '/retailer',
  retailerCustomers: '/retailer/customers',
  retailerTrades: '/retailer/trades',
  retailerEnergy: '/retailer/energy',
  retailerBills: '/retailer/bills',
  retailerCheck: '/retailer/check',
  retailerDefaults: '/retailer/defaults',
  retailerAgreements: '/retailer/agreements',
} as const

export type PageName = keyof typeof pages

export const pagePaths: readonly string[] = Object.values(pages)

/** What stands in the places of a path that begin with a colon. */
export type PageParameters = Readonly<Record<string, number>>

export type Place = { readonly page: PageName; readonly parameters: PageParameters }

/** Numbers as the interface writes them: no sign, no leading zeros. */
const number = /^(?:0|[1-9][0-9]{0,14})$/

/** The page that a path leads to, if any does. */
export function placeOf(path: string): Place | undefined {
  const parts = path.split('/')
  for (const [page, pattern] of Object.entries(pages)) {
    const parameters = parametersOf(pattern.split('/'), parts)
    // The keys of the table are its names.
    if (parameters !== undefined) return { page: page as PageName, parameters }
  }
  return undefined
}

function parametersOf(
  pattern: readonly string[],
  parts: readonly string[],
): PageParameters | undefined {
  if (pattern.length !== parts.length) return undefined
  const parameters: Record<string, number> = {}
  for (const [index, wanted] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (!wanted.startsWith(':')) {
      if (wanted !== part) return undefined
    } else {
      if (!number.test(part)) return undefined
      parameters[wanted.slice(1)] = Number(part)
    }
  }
  return parameters
}

/** The path of a page. */
export const pathOf = (page: PageName, parameters: PageParameters = {}): string =>
  pages[page].replace(/:([a-z]+)/g, (_colon, name: string) => String(parameters[name] ?? 0))
