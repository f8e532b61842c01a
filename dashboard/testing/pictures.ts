/**
 * What there is to see: every page as somebody whom it is for, and what opens on a page only when
 * somebody asks for it.
 */
import type { Page } from 'playwright-core'
import { everyPage, type PageRow } from './every-page.ts'

export type Picture = PageRow & {
  /** Of the files that show it. */
  readonly name: string
  /** Behind the page's path. */
  readonly search?: string
  /** Before the page is opened: what it is told that no sample market would tell it. */
  readonly prepare?: (page: Page) => Promise<unknown>
  /** Whose invitation leads to it, where the market was started for the pictures. */
  readonly invited?: string
  /** Shown as a screen has it, because what opens lies over the page. */
  readonly isScreen?: true
  /** What somebody does on the page before it is looked at. */
  readonly open?: (page: Page) => Promise<unknown>
}

/** By its page; where that has several, the others also by their market, or by who looks. */
function named(row: PageRow): Picture {
  const kebab = row.page.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const first = everyPage.find(({ page }) => page === row.page)
  if (row === first) return { ...row, name: kebab }
  const other = first?.in === row.in ? (row.as ?? row.in) : row.in
  return { ...row, name: `${kebab}-${other}` }
}

/** Answers as where a company's provider has named two accounts for whoever signs in. */
const withChoice = (current: number | undefined) => (page: Page): Promise<unknown> =>
  page.route('**/v1/sign-in-choice', (route) =>
    route.fulfill({
      json: {
        accounts: [
          { account: 3, name: 'home-1', roles: ['prosumer'], isCurrent: current === 3 },
          { account: 4, name: 'auditor', roles: ['auditor'], isCurrent: current === 4 },
        ],
      },
    }))

async function compareRules(page: Page): Promise<void> {
  const text = page.locator('textarea')
  const draft = JSON.parse(await text.inputValue()) as Record<string, unknown>
  await text.fill(JSON.stringify({ ...draft, feeMicrosPerKwh: 20_500 }, null, 2))
  await page.locator('form.acting.wide [type=submit]').click()
  await page.locator('.figures').last().waitFor({ timeout: 120_000 })
}

/** A day of the books, an interval of it, and a head of the journal that is checked. */
async function openBooks(page: Page): Promise<void> {
  await page.locator('.book-cell.holds[type=button]').last().click()
  await page.locator('[data-book-interval] tbody tr').first().waitFor()
  await page.locator('.head-parts').first().locator('xpath=ancestor::tr').getByRole('button')
    .last().click()
  await page.locator('[data-head-verdict]').waitFor()
}

async function openMeter(page: Page): Promise<void> {
  await page.locator('tbody tr').first().getByRole('button').last().click()
  await page.locator('.acting .facts').waitFor()
}

async function proposeSuspension(page: Page): Promise<void> {
  await page.locator('tbody tr').getByRole('button').last().click()
  await page.locator('.acting input[name=reason]').waitFor()
}

/** What the pages of the table do not show by themselves. */
const opened: readonly Picture[] = [
  { name: 'market-week', page: 'market', in: 'auctions', search: '?span=week' },
  {
    ...{ name: 'signin-choice', page: 'signin', in: 'auctions', search: '?choose' },
    prepare: withChoice(undefined),
  },
  { name: 'join-invited', page: 'join', in: 'auctions', invited: 'home-1' },
  {
    ...{ name: 'account-switch', page: 'account', as: 'home-1', in: 'auctions' },
    prepare: withChoice(3),
  },
  { name: 'audit-books', page: 'audit', as: 'auditor', in: 'auctions', open: openBooks },
  {
    ...{ name: 'operator-meter', page: 'operatorMeters', as: 'operator', in: 'auctions' },
    open: openMeter,
  },
  {
    ...{ name: 'operator-suspend', page: 'operatorParticipants', as: 'operator' },
    ...{ in: 'auctions', open: proposeSuspension },
  },
  {
    ...{ name: 'operator-what-if', page: 'operatorRulebooks', as: 'operator', in: 'auctions' },
    open: compareRules,
  },
  {
    ...{ name: 'retailer-checked', page: 'retailerCheck', as: 'retailer-north' },
    in: 'contracts',
    open: async (page) => {
      await page.locator('main .button.main').click()
      await page.locator('main tbody tr').first().waitFor()
    },
  },
  {
    ...{ name: 'menu', page: 'market', as: 'home-1', in: 'auctions', isScreen: true },
    open: (page) => page.locator('.tab.more').click(),
  },
]

export const pictures: readonly Picture[] = [...everyPage.map(named), ...opened]

/** What the README shows, two light and two dark: files, and the names of their pictures. */
export const inReadme = [
  { file: 'page-market.png', name: 'market', scheme: 'light' },
  { file: 'page-home.png', name: 'home', scheme: 'dark' },
  { file: 'page-why.png', name: 'why-interval', scheme: 'light' },
  { file: 'page-operator.png', name: 'operator', scheme: 'dark' },
] as const
