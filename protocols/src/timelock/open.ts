import { Fault } from '@busbar/core/errors'
import { finalExp, type G1, precomputedMillerLoop, PrecomputedG2 } from 'mcl-wasm'
import { bytesToHex, hexToBytes } from '../hash/index.ts'
import {
  affineG1,
  affineG2,
  type Check,
  equalBytes,
  g1Bytes,
  g2FromHex,
  parseG1,
} from './curve.ts'
import { ciphertextBytes, cipherOf } from './seal.ts'
import { createTwinPairing, type TwinPairing } from './twin/index.ts'

/** An order as it was sealed: 32 and 121 bytes in hexadecimal digits. */
export type Sealed = { readonly commitment: string; readonly ciphertext: string }

/** Opens the orders of one label; the lines of its signature are computed once. */
export type Opener = {
  /**
   * The 57 bytes that were sealed for this commitment, or null: whatever somebody sent that does
   * not open is an order that is void, never a reason to stop the others.
   */
  readonly open: (commitment: string, ciphertext: string) => Uint8Array | null
  /** The same of many, each in its place: pairings of many points are a quarter of the work. */
  readonly openAll: (orders: readonly Sealed[]) => readonly (Uint8Array | null)[]
  /** Gives the lines' memory back; the opener is of no use after that. */
  readonly close: () => void
}

/** From so many points on twin pairings are worth their own lines. */
const twinPointsLeast = 16

/**
 * K = e(U, σ) is computed once for each point U: the orders of a participant that share one cost
 * one pairing. Where two orders name the same point, that costs nothing and shows nothing new.
 *
 * @param signature the committee's joint signature on the label, 96 bytes
 * @param check `checked_before` where the intake has asked `isCiphertext` of every ciphertext
 * @param twinOf computes many pairings; one that is wrong costs time and no order
 * @throws Fault TIMELOCK_MALFORMED for a signature that is no point of the group
 */
export function createOpener(
  signature: string,
  check: Check = 'subgroup',
  twinOf: typeof createTwinPairing = createTwinPairing,
): Opener {
  const joint = g2FromHex(signature, 'signature')
  const lines = new PrecomputedG2(joint)
  const secrets = new Map<string, Secret | null>()
  let twin: TwinPairing | null | undefined
  let isClosed = false

  const pairedAlone = (point: G1): Uint8Array =>
    finalExp(precomputedMillerLoop(point, lines)).serialize()

  /** The secrets of points that are not known yet. */
  const learn = (points: readonly Uint8Array[]): void => {
    const found = new Map<string, G1>()
    for (const bytes of points) {
      const name = bytesToHex(bytes)
      if (secrets.has(name) || found.has(name)) continue
      const point = faultless(() => parseG1(bytes, 'ciphertext', check))
      if (point === null) secrets.set(name, null)
      else found.set(name, point)
    }
    const isMany = found.size >= twinPointsLeast
    if (isMany && twin === undefined) twin = twinOf(affineG2(joint))
    const many = isMany ? twin?.pair([...found.values()].map(affineG1)) : undefined
    for (const [i, [name, point]] of [...found].entries()) {
      const paired = many?.[i]
      const bytes = paired ?? pairedAlone(point)
      secrets.set(name, { point, bytes, isSure: paired === undefined })
    }
  }

  const opened = ({ commitment, ciphertext }: Parsed): Uint8Array | null => {
    const point = ciphertext.subarray(0, g1Bytes)
    const name = bytesToHex(point)
    const secret = secrets.get(name)
    if (secret === null || secret === undefined) return null
    const text = decrypted(secret.bytes, commitment, ciphertext)
    if (text !== null || secret.isSure) return text
    // What voids an order is computed by both libraries.
    const sure = { ...secret, bytes: pairedAlone(secret.point), isSure: true }
    secrets.set(name, sure)
    return equalBytes(sure.bytes, secret.bytes)
      ? null
      : decrypted(sure.bytes, commitment, ciphertext)
  }

  const openAll: Opener['openAll'] = (orders) => {
    if (isClosed) throw new Error('invariant broken: a closed opener is not used')
    const parsed = orders.map((order) => faultless(() => parse(order)))
    learn(parsed.flatMap((one) => (one === null ? [] : [one.ciphertext.subarray(0, g1Bytes)])))
    return parsed.map((one) => (one === null ? null : opened(one)))
  }

  return {
    openAll,
    open: (commitment, ciphertext) => openAll([{ commitment, ciphertext }])[0] ?? null,
    close() {
      if (!isClosed) lines.destroy()
      isClosed = true
    },
  }
}

type Secret = {
  readonly point: G1
  readonly bytes: Uint8Array
  /** Whether it is of the library that decides. */
  readonly isSure: boolean
}

type Parsed = { readonly commitment: Uint8Array; readonly ciphertext: Uint8Array }

const parse = ({ commitment, ciphertext }: Sealed): Parsed => ({
  commitment: hexToBytes(commitment, 32, 'commitment'),
  ciphertext: hexToBytes(ciphertext, ciphertextBytes, 'ciphertext'),
})

function decrypted(
  secret: Uint8Array,
  commitment: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const cipher = cipherOf(secret, ciphertext.subarray(0, g1Bytes), commitment)
  try {
    return cipher.decrypt(ciphertext.subarray(g1Bytes))
  } catch {
    // The tag does not fit: sealed for another commitment or label, or not sealed at all.
    return null
  }
}

function faultless<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof Fault) return null
    throw error
  }
}

/**
 * Opens one order. For many of a label `createOpener` is faster.
 *
 * @throws Fault TIMELOCK_MALFORMED for a signature that is no point of the group
 */
export function open(request: {
  readonly signature: string
  readonly commitment: string
  readonly ciphertext: string
}): Uint8Array | null {
  const opener = createOpener(request.signature)
  try {
    return opener.open(request.commitment, request.ciphertext)
  } finally {
    opener.close()
  }
}
