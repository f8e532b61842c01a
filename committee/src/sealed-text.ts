import { hkdfSync, randomBytes, scryptSync } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'

/** A text under a passphrase, as it lies on disk: base64. */
export type SealedText = {
  readonly version: 1 | 2
  readonly salt: string
  readonly nonce: string
  readonly sealed: string
}

/** As OWASP recommends for scrypt: 128 MiB and a third of a second for each guess. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const
const memoryMax = 2 ** 28

/**
 * A passphrase that a person chose can be guessed: each guess is made expensive. One that was drawn
 * by chance, of 128 bits or more, cannot, however cheap a guess is.
 */
export type PassphraseOrigin = 'chosen' | 'drawn'

const versionOf = { chosen: 1, drawn: 2 } as const
type Version = SealedText['version']

function keyOf(version: Version, passphrase: string, salt: Uint8Array): Uint8Array {
  const secret = passphrase.normalize('NFKC')
  if (version === 1) return scryptSync(secret, salt, 32, { ...cost, maxmem: memoryMax })
  return new Uint8Array(hkdfSync('sha256', secret, salt, 'Busbar sealed text 2', 32))
}

/** The form and the salt are authenticated, so that no part of the file can be exchanged. */
const cipherOf = (version: Version, key: Uint8Array, nonce: Uint8Array, salt: Uint8Array) =>
  chacha20poly1305(key, nonce, Uint8Array.of(version, ...salt))

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Seals texts under one passphrase: the key that follows from it is worked out once. */
export class TextSealer {
  readonly #version: Version
  readonly #salt: Uint8Array
  readonly #key: Uint8Array

  private constructor(version: Version, salt: Uint8Array, key: Uint8Array) {
    this.#version = version
    this.#salt = salt
    this.#key = key
  }

  static create(passphrase: string, origin: PassphraseOrigin = 'chosen'): TextSealer {
    const salt = randomBytes(32)
    const version = versionOf[origin]
    return new TextSealer(version, salt, keyOf(version, passphrase, salt))
  }

  seal(text: string): SealedText {
    const nonce = randomBytes(12)
    const cipher = cipherOf(this.#version, this.#key, nonce, this.#salt)
    const sealed = cipher.encrypt(Buffer.from(text, 'utf8'))
    return {
      version: this.#version,
      salt: base64(this.#salt),
      nonce: base64(nonce),
      sealed: base64(sealed),
    }
  }

  /**
   * The text, and what seals another in its place. `why` is one of two words where there is none:
   * the file is not in its form, or the passphrase is another.
   */
  static open(
    stored: unknown,
    passphrase: string,
  ):
    | { readonly text: string; readonly sealer: TextSealer }
    | { readonly why: 'malformed' | 'locked'; readonly cause?: unknown } {
    const fields = Object(stored) as Readonly<Record<string, unknown>>
    const [salt, nonce, sealed] = ['salt', 'nonce', 'sealed'].map((name) =>
      Buffer.from(typeof fields[name] === 'string' ? fields[name] : '', 'base64'),
    ) as [Buffer, Buffer, Buffer]
    const { version } = fields
    if ((version !== 1 && version !== 2) || salt.length !== 32 || nonce.length !== 12) {
      return { why: 'malformed' }
    }
    const key = keyOf(version, passphrase, salt)
    try {
      const opened = cipherOf(version, key, nonce, salt).decrypt(sealed)
      const sealer = new TextSealer(version, salt, key)
      return { text: Buffer.from(opened).toString('utf8'), sealer }
    } catch (cause) {
      return { why: 'locked', cause }
    }
  }
}
