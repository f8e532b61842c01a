import type { PasskeyAnswer } from '@busbar/client'
import { passkeyPublicKey } from '@busbar/protocols/passkeys'

export type DeviceAnswer = PasskeyAnswer & {
  readonly credentialId: Uint8Array
  /** What the device keeps of the account; not every device tells it. */
  readonly userHandle: Uint8Array | null
}

export type NewPasskey = {
  readonly credentialId: Uint8Array
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array
}

/** What holds passkeys, and asks the person before it. Rejects where that person says no. */
export type Device = {
  readonly create: (about: {
    readonly name: string
    readonly userHandle: Uint8Array
    /** Of passkeys that the account has: a device makes no second one. */
    readonly known: readonly Uint8Array[]
  }) => Promise<NewPasskey>
  /** Signs with one of the passkeys named, or with any of this host where none is. */
  readonly sign: (challenge: Uint8Array, known: readonly Uint8Array[]) => Promise<DeviceAnswer>
}

/** COSE: ECDSA with SHA-256 over P-256. */
const es256 = -7
const timeout = 120_000

/** Of the browser that shows this page: WebAuthn asks for a finger, a face or a code each time. */
export const browserDevice: Device = {
  async create({ name, userHandle, known }) {
    const credential = await navigator.credentials.create({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { name: 'Busbar' },
        user: { id: owned(userHandle), name, displayName: name },
        pubKeyCredParams: [{ type: 'public-key', alg: es256 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: listed(known),
        attestation: 'none',
        timeout,
      },
    })
    const { rawId, response } = credential as PublicKeyCredential & {
      readonly response: AuthenticatorAttestationResponse
    }
    const spki = response.getPublicKey()
    if (spki === null) throw new DOMException('no P-256 key', 'NotSupportedError')
    const publicKey = passkeyPublicKey(new Uint8Array(spki))
    return { credentialId: new Uint8Array(rawId), publicKey }
  },

  async sign(challenge, known) {
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge: owned(challenge),
        allowCredentials: listed(known),
        userVerification: 'required',
        timeout,
      },
    })
    const { rawId, response } = credential as PublicKeyCredential & {
      readonly response: AuthenticatorAssertionResponse
    }
    return {
      credentialId: new Uint8Array(rawId),
      userHandle: response.userHandle === null ? null : new Uint8Array(response.userHandle),
      authenticatorData: new Uint8Array(response.authenticatorData),
      clientDataJSON: new Uint8Array(response.clientDataJSON),
      signature: new Uint8Array(response.signature),
    }
  },
}

const listed = (ids: readonly Uint8Array[]): PublicKeyCredentialDescriptor[] =>
  ids.map((id) => ({ type: 'public-key', id: owned(id) }))

/** The browser takes bytes that nobody else can change under its hands. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes)

/** Whether this browser can hold passkeys for this page at all. */
export const canHoldPasskeys = (): boolean =>
  window.isSecureContext && 'PublicKeyCredential' in window && !isNumber(window.location.hostname)

/** A passkey belongs to a name: pages at a bare address have none. */
const isNumber = (host: string): boolean => /^[\d.]+$|:/.test(host)
