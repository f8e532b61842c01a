/**
 * Webhooks are signed by a secret that market and provider share: HMAC-SHA-256 over the moment of
 * sending, a full stop and the body's bytes as they were sent.
 *
 *     Provider-Signature: t=1767225600000,v1=5f8a…
 *
 * There is one `t` and one `v1`, in this order and spelling: with two of either it would be open
 * which one was checked. A secret is changed on the side of the market, which may know two.
 */
import { Fault } from '@busbar/core/errors'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, textToBytes } from '../hash/index.ts'

export const signatureHeader = 'provider-signature'

/** The least length of a secret, in characters. */
export const secretLengthMin = 32

/** How far the moment of sending may be from ours, to both sides. */
export const toleranceMsDefault = 300_000

const headerForm = /^t=(0|[1-9][0-9]{0,15}),v1=([0-9a-f]{64})$/

/** The value of the header for a body that is sent at `sentAt`. */
export function signWebhook(secret: string, sentAt: number, body: Uint8Array): string {
  if (!Number.isSafeInteger(sentAt) || sentAt < 0 || sentAt > 9_999_999_999_999_999) {
    throw new Fault('UNIT_OUT_OF_RANGE', { field: 'sentAt', value: sentAt })
  }
  const mac = macOf(keyOf(secret), String(sentAt), body)
  return `t=${sentAt},v1=${bytesToHex(mac).slice(2)}`
}

/** Why a delivery is not believed, in the order in which it is looked at. */
export const signatureRefusals = {
  signature_missing: 'The header is not there.',
  signature_malformed: 'The header is not one t and one v1 in their form.',
  signature_wrong: 'No secret gives this signature for this body and moment.',
  signature_old: 'It was sent too long ago.',
  signature_early: 'It was sent at a moment that is still to come.',
} as const

export type SignatureRefusal = keyof typeof signatureRefusals

export type SignatureCheck =
  | { readonly kind: 'valid'; readonly sentAt: number }
  | { readonly kind: 'refused'; readonly reason: SignatureRefusal }

export type SignedDelivery = {
  /** As the HTTP server gives it: an array or joined values are of a header that came twice. */
  readonly header: string | readonly string[] | undefined
  /** Before anything has parsed it. */
  readonly body: Uint8Array
}

export type SignatureTerms = {
  /** One, or two while it is changed. */
  readonly secrets: readonly string[]
  readonly toleranceMs: number
}

/** Whether the holder of a secret sent just this body, and about now. */
export function checkSignature(
  { header, body }: SignedDelivery,
  { secrets, toleranceMs }: SignatureTerms,
  now: number,
): SignatureCheck {
  if (header === undefined) return refused('signature_missing')
  const [, sentAt = '', given = ''] =
    typeof header === 'string' ? (headerForm.exec(header) ?? []) : []
  if (given === '') return refused('signature_malformed')
  const mac = hexToBytes(`0x${given}`, 32, 'v1')
  // Every secret is tried: how long it takes says nothing about which one it was.
  const fits = secrets.map((secret) => isSame(macOf(keyOf(secret), sentAt, body), mac))
  if (!fits.includes(true)) return refused('signature_wrong')
  const age = now - Number(sentAt)
  if (age > toleranceMs) return refused('signature_old')
  if (-age > toleranceMs) return refused('signature_early')
  return { kind: 'valid', sentAt: Number(sentAt) }
}

const refused = (reason: SignatureRefusal): SignatureCheck => ({ kind: 'refused', reason })

/** @throws Fault CONFIG_INVALID for a secret that could be guessed */
function keyOf(secret: string): Uint8Array {
  const key = textToBytes(secret, 'secret')
  if (key.length >= secretLengthMin) return key
  const limit = `at least ${secretLengthMin} characters`
  throw new Fault('CONFIG_INVALID', { variable: 'webhook secret', limit })
}

/** The moment is written in digits, so the first full stop ends it: no two pairs share a text. */
function macOf(key: Uint8Array, sentAt: string, body: Uint8Array): Uint8Array {
  return hmac.create(sha256, key).update(textToBytes(`${sentAt}.`)).update(body).digest()
}

/** Looks at every byte, whatever the first ones say: time tells nothing of where they differ. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
