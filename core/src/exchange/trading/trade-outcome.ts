import type { Netting, PaymentState } from '../../payments/index.ts'
import type { OfferStatus, TradeStatus } from '../../trades/index.ts'
import type { Default } from '../../credit/index.ts'
import type { Micros } from '../../units/index.ts'

/** What commands about trades brought. See `Result`. */
export type TradeResult =
  | { readonly kind: 'trade_proposed'; readonly trade: number; readonly contract: string }
  | { readonly kind: 'trade_agreed'; readonly trade: number; readonly contract: string }
  | { readonly kind: 'trade_changed'; readonly trade: number; readonly status: TradeStatus }
  | { readonly kind: 'offer_changed'; readonly offer: number; readonly status: OfferStatus }
  | { readonly kind: 'delivery_limited'; readonly trade: number; readonly intervals: number }
  | { readonly kind: 'wheeling_set'; readonly fromInterval: number }
  | { readonly kind: 'utility_assigned'; readonly zone: number }
  | { readonly kind: 'agreement_recorded'; readonly fromInterval: number }
  | { readonly kind: 'consent_given'; readonly account: number }
  | {
      readonly kind: 'default_changed'
      readonly default: number
      readonly status: Default['status']
    }
  | { readonly kind: 'prepaid_topped_up'; readonly account: number; readonly balanceMicros: number }
  | { readonly kind: 'payment_recorded'; readonly payment: number; readonly state: PaymentState }
  | {
      readonly kind: 'netting_recorded'
      readonly netting: number
      readonly state: Netting['state']
    }
  | { readonly kind: 'trades_tended'; readonly matched: number; readonly lapsed: number }
  | { readonly kind: 'payments_tended'; readonly raised: number; readonly moved: number }

/** What the world must be told of trades. See `Effect`. */
export type TradeEffect =
  | {
      readonly kind: 'trade_changed'
      readonly trade: number
      readonly what:
        | 'invited'
        /** One of the two whose offers met. */
        | 'signed'
        | 'countered'
        | 'modification_requested'
        | 'modified'
        | 'refused'
        | TradeStatus
      /** Whom it concerned, of a trade that nothing was agreed in: it is not kept. */
      readonly parties?: readonly number[]
    }
  | { readonly kind: 'offer_changed'; readonly offer: number; readonly status: OfferStatus }
  | {
      readonly kind: 'delivery_limited'
      readonly trade: number
      readonly fromInterval: number
      readonly intervals: number
    }
  | { readonly kind: 'payment_changed'; readonly payment: number; readonly state: PaymentState }
  /** What the chain is to hold of accounts' money for their trades, ascending by account. */
  | {
      readonly kind: 'trade_holds_changed'
      readonly list: number
      readonly holds: readonly { readonly account: number; readonly amount: Micros }[]
    }
  | { readonly kind: 'netting_changed'; readonly netting: number; readonly state: Netting['state'] }
  | {
      readonly kind: 'default_changed'
      readonly default: number
      readonly status: Default['status']
      readonly steps: number
    }
  /** Retailers are asked for the readings of their customers that trade. */
  | {
      readonly kind: 'meter_data_requested'
      readonly fromInterval: number
      readonly intervals: number
    }
  | { readonly kind: 'key_certified'; readonly account: number; readonly tradesFrom: number }
  | {
      readonly kind: 'agreement_recorded'
      /** By its place among all, from 1. */
      readonly agreement: number
      readonly retailers: readonly [number, number]
    }
