import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'

/** Says whose data directory this is. */
const marketFileName = 'market.json'

/**
 * Names the market of a data directory, or checks that it is this one's.
 *
 * Faults: DATA_DIR_FOREIGN if it belongs to another market.
 */
export async function claimDataDir(dataDir: string, market: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const present = await marketOfDataDir(dataDir)
  if (present === market) return
  if (present !== undefined) {
    throw new Fault('DATA_DIR_FOREIGN', { market: present, wanted: market })
  }
  const path = join(dataDir, marketFileName)
  await writeFile(`${path}.new`, `${JSON.stringify({ market })}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** The market of a data directory; undefined where there is none. */
export async function marketOfDataDir(dataDir: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(join(dataDir, marketFileName), 'utf8'))
    const isMarket = typeof value === 'object' && value !== null && 'market' in value
    return isMarket ? String(value.market) : undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
