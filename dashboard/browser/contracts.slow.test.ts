/**
 * Goal: in a market of contracts a household reads one figure for one interval, wherever it is paid
 * and wherever it is shown; it is told with whom and by which terms, and has both signatures and
 * the money checked in its own browser, which turns red when one byte of the answer is changed. Two
 * people run it, who may break something on purpose; whoever writes programs finds a first trade,
 * and tries what he will send.
 * Method: contracts between customers of two retailers as `npm start` brings them up, Chromium, and
 * answers of which one byte is changed on their way.
 */
import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readFile } from 'node:fs/promises'
import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import type { AccountInterval, AccountSeries, DeviceSeries } from '@busbar/protocols/api'
import { seededKey } from '@busbar/simulator'
import type { Browser, Page } from 'playwright-core'
import { agree, propose } from '../src/developer/first-trade/contract.ts'
import { firstTrade } from '../src/developer/first-trade/open.ts'
import { barriersOn, drawn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy } from '../testing/browser.ts'
import { changing, openAs, openSignedIn } from '../testing/opened.ts'
import { brokenIn, proposeStanding, standingOf, until } from '../testing/operators.ts'
import { type SampleMarket, startTradeMarket } from '../testing/sample-market.ts'
import { type SampleSession, sessionOf } from '../testing/sample-session.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

const homes = ['home-1', 'home-2', 'home-3', 'home-4'] as const

let market: SampleMarket
let sessions: readonly SampleSession[]
/** Somebody with a contract of which something was delivered, and when that was. */
let one: { readonly session: SampleSession; readonly interval: number }

if (skip === false) {
  before(async () => {
    market = await startTradeMarket(10)
    await market.settled(18)
    sessions = await Promise.all(homes.map((name) => sessionOf(market.url, name)))
    for (const session of sessions) {
      const delivery = (await seriesOf(session)).deliveries.findLast(
        ({ energyWh }) => energyWh > 0,
      )
      if (delivery !== undefined) one = { session, interval: delivery.interval }
    }
    ok(one, 'somebody has delivered something')
  })
  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

async function read<Answer>(session: SampleSession, path: string): Promise<Answer> {
  const { name, value } = session.cookie
  const headers = { cookie: `${name}=${value}` }
  const response = await fetch(`${market.url}${path}`, { headers })
  ok(response.ok, `${path}: ${response.status}`)
  return (await response.json()) as Answer
}

/** Those that the market has settled by now. */
async function seriesOf(session: SampleSession): Promise<AccountSeries> {
  const answer = await fetch(`${market.url}/v1/series?points=200`)
  const { interval } = (await answer.json()) as { readonly interval: readonly number[] }
  const [from = 0] = interval
  const query = `from=${from}&intervals=${(interval.at(-1) ?? from) - from + 1}`
  return read(session, `/v1/accounts/${session.account}/series?${query}`)
}

const never = (): never => {
  throw new RangeError('there is one')
}

/** Somebody of the market with a key of its own, and what others name it by in a contract. */
async function partyOf(name: string) {
  const { account } = await sessionOf(market.url, name)
  const { privateKey } = seededKey(1, name, 'secp256k1')
  const client = new BusbarClient({ baseUrl: market.url })
  const sign = withPrivateKey(privateKey)
  const own = client.as(credentialOf(new Signer({ domain: await client.domain(), account, sign })))
  const { meters: [first], retailer } = await own.account(account)
  const card = { account, name, meter: first?.meter ?? -1, retailer: retailer ?? -1 }
  return { own, card, key: `0x${Buffer.from(privateKey).toString('hex')}` }
}

describe('contracts', { skip }, () => {

  const whyPath = (): string => `/why/${one.session.account}/${one.interval}`
  const verdict = (page: Page) => page.locator('[data-verdict]')

  test('an interval comes to one figure, for every home and interval', async () => {
    let [compared, elsewhere] = [0, 0]
    for (const session of sessions) {
      const { interval, worthMicros, bookedMicros } = await seriesOf(session)
      for (const [index, number] of interval.entries()) {
        // A run in between would move both.
        if (worthMicros[index] === null) continue
        const path = `/v1/accounts/${session.account}/intervals/${number}`
        const why = await read<AccountInterval>(session, path)
        if (why.netMicros !== bookedMicros[index]) continue
        equal(worthMicros[index], why.worthMicros, `${session.name} in ${number}`)
        compared += 1
        if (why.worthMicros !== why.netMicros) elsewhere += 1
      }
    }
    ok(compared > 40 && elsewhere > 0, `${compared} compared, ${elsewhere} not by the ledger alone`)
  })

  test('the page of the day and its explanation say the same', async () => {
    const { page, context, complaints } = await openAs(browser, one.session)
    await page.goto(`${market.url}/home`)
    await page.getByRole('button', { name: 'Show as a table' }).click()
    const row = page.locator(`.table-frame.tall tbody tr:has(a[href$='/${one.interval}'])`)
    const shown = await row.locator('td, th').allInnerTexts()
    await row.getByRole('link').click()
    await drawn(page)
    const headline = await page.locator('main h1').innerText()
    const figure = /[\d.,]+/.exec(headline)?.[0] ?? headline
    ok(shown.some((text) => text.includes(figure)), `${headline}: ${shown.join(' | ')}`)
    match(await page.locator('[data-places]').innerText(), /retailer’s bill/i)
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    deepEqual(complaints, [])
    await context.close()
  })

  test('a contract is told by its terms, and checked with its money', async () => {
    const { page, context, complaints } = await openAs(browser, one.session, { size: 'desktop' })
    await page.goto(`${market.url}${whyPath()}`)
    await verdict(page).waitFor()
    notEqual(await verdict(page).getAttribute('data-verdict'), 'fails')
    const main = page.locator('main')
    const words = await main.innerText()
    match(words, /Trade \d+: you (?:sell to|buy from) home-\d/)
    match(words, /Paid (?:by|from)/)
    ok(!words.includes(String(bilateralZone)), 'nobody reads the number of no zone')
    for (const text of [
      /The seller has signed the terms of trade/, /The buyer has signed the terms of trade/,
      /settled again here by its own terms/, /in a set whose root a gate put on the chain/,
      /agrees with meter \d+ and all that it owes/,
    ]) await main.locator('.checks .holds').filter({ hasText: text }).first().waitFor()
    equal(await page.locator('.checks .fails').count(), 0)
    await main.getByRole('link', { name: 'What everybody is told of this interval' }).last().click()
    await page.getByRole('heading', { name: 'Its life' }).waitFor()
    await page.getByText('Nothing is auctioned').or(page.getByText('No contract owed')).waitFor()
    const life = await main.innerText()
    ok(!life.includes(String(bilateralZone)) && !life.includes('One price for all'))
    deepEqual(complaints, [])
    await context.close()
  })

  const changes: readonly (readonly [what: string, url: RegExp, before: RegExp])[] = [
    ['a term', /accounts\/\d+\/intervals/, /"terms":\{"id":"0x[0-9a-f]{9}/],
    ['a price', /accounts\/\d+\/intervals/, /"terms":\{[^]*?"priceMicrosPerKwh":/],
    ['a signature', /accounts\/\d+\/intervals/, /"sellerSignature":"0x[0-9a-f]{20}/],
    ['a delivered amount', /accounts\/\d+\/intervals/, /"deliveredWh":/],
    ['what is billed', /accounts\/\d+\/intervals/, /"billed":\[\{[^]*?"amountMicros":-?/],
    ['a place on the chain', /trades\/\d+\/proofs/, /"data":"0x[0-9a-f]{40}/],
    ['what was traded', /v1\/meters\/\d+\/traded-energy/, /"proofs":\["0x[0-9a-f]{30}/],
  ]
  for (const [what, url, before] of changes) {
    test(`turns red when one byte is changed: ${what}`, async () => {
      const { page, context } = await openAs(browser, one.session)
      await page.route((address) => url.test(address.pathname), changing(before))
      await page.goto(`${market.url}${whyPath()}`)
      await page.locator('.checks .fails').first().waitFor()
      await page.locator('[data-verdict=fails]').waitFor()
      await context.close()
    })
  }

  test('the list of intervals says how long each of them is', async () => {
    const { page, context } = await openAs(browser, undefined)
    await page.goto(`${market.url}/intervals`)
    await page.getByText(/^Every 15 min, from the orders to the final money\./).waitFor()
    await context.close()
  })

  test('the operator finds the runs of contracts, by their name', async () => {
    const operator = await sessionOf(market.url, 'operator')
    const { page, context } = await openAs(browser, operator, { size: 'desktop' })
    await page.goto(`${market.url}/operator/runs`)
    await page.getByLabel('Zone').selectOption({ label: 'Contracts between named parties' })
    await page.locator('tbody tr').first().waitFor()
    const href = await page.locator('tbody a').first().getAttribute('href')
    match(href ?? '', new RegExp(`/${bilateralZone}/`))
    await page.goto(`${market.url}/operator`)
    await drawn(page)
    ok(!(await page.locator('main').innerText()).includes(String(bilateralZone)))
    await context.close()
  })

  test('two operators suspend somebody together, and break what can be broken', async () => {
    const client = new BusbarClient({ baseUrl: market.url })
    const look = { size: 'desktop' } as const
    const first = await openSignedIn(browser, market.url, 'operator', look, '/operator')
    const second = await openSignedIn(browser, market.url, 'deputy', {}, '/operator')
    for (const [button, status] of [
      ['Suspend', 'suspended'], ['Let in again', 'active'],
    ] as const) {
      const before = await standingOf(client, 'home-13')
      await proposeStanding(first, market.url, 'home-13', button)
      equal(await standingOf(client, 'home-13'), before)
      const waiting = second.page.locator('.proposals > li').first()
      await waiting.getByText('bills are not paid').waitFor()
      await waiting.getByRole('button', { name: 'Approve' }).click()
      await until(async () => (await standingOf(client, 'home-13')) === status)
      await second.page.getByText('Nothing waits for a second person.').waitFor()
    }
    const { page } = second
    // Nothing is proven here: there is no prover to be without.
    equal(await page.getByLabel('The prover gets no work').count(), 0)
    for (const [label, one] of [
      ['A gateway is silent', 'gateway_silent'], ['Readings come late', 'readings_late'],
      ['The chain is slow', 'chain_slow'],
    ] as const) {
      await page.getByLabel(label).check()
      await until(async () => (await brokenIn(market.url)).includes(one))
      await page.getByLabel(label).uncheck()
      await until(async () => (await brokenIn(market.url)).length === 0)
    }
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    deepEqual([...first.complaints, ...second.complaints], [])
    await Promise.all([first.context.close(), second.context.close()])
  })

  test('a home sees what its devices tell, and the agent that trades for it', async () => {
    const { page, context } = await openAs(browser, sessions[0])
    await page.goto(`${market.url}/trading`)
    await page.locator('[data-mandate]').getByText('energy-manager').waitFor()
    const { interval, devices } = await read<DeviceSeries>(
      sessions[0] ?? one.session,
      `/v1/accounts/${sessions[0]?.account}/devices?from=${one.interval - 8}&intervals=9`,
    )
    ok(interval.length > 0 && devices.some(({ kind }) => kind === 'solar'))
    await context.close()
  })
})

describe('for developers of a market of contracts', { skip }, () => {
  test('the first trade that is shown is one, by contract and in the auction', async () => {
    const { page, context } = await openAs(browser, undefined)
    await page.goto(`${market.url}/developer`)
    for (const [button, name] of [
      ['By contract', 'contract'], ['In the auction', 'open'],
    ] as const) {
      await page.getByRole('button', { name: button }).click()
      const path = new URL(`../src/developer/first-trade/${name}.ts`, import.meta.url)
      const code = (await readFile(path, 'utf8')).trimEnd()
      equal(await page.locator('.code').first().innerText(), code)
      ok(code.split('\n').filter((line) => line.startsWith('  ')).length <= 10, name)
    }
    await context.close()
    const [seller, buyer] = await Promise.all(['home-5', 'home-12'].map(partyOf))
    ok(seller !== undefined && buyer !== undefined)
    const proposed = await propose(market.url, seller.key, seller.card, buyer.card)
    await agree(market.url, buyer.key, buyer.card.account, proposed.trade)
    equal((await buyer.own.trades.get(proposed.trade)).status, 'agreed')
    const { account, meter } = seller.card
    match((await firstTrade(market.url, seller.key, account, meter)).digest, /^0x[0-9a-f]{64}$/)
  })

  test('an order is signed by a passkey and sent, and refused when it is changed', async () => {
    const { page, context, complaints } = await openSignedIn(
      browser, market.url, 'home-17', { scheme: 'dark' }, '/developer',
    )
    await page.locator('#submitOrders summary').click()
    const form = page.locator('#submitOrders .try')
    await form.getByText('This is no rehearsal.').waitFor()
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)
    const body = form.getByLabel('What is sent')
    await page.waitForFunction(() =>
      /"account": [1-9][^]*"meter": [1-9]/.test(document.querySelector('textarea')?.value ?? ''))
    const written = JSON.parse(await body.inputValue()) as {
      readonly orders: readonly { readonly interval: number }[]
    }
    const [first = never()] = written.orders
    const order = { ...first, limitMicrosPerKwh: 100_000, energyWh: 50 }
    await body.fill(JSON.stringify({ orders: [order] }))
    await form.getByRole('button', { name: 'Sign with your passkey' }).click()
    await form.getByText('Nothing has been sent.').waitFor()
    const send = form.getByRole('button', { name: 'Send it for real' })
    const shown = form.getByRole('region', { name: 'What comes back' })
    const signed = await body.inputValue()
    await body.fill(signed.replace('"energyWh": 50', '"energyWh": 51'))
    await send.click()
    await shown.getByText(/"signature_invalid"/).waitFor()
    await body.fill(signed)
    await send.click()
    await shown.getByText(/"accepted"/).waitFor()
    await form.getByText('200', { exact: true }).waitFor()
    const { results: [result] } = JSON.parse(await shown.innerText()) as {
      readonly results: readonly { readonly digest: string }[]
    }
    const { own } = await partyOf('home-17')
    const at = { zone: 0, interval: order.interval, digest: result?.digest ?? '' }
    const { signature } = await own.signatures.order(at)
    ok(signed.includes(signature), 'what stands is what the passkey signed')
    // The one that was changed is answered so.
    deepEqual(complaints.filter((text) => !/403/.test(text)), [])
    await context.close()
  })

  test('what a cookie is not enough for carries a credential of the passkey', async () => {
    const { page, context } = await openSignedIn(browser, market.url, 'home-10', {}, '/developer')
    await page.locator('#openSession summary').click()
    const opening = page.locator('#openSession .try')
    await opening.getByRole('button', { name: 'Send it for real' }).click()
    await opening.getByText('200', { exact: true }).waitFor()
    await page.locator('#closeSession summary').click()
    const closing = page.locator('#closeSession .try')
    await closing.getByRole('button', { name: 'Send it for real' }).click()
    await closing.getByText('200', { exact: true }).waitFor()
    // It was no rehearsal: nobody is signed in any more.
    await page.locator('.person').waitFor({ state: 'detached' })
    await context.close()
  })

  test('what no browser signs says what does', async () => {
    const { page, context } = await openAs(browser, undefined)
    await page.goto(`${market.url}/developer`)
    await page.locator('#submitReadings summary').click()
    const form = page.locator('#submitReadings .try')
    await form.getByText(/busbar retailer send-readings/).waitFor()
    equal(await form.getByRole('button', { name: 'Sign with your passkey' }).count(), 0)
    await context.close()
  })
})

describe('an interval of contracts, worked out again by an auditor', { skip }, () => {
  /** How it ends, and what is said of steps that fail. */
  const replayed = async (url?: RegExp, before = /$/) => {
    const auditor = await sessionOf(market.url, 'auditor')
    const { page, context } = await openAs(browser, auditor, { size: 'desktop' })
    if (url !== undefined) {
      await page.route((address) => url.test(address.pathname), changing(before))
    }
    await page.goto(`${market.url}/audit`)
    const card = page.locator('section').filter({
      has: page.getByRole('heading', { name: 'Work an interval out again' }),
    })
    const zone = { label: 'Contracts between named parties' }
    await card.getByLabel('Zone').selectOption(zone)
    await card.getByRole('button', { name: 'Work it out again' }).waitFor()
    // Of a few hours ago: the zones have settled it as well.
    await card.getByLabel('Interval').selectOption({ index: 4 })
    await card.getByRole('button', { name: 'Work it out again' }).click()
    const verdict = card.locator('[data-replay]')
    const said = await verdict.getAttribute('data-replay', { timeout: 60_000 })
    const wrong = await card.locator('.checks .fails').allInnerTexts()
    const held = await card.locator('.checks .holds').count()
    await context.close()
    return { said, wrong, held }
  }

  test('is exactly as it has to be, from terms to money', async () => {
    deepEqual(await replayed(), { said: 'holds', wrong: [], held: 11 })
  })

  const contractReplay = new RegExp(`intervals/${bilateralZone}/\\d+/replay$`)
  const zoneReplay = /intervals\/0\/\d+\/replay$/
  const changes: readonly (readonly [string, RegExp, RegExp, RegExp])[] = [
    ['a term', contractReplay, /"priceMicrosPerKwh":/, /terms/],
    ['what is owed', contractReplay, /"contractedWh":/, /follows from their terms/],
    ['a reading', zoneReplay, /"exportedWh":/, /readings/],
    ['what a meter traded', contractReplay, /"soldWh":/, /by the rule/],
    ['a line of money', contractReplay, /"amountMicros":-?/, /lines/],
  ]
  for (const [what, url, before, says] of changes) {
    test(`turns red when one byte is changed: ${what}`, async () => {
      const { said, wrong } = await replayed(url, before)
      equal(said, 'fails')
      ok(wrong.some((text) => says.test(text)), wrong.join('; '))
    })
  }
})
