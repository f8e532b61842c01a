import { type Effect, recordOf, type State } from '@busbar/core/exchange'
import type { Offer } from '@busbar/core/trades'
import type { StreamEvent } from './ports/stream-event.ts'
import { publicSteps } from './views/trading/board.ts'

/** What the world may know, in the order in which it happened. */
export class PublicEvents {
  /** Offers that everybody could see until now: one that is gone is told of if it was one. */
  readonly #board: Set<number>

  constructor(state: State) {
    const offers = [...state.trading.offers.values()]
    this.#board = new Set(offers.filter(isOnBoard).map(({ offer }) => offer))
  }

  /** `state` is one that has these effects. */
  of(state: State, told: readonly { readonly effect: Effect }[]): readonly StreamEvent[] {
    return told.flatMap(({ effect }) => this.#eventOf(state, effect) ?? [])
  }

  #eventOf(state: State, effect: Effect): StreamEvent | undefined {
    return effect.kind === 'offer_changed'
      ? this.#boardEventOf(state, effect.offer)
      : streamEventOf(state, effect)
  }

  #boardEventOf(state: State, number: number): StreamEvent | undefined {
    const offer = state.trading.offers.get(number)
    const isThere = offer !== undefined && isOnBoard(offer)
    const wasThere = this.#board.delete(number)
    if (isThere) this.#board.add(number)
    return isThere || wasThere ? { kind: 'board_changed', offer: number } : undefined
  }
}

const isOnBoard = (offer: Offer): boolean => publicSteps(offer).length > 0

/** What the world may know of an effect. Of orders that is how many there are, and no more. */
function streamEventOf(state: State, effect: Effect): StreamEvent | undefined {
  switch (effect.kind) {
    case 'orders_fixed': {
      const { kind, zone, interval } = effect
      return { kind, zone, interval, orderCount: recordOf(state, zone, interval)?.orderCount ?? 0 }
    }
    case 'interval_cleared':
    case 'interval_proven':
    case 'run_posted':
      return effect
    case 'deposit_recorded':
      return { kind: 'deposit', account: effect.account, amount: effect.amount }
    case 'withdrawal_released':
    case 'withdrawal_paid':
      return { kind: 'withdrawal', account: effect.account, amount: effect.amount }
    case 'participant_admitted':
    case 'participant_suspended':
    case 'participant_reinstated':
      return { kind: effect.kind, account: effect.account }
    case 'rulebook_scheduled':
    case 'committee_appointed':
    case 'proposal_changed':
      return effect
    // Trades concern their parties alone, who are told by notices and by their own answers.
    case 'trade_changed':
    case 'trade_holds_changed':
    // The board is another matter.
    case 'offer_changed':
    case 'delivery_limited':
    case 'payment_changed':
    case 'netting_changed':
    case 'default_changed':
    case 'key_certified':
    case 'passkey_registered':
    case 'passkey_put_on_chain':
    case 'passkey_revoked':
    case 'objection_raised':
    case 'join_code_issued':
    case 'join_code_revoked':
    case 'mandate_granted':
    case 'mandate_revoked':
    case 'meter_data_requested':
    case 'agreement_recorded':
    case 'withdrawal_due':
    case 'order_placed':
    case 'key_replaced':
    case 'funding_ordered':
    case 'readings_counted':
      return undefined
  }
}

/** What people wait for of a transaction that is final: by the id it has in the outbox. */
export function finalEventOf(id: string, txHash: string): StreamEvent | undefined {
  const [kind, zone, interval, run, ...rest] = id.split('/')
  if (kind === 'withdraw') return { kind: 'withdrawal_final', account: Number(zone), txHash }
  const place = { zone: Number(zone), interval: Number(interval), txHash }
  if (kind === 'commit') return { kind: 'interval_committed', ...place }
  if (kind !== 'settle' || run === undefined || rest[0] === 'stage') return undefined
  return { kind: 'run_final', ...place, run: Number(run) }
}
