import { randomBytes, scryptSync } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { canonicalJson } from '@busbar/core/encoding'
import { Fault } from '@busbar/core/errors'
import type { CommitteeKeys, MemberIdentity } from '@busbar/protocols/timelock'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'

/** One share of one key. */
export type HeldShare = {
  /** Digest of the plan it was made by. */
  readonly plan: string
  readonly index: number
  readonly share: string
  readonly committee: CommitteeKeys
  /** Signs only once all members have confirmed the same key. */
  readonly isConfirmed: boolean
}

export type MemberSecrets = {
  readonly identity: MemberIdentity
  readonly shares: readonly HeldShare[]
}

export const keyFileName = 'keys.json'

/** As OWASP recommends for scrypt: 128 MiB and a third of a second for each guess. */
const cost = { N: 2 ** 17, r: 8, p: 1 } as const
const memoryMax = 2 ** 28

const locked = (why: string, cause?: unknown): Fault =>
  new Fault('COMMITTEE_SHARE_LOCKED', { why }, { cause })

/** A member's secrets on disk: never in the clear, replaced whole or not at all. */
export class KeyFile {
  readonly #path: string
  readonly #salt: Uint8Array
  readonly #key: Uint8Array
  #secrets: MemberSecrets

  private constructor(path: string, salt: Uint8Array, key: Uint8Array, secrets: MemberSecrets) {
    this.#path = path
    this.#salt = salt
    this.#key = key
    this.#secrets = secrets
  }

  /** @throws Fault COMMITTEE_CONFIG_INVALID where there is one already: it would be lost */
  static create(dataDir: string, passphrase: string, identity: MemberIdentity): KeyFile {
    const path = join(dataDir, keyFileName)
    if (existsSync(path)) {
      throw new Fault('COMMITTEE_CONFIG_INVALID', { field: 'dataDir', why: 'it has keys already' })
    }
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const salt = randomBytes(32)
    const file = new KeyFile(path, salt, keyOf(passphrase, salt), { identity, shares: [] })
    file.save(file.secrets)
    return file
  }

  /** @throws Fault COMMITTEE_SHARE_LOCKED for a wrong passphrase, a changed or missing file */
  static open(dataDir: string, passphrase: string): KeyFile {
    const path = join(dataDir, keyFileName)
    let stored: { readonly [name: string]: unknown }
    try {
      stored = Object(JSON.parse(readFileSync(path, 'utf8'))) as typeof stored
    } catch (cause) {
      throw locked('there is no file of keys', cause)
    }
    const [salt, nonce, sealed] = ['salt', 'nonce', 'sealed'].map((name) =>
      Buffer.from(typeof stored[name] === 'string' ? stored[name] : '', 'base64'),
    ) as [Buffer, Buffer, Buffer]
    if (stored.version !== 1 || salt.length !== 32 || nonce.length !== 12) {
      throw locked('the file of keys is not in its form')
    }
    const key = keyOf(passphrase, salt)
    let text: string
    try {
      text = Buffer.from(cipherOf(key, nonce, salt).decrypt(sealed)).toString('utf8')
    } catch (cause) {
      throw locked('the passphrase is another, or the file was changed', cause)
    }
    return new KeyFile(path, salt, key, JSON.parse(text) as MemberSecrets)
  }

  get secrets(): MemberSecrets {
    return this.#secrets
  }

  /** Durable when it returns. */
  save(secrets: MemberSecrets): void {
    const nonce = randomBytes(12)
    const text = Buffer.from(canonicalJson(secrets), 'utf8')
    const sealed = Buffer.from(cipherOf(this.#key, nonce, this.#salt).encrypt(text))
    const stored = {
      version: 1,
      salt: Buffer.from(this.#salt).toString('base64'),
      nonce: nonce.toString('base64'),
      sealed: sealed.toString('base64'),
    }
    writeDurably(this.#path, `${JSON.stringify(stored, undefined, 2)}\n`)
    this.#secrets = secrets
  }

  addShare(share: HeldShare): void {
    const others = this.#secrets.shares.filter(({ plan }) => plan !== share.plan)
    this.save({ ...this.#secrets, shares: [...others, share] })
  }

  /** Erases the shares whose verification key is not among those to keep; says how many went. */
  retire(keep: readonly string[]): number {
    const { shares } = this.#secrets
    const kept = shares.filter((held) => keep.includes(verificationKeyIn(held)))
    this.save({ ...this.#secrets, shares: kept })
    return shares.length - kept.length
  }
}

export const verificationKeyIn = ({ committee, index }: HeldShare): string =>
  committee.members.find((member) => member.index === index)?.verificationKey ?? ''

const keyOf = (passphrase: string, salt: Uint8Array): Uint8Array =>
  scryptSync(passphrase.normalize('NFKC'), salt, 32, { ...cost, maxmem: memoryMax })

/** The form and the salt are authenticated, so that no part of the file can be exchanged. */
const cipherOf = (key: Uint8Array, nonce: Uint8Array, salt: Uint8Array) =>
  chacha20poly1305(key, nonce, Uint8Array.of(1, ...salt))

export function writeDurably(path: string, text: string): void {
  const fresh = `${path}.new`
  writeFileSync(fresh, text, { mode: 0o600, flush: true })
  renameSync(fresh, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
