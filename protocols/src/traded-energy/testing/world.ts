import {
  addressOf,
  createDomain,
  publicKeyOf,
  signDigest,
} from '../../eip712/index.ts'
import { keccak256, textToBytes } from '../../hash/index.ts'
import {
  answerTradedEnergy,
  type TradedEnergyAnswer,
  type TradedEnergyQuestion,
} from '../answer.ts'
import type { TradedEnergyTree } from '../energy.ts'

export const zone = 4_294_967_294
export const salt = keccak256(textToBytes('salt of a market'))

export const domain = createDomain({
  market: 'inter-retailer',
  chainId: 31_337,
  verifyingContract: `0x${'c1'.repeat(20)}`,
})

/** Somebody who signs answers. */
export function operatorKey(fill: number) {
  const key = new Uint8Array(32).fill(fill)
  const signs = (digest: Uint8Array): Uint8Array => signDigest(key, digest)
  return {
    address: addressOf(publicKeyOf(key)),
    sign: signs,
    /** Its signature under just what another has answered. */
    signed: (
      { sequence }: TradedEnergyAnswer,
      secret: Uint8Array,
      trees: readonly (TradedEnergyTree | null)[],
      question: TradedEnergyQuestion,
    ): string =>
      answerTradedEnergy(domain, { ...question, secret, sequence }, trees, signs).signature,
  }
}

export const { address: operator, sign } = operatorKey(7)
