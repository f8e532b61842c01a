import { readFile } from 'node:fs/promises'
import { Fault } from '@busbar/core/errors'
import { isHex } from '@busbar/protocols/hash'
import { UsageError } from '../cli-error.ts'

/** What a passphrase has at least; a shorter one is found by trying. */
const passphraseCharactersMin = 12

/**
 * The private key in a file, as `busbar key` writes it: sealed by the passphrase of the
 * environment, or plain, 32 bytes in hex.
 *
 * @returns `0x` and 64 hex
 * @throws UsageError where there is no key; Fault KEY_FILE_LOCKED for another passphrase
 */
export async function keyIn(file: string): Promise<string> {
  const text = (await readFile(file, 'utf8').catch(() => '')).trim()
  const plain = text.startsWith('{') ? await opened(file, text) : text
  const key = (plain.startsWith('0x') ? plain : `0x${plain}`).toLowerCase()
  if (!isHex(key, 32)) throw new UsageError(`${file} holds no private key: 32 bytes in hex`)
  return key
}

async function opened(file: string, text: string): Promise<string> {
  let stored: unknown
  try {
    stored = JSON.parse(text)
  } catch {
    // Neither hex nor a sealed key: the caller's error names the file.
    return ''
  }
  // The cipher takes a while to load: only who has a sealed key waits for it.
  const { TextSealer } = await import('@busbar/committee')
  const found = TextSealer.open(stored, await passphrase())
  if ('text' in found) return found.text
  if (found.why === 'malformed') return ''
  const why = 'the passphrase is another, or the file was changed'
  throw new Fault('KEY_FILE_LOCKED', { file, why }, { cause: found.cause })
}

/**
 * A key as it is written to a file: sealed where the environment has a passphrase.
 *
 * @throws UsageError for a passphrase that is too short
 */
export async function sealedKey(key: string): Promise<string> {
  const { TextSealer } = await import('@busbar/committee')
  return JSON.stringify(TextSealer.create(await passphrase()).seal(key), undefined, 2)
}

/** @throws UsageError where there is none, or one that is too short */
async function passphrase(): Promise<string> {
  const { BUSBAR_PASSPHRASE: given, BUSBAR_PASSPHRASE_FILE: file } = process.env
  if (given === undefined && file === undefined) {
    throw new UsageError(
      'the key is sealed: BUSBAR_PASSPHRASE has its passphrase, or BUSBAR_PASSPHRASE_FILE ' +
        'names the file that has it',
    )
  }
  const found = given ?? (await firstLine(file ?? ''))
  if (found.length >= passphraseCharactersMin) return found
  throw new UsageError(`a passphrase has ${passphraseCharactersMin} characters or more`)
}

async function firstLine(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).split('\n')[0] ?? ''
  } catch (cause) {
    throw new UsageError(`BUSBAR_PASSPHRASE_FILE: ${file} cannot be read`, { cause })
  }
}

export const hasPassphrase = (): boolean =>
  process.env.BUSBAR_PASSPHRASE !== undefined || process.env.BUSBAR_PASSPHRASE_FILE !== undefined
