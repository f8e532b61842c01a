/**
 * Why a command was not accepted, in order of precedence: who asks is judged before what is asked,
 * and of several reasons in either the first of this list is reported.
 *
 * `transient` tells whether the same command may be accepted later without being changed: a client
 * retries those and shows the others to a person. `docs/reference/errors.md` has one heading each.
 */
export const rejections = {
  market_not_open: { transient: true, means: 'The journal has no market yet.' },
  market_exists: { transient: false, means: 'The market is open already.' },
  id_exists: { transient: false, means: 'This id was accepted before, with other content.' },
  passkey_unknown: { transient: false, means: 'The account has no such passkey.' },
  join_code_unknown: { transient: false, means: 'The account has no such join code, any more.' },
  mandate_unknown: { transient: false, means: 'The account has no such mandate, any more.' },
  registered_key_needed: { transient: false, means: 'The key that signed may not sign this.' },
  passkey_too_new: { transient: true, means: 'The passkey may not sign yet.' },
  mandate_too_new: { transient: true, means: 'The mandate has not begun yet.' },
  account_unknown: { transient: false, means: 'No participant has this account.' },
  account_suspended: { transient: true, means: 'The participant is suspended.' },
  role_missing: { transient: false, means: 'The participant has no role that may do this.' },
  account_disputed: { transient: true, means: 'The account objected: an authority decides.' },
  key_too_new: { transient: true, means: 'The key may not sign contracts yet.' },
  consent_missing: { transient: true, means: 'The party has not consented to enforcement.' },
  party_foreign: { transient: false, means: 'The trade is between others.' },
  utility_foreign: { transient: false, means: 'Another utility runs these wires.' },
  proposal_unknown: { transient: false, means: 'No proposal of an authority has this number.' },
  proposal_own: { transient: false, means: 'Nobody approves what oneself has proposed.' },
  proposal_differs: { transient: false, means: 'The proposal is of another content.' },
  proposal_not_open: { transient: false, means: 'The proposal was decided, or has lapsed.' },
  gateway_unknown: { transient: false, means: 'No gateway has this number.' },
  zone_unknown: { transient: false, means: 'No zone has this number.' },
  meter_unknown: { transient: false, means: 'No meter has this number.' },
  meter_foreign: { transient: false, means: 'The meter belongs to another participant.' },
  name_exists: { transient: false, means: 'The name, address or key is taken.' },
  field_invalid: { transient: false, means: 'A field is outside its limit.' },
  tariff_missing: { transient: true, means: 'The retailer has no tariff for this yet.' },
  balancing_authority_missing: { transient: true, means: 'No participant balances this market.' },
  effective_in_past: { transient: false, means: 'A rule cannot change open intervals.' },
  interval_beyond_horizon: { transient: true, means: 'The interval is not open for orders yet.' },
  gate_closed: { transient: false, means: 'The gate of the interval has closed.' },
  gate_open: { transient: true, means: 'The gate of the interval has not closed yet.' },
  gate_already_closed: { transient: false, means: 'The gate of the interval was closed before.' },
  order_book_mismatch: { transient: false, means: 'The interval takes orders of another kind.' },
  committee_missing: { transient: true, means: 'No committee can open orders of the interval.' },
  commitment_exists: { transient: false, means: 'The interval has this commitment already.' },
  interval_not_fixed: { transient: true, means: 'The orders of the interval are not fixed yet.' },
  orders_opened: { transient: false, means: 'The orders of the interval were opened before.' },
  reveal_open: { transient: true, means: 'Orders of the interval may still be revealed.' },
  reveal_closed: { transient: false, means: 'The time to reveal the order has passed.' },
  opening_mismatch: { transient: false, means: 'The opening is not that of the commitment.' },
  energy_exceeded: { transient: false, means: 'The order names more energy than one order may.' },
  capacity_exceeded: { transient: true, means: 'Open orders would exceed the grid connection.' },
  price_out_of_bounds: { transient: false, means: 'The limit price is outside the price bounds.' },
  price_off_tick: { transient: false, means: 'The limit price is not a multiple of the tick.' },
  mandate_exceeded: { transient: false, means: 'The agent’s mandate does not cover this.' },
  mandate_used_up: { transient: true, means: 'The mandate’s energy for the day is used up.' },
  orders_exceeded: { transient: true, means: 'The account, or the interval, is full of orders.' },
  passkeys_exceeded: { transient: true, means: 'The account has as many passkeys as it may.' },
  join_codes_exceeded: { transient: true, means: 'The account has as many codes as it may.' },
  mandates_exceeded: { transient: true, means: 'The account has as many mandates as it may.' },
  order_unknown: { transient: false, means: 'No open order has this id.' },
  trades_not_offered: { transient: false, means: 'The rulebook has no contracts of that kind.' },
  trade_unknown: { transient: false, means: 'No trade has this number or contract.' },
  offer_unknown: { transient: false, means: 'No offer has this number.' },
  payment_unknown: { transient: false, means: 'No payment has this number.' },
  default_unknown: { transient: false, means: 'No default has this number.' },
  netting_unknown: { transient: false, means: 'No transfer between retailers has this number.' },
  contract_exists: { transient: false, means: 'This contract was proposed before.' },
  contract_superseded: { transient: false, means: 'Another version stands in its place.' },
  proposal_open: { transient: true, means: 'The trade waits for an answer to another proposal.' },
  proposal_expired: { transient: false, means: 'The proposal has lapsed.' },
  parties_equal: { transient: false, means: 'Both sides of the contract are the same.' },
  retailer_mismatch: { transient: false, means: 'The contract names another retailer.' },
  window_closed: { transient: false, means: 'The delivery window has begun, or is too far.' },
  terms_out_of_bounds: { transient: false, means: 'A term is outside what the rulebook allows.' },
  trades_exceeded: { transient: true, means: 'The account has as many trades as it may have.' },
  exit_not_agreed: { transient: false, means: 'The contract lets nobody leave it.' },
  offers_exceeded: { transient: true, means: 'The account has as many offers as it may have.' },
  payment_not_awaited: { transient: false, means: 'The payment awaits no such word.' },
  payment_exists: { transient: false, means: 'It was recorded before, otherwise.' },
  postponement_exceeded: { transient: false, means: 'The payment may not be postponed again.' },
  default_not_open: { transient: false, means: 'The default awaits no such step.' },
  netting_not_awaited: { transient: false, means: 'The transfer awaits no such word.' },
  proposals_exceeded: { transient: true, means: 'An authority has as many as it may.' },
  nothing_to_tend: { transient: true, means: 'Nothing of the trades is due.' },
  readings_empty: { transient: false, means: 'The batch holds no readings, or too many.' },
  deposit_exists: { transient: false, means: 'This deposit was recorded before, otherwise.' },
  withdrawal_exists: { transient: false, means: 'It was recorded before, otherwise.' },
  address_foreign: { transient: false, means: 'Money leaves only to the registered address.' },
  funds_insufficient: { transient: true, means: 'Less is available than the worst case needs.' },
  interval_not_cleared: { transient: true, means: 'The interval has not been cleared.' },
  readings_awaited: { transient: true, means: 'Readings are missing that may still arrive.' },
  proof_awaited: { transient: true, means: 'The final run waits for the proof of the clearing.' },
  proof_not_awaited: { transient: false, means: 'The interval awaits no such word on a proof.' },
  nothing_to_settle: { transient: true, means: 'What stands posted is what should stand.' },
  guarantee_exhausted: { transient: true, means: 'A shortfall is larger than the guarantee.' },
} as const satisfies Record<string, { transient: boolean; means: string }>

export type Rejection = keyof typeof rejections

export type Rejected<Reason extends Rejection = Rejection> = {
  readonly kind: 'rejected'
  readonly reason: Reason
  /** Which field, where one is to blame. */
  readonly field?: string
  /** What it would have had to be. */
  readonly limit?: string
}

export const reject = <Reason extends Rejection>(
  reason: Reason,
  field?: string,
  limit?: string,
): Rejected<Reason> => ({
  kind: 'rejected',
  reason,
  ...(field === undefined ? {} : { field }),
  ...(limit === undefined ? {} : { limit }),
})
