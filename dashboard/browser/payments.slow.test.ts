/**
 * Goal: a household sees what its contracts ask of it, buys another term, sees its own default with
 * its step and appeals against it, all by its passkey; whoever it does not concern sees none of it.
 * Method: a market of contracts as its day comes to money that was asked for and not paid: a bill
 * that is due, and a quarter of an hour in which two buyers are late. Chromium with virtual
 * passkeys; no part of it is replaced.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import type { DefaultView, Notice, PaymentView } from '@busbar/protocols/api'
import type { Browser, Page } from 'playwright-core'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { openAs, openSignedIn } from '../testing/opened.ts'
import { type SampleMarket, startTradeMarket } from '../testing/sample-market.ts'
import { type SampleSession, sessionOf } from '../testing/sample-session.ts'
import { sessionsOf, statusFor } from '../testing/tenants.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const inTimeMs = 600_000

/** Of those who are late: one that asks for another term before it is, and one that does not. */
const [careful, late] = ['home-6', 'home-9'] as const

let market: SampleMarket

if (skip === false) {
  before(async () => {
    // Bills of the last hour are due in minutes, and who is late then pays a quarter later.
    market = await startTradeMarket(6, '08:30')
    await market.settled(32)
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

/** A list of an account, as it reads it itself. */
async function own<Item>(who: SampleSession, what: string): Promise<readonly Item[]> {
  const headers = { cookie: `${who.cookie.name}=${who.cookie.value}` }
  const path = `/v1/accounts/${who.account}/${what}?limit=500`
  const answer = (await (await fetch(market.url + path, { headers })).json()) as {
    readonly [name: string]: readonly Item[]
  }
  return answer[what] ?? []
}

const isInNobodysWay = async (page: Page): Promise<void> => {
  deepEqual(await barriersOn(page), [])
  equal(await overflowOf(page), 0)
}

describe('payments of a household', { skip }, () => {
  test('stand on its page, and one that is due is postponed for a fee that is said', async () => {
    const { page, context, complaints } = await openSignedIn(
      browser, market.url, careful, { size: 'phone' }, '/home',
    )
    const who = await sessionOf(market.url, careful)
    const due = page.locator('[data-state=\'capturing\']').first()
    await due.waitFor()
    await due.getByText(/^To be paid by .+ Pay it at your bank: it has the number \d+\./).waitFor()
    await due.getByRole('button', { name: /^Copy: bill:inter-retailer\.\d+\|/ }).waitFor()
    match(await due.innerText(), /€0\.\d\d to home-\d+\s+to be paid/)
    match(await due.innerText(), /Trade \d+ · by the platform’s bill/)
    await isInNobodysWay(page)
    const number = Number(await due.getAttribute('data-payment'))
    await due.getByRole('button', { name: 'Pay later' }).click()
    match(await due.innerText(), /You then have until .+\. It costs €0\.100000, for home-\d+/)
    await due.getByRole('button', { name: 'Sign and pay later' }).click()
    const later = page.locator(`[data-payment='${number}'][data-state='postponed']`)
    await later.waitFor()
    const [before] = (await own<PaymentView>(who, 'payments'))
      .filter(({ payment }) => payment === number)
    deepEqual([before?.state, before?.postponements], ['postponed', 1])
    equal(await later.getByRole('button', { name: 'Pay later' }).count(), 0)
    deepEqual(complaints, [])
    await context.close()
  })

  test('that are not paid lead to a step, and to an appeal that pauses it', async () => {
    const { page, context } = await openSignedIn(
      browser, market.url, late, { size: 'desktop', scheme: 'dark' }, '/home',
    )
    const who = await sessionOf(market.url, late)
    const shown = page.locator('[data-default]').first()
    await shown.waitFor({ timeout: inTimeMs })
    const text = await shown.innerText()
    match(text, /You are in default: €0\.\d\d to home-\d+\s+open/)
    match(text, /Pay the bill \d+: €0\.\d{6}\. That ends it at once/)
    match(text, /Warning\s+since .+, until /)
    match(text, /Fine\s+at .+, unless it is paid/)
    await isInNobodysWay(page)
    await shown.getByText('This is wrong: appeal').click()
    await shown.getByLabel('Why it is wrong').fill('The bill never came.')
    const saved = page.waitForEvent('download')
    await shown.getByRole('button', { name: 'Sign the appeal' }).click()
    equal(await readFile(await (await saved).path(), 'utf8'), 'The bill never came.')
    await page.locator('[data-default][data-status=\'appealed\']').waitFor()
    await page.getByText('You have appealed: the ladder is paused.').waitFor()
    equal(await shown.getByText('This is wrong: appeal').count(), 0)
    const [one] = (await own<DefaultView>(who, 'defaults')).filter(({ account }) =>
      account === who.account)
    deepEqual([one?.status, one?.steps.length], ['appealed', 1])
    match(one?.grounds ?? '', /^0x[0-9a-f]{64}$/)
    await page.goto(`${page.url().replace(/\/home.*/, '')}/notices`)
    await page.getByText(/you have appealed against the default of €0\.\d\d, owed/).waitFor()
    await page.getByText(/you are in default of .+ It is warned: a fine follows at .+/).waitFor()
    await context.close()
  })
})

describe('what a household owes', { skip }, () => {
  test('is seen by who waits for it, and by no other household', async () => {
    const who = await sessionOf(market.url, late)
    const [one] = (await own<DefaultView>(who, 'defaults')).filter(({ account }) =>
      account === who.account)
    ok(one?.creditor !== undefined && one.creditor !== null)
    const homes = await sessionsOf(market.url, ['home-1', 'home-2', 'home-4', 'home-5', 'home-7'])
    const stranger = homes.find(({ account }) => account !== one.creditor)
    const creditor = await creditorOf(one.creditor)
    ok(stranger !== undefined)
    const seen = await openAs(browser, creditor, { size: 'desktop' })
    await seen.page.goto(`${market.url}/home`)
    await seen.page.getByText(new RegExp(`^${late} has not paid you €`)).waitFor()
    equal(await seen.page.locator('[data-default]').count(), 0)
    await seen.context.close()
    const { page, context } = await openAs(browser, stranger, { size: 'desktop' })
    await page.goto(`${market.url}/home`)
    await drawn(page)
    await page.getByRole('heading', { name: 'Payments' }).waitFor()
    equal(await page.locator('[data-default]').count(), 0)
    ok(!(await page.locator('main').innerText()).includes(`${late} has not paid`))
    await context.close()
    for (const what of ['payments', 'defaults']) {
      const path = `/v1/accounts/${who.account}/${what}`
      equal(await statusFor(market.url, path, stranger), 403, path)
      equal(await statusFor(market.url, path, creditor), 403, path)
    }
    ok((await own<DefaultView>(stranger, 'defaults')).every(({ trade }) => trade !== one.trade))
  })

  test('is told once, also where it is made good as it comes', async () => {
    // A collateral pays what this one does not.
    const who = await sessionOf(market.url, 'home-3')
    const notices = await own<Notice>(who, 'notices')
    ok(notices.some(({ kind }) => kind === 'default_changed'))
    const words = notices.map(({ journalSequence, kind, data }) =>
      JSON.stringify([journalSequence, kind, data]))
    equal(new Set(words).size, words.length)
  })
})

/** Whoever has this number. */
async function creditorOf(account: number): Promise<SampleSession> {
  const answer = await fetch(`${market.url}/v1/participants?from=${account}&limit=1`)
  const { participants } = (await answer.json()) as {
    readonly participants: readonly { readonly name: string }[]
  }
  return sessionOf(market.url, participants[0]?.name ?? '')
}
