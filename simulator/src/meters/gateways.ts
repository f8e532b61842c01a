import type { Domain } from '@busbar/protocols/eip712'
import { bytesToHex, type Hex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { batchToSign, type ReadingJson } from '@busbar/protocols/readings'
import { type Curve, type Key, seededId, seededKey } from './keys.ts'

/** A gateway collects the meters of one place and signs for them all. */
export type Gateway = {
  readonly name: string
  readonly curve: Curve
  readonly key: Key
  /** Places in the district of the sites whose meters it reads. */
  readonly sites: readonly number[]
}

/** How many meters hang on one gateway: a building complex, or a street. */
export const metersPerGateway = 20

/** Sites in their order, twenty to a gateway; every other gateway has a P-256 key. */
export function seededGateways(seed: number, siteCount: number): readonly Gateway[] {
  return Array.from({ length: Math.ceil(siteCount / metersPerGateway) }, (_, g) => {
    const curve: Curve = g % 2 === 0 ? 'p256' : 'secp256k1'
    const first = g * metersPerGateway
    const count = Math.min(metersPerGateway, siteCount - first)
    const name = `gateway-${g + 1}`
    return {
      name,
      curve,
      key: seededKey(seed, name, curve),
      sites: Array.from({ length: count }, (_, i) => first + i),
    }
  })
}

/** A batch as it goes over the wire: one signature over the root of its readings. */
export type SignedBatch = {
  readonly id: Hex
  readonly gateway: number
  readonly readings: readonly ReadingJson[]
  /** What salts its leaves. */
  readonly blind: Hex
  readonly root: Hex
  readonly digest: Hex
  readonly signature: Hex
}

/** Signs what a gateway read at one boundary; the same batch again has the same bytes. */
export function signBatch(
  domain: Domain,
  seed: number,
  key: Key,
  batch: {
    /** The exchange's number. */
    readonly gateway: number
    readonly boundary: number
    /** 0 at first; a message that says the same again under a new id has a higher one. */
    readonly attempt: number
    readonly readings: readonly ReadingJson[]
  },
): SignedBatch {
  const { gateway, boundary, attempt, readings } = batch
  const version = readings[0]?.version ?? 0
  const name = `${gateway}/${boundary}/${version}/${attempt}`
  const id = seededId(seed, `batch/${name}`)
  const blind = bytesToHex(keccak256(textToBytes(seededId(seed, `blind/${name}`))))
  const { root, digest } = batchToSign(domain, { id, gateway, readings, blind })
  const signature = key.sign(digest)
  return { id, gateway, readings, blind, root, digest: bytesToHex(digest), signature }
}
