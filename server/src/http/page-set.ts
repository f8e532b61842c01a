import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'

/** One file of the pages, in memory, also as it was compressed ahead of time. */
export type PageFile = {
  readonly path: string
  readonly type: string
  /** Its name changes with its content. */
  readonly immutable: boolean
  readonly bytes: Buffer
  readonly encoded: Readonly<Partial<Record<'br' | 'gzip', Buffer>>>
}

/** What browsers get: one page that draws all the others, and the files that it loads. */
export type PageSet = {
  /** The paths that are pages, with parameters that begin with a colon. */
  readonly pages: readonly string[]
  readonly shell: PageFile
  readonly files: readonly PageFile[]
}

const listed = 'pages.json'
const endings = { br: '.br', gzip: '.gz' } as const
/** A page may begin with a letter or a colon in each part, and with nothing else. */
const pagePattern = /^\/(?:[a-z]+(?:\/:?[a-z]+)*)?$/

/**
 * Reads built pages into memory: a few hundred kilobytes, so that no request touches the disk or
 * names a file.
 *
 * @throws Fault CONFIG_INVALID where the folder holds no complete build
 */
export async function readPageSet(folder: string): Promise<PageSet> {
  try {
    const { shell, pages, files } = JSON.parse(
      await readFile(join(folder, listed), 'utf8'),
    ) as List
    const read = await Promise.all(files.map((file) => readFileOf(folder, file)))
    const first = read.find(({ path }) => path === `/${shell}`)
    if (first === undefined) throw new Error(`${listed} does not list ${shell}`)
    const odd = pages.find((path) => !pagePattern.test(path))
    if (odd !== undefined) throw new Error(`${odd} is no path of a page`)
    return { pages, shell: first, files: read.filter((file) => file !== first) }
  } catch (cause) {
    const limit = 'a folder with built pages'
    throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_DASHBOARD', limit }, { cause })
  }
}

type Listed = {
  readonly path: string
  readonly file: string
  readonly type: string
  readonly immutable: boolean
  readonly encodings: readonly ('br' | 'gzip')[]
}

type List = {
  readonly shell: string
  readonly pages: readonly string[]
  readonly files: readonly Listed[]
}

async function readFileOf(folder: string, listed: Listed): Promise<PageFile> {
  const { path, file, type, immutable, encodings } = listed
  const encoded = await Promise.all(
    encodings.map(async (encoding) => {
      const bytes = await readFile(join(folder, `${file}${endings[encoding]}`))
      return [encoding, bytes] as const
    }),
  )
  const bytes = await readFile(join(folder, file))
  return { path, type, immutable, bytes, encoded: Object.fromEntries(encoded) }
}
