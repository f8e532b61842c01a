import { type BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { Market, Receipt } from '@busbar/protocols/api'
import { receiptDigest } from '@busbar/protocols/eip712'
import { encodeOpening } from '@busbar/protocols/sealed-orders'
import { labelOf, seal, sealingKey } from '@busbar/protocols/timelock'
import { recoverNative, signNative } from '../meters/index.ts'
import type {
  Answer,
  Exchange,
  IntervalOutcome,
  MarketNumbers,
  MarketPlan,
  OwnFill,
  SealedOrder,
  Sealing,
} from './exchange-port.ts'

/** The only zone of a simulated market. */
const zone = 0
const noBytes = new Uint8Array()

/**
 * How orders are sealed in a market that is set up: bound to its chain, encrypted to its committee.
 * Null where the book is open.
 */
export function sealingOf(market: Market): Sealing | null {
  const { rulebook, rulebookHash, contracts, committees } = market
  if (rulebook.orderBook === 'open') return null
  if (contracts === null) throw new Error('a sealed book needs a chain, which this market lacks')
  const { chainId } = market.domain
  const { intervalLog } = contracts
  const publicKey = committees.at(-1)?.publicKey
  const place = {
    chainId,
    intervalLog: lower(intervalLog),
    zone,
    rulebookHash: lower(rulebookHash),
  }
  if (rulebook.orderBook === 'sealed-reveal') return { ...place, sealer: () => () => '0x' }
  if (publicKey === undefined) throw new Error('the market has no committee to seal orders to')
  return {
    ...place,
    sealer(interval, random) {
      const label = labelOf({ ...place, interval })
      const reuse = sealingKey({ label, publicKey, random })
      return (commitment, opening) => {
        const plaintext = encodeOpening(opening)
        return seal({ label, publicKey, commitment, plaintext, random: noBytes, reuse })
      }
    },
  }
}

const lower = (hex: string) => hex.toLowerCase() as `0x${string}`

/** A sealed book of a server: the orders' owners and an auditor ask, each with its own key. */
export class HttpBook {
  readonly #client: BusbarClient
  readonly #plan: MarketPlan
  readonly #numbers: MarketNumbers
  readonly #receiptSigner: string | null
  readonly #owners = new Map<number, BusbarClient>()

  constructor(client: BusbarClient, plan: MarketPlan, numbers: MarketNumbers, market: Market) {
    this.#client = client
    this.#plan = plan
    this.#numbers = numbers
    this.#receiptSigner = market.receiptSigner
  }

  async submit(orders: readonly SealedOrder[]): Promise<readonly Answer[]> {
    const wire = orders.map(({ digest: _digest, ...order }) => order)
    const results = await this.#client.submitSealedOrders(wire)
    return results.map((result, k) => {
      if (result.kind === 'rejected') return { kind: 'rejected', reason: result.code }
      const isReceipt = this.#isReceiptFor(orders[k], result.receipt)
      return isReceipt ? { kind: 'accepted' } : { kind: 'rejected', reason: 'receipt_invalid' }
    })
  }

  /** Signed by the key that the contracts know as the operator's, and for this order. */
  #isReceiptFor(order: SealedOrder | undefined, receipt: Receipt): boolean {
    const { commitment, interval } = receipt
    if (order?.commitment !== commitment || order.interval !== interval) return false
    const digest = receiptDigest(this.#numbers.domain, receipt)
    return recoverNative(digest, receipt.signature) === this.#receiptSigner
  }

  async reveal(interval: number, openings: Parameters<Exchange['reveal']>[1]): Promise<void> {
    const reveals = openings.map((one) => ({ zone, interval, ...one }))
    if (reveals.length > 0) await this.#client.submitReveals(reveals)
  }

  /** What an auditor is told of a cleared set. */
  async set(auditor: BusbarClient, interval: number): Promise<IntervalOutcome['sealedSet']> {
    const { sealing } = this.#numbers
    if (sealing === null) return undefined
    const { sealer: _sealer, ...place } = sealing
    const [openings, { ordersRoot, fillsRoot, voidCount }] = await Promise.all([
      auditor.auditOpenings(zone, interval),
      this.#client.interval(zone, interval),
    ])
    return {
      place: { ...place, interval },
      ordersRoot: ordersRoot ?? '',
      fillsRoot: fillsRoot ?? '',
      voidCount,
      orders: openings.orders.map(({ commitment, account, opening, void: voidReason }) => ({
        commitment,
        account,
        opening,
        voidReason,
      })),
    }
  }

  async ownFills(
    account: number,
    interval: number,
    commitments: readonly `0x${string}`[],
  ): Promise<readonly OwnFill[]> {
    const owner = this.#owner(account)
    const { zones } = await owner.accountInterval(account, interval)
    const told = zones.flatMap(({ sealedOrders }) => sealedOrders)
    const fills: OwnFill[] = []
    for (const commitment of commitments) {
      const order = told.find((one) => one.commitment === commitment)
      const { fill, fillsRoot } = await owner.orderPath({ zone, interval, commitment })
      if (order === undefined || fill === null || fillsRoot === null) {
        throw new Error(`account ${account} is not told of its order ${commitment}`)
      }
      const { filledWh: energyWh, void: voidReason } = order
      const { position, siblings, partRoots } = fill
      const path = { position, siblings, partRoots }
      fills.push({ commitment, energyWh, voidReason, path, fillsRoot })
    }
    return fills
  }

  #owner(account: number): BusbarClient {
    const known = this.#owners.get(account)
    if (known !== undefined) return known
    const { domain, accounts } = this.#numbers
    const participant = this.#plan.participants.find(({ name }) => accounts.get(name) === account)
    if (participant === undefined) throw new RangeError(`nobody has account ${account}`)
    const sign = withPrivateKey(participant.key.privateKey, signNative)
    const owner = this.#client.as(credentialOf(new Signer({ domain, account, sign })))
    this.#owners.set(account, owner)
    return owner
  }
}
