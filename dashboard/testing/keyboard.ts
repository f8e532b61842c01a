/** Somebody who goes through a page by keyboard alone. */
import { equal } from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** More than a page has, so that a trap ends. */
const stepsMax = 200

/** Goes on by keyboard until there, and is shown at every step where it is. */
export async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let step = 0; step < stepsMax; step += 1) {
    await page.keyboard.press(key)
    const unseen = await page.evaluate(() => {
      const { activeElement, body } = document
      // Behind the last one the browser's own bar has the keyboard, and then the first one again;
      // a page that has just been opened has it as a whole.
      if (activeElement === null || activeElement === body) return ''
      if (activeElement.id === 'content') return ''
      const { outlineStyle, boxShadow } = getComputedStyle(activeElement)
      const isShown = outlineStyle !== 'none' || boxShadow !== 'none'
      return isShown ? '' : activeElement.outerHTML.slice(0, 200)
    })
    equal(unseen, '', `step ${step}: nobody sees what has the keyboard`)
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
