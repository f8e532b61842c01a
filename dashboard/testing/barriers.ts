/** What keeps somebody from using a page, as far as a machine can tell. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

let axe: Promise<string> | undefined

/** What axe finds that is serious, and where. */
export async function barriersOn(page: Page): Promise<readonly string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // The policy lets no script in; a test comes by the browser's own way.
  await page.evaluate(await axe)
  const found = await page.evaluate(async () => {
    const run = Reflect.get(window, 'axe').run as (options: object) => Promise<{
      readonly violations: readonly {
        readonly id: string
        readonly impact: string
        readonly nodes: readonly { readonly target: readonly string[] }[]
      }[]
    }>
    return (await run({ resultTypes: ['violations'] })).violations.map(({ id, impact, nodes }) => ({
      id, impact, where: nodes.map(({ target }) => target.join(' ')).join(', '),
    }))
  })
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, where }) => `${id}: ${where}`)
}

/** By how much a page is wider than the screen, in pixels. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** On how many lines the ways at the head of a page stand. */
export const linesOfBar = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const [bar] = document.getElementsByClassName('bar-inner')
    const least = bar === undefined ? 0 : Number.parseFloat(getComputedStyle(bar).minHeight)
    return Math.ceil((bar?.clientHeight ?? 0) / Math.max(1, least))
  })

/** The tables that somebody with a finger would have to move to read them. */
export const movedSideways = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.getElementsByClassName('table-frame')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map((frame) => frame.getAttribute('aria-label') ?? ''))

/** Until a page shows what it asked for. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await page.locator('.bone').first().waitFor({ state: 'detached' })
}
