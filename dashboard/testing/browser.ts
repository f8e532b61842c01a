/** A real browser for tests and pictures, where this machine can run one. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** The two sizes that every page is looked at in. */
export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1_280, height: 900 },
} as const

export type Size = keyof typeof sizes

/** Why there is no browser here, or undefined. */
export function browserMissing(): string | undefined {
  if (process.env.BUSBAR_CHROMIUM !== undefined) return undefined
  return process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `no browser for ${process.platform}-${process.arch}: set BUSBAR_CHROMIUM to a Chromium`
}

/** Chromium as a package brings it, or the one that BUSBAR_CHROMIUM names. */
export async function startBrowser(): Promise<Browser> {
  const given = process.env.BUSBAR_CHROMIUM
  if (given !== undefined) return chromium.launch({ executablePath: given })
  const { default: packed } = await import('@sparticuz/chromium')
  const executablePath = await packed.executablePath()
  // As root in a container there is no sandbox, and no graphics card. The package's own arguments
  // would switch off some of what is tested here: they are made for a smaller place.
  const args = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none']
  return chromium.launch({ executablePath, args, headless: true })
}

export type Look = {
  readonly size: Size
  readonly scheme: 'light' | 'dark'
  readonly language?: string
}

export async function contextOf(browser: Browser, look: Look): Promise<BrowserContext> {
  return browser.newContext({
    viewport: sizes[look.size],
    deviceScaleFactor: look.size === 'phone' ? 2 : 1,
    colorScheme: look.scheme,
    locale: look.language ?? 'en',
    reducedMotion: 'reduce',
  })
}

/** What a page said that it should not have: errors, and what the policy stopped. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return complaints
}
