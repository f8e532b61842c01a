/** A small market whose orders are sealed, opened by a committee that a test commands. */
import { createHash } from 'node:crypto'
import { type Opening, rulebookFor } from '@busbar/core/exchange'
import type { Rulebook } from '@busbar/core/rulebook'
import { sealedOrderDigest } from '@busbar/protocols/eip712'
import { commitmentOf, encodeOpening } from '@busbar/protocols/sealed-orders'
import { contextFor, placeOf } from '../app/engines.ts'
import { sealedOrderMessage } from '../app/intake.ts'
import type { SignedSealedOrder } from '../app/ports/exchange-service.ts'
import { plainCiphertext } from './plain-opening.ts'
import { accountOf, first, meters, signedBy, SmallMarket, smallRulebook } from './small-market.ts'

export const sealedRulebook: Rulebook = {
  ...smallRulebook,
  name: 'sealed',
  orderBook: 'sealed-committee',
  proof: 'required',
  proofDeadlineSeconds: 3_600,
}

export const revealRulebook: Rulebook = {
  ...sealedRulebook,
  name: 'revealed',
  orderBook: 'sealed-reveal',
  revealSeconds: 60,
  bondMicros: 1_000,
}

const point = (byte: string): string => `0x${byte.repeat(48)}`

/** Two members, both of them needed. */
export const committee = {
  ...{ fromInterval: 0, publicKey: point('aa'), threshold: 2 },
  members: [
    { index: 1, name: 'exchange', verificationKey: point('b1') },
    { index: 2, name: 'regulator', verificationKey: point('b2') },
  ],
}

/** A market of four whose orders are sealed, with a committee. */
export async function openSealedMarket(
  rulebook: Rulebook = sealedRulebook,
  from: Parameters<typeof SmallMarket.open>[1] = {},
): Promise<SmallMarket> {
  const market = await SmallMarket.open(rulebook, from)
  await market.instruct('operator', 'appoint_committee', committee)
  return market
}

export type Sealed = { readonly order: SignedSealedOrder; readonly opening: Opening }

/** What `name` wants, sealed. `ciphertext` in place of the right one is a trader's mistake. */
export function seal(
  market: SmallMarket,
  name: 'alice' | 'bob',
  wanted: Partial<Opening> & {
    readonly interval?: number
    readonly collateralMicros?: number
    readonly ciphertext?: string
  } = {},
): Sealed {
  const { interval = first, collateralMicros = 5_000_000, ciphertext: other, ...change } = wanted
  const id = market.id()
  const opening: Opening = {
    ...{ account: accountOf(name), meter: meters[name], side: 'sell', energyWh: 100 },
    limitMicrosPerKwh: 100_000,
    salt: `0x${createHash('sha256').update(id).digest('hex')}`,
    ...change,
  }
  const rulebook = rulebookFor(market.state, interval)
  const context = contextFor(placeOf(market.chain.deployment), { zone: 0, interval, rulebook })
  const encrypted = rulebook.orderBook === 'sealed-committee'
  const order = {
    ...{ id, account: accountOf(name), zone: 0, interval, collateralMicros },
    commitment: commitmentOf(context, opening),
    ciphertext: other ?? (encrypted ? plainCiphertext(encodeOpening(opening)) : ''),
  }
  const message = sealedOrderMessage({ ...order, signature: '' })
  const digest = sealedOrderDigest(market.domain, message)
  return { opening, order: { ...order, signature: signedBy(name, digest) } }
}

/** Takes the oldest batch as a prover would, and hands in bytes that the double accepts. */
export async function prove(market: SmallMarket): Promise<void> {
  const claim = await market.proving.claim(1, { sizeMax: undefined, zones: undefined })
  if (claim === undefined) throw new Error('there is nothing to prove')
  const { zone, interval, statement } = claim
  const taken = await market.proving.take({ zone, interval, size: 64, proof: '0xab', statement })
  if (taken.kind !== 'taken') throw new Error(taken.reason)
  market.proofs.hearFinal(`prove/${zone}/${interval}/0`)
  await market.scheduler.recordMovements()
}

export const record = (market: SmallMarket, interval = first) => {
  const found = market.state.intervals.get(0)?.get(interval)
  if (found === undefined) throw new Error('the interval is known')
  return found
}

/** Two that trade and one that loses. */
export async function withOrders(market: SmallMarket) {
  const sells = seal(market, 'alice', { energyWh: 800 })
  const buys = seal(market, 'bob', { side: 'buy', energyWh: 600, limitMicrosPerKwh: 200_000 })
  const loses = seal(market, 'bob', { side: 'buy', energyWh: 50, limitMicrosPerKwh: 5_000 })
  const all = [sells, buys, loses]
  const answers = await market.intake.sealedOrders(all.map(({ order }) => order))
  if (answers.some(({ kind }) => kind !== 'accepted')) throw new Error(JSON.stringify(answers))
  return { sells, buys, loses, all, answers }
}
