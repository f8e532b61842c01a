import type { Market } from '@busbar/protocols/api'
import { contextOf } from '@busbar/protocols/sealed-orders'
import type { LabelParts, SealingKey } from '@busbar/protocols/timelock'
import { errorOfFailure, errorOfRejection } from './busbar-error.ts'
import { platformRandom, type RandomBytes } from './ids.ts'

/** What the orders of one zone and interval are sealed with: see `sealingTerms`. */
export type SealingTerms = {
  readonly zone: number
  readonly interval: number
  /** The field element that binds a commitment to market, zone, interval and rules. */
  readonly context: string
  /** The chain and the contract that the committee names when it signs after the gate. */
  readonly chainId: number
  readonly intervalLog: string
  /** The committee's key; null where owners reveal their orders themselves. */
  readonly publicKey: string | null
}

/**
 * How orders of a zone and interval are sealed, from what the market says of itself. Who does not
 * trust the server compares contracts and committee with what the chain and its members say.
 *
 * @throws BusbarError order_book_mismatch for an open book, committee_missing where nobody could
 * open an order yet, answer_malformed for a market without a chain
 */
export function sealingTerms(
  market: Pick<Market, 'domain' | 'contracts' | 'committees'> & RulebookParts,
  place: { readonly zone: number; readonly interval: number },
): SealingTerms {
  const { zone, interval } = place
  const { hash: rulebookHash, rulebook } = rulebookFor(market, interval)
  if (rulebook.orderBook === 'open') throw errorOfRejection('order_book_mismatch', 'interval')
  if (market.contracts === null) {
    throw errorOfFailure('answer_malformed', 'the market has sealed orders and no contracts')
  }
  const committee = market.committees.findLast(({ fromInterval }) => fromInterval <= interval)
  const byCommittee = rulebook.orderBook === 'sealed-committee'
  if (byCommittee && committee === undefined) {
    throw errorOfRejection('committee_missing', 'interval')
  }
  const { chainId } = market.domain
  const { intervalLog } = market.contracts
  return {
    zone,
    interval,
    context: contextOf({ chainId, intervalLog, zone, interval, rulebookHash }),
    chainId,
    intervalLog,
    publicKey: byCommittee ? (committee?.publicKey ?? null) : null,
  }
}

type RulebookParts = Pick<Market, 'rulebook' | 'rulebookHash' | 'scheduledRulebooks'>

/** The rules of an interval: the scheduled ones from their first interval on. */
function rulebookFor(
  market: RulebookParts,
  interval: number,
): Pick<Market['scheduledRulebooks'][number], 'hash' | 'rulebook'> {
  const due = market.scheduledRulebooks
    .filter(({ fromInterval }) => fromInterval <= interval)
    .sort((a, b) => a.fromInterval - b.fromInterval)
  return due.at(-1) ?? { hash: market.rulebookHash, rulebook: market.rulebook }
}

/** Encrypts an opening to an interval: `0x` and 242 hex. */
export type Seal = (request: {
  /** Its zone and interval are those of the order. */
  readonly label: LabelParts
  readonly publicKey: string
  readonly commitment: string
  readonly plaintext: Uint8Array
}) => string | Promise<string>

/** Orders of one label are sealed one after the other, so a few labels are enough. */
const keysKept = 16

const noBytes = new Uint8Array()

/**
 * Seals to the committee's key. The curve's library is loaded with the first order. One secret
 * serves all orders of a label, which saves the pairing: use a sealer of its own for each account,
 * or their orders could be told to be of one hand.
 */
export function timelockSeal(random: RandomBytes = platformRandom): Seal {
  const keys = new Map<string, SealingKey>()
  return async ({ label: parts, publicKey, commitment, plaintext }) => {
    const timelock = await import('@busbar/protocols/timelock')
    await timelock.timelockReady()
    const label = timelock.labelOf(parts)
    const name = `${publicKey} ${label}`
    let reuse = keys.get(name)
    if (reuse === undefined) {
      const bytes = random(new Uint8Array(timelock.randomBytesPerScalar))
      reuse = timelock.sealingKey({ label, publicKey, random: bytes })
      keys.set(name, reuse)
      const [oldest] = keys.keys()
      if (keys.size > keysKept && oldest !== undefined) keys.delete(oldest)
    }
    // With a key at hand no more randomness is drawn: the commitment makes each order's own.
    return timelock.seal({ label, publicKey, commitment, plaintext, random: noBytes, reuse })
  }
}

/**
 * As `timelockSeal`, where WebAssembly is not allowed, such as on a page with a strict policy. Each
 * order has a secret of its own; sealing one takes tens of milliseconds.
 */
export function plainTimelockSeal(random: RandomBytes = platformRandom): Seal {
  return async ({ label: parts, publicKey, commitment, plaintext }) => {
    const plain = await import('@busbar/protocols/plain-timelock')
    const label = plain.labelOf(parts)
    const bytes = random(new Uint8Array(plain.plainRandomBytes))
    return plain.plainSeal({ label, publicKey, commitment, plaintext, random: bytes })
  }
}
