/** A real browser for tests and pictures, where this machine can run one. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

export type { Browser, Page } from 'playwright-core'

/** The two sizes that every page is looked at in. */
export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1_280, height: 900 },
} as const

export type Size = keyof typeof sizes

/** A browser, or in one line why this machine has none. */
export async function browserOrWhy(): Promise<Browser | string> {
  try {
    return await startBrowser()
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n')
    return `no browser starts here (BUSBAR_CHROMIUM may name one): ${reason}`
  }
}

/** Chromium as a package brings it for Linux, or the one that BUSBAR_CHROMIUM names. */
async function startBrowser(): Promise<Browser> {
  const given = process.env.BUSBAR_CHROMIUM
  const executablePath = given ?? (await packed())
  // As root in a container there is no sandbox, and no graphics card. The package's own arguments
  // would switch off some of what is tested here: they are made for a smaller place.
  const args = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none']
  return chromium.launch({ executablePath, args, headless: true })
}

const unpackedIn = fileURLToPath(
  new URL('../../node_modules/.cache/busbar-chromium', import.meta.url),
)

/** Unpacked once for all suites: the package takes for whole what another one still unpacks. */
async function packed(): Promise<string> {
  const { platform, arch } = process
  if (platform !== 'linux' || arch !== 'x64') throw new Error(`none for ${platform}-${arch}`)
  const program = join(unpackedIn, 'chromium')
  if (!existsSync(program)) await unpack()
  return program
}

async function unpack(): Promise<void> {
  const draft = `${unpackedIn}.${process.pid}`
  const { TMPDIR: before } = process.env
  mkdirSync(draft, { recursive: true })
  try {
    // Where the package unpacks to.
    process.env.TMPDIR = draft
    const { default: packed } = await import('@sparticuz/chromium')
    await packed.executablePath()
    if (!existsSync(unpackedIn)) renameSync(draft, unpackedIn)
  } catch (error) {
    if (!existsSync(unpackedIn)) throw error
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
    rmSync(draft, { recursive: true, force: true })
  }
}

export type Look = {
  readonly size: Size
  readonly scheme: 'light' | 'dark'
  readonly language?: string
  /** Where its reader is; where this machine is, if it is not said. */
  readonly timeZone?: string
  /** Pixels of a picture for each of the page; as many as such a screen has where none is said. */
  readonly scale?: number
}

export async function contextOf(browser: Browser, look: Look): Promise<BrowserContext> {
  return browser.newContext({
    viewport: sizes[look.size],
    deviceScaleFactor: look.scale ?? (look.size === 'phone' ? 2 : 1),
    colorScheme: look.scheme,
    locale: look.language ?? 'en',
    reducedMotion: 'reduce',
    ...(look.timeZone === undefined ? {} : { timezoneId: look.timeZone }),
  })
}

/** What a page said that it should not have: errors, and what the policy stopped. */
export function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    complaints.push(`${message.text()} ${message.location().url}`.trim())
  })
  return complaints
}
