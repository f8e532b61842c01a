import { createHash } from 'node:crypto'
import { sealedOrderDigest } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { ciphertextHash, commitmentOf, contextOf } from '@busbar/protocols/sealed-orders'
import type { OrderIntent } from '../agents/index.ts'
import { type Key, seededId } from '../meters/index.ts'
import { paddedCollateral } from './collateral.ts'
import type { MarketNumbers, MarketPlan, Opening, SealedOrder, Sealing } from './exchange-port.ts'

/** A sealed order with what only its owner knows of it. */
export type KeptOrder = { readonly order: SealedOrder; readonly opening: Opening }

export type Sealed = {
  readonly name: string
  readonly account: number
  readonly meter: number
  readonly meterName: string
  readonly key: Key
}

/**
 * Seals what an agent wants to trade in an interval. Salts and the encryption's randomness come
 * from the seed, so that a run repeats byte for byte: real traders draw them.
 */
export function sealOrders(options: {
  readonly seed: number
  readonly plan: MarketPlan
  readonly numbers: MarketNumbers
  readonly sealing: Sealing
  readonly trader: Sealed
  readonly interval: number
  readonly intents: readonly OrderIntent[]
}): readonly KeptOrder[] {
  const { seed, plan, numbers, sealing, trader, interval, intents } = options
  if (intents.length === 0) return []
  const meter = plan.meters.find(({ name }) => name === trader.meterName)
  if (meter === undefined) throw new RangeError(`${trader.meterName} is not planned`)
  const name = `${trader.name}/${interval}`
  const { zone } = sealing
  const context = contextOf({ ...sealing, interval })
  const seal = sealing.sealer(interval, seededBytes(seed, `sealing/${name}`, 48))
  return intents.map((intent, k) => {
    const { account } = trader
    const salt = bytesToHex(seededBytes(seed, `salt/${name}/${k}`, 32))
    const opening = { account, meter: trader.meter, ...intent, salt }
    const commitment = commitmentOf(context, opening)
    const unsigned = {
      id: seededId(seed, `order/${name}/${k}`),
      account,
      zone,
      interval,
      commitment,
      collateralMicros: paddedCollateral(plan, meter, interval, k),
      ciphertext: seal(commitment, opening),
    }
    const digest = sealedOrderDigest(numbers.domain, {
      ...unsigned,
      ciphertextHash: ciphertextHash(unsigned.ciphertext),
    })
    const signature = trader.key.sign(digest)
    return { opening, order: { ...unsigned, digest: bytesToHex(digest), signature } }
  })
}

/** Bytes that look random and are the same for the same seed and name. */
function seededBytes(seed: number, name: string, length: number): Uint8Array {
  const digest = createHash('sha512').update(`busbar simulator secret/${seed}/${name}`).digest()
  return new Uint8Array(digest.subarray(0, length))
}
