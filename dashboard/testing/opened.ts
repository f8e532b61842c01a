/** Pages as somebody opened them, and answers that are changed on the way to them. */
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { complaintsOf, contextOf, type Look } from './browser.ts'
import type { SampleSession } from './sample-session.ts'
import { givePasskey, phoneFor, signInWithPhone } from './virtual-passkey.ts'

export type Opened = {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of the page, and what its policy stopped. */
  readonly complaints: readonly string[]
}

/** A page of one's own, of nobody in particular without a session; on a phone in light. */
export async function openAs(
  browser: Browser,
  session: SampleSession | undefined,
  look: Partial<Look> = {},
): Promise<Opened> {
  const context = await contextOf(browser, { size: 'phone', scheme: 'light', ...look })
  if (session !== undefined) await context.addCookies([session.cookie])
  const page = await context.newPage()
  return { page, context, complaints: complaintsOf(page) }
}

/** Somebody of a market who has a passkey and has signed in with it, where it leads to. */
export async function openSignedIn(
  browser: Browser,
  url: string,
  name: string,
  look: Partial<Look> = {},
  to = '',
): Promise<Opened> {
  const opened = await openAs(browser, undefined, look)
  await givePasskey(await phoneFor(opened.page), url, name)
  await signInWithPhone(opened.page, url, to)
  return opened
}

/**
 * Refuses what is asked for at such an address until somebody has clicked on the page. A page asks
 * again by itself as time goes on, and would otherwise have its answer before the click.
 */
export async function refuseUntilClick(page: Page, address: string): Promise<void> {
  await page.addInitScript(() => {
    addEventListener('click', () => Reflect.set(window, 'wasClicked', true), true)
  })
  await page.route(address, async (route) => {
    const wasClicked = await page.evaluate(() => Reflect.get(window, 'wasClicked') === true)
    await (wasClicked ? route.continue() : route.fulfill({ status: 400, body: '{}' }))
  })
}

/**
 * Answers with the server's bytes, one of them changed: the one after what is found first.
 *
 * @param by without it a digit that is another one
 */
export const changing = (before: RegExp, by?: string) => async (route: Route): Promise<void> => {
  const response = await route.fetch()
  const text = await response.text()
  const place = before.exec(text)
  const at = (place?.index ?? Number.NaN) + (place?.[0].length ?? Number.NaN)
  const other = by ?? (text[at] === '1' ? '2' : '1')
  await route.fulfill({ response, body: `${text.slice(0, at)}${other}${text.slice(at + 1)}` })
}
