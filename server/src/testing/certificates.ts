/** X.509 certificates for tests, made on the spot: keys of P-256, as much of DER as they need. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export type TestCertificate = {
  readonly name: string
  /** PEM, both. */
  readonly certificate: string
  readonly key: string
  /** SHA-256 of the certificate, `0x` hex: what an account signs of it. */
  readonly fingerprint: string
  readonly privateKey: KeyObject
}

const dayMs = 86_400_000

function tlv(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...(length < 128 ? [length] : long)), content])
}

const sequence = (...contents: readonly Uint8Array[]): Buffer => tlv(0x30, ...contents)
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'))
const truth = tlv(0x01, Buffer.of(0xff))

const commonName = oid('550403')
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const basicConstraints = oid('551d13')
const alternativeName = oid('551d11')

const nameOf = (text: string): Buffer =>
  sequence(tlv(0x31, sequence(commonName, tlv(0x0c, Buffer.from(text)))))

/** GeneralizedTime. */
const timeOf = (ms: number): Buffer => {
  const digits = new Date(ms).toISOString().replace(/\D/g, '').slice(0, 14)
  return tlv(0x18, Buffer.from(`${digits}Z`))
}

const localNames = [tlv(0x87, Buffer.of(127, 0, 0, 1)), tlv(0x82, Buffer.from('localhost'))]

/**
 * @param issuer who signs it; a root signs itself
 * @param change when it begins and ends, from now
 */
export function certificateOf(
  name: string,
  issuer?: TestCertificate,
  change: { readonly fromMs?: number; readonly untilMs?: number } = {},
): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { fromMs = -dayMs, untilMs = dayMs } = change
  const extension = issuer === undefined
    ? sequence(basicConstraints, truth, tlv(0x04, sequence(truth)))
    : sequence(alternativeName, tlv(0x04, sequence(...localNames)))
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.concat([Buffer.of(0x01), randomBytes(15)])),
    ecdsaWithSha256,
    nameOf(issuer?.name ?? name),
    sequence(timeOf(Date.now() + fromMs), timeOf(Date.now() + untilMs)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(extension)),
  )
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey)
  const whole = sequence(body, ecdsaWithSha256, tlv(0x03, Buffer.of(0), signature))
  const lines = whole.toString('base64').replace(/.{1,64}/g, '$&\n')
  return {
    ...{ name, privateKey },
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: `0x${createHash('sha256').update(whole).digest('hex')}`,
  }
}
