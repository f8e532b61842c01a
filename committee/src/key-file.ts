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
import { type PassphraseOrigin, TextSealer } from './sealed-text.ts'

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

const locked = (why: string, cause?: unknown): Fault =>
  new Fault('COMMITTEE_SHARE_LOCKED', { why }, { cause })

/** A member's secrets on disk: never in the clear, replaced whole or not at all. */
export class KeyFile {
  readonly #path: string
  readonly #sealer: TextSealer
  #secrets: MemberSecrets

  private constructor(path: string, sealer: TextSealer, secrets: MemberSecrets) {
    this.#path = path
    this.#sealer = sealer
    this.#secrets = secrets
  }

  /** @throws Fault COMMITTEE_CONFIG_INVALID where there is one already: it would be lost */
  static create(
    dataDir: string,
    passphrase: string,
    identity: MemberIdentity,
    origin: PassphraseOrigin = 'chosen',
  ): KeyFile {
    const path = join(dataDir, keyFileName)
    if (existsSync(path)) {
      throw new Fault('COMMITTEE_CONFIG_INVALID', { field: 'dataDir', why: 'it has keys already' })
    }
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const file = new KeyFile(path, TextSealer.create(passphrase, origin), { identity, shares: [] })
    file.save(file.secrets)
    return file
  }

  /** @throws Fault COMMITTEE_SHARE_LOCKED for a wrong passphrase, a changed or missing file */
  static open(dataDir: string, passphrase: string): KeyFile {
    const path = join(dataDir, keyFileName)
    let stored: unknown
    try {
      stored = JSON.parse(readFileSync(path, 'utf8'))
    } catch (cause) {
      throw locked('there is no file of keys', cause)
    }
    const opened = TextSealer.open(stored, passphrase)
    if ('text' in opened) {
      return new KeyFile(path, opened.sealer, JSON.parse(opened.text) as MemberSecrets)
    }
    throw opened.why === 'malformed'
      ? locked('the file of keys is not in its form')
      : locked('the passphrase is another, or the file was changed', opened.cause)
  }

  get secrets(): MemberSecrets {
    return this.#secrets
  }

  /** Durable when it returns. */
  save(secrets: MemberSecrets): void {
    const stored = this.#sealer.seal(canonicalJson(secrets))
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
