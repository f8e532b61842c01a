/**
 * A device with one passkey and the browser before it, in software, for tests: it writes what those
 * write, byte for byte.
 */
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { textToBytes } from '../../hash/index.ts'
import { assertionOf, encodeAssertion, base64Url } from '../index.ts'

export { passkeyCases } from './cases.ts'

export type AskedFor = {
  readonly host: string
  readonly origin: string
  readonly type: string
  /** Present and recognised by default. */
  readonly flags: number
  /** Behind the origin, as a browser writes it. */
  readonly behind: string
  /** With the other s, as half of all devices' signatures have it. */
  readonly highS: boolean
  readonly extensions: Uint8Array
}

const usual: AskedFor = {
  host: 'busbar.example',
  origin: 'https://busbar.example',
  type: 'webauthn.get',
  flags: 0x1d,
  behind: ',"crossOrigin":false}',
  highS: false,
  extensions: new Uint8Array(0),
}

export class TestDevice {
  readonly #key: Uint8Array
  readonly publicKey: Uint8Array
  readonly credentialId: string

  constructor(seed: number) {
    this.#key = sha256(textToBytes(`device ${seed}`))
    this.publicKey = p256.getPublicKey(this.#key, true)
    this.credentialId = `0x${seed.toString(16).padStart(32, '0')}`
  }

  /** As `navigator.credentials.get` answers. */
  answer(digest: Uint8Array, asked: Partial<AskedFor> = {}) {
    const { host, origin, type, flags, behind, highS, extensions } = { ...usual, ...asked }
    const challenge = base64Url(digest)
    const clientDataJSON = textToBytes(
      `{"type":"${type}","challenge":"${challenge}","origin":"${origin}"${behind}`,
    )
    const counter = Uint8Array.of(0, 0, 0, 0)
    const authenticatorData = concatBytes(
      sha256(textToBytes(host)), Uint8Array.of(flags), counter, extensions,
    )
    const { r, s } = p256.Signature.fromBytes(
      this.#signed(authenticatorData, clientDataJSON), 'compact',
    )
    const given = new p256.Signature(r, highS ? p256.Point.Fn.ORDER - s : s)
    return { authenticatorData, clientDataJSON, signature: given.toBytes('der') }
  }

  /** Over whatever device and browser say. */
  signParts(authenticatorData: Uint8Array, clientData: Uint8Array): Uint8Array {
    const signature = this.#signed(authenticatorData, clientData)
    return encodeAssertion({ ...this, authenticatorData, clientData, signature })
  }

  #signed(authenticatorData: Uint8Array, clientData: Uint8Array): Uint8Array {
    const message = concatBytes(authenticatorData, sha256(clientData))
    return p256.sign(message, this.#key, { prehash: true, lowS: true, format: 'compact' })
  }

  /** As it is sent. */
  sign(digest: Uint8Array, asked: Partial<AskedFor> = {}): Uint8Array {
    return encodeAssertion(assertionOf(this.publicKey, this.answer(digest, asked)))
  }
}
