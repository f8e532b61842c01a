/** Somebody who goes through a page by keyboard alone. */
import { ok } from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** More than a page has, so that a trap ends. */
const stepsMax = 200

/** Goes on by keyboard until there, and is shown at every step where it is. */
export async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let step = 0; step < stepsMax; step += 1) {
    await page.keyboard.press(key)
    const shown = await page.evaluate(() => {
      const { outlineStyle, boxShadow } = getComputedStyle(document.activeElement ?? document.body)
      return outlineStyle !== 'none' || boxShadow !== 'none'
    })
    ok(shown, `step ${step}: nobody sees what has the keyboard`)
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error('the keyboard does not lead there')
}

/** Goes there and presses it. */
export async function press(page: Page, target: Locator, key = 'Enter'): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.press(key)
}

/** Goes there and writes into it. */
export async function write(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target)
  await page.keyboard.type(text)
}
