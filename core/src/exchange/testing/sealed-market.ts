/** A small market whose orders are sealed, and who can open them: the test itself. */
import type { Rulebook } from '../../rulebook/index.ts'
import { MicrosPerKwh, WattHours } from '../../units/index.ts'
import {
  type Command,
  type InstructionContent,
  type Opening,
  orderDigests,
  type Outcome,
  rulebookFor,
  type VoidReason,
} from '../index.ts'
import { requirement } from '../orders.ts'
import {
  accountOf,
  digestOf,
  firstInterval,
  type Market,
  type MarketOptions,
  type MeterOwner,
  meters,
  openMarket,
  testCommitment,
  testRulebook,
} from './market.ts'

export const committeeRulebook: Rulebook = {
  ...testRulebook,
  orderBook: 'sealed-committee',
  proof: 'required',
  proofDeadlineSeconds: 600,
}

export const revealRulebook: Rulebook = {
  ...testRulebook,
  orderBook: 'sealed-reveal',
  revealSeconds: 60,
  bondMicros: 5_000,
  proof: 'optional',
  proofDeadlineSeconds: 600,
}

export const point = (number: number): string => `0x${number.toString(16).padStart(96, '0')}`

export const committeeContent = (
  change: Partial<InstructionContent['appoint_committee']> = {},
): InstructionContent['appoint_committee'] => ({
  fromInterval: 0,
  publicKey: point(1),
  threshold: 2,
  members: [1, 2, 3].map((index) => ({
    index, name: `member-${index}`, verificationKey: point(1 + index),
  })),
  ...change,
})

/** As `openMarket`, with a committee. */
export function openSealedMarket(options: MarketOptions = {}): SealedMarket {
  const market = openMarket({ rulebook: committeeRulebook, ...options })
  market.must(market.instruction('appoint_committee', 'operator', committeeContent()))
  return new SealedMarket(market)
}

export type SealedCommand = Extract<Command, { kind: 'place_sealed_order' }>

/** What was said of a sealed order beside its usual content. */
export type Sealing = {
  /** Micros; what the order alone needs where it is left out. */
  readonly collateralMicros?: number
  readonly id?: string
  /** What the opening will say otherwise than the order does. */
  readonly opening?: Partial<Opening>
}

export class SealedMarket {
  readonly market: Market
  /** By commitment. */
  readonly openings = new Map<string, Opening>()

  constructor(market: Market) {
    this.market = market
  }

  sealed(
    owner: MeterOwner,
    side: 'buy' | 'sell',
    energyWh: number,
    limitMicrosPerKwh: number,
    interval: number,
    { collateralMicros, id = this.market.id(), opening: change }: Sealing = {},
  ): SealedCommand {
    const { state } = this.market
    const number = firstInterval + interval
    const opening: Opening = {
      account: accountOf(owner),
      meter: meters[owner],
      side,
      energyWh,
      limitMicrosPerKwh,
      salt: digestOf(`salt ${id} ${owner}`),
      ...change,
    }
    const rulebook = rulebookFor(state, Math.max(0, number))
    const commitment = testCommitment({ zone: 0, interval: number, rulebook }, opening)
    this.openings.set(commitment, opening)
    return {
      ...this.market.signed('place_sealed_order', owner, id),
      zone: 0,
      interval: number,
      commitment,
      collateralMicros: collateralMicros ?? this.#needs(opening, rulebook, number),
      ciphertext: rulebook.orderBook === 'sealed-reveal' ? '' : ciphertextOf(commitment),
      digest: digestOf(`${id} ${owner} ${commitment}`),
    }
  }

  /** Places an order that must be accepted, and gives its commitment. */
  seal(...of: Parameters<SealedMarket['sealed']>): string {
    const command = this.sealed(...of)
    this.market.must(command)
    return command.commitment
  }

  #needs(opening: Opening, rulebook: Rulebook, interval: number): number {
    const { account, meter, side, energyWh, limitMicrosPerKwh } = opening
    if (this.market.state.meters[meter] === undefined) return 0
    const order = {
      id: '', digest: '', account, meter, side, sequence: 0,
      energy: WattHours.from(BigInt(energyWh)),
      limit: MicrosPerKwh.from(BigInt(limitMicrosPerKwh)),
    }
    return Number(requirement(this.market.state, rulebook, [order], interval))
  }

  /** What the system gives to open an interval; `change` may withhold or alter an opening. */
  opening(
    interval: number,
    change: (opening: Opening, commitment: string) => Opening | null = (opening) => opening,
  ): Extract<Command, { kind: 'open_orders' }> {
    const record = this.market.record(interval)
    const reveals = rulebookFor(this.market.state, record.interval).orderBook === 'sealed-reveal'
    const openings = orderDigests(record).map((commitment) => {
      const opening = this.openings.get(commitment)
      const isGiven = opening !== undefined && !record.voids.has(commitment)
      return isGiven ? change(opening, commitment) : null
    })
    return {
      kind: 'open_orders', zone: 0, interval: record.interval,
      openings: reveals ? [] : openings, evidence: reveals ? '' : `0x${'ab'.repeat(96)}`,
    }
  }

  open(...of: Parameters<SealedMarket['opening']>): Outcome {
    return this.market.submit(this.opening(...of))
  }

  revealing(commitment: string, interval: number, change: Partial<Opening> = {}): Command {
    const opening = this.openings.get(commitment)
    if (opening === undefined) throw new Error('nobody has sealed this')
    return {
      kind: 'reveal_order', zone: 0, interval: firstInterval + interval, commitment,
      opening: { ...opening, ...change },
    }
  }

  proofWord(interval: number, state: 'proven' | 'faulty' | 'overdue', reference = '0xab:1') {
    const number = firstInterval + interval
    return { kind: 'record_proof', zone: 0, interval: number, state, reference } as const
  }

  /** By commitment, in the order of acceptance. */
  voids(interval: number): readonly (VoidReason | null)[] {
    const { sealed, voids } = this.market.record(interval)
    return [...sealed.keys()].map((commitment) => voids.get(commitment) ?? null)
  }
}

/** Of the right length, and different for different commitments: nobody decrypts it here. */
export const ciphertextOf = (commitment: string): string =>
  `0x${commitment.slice(2).repeat(4).slice(0, 242)}`
