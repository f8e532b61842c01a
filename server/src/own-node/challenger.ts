import { Fault } from '@busbar/core/errors'
import { encodeEventTopics, type Hex } from 'viem'
import {
  clearingHouseAbi,
  clearingProofsAbi,
  intervalLogAbi,
} from '../adapters/chain/contracts.ts'
import { intervalOf, statusNamed } from '../adapters/chain/intervals.ts'
import type { Log } from '../adapters/chain/movements.ts'
import {
  participantsOf,
  participantTopics,
  type WitnessedParticipant,
} from '../adapters/chain/registry-witness.ts'
import type { ChainClearing, ChainOrders, ChainStatus } from '../app/ports/chain.ts'
import { refusing, Sender } from './sender.ts'

/** A place of the order set with the nodes that lead to its root, as the contract takes it. */
export type ShownPlace = { readonly position: number; readonly path: readonly string[] }

type IntervalPlace = { readonly zone: number; readonly interval: number }

export type ShownReceipt = {
  readonly commitment: string
  readonly zone: number
  readonly interval: number
  readonly sequence: number
  readonly signature: string
}

export type { WitnessedParticipant }

/** What the chain says of an interval: nothing here is asked of the exchange. */
export type WitnessedInterval = ChainOrders & {
  readonly status: ChainStatus
  readonly clearing: ChainClearing | null
}

/** Who holds an exchange to its word on the chain: whoever has a key there, and some gas. */
export type Challenger = {
  readonly address: string
  /** Undefined where nothing was fixed. */
  interval(zone: number, interval: number): Promise<WitnessedInterval | undefined>
  /** As the registry had these accounts when the orders of an interval were fixed, or last. */
  participants(
    accounts: ReadonlySet<number>,
    at: IntervalPlace,
  ): Promise<ReadonlyMap<number, WitnessedParticipant>>
  /** Each resolves with the hash of its transaction when it is mined. */
  omission(
    receipt: ShownReceipt,
    places: readonly ShownPlace[],
    partRoots: readonly string[],
  ): Promise<string>
  /** Two neighbours of the set that do not ascend. */
  ascent(
    at: IntervalPlace,
    neighbours: readonly [lower: ShownPlace, upper: ShownPlace],
    partRoots: readonly string[],
  ): Promise<string>
  /** A place that is empty below the count of the set, or is not at or beyond it. */
  count(
    at: IntervalPlace,
    place: ShownPlace,
    partRoots: readonly string[],
  ): Promise<string>
  demand(receipt: ShownReceipt): Promise<string>
  unanswered(order: Omit<ShownReceipt, 'sequence' | 'signature'>): Promise<string>
  flagOverdue(zone: number, interval: number): Promise<string>
  dispute(zone: number, interval: number, reasonHash: string): Promise<string>
  disputeVoid(receipt: ShownReceipt, reasonHash: string): Promise<string>
  /** For the auditor alone; without a commitment of the clearing as a whole. */
  decide(
    place: { readonly zone: number; readonly interval: number; readonly commitment: string | null },
    upheld: boolean,
    evidence: string,
  ): Promise<string>
  /** `none`, `open`, `upheld` or `dismissed`. */
  disputeOf(zone: number, interval: number, commitment: string | null): Promise<DisputeState>
}

const disputeStates = ['none', 'open', 'upheld', 'dismissed'] as const
export type DisputeState = (typeof disputeStates)[number]

/** What a node of a network answers for at least, in one question. */
const blocksPerRead = 5_000
const zero: Hex = `0x${'0'.repeat(64)}`

/**
 * @param key the private key that pays, `0x` and 64 hex
 * @param clearingProofs the contract, from the market's own page or, better, from the regulator
 *
 * Faults of its methods: CHAIN_UNREACHABLE; CHAIN_REFUSED with the contract's own words, before
 * anything is paid for.
 */
export async function openChallenger(options: {
  readonly nodeUrl: string
  readonly key: string
  readonly clearingProofs: string
}): Promise<Challenger> {
  const sender = new Sender(options.nodeUrl, options.key)
  const proofs = options.clearingProofs as Hex
  const log = await sender.read<Hex>(proofs, clearingProofsAbi, 'intervalLog')
  const house = await sender.read<Hex>(proofs, clearingProofsAbi, 'clearingHouse')
  const registry = await sender.read<Hex>(house, clearingHouseAbi, 'registry')
  const witness = new Witness(sender, { log, registry })
  const send: Send = (functionName, args) =>
    sender.send(proofs, clearingProofsAbi, functionName, args)
  return {
    address: sender.address,
    interval: (zone, interval) => witness.interval(zone, interval),
    participants: (accounts, place) => witness.participants(accounts, place),
    ...challengesBy(send, witness),
    decide: ({ zone, interval, commitment }, upheld, evidence) =>
      commitment === null
        ? send('decide', [...at(zone, interval), upheld, evidence])
        : send('decideVoid', [...at(zone, interval), commitment, upheld, evidence]),
    async disputeOf(zone, interval, commitment) {
      const args = [...at(zone, interval), commitment ?? zero]
      const state = await sender.read<number>(proofs, clearingProofsAbi, 'disputeOf', args)
      return disputeStates[state] ?? 'none'
    },
  }
}

type Send = (functionName: string, args: readonly unknown[]) => Promise<string>
type Asking = 'address' | 'interval' | 'participants' | 'disputeOf'
type Challenges = Omit<Challenger, Asking | 'decide'>

/** What anybody may bring. */
function challengesBy(send: Send, witness: Witness): Challenges {
  const shownOrders = async (zone: number, interval: number) => {
    const found = await witness.interval(zone, interval)
    if (found === undefined) {
      throw new Fault('CHAIN_REFUSED', { method: 'ordersOf', reason: 'nothing was fixed' })
    }
    const { ordersRoot: root, orderCount: count, rulebookHash } = found
    return { root, count, rulebookHash }
  }
  return {
    async omission(receipt, places, partRoots) {
      const { zone, interval } = receipt
      const orders = await shownOrders(zone, interval)
      const args = [...at(zone, interval), orders, shown(receipt), places, partsOf(partRoots)]
      return await send('challengeOmission', args)
    },
    async ascent({ zone, interval }, [lower, upper], partRoots) {
      const orders = await shownOrders(zone, interval)
      const args = [...at(zone, interval), orders, lower, upper, partsOf(partRoots)]
      return await send('challengeAscent', args)
    },
    async count({ zone, interval }, place, partRoots) {
      const orders = await shownOrders(zone, interval)
      const args = [...at(zone, interval), orders, place, partsOf(partRoots)]
      return await send('challengeCount', args)
    },
    async demand(receipt) {
      const { zone, interval } = receipt
      const orders = await shownOrders(zone, interval)
      return await send('demandOrder', [...at(zone, interval), orders, shown(receipt)])
    },
    unanswered: ({ zone, interval, commitment }) =>
      send('challengeUnanswered', [...at(zone, interval), commitment]),
    flagOverdue: (zone, interval) => send('flagOverdue', at(zone, interval)),
    dispute: (zone, interval, reasonHash) =>
      send('dispute', [...at(zone, interval), reasonHash]),
    async disputeVoid(receipt, reasonHash) {
      const { zone, interval } = receipt
      const orders = await shownOrders(zone, interval)
      return await send('disputeVoid', [
        ...at(zone, interval), orders, shown(receipt), reasonHash,
      ])
    },
  }
}

const shown = ({ commitment, sequence, signature }: ShownReceipt) => ({
  commitment, sequence: BigInt(sequence), signature,
})
const at = (zone: number, interval: number) => [zone, BigInt(interval)] as const

/** A set of one part names none. */
const partsOf = (partRoots: readonly string[]): readonly string[] =>
  partRoots.length === 1 ? [] : partRoots

/** Reads what the IntervalLog told, newest blocks first. */
class Witness {
  readonly #sender: Sender
  readonly #log: Hex
  readonly #registry: Hex

  constructor(sender: Sender, contracts: { readonly log: Hex; readonly registry: Hex }) {
    this.#sender = sender
    this.#log = contracts.log
    this.#registry = contracts.registry
  }

  async interval(zone: number, interval: number): Promise<WitnessedInterval | undefined> {
    const logs = await this.#logsOf(zone, interval)
    const found = intervalOf(logs)
    if (found === undefined) return undefined
    const args = [zone, BigInt(interval)]
    const status = await this.#sender.read<number>(this.#log, intervalLogAbi, 'statusOf', args)
    const { ordersRoot, orderCount, rulebookHash, clearing } = found
    return { ordersRoot, orderCount, rulebookHash, clearing, status: statusNamed(status) }
  }

  async participants(
    accounts: ReadonlySet<number>,
    { zone, interval }: IntervalPlace,
  ): Promise<ReadonlyMap<number, WitnessedParticipant>> {
    if (accounts.size === 0) return new Map()
    const [fixed] = await this.#logsOf(zone, interval)
    const to = fixed === undefined ? await this.#newest() : Number(fixed.blockNumber)
    const filter = { address: this.#registry, topics: participantTopics }
    return participantsOf(await this.#logs(filter, to), accounts)
  }

  /** Back to the event with which the interval begins. */
  async #logsOf(zone: number, interval: number): Promise<readonly Log[]> {
    const args = { zone, interval: BigInt(interval) }
    const [fixed, ...place] = encodeEventTopics({
      ...{ abi: intervalLogAbi, eventName: 'OrdersFixed', args },
    } as never) as unknown as readonly Hex[]
    const filter = { address: this.#log, topics: [null, ...place] }
    return await this.#logs(filter, await this.#newest(), fixed)
  }

  async #newest(): Promise<number> {
    return Number(await this.#sender.rpc.call<Hex>('eth_blockNumber', []))
  }

  /** From `to` backwards: to the first block, or to where an event is of `first`. */
  async #logs(filter: object, to: number, first?: Hex): Promise<readonly Log[]> {
    const found: Log[] = []
    for (let last = to; last >= 0; last -= blocksPerRead) {
      const from = Math.max(0, last - blocksPerRead + 1)
      const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${last.toString(16)}` }
      const asked = this.#sender.rpc.call<Log[]>('eth_getLogs', [{ ...filter, ...range }])
      const logs = await refusing('eth_getLogs', asked)
      found.unshift(...logs)
      if (first !== undefined && logs.some(({ topics }) => topics[0] === first)) break
    }
    return found
  }
}
