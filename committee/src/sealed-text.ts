import { randomBytes, scryptSync } from 'node:crypto'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'

/** A text under a passphrase, as it lies on disk: base64. */
export type SealedText = {
  readonly version: 1
  readonly salt: string
  readonly nonce: string
  readonly sealed: string
}

/** As OWASP recommends for scrypt: 128 MiB and a third of a second for each guess. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const
const memoryMax = 2 ** 28

const keyOf = (passphrase: string, salt: Uint8Array): Uint8Array =>
  scryptSync(passphrase.normalize('NFKC'), salt, 32, { ...cost, maxmem: memoryMax })

/** The form and the salt are authenticated, so that no part of the file can be exchanged. */
const cipherOf = (key: Uint8Array, nonce: Uint8Array, salt: Uint8Array) =>
  chacha20poly1305(key, nonce, Uint8Array.of(1, ...salt))

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** Seals texts under one passphrase: the key that follows from it is worked out once. */
export class TextSealer {
  readonly #salt: Uint8Array
  readonly #key: Uint8Array

  private constructor(salt: Uint8Array, key: Uint8Array) {
    this.#salt = salt
    this.#key = key
  }

  static create(passphrase: string): TextSealer {
    const salt = randomBytes(32)
    return new TextSealer(salt, keyOf(passphrase, salt))
  }

  seal(text: string): SealedText {
    const nonce = randomBytes(12)
    const sealed = cipherOf(this.#key, nonce, this.#salt).encrypt(Buffer.from(text, 'utf8'))
    return {
      version: 1,
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
    if (fields.version !== 1 || salt.length !== 32 || nonce.length !== 12) {
      return { why: 'malformed' }
    }
    const key = keyOf(passphrase, salt)
    try {
      const text = Buffer.from(cipherOf(key, nonce, salt).decrypt(sealed)).toString('utf8')
      return { text, sealer: new TextSealer(salt, key) }
    } catch (cause) {
      return { why: 'locked', cause }
    }
  }
}
