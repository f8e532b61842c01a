import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'

const fileName = 'vault.key'

/**
 * The keys of a market's vault, the one that seals first: those that were given, then the one in
 * the data directory. Where there is neither, one is made there once, for its owner's eyes only.
 *
 * @param given keys as 64 hex with or without `0x`, separated by commas, the newest first
 * @param make false where only what was sealed before is to be opened
 *
 * Faults: VAULT_KEY_INVALID.
 */
export async function vaultKeys(
  dataDir: string,
  given: string | undefined,
  make = true,
): Promise<readonly Uint8Array[]> {
  const keys = (given ?? '')
    .split(',')
    .filter((text) => text.trim() !== '')
    .map((text) => parseKey(text, 'BUSBAR_VAULT_KEY'))
  const path = join(dataDir, fileName)
  const kept = await readIfThere(path)
  if (kept !== undefined) keys.push(parseKey(kept, fileName))
  if (keys.length > 0 || !make) return keys
  const key = randomBytes(32)
  await writeOnce(path, `0x${key.toString('hex')}\n`)
  return [key]
}

/** The reason is not passed on: it may name the key. */
function parseKey(text: string, source: string): Uint8Array {
  const match = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim())
  if (match?.[1] === undefined) throw new Fault('VAULT_KEY_INVALID', { source })
  return Buffer.from(match[1], 'hex')
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** On disk before anything is sealed with it: a key that is lost takes what it sealed with it. */
async function writeOnce(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  const directory = await open(join(path, '..'), constants.O_RDONLY)
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
