import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { Fault } from '@busbar/core/errors'
import type { Vault } from '../../app/ports/vault.ts'

/** Begins every sealed text, before the key's id. Canonical JSON begins with a brace instead. */
const mark = 'vault1.'

const nonceBytes = 12
const tagBytes = 16

type Key = {
  /** Names the key in what it sealed; says nothing of it. */
  readonly id: string
  readonly encryption: Uint8Array
  readonly nonce: Uint8Array
}

/**
 * Authenticated encryption with a nonce made from the text itself (RFC 8439 below, the
 * construction of RFC 5297 above): deterministic, and without a counter that a crash could turn
 * back. It tells whether two sealed texts of the same place are equal, and nothing else.
 *
 * `vault1.<key id>.<base64url of nonce ‖ ciphertext ‖ tag>`
 *
 * @param secrets 32 bytes each: the first seals, all open
 */
export function createVault(secrets: readonly Uint8Array[]): Vault {
  const keys = secrets.map(keyOf)
  const [sealing] = keys
  if (sealing === undefined) throw new Fault('VAULT_KEY_INVALID', { limit: 'at least one key' })
  return {
    seal: (kind, sequence, text) => seal(sealing, placeOf(kind, sequence), text),
    open(kind, sequence, body) {
      const [id = '', sealed] = body.startsWith(mark) ? body.slice(mark.length).split('.') : []
      const invalid = (): Fault => new Fault('VAULT_TEXT_INVALID', { kind, sequence })
      if (sealed === undefined) throw invalid()
      const key = keys.find((own) => own.id === id)
      if (key === undefined) throw new Fault('VAULT_KEY_MISSING', { kind, sequence, key: id })
      const text = unseal(key, placeOf(kind, sequence), Buffer.from(sealed, 'base64url'))
      // Also another spelling of the same bytes: what is stored has exactly one form.
      if (text === undefined || seal(key, placeOf(kind, sequence), text) !== body) throw invalid()
      return text
    },
  }
}

function keyOf(secret: Uint8Array): Key {
  if (secret.length !== 32) throw new Fault('VAULT_KEY_INVALID', { limit: '32 bytes' })
  const derived = (purpose: string, length: number): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, '', `busbar vault 1 ${purpose}`, length))
  const id = Buffer.from(derived('id', 8)).toString('hex')
  return { id, encryption: derived('encryption', 32), nonce: derived('nonce', 32) }
}

const placeOf = (kind: string, sequence: number): Buffer => Buffer.from(`${sequence}\0${kind}`)

function seal(key: Key, place: Buffer, text: string): string {
  const plain = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(place.length))
  const mac = createHmac('sha256', key.nonce).update(length).update(place).update(plain)
  const nonce = mac.digest().subarray(0, nonceBytes)
  const cipher = createCipheriv('chacha20-poly1305', key.encryption, nonce, {
    authTagLength: tagBytes,
  })
  cipher.setAAD(place, { plaintextLength: plain.length })
  const sealed = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]
  return `${mark}${key.id}.${Buffer.concat(sealed).toString('base64url')}`
}

function unseal(key: Key, place: Buffer, sealed: Buffer): string | undefined {
  const end = sealed.length - tagBytes
  if (end < nonceBytes) return undefined
  const nonce = sealed.subarray(0, nonceBytes)
  const cipher = createDecipheriv('chacha20-poly1305', key.encryption, nonce, {
    authTagLength: tagBytes,
  })
  cipher.setAAD(place, { plaintextLength: end - nonceBytes })
  cipher.setAuthTag(sealed.subarray(end))
  const plain = cipher.update(sealed.subarray(nonceBytes, end))
  try {
    cipher.final()
  } catch {
    return undefined
  }
  return plain.toString('utf8')
}
