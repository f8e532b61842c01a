/** What a browser gets and shows of a market: for searching. */
import { browserOrWhy, contextOf } from '@busbar/dashboard/testing/browser'
import { sessionOf } from '@busbar/dashboard/testing/sample-session'

export type Browser = Exclude<Awaited<ReturnType<typeof browserOrWhy>>, string>

/**
 * Everything that the pages at these paths load, draw and keep, by path: for somebody who has
 * signed in, or for nobody in particular.
 */
export async function pagesSeen(
  browser: Browser,
  url: string,
  paths: readonly string[],
  name?: string,
): Promise<ReadonlyMap<string, string>> {
  const context = await contextOf(browser, { size: 'desktop', scheme: 'light' })
  const seen = new Map<string, string>()
  try {
    if (name !== undefined) {
      await context.addCookies([(await sessionOf(url, name)).cookie])
    }
    for (const path of paths) {
      const page = await context.newPage()
      const loaded: Promise<string>[] = []
      page.on('response', (response) => {
        const type = response.headers()['content-type'] ?? ''
        // A stream has no end to wait for; what it says is kept by who listens to it.
        if (!type.startsWith('text/event-stream')) loaded.push(response.text().catch(String))
      })
      await page.goto(`${url}${path}`)
      // Where a page is refused there is no heading, and words that say so.
      await page.locator('main :is(h1, .note, [role=alert])').first().waitFor()
      await page.locator('.bone').first().waitFor({ state: 'detached' })
      await page.waitForTimeout(500)
      const kept = await page.evaluate('JSON.stringify([{...sessionStorage}, {...localStorage}])')
      const texts = [await page.content(), String(kept), ...(await Promise.all(loaded))]
      seen.set(path, texts.join('\n'))
      await page.close()
    }
  } finally {
    await context.close()
  }
  return seen
}
