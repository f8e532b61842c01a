/**
 * Goal: people sign in with a passkey and read what is theirs, sign with it, give and take the word
 * of devices and of programs, and leave nothing behind; nobody else gets in by a cookie, a link or
 * an address.
 * Method: the product as `npm start` brings it up, Chromium with a virtual authenticator.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BusbarClient, joinCodeText, newJoinCode, withApiKey } from '@busbar/client'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { barriersOn, overflowOf } from '../testing/barriers.ts'
import { browserOrWhy, type Look } from '../testing/browser.ts'
import { type Opened, openAs } from '../testing/opened.ts'
import { deskOf } from '../testing/desk.ts'
import { type SampleMarket, startSampleMarket } from '../testing/sample-market.ts'
import {
  byName,
  givePasskey,
  type Phone,
  phoneFor,
  signInWithPhone,
} from '../testing/virtual-passkey.ts'

const found = await browserOrWhy()
const skip = typeof found === 'string' ? found : false
/** Of a browser that was found: without one no test is run. */
const browser = found as Browser

let market: SampleMarket

if (skip === false) {
  before(async () => {
    market = await startSampleMarket('01:00', 60)
    await market.settled(6)
  })

  after(async () => {
    await browser.close()
    await market?.stop()
  })
}

/** Somebody before a page of their own. */
const newcomer = (look: Partial<Look> = {}): Promise<Opened> => openAs(browser, undefined, look)

async function person(name: string, look: Partial<Look> = {}): Promise<Opened> {
  const opened = await newcomer(look)
  await givePasskey(await phoneFor(opened.page), market.url, name)
  return opened
}

const touched = ({ devtools, authenticatorId }: Phone, enabled: boolean): Promise<unknown> =>
  devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })

async function credentialsOf({ devtools, authenticatorId }: Phone): Promise<number> {
  const found = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
  return found.credentials.length
}

const sessionCookie = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === 'busbar')

describe('signing in', { skip }, () => {
  test('with a passkey that is new here, and back to where one came from', async () => {
    const { page, context, complaints } = await person('home-1')
    await page.goto(`${byName(market.url)}/why`)
    await page.locator('main').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.locator('tbody a').first().waitFor()
    match(page.url(), /\/why$/)
    equal(await page.locator('.person').innerText(), 'home-1')
    const cookie = await sessionCookie(context)
    deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, 'Strict'])
    const seen = await page.evaluate(() =>
      JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]))
    ok(!seen.includes(cookie?.value ?? 'none'), 'no script can read the credential')
    deepEqual(complaints, [])
    await context.close()
  })

  test('stays when the page is loaded again, and ends when somebody signs out', async () => {
    const { page, context } = await person('home-2', { size: 'desktop', scheme: 'dark' })
    await signInWithPhone(page, market.url)
    await page.reload()
    await page.locator('.person').click()
    await page.getByRole('heading', { name: /^home-2, account \d+$/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
    equal(await sessionCookie(context), undefined)
    // The device is known now: it is asked once.
    await page.locator('main').getByRole('link', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'Sign in as home-2' }).click()
    await page.getByRole('heading', { name: /^home-2, account \d+$/ }).waitFor()
    await context.close()
  })

  test('without a passkey of this market is refused in words', async () => {
    const { page, context } = await newcomer()
    await phoneFor(page)
    await page.goto(`${byName(market.url)}/signin`)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('alert').getByText('You are not signed in.').waitFor()
    equal(await sessionCookie(context), undefined)
    await context.close()
  })

  test('at a bare address leads to the name', async () => {
    const { page, context } = await newcomer()
    await page.goto(`${market.url}/signin`)
    const link = page.getByRole('link', { name: byName(market.url) })
    await link.click()
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
    await context.close()
  })

  test('leads nowhere but to pages of the exchange', async () => {
    for (const to of ['https://elsewhere.example/', '//elsewhere.example', '/nowhere']) {
      const { page, context } = await person('home-1')
      await signInWithPhone(page, market.url, to)
      await page.getByRole('heading', { level: 1, name: 'Today at home' }).waitFor()
      equal(new URL(page.url()).pathname, '/home')
      await context.close()
    }
  })
})

describe('a device that others use', { skip }, () => {
  const inBrowser = (page: Page): Promise<string> =>
    page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('busbar', 1)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('it does not open'))
      })
      const names = [...database.objectStoreNames]
      const orders = names.length === 0 ? [] : await new Promise<unknown[]>((resolve) => {
        const asked = database.transaction('orders').objectStore('orders').getAll()
        asked.onsuccess = () => resolve(asked.result)
      })
      database.close()
      const own = Object.keys(localStorage).filter((key) => key.startsWith('busbar.read.'))
      return JSON.stringify([orders, own, localStorage.getItem('busbar.passkeys')])
    })

  const leave = async (page: Page): Promise<void> => {
    await page.goto(`${byName(market.url)}/account`)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
  }

  test('shows nobody another one\u2019s orders, and forgets who says so', async () => {
    const { page, context, complaints } = await newcomer()
    const phone = await phoneFor(page)
    await givePasskey(phone, market.url, 'home-5')
    await signInWithPhone(page, market.url, '/trading')
    await page.getByLabel('For the interval').selectOption({ index: 3 })
    await page.getByLabel('How much').fill('0.1 kWh')
    await page.getByLabel('Pay at most, for a kilowatt-hour').fill('0.31')
    await page.getByRole('button', { name: 'Sign and place' }).click()
    await page.getByText('Your order is placed.').waitFor()
    equal(await page.locator('.order').count(), 1)
    await leave(page)
    // The next one at the same browser, with a passkey of their own.
    await phone.devtools.send('WebAuthn.clearCredentials', {
      authenticatorId: phone.authenticatorId,
    })
    await givePasskey(phone, market.url, 'home-6')
    await signInWithPhone(page, market.url, '/trading')
    await page.getByText('No order was placed from this device').waitFor()
    equal(await page.locator('.order').count(), 0)
    ok(/home-5/.test(await inBrowser(page)), 'it is kept for its owner')
    await page.goto(`${byName(market.url)}/account`)
    await page.getByRole('button', { name: 'Forget this device' }).click()
    await page.getByText('Nothing of orders: none were placed here.').waitFor()
    equal(await page.getByRole('alert').count(), 0, 'nothing of this account is lost')
    await page.getByRole('button', { name: 'Yes, forget and sign out' }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
    const left = await inBrowser(page)
    ok(/home-5/.test(left) && !/home-6/.test(left), 'each forgets what is theirs')
    deepEqual(complaints, [])
    await context.close()
  })

  test('says what is lost before it is, and warns only of what is not opened', async () => {
    const { page, context, complaints } = await person('home-5')
    await signInWithPhone(page, market.url, '/trading')
    await page.getByLabel('For the interval').selectOption({ index: 4 })
    await page.getByLabel('How much').fill('0.1 kWh')
    await page.getByLabel('Pay at most, for a kilowatt-hour').fill('0.31')
    await page.getByRole('button', { name: 'Sign and place' }).click()
    await page.getByText('Your order is placed.').waitFor()
    await page.goto(`${byName(market.url)}/account`)
    await page.getByRole('button', { name: 'Forget this device' }).click()
    await page.getByText('What opens the 1 order that you placed here.').waitFor()
    await page.getByRole('alert').getByText('1 of these orders is not opened yet.').waitFor()
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0, 'it is as wide as the screen')
    await page.getByRole('button', { name: 'Keep it' }).click()
    ok(/"orders"|energyWh/.test(await inBrowser(page)), 'nothing was forgotten yet')
    await page.getByRole('button', { name: 'Forget this device' }).click()
    await page.getByRole('button', { name: 'Yes, forget and sign out' }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
    equal(await inBrowser(page), '[[],[],"[]"]')
    equal(await sessionCookie(context), undefined)
    await signInWithPhone(page, market.url, '/trading')
    await page.getByText('No order was placed from this device').waitFor()
    deepEqual(complaints, [])
    await context.close()
  })
})

describe('an invitation', { skip }, () => {
  test('leads into the market with a new passkey, and counts once', async () => {
    const { page, context, complaints } = await newcomer()
    await phoneFor(page)
    const link = await market.invitation('home-1')
    await page.goto(link)
    await page.getByRole('heading', { name: 'Account home-1' }).waitFor()
    match(page.url(), /\/join$/, 'the key has left the address bar')
    await page.getByRole('button', { name: 'Make a passkey on this device' }).click()
    await page.locator('.person').waitFor()
    equal(await page.locator('.person').innerText(), 'home-1')
    await page.goto('about:blank')
    await page.goto(link)
    await page.getByText('This invitation counts no longer.').waitFor()
    deepEqual(complaints.filter((text) => !/404/.test(text)), [])
    await context.close()
  })

  test('that was cut off on its way says so', async () => {
    const { page, context } = await newcomer({ language: 'de' })
    for (const hash of ['', '#', '#10.abc', '#x']) {
      await page.goto('about:blank')
      await page.goto(`${byName(market.url)}/join${hash}`)
      await page.getByText('Dieser Link enthält keine Einladung.').waitFor()
    }
    await context.close()
  })
})

describe('the devices of an account', { skip }, () => {
  test('are added and taken away with a signature', async () => {
    const { page, context, complaints } = await newcomer()
    // A person needs a moment to put the one thing away and take the other.
    await page.addInitScript(() => {
      const { credentials } = navigator
      const get = credentials.get.bind(credentials)
      credentials.get = async (options) => {
        while (Reflect.get(window, 'handsAreFull') === true) {
          await new Promise((done) => setTimeout(done, 50))
        }
        return get(options)
      }
    })
    const phone = await phoneFor(page)
    await givePasskey(phone, market.url, 'home-3')
    await signInWithPhone(page, market.url, '/account')
    const devices = page.locator('.device')
    await devices.first().waitFor()
    equal(await devices.count(), 1)
    // Another thing that holds keys: a phone makes no second passkey of one account. It is touched
    // for the new one, and the phone afterwards, to say that it is the account's.
    const second = await phoneFor(page, 'usb')
    await touched(phone, false)
    await page.getByLabel('What you call the device').fill('in-the-drawer')
    await page.evaluate(() => Reflect.set(window, 'handsAreFull', true))
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    while ((await credentialsOf(second)) === 0) await page.waitForTimeout(100)
    await touched(second, false)
    await touched(phone, true)
    await page.evaluate(() => Reflect.set(window, 'handsAreFull', false))
    await page.getByText('It signs from now on.').waitFor()
    await devices.nth(1).waitFor()
    deepEqual([await credentialsOf(phone), await credentialsOf(second)], [1, 1])
    const row = devices.filter({ hasText: 'in-the-drawer' })
    await row.getByText('asked for by yourself').waitFor()
    await row.getByRole('button', { name: 'Take away' }).click()
    await row.getByRole('button', { name: 'Yes, take it away' }).click()
    await row.waitFor({ state: 'detached' })
    equal(await devices.count(), 1)
    deepEqual(complaints, [])
    await context.close()
  })

  test('end the session of the one that is taken away', async () => {
    const { page, context } = await person('home-4')
    await signInWithPhone(page, market.url, '/account')
    const device = page.locator('.device')
    await device.getByRole('button', { name: 'Take away' }).click()
    await device.getByRole('button', { name: 'Yes, take it away' }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
    await context.close()
  })
})

describe('a device that the desk was told is lost', { skip }, () => {
  test('objects to what waits in its place, and an authority decides', async () => {
    const owner = await person('home-7')
    await signInWithPhone(owner.page, market.url, '/account')
    await owner.page.locator('.device').waitFor()
    // Somebody calls the desk, and is given a link.
    const desk = await deskOf(market.url, 'home-7')
    const code = newJoinCode(desk.customer.account)
    for (const { publicKey } of desk.customer.passkeys) {
      await desk.instruct('revoke_passkey', { publicKey })
    }
    await desk.invite(code.publicKey)
    const caller = await newcomer({ language: 'de' })
    await phoneFor(caller.page)
    await caller.page.goto(`${byName(market.url)}/join#${joinCodeText(code)}`)
    const make = 'Einen Passkey auf diesem Gerät anlegen'
    await caller.page.getByRole('button', { name: make }).click()
    await caller.page.getByText(/Ihr Passkey ist angelegt/).waitFor()
    // The owner comes back, and is shown that and nothing else.
    const { page } = owner
    await page.goto(`${byName(market.url)}/home`)
    const title = 'Your retailer was told that this device is lost'
    await page.getByRole('heading', { name: title }).waitFor()
    await page.getByText(/^Until .* you can say that it is not lost\.$/).waitFor()
    await page.locator('.device').getByText('phone', { exact: true }).waitFor()
    await page.getByText(/has issued an invitation/).waitFor()
    await page.getByText(/was told that the device phone-.* is lost/).waitFor()
    deepEqual([await barriersOn(page), await overflowOf(page)], [[], 0])
    await page.getByRole('button', { name: 'This device is mine: I object' }).click()
    await page.getByRole('button', { name: 'Yes, I object' }).click()
    await page.getByText(/^You objected on /).waitFor()
    equal(await page.locator('.device').count(), 0)
    const { passkeys } = (await deskOf(market.url, 'home-7')).customer
    deepEqual(passkeys, [])
    await rejects(desk.invite(newJoinCode(desk.customer.account).publicKey), {
      code: 'account_disputed',
    })
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('This page shows what only its owner may see.').waitFor()
    await caller.context.close()
    await owner.context.close()
  })
})

describe('a program that reads', { skip }, () => {
  test('is given a key that is shown once, is seen to use it, and is ended', async () => {
    const { page, context, complaints } = await newcomer({ scheme: 'dark' })
    const { account } = await givePasskey(await phoneFor(page), market.url, 'home-6')
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await signInWithPhone(page, market.url, '/account')
    await page.getByText('Nobody reads for you.').waitFor()
    const make = page.getByRole('button', { name: 'Sign and make the key' })
    equal(await make.isDisabled(), true, 'it has to be called something')
    const name = page.getByRole('region', { name: 'Who reads for you' })
      .getByLabel('What you call it')
    await name.fill('energy-app')
    await page.getByLabel('It counts for').selectOption('30')
    await make.click()
    await page.getByText('The key energy-app counts.').waitFor()
    const shown = page.getByLabel('The key', { exact: true })
    const key = await shown.inputValue()
    match(key, /^bb_[0-9a-f]{32}_[0-9a-f]{64}$/)
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Copied', exact: true }).waitFor()
    equal(await page.evaluate(() => navigator.clipboard.readText()), key)
    deepEqual(await barriersOn(page), [])
    equal(await overflowOf(page), 0)

    const program = new BusbarClient({ baseUrl: market.url }).as(withApiKey(key))
    const grant = page.locator('[data-grant]')
    match(await grant.innerText(), /energy-app.*by an API key, reads, never used/s)
    equal((await program.account(account)).name, 'home-6')
    await page.reload()
    await grant.getByText(/last used/).waitFor()
    equal(await shown.count(), 0)
    ok(!(await page.content()).includes(key.slice(40)), 'it is nowhere on the page any more')
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
    ok(!kept.includes(key.slice(40)), 'nor in what the browser keeps')

    await grant.getByRole('button', { name: 'End it' }).click()
    await grant.getByRole('button', { name: 'Yes, end it' }).click()
    await grant.getByText('ended', { exact: true }).waitFor()
    await rejects(program.account(account), { code: 'credential_revoked' })
    deepEqual(complaints, [])
    await context.close()
  })
})
