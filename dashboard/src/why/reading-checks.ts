import type { AccountIntervalZone, SignedReading } from '@busbar/protocols/api'
import { createDomain, isSignedBy, readingBatchDigest } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { provesReading } from '@busbar/protocols/readings'
import { type Check, outcome, type Terms, told, waits, worstOf } from './checks.ts'
import { signedKey, type ZoneEvidence } from './evidence.ts'
import { unlessMalformed } from './order-checks.ts'

type Metered = AccountIntervalZone['meters'][number]
type Registers = NonNullable<Metered['opening']>

/**
 * That the gateway which the registry names signed what each meter showed, at both ends of the
 * interval.
 */
export function readingChecks(
  { meters }: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const ends = [['opening', terms.interval], ['closing', terms.interval + 1]] as const
  return meters
    .filter(({ assurance }) => assurance !== 'contracted')
    .flatMap((metered) => {
      const both = ends.flatMap(([end, boundary]) => {
        const registers = metered[end]
        if (registers === null) return []
        return [signedCheck({ meter: metered.meter, boundary, registers }, evidence, terms)]
      })
      const [first] = both
      return first === undefined ? [] : [{ ...first, state: worstOf(both) }]
    })
}

function signedCheck(
  shown: {
    readonly meter: number
    readonly boundary: number
    readonly registers: Registers
  },
  { signed }: ZoneEvidence,
  terms: Terms,
): Check {
  const { meter, boundary, registers } = shown
  const word = signed.get(signedKey(meter, boundary))
  // Where a device was replaced, its owner said what it showed; and some sign for all at once.
  if (word == null) return told('reading', 'reading-signed', meter)
  // One was corrected between the two answers: the next ones agree again.
  if (word.reading.version > registers.version) return waits('reading', 'reading-signed', meter)
  const named = terms.gateways.get(meter)
  const isNamed = named === undefined || isSame(named, word.gateway)
  if (!isNamed || !isSame(word.reading, { meter, boundary, ...registers })) {
    return outcome('reading', 'reading-signed', false, meter)
  }
  const { batch } = word
  if (named === undefined || batch === null) return told('reading', 'reading-signed', meter)
  const isSigned = unlessMalformed(() => isGateways(word, batch, terms))
  return outcome('reading', 'reading-signed', isSigned, meter)
}

/** In every field of `wanted`. */
const isSame = <Wanted extends object>(found: Wanted, wanted: Wanted): boolean =>
  Object.entries(wanted).every(([name, value]) => found[name as keyof Wanted] === value)

function isGateways(
  { reading, gateway: { gateway, form, publicKey } }: SignedReading,
  { id, root, count, index, leafSalt, path, signature }: NonNullable<SignedReading['batch']>,
  terms: Terms,
): boolean {
  const place = {
    ...{ index, count, path: path.map((node) => hexToBytes(node, 32, 'path')) },
    salt: leafSalt === null ? undefined : hexToBytes(leafSalt, 16, 'leafSalt'),
  }
  const digest = readingBatchDigest(domainOf(terms), { id, gateway, root, count })
  const curve = form === 'signed-batch/p256' ? 'p256' : 'secp256k1'
  return (
    provesReading(hexToBytes(root, 32, 'root'), reading, place) &&
    isSignedBy(curve, hexToBytes(publicKey, 33, 'publicKey'), digest, hexToBytes(signature))
  )
}

/** For what everything in this market is signed. */
export function domainOf({ market, domain }: Pick<Terms, 'market' | 'domain'>) {
  const { chainId, verifyingContract } = domain
  return createDomain({ market, chainId, verifyingContract })
}
