/** English, of what was refused, by its code: in words, and what to do next. */
export const enRefusals = {
  'refusal.market_not_open': 'The market is not open yet.',
  'refusal.id_exists': 'Something else was sent under this number before. Begin again.',
  'refusal.passkey_unknown': 'This passkey is none of the account’s any more.',
  'refusal.join_code_unknown':
    'This invitation was used, has lapsed, or was taken back. Ask for another.',
  'refusal.mandate_unknown': 'There is no such mandate any more.',
  'refusal.registered_key_needed': 'Only the registered key of the account may sign this.',
  'refusal.passkey_too_new':
    'This passkey speaks only after a while, so that its account could object. Try again later, ' +
    'or use an older one.',
  'refusal.mandate_too_new': 'The mandate has not begun yet.',
  'refusal.account_unknown': 'There is no such account.',
  'refusal.account_disputed':
    'A device of the account objected. Whoever runs the market decides first.',
  'refusal.account_suspended': 'The account is suspended. Its retailer or the operator knows why.',
  'refusal.role_missing': 'The account has no role that may do this.',
  'refusal.key_too_new': 'The key may not sign contracts yet.',
  'refusal.consent_missing': 'Agree first to what may be done if money is not paid.',
  'refusal.party_foreign': 'This trade is between others.',
  'refusal.utility_foreign': 'Another utility runs these wires.',
  'refusal.proposal_unknown': 'There is no such proposal.',
  'refusal.proposal_own': 'Somebody else has to approve what you have proposed.',
  'refusal.proposal_differs': 'The proposal is another one than you have seen. Look at it again.',
  'refusal.proposal_not_open': 'It was decided, or has lapsed.',
  'refusal.zone_unknown': 'There is no such zone.',
  'refusal.meter_unknown': 'There is no such meter.',
  'refusal.meter_foreign': 'The meter belongs to somebody else.',
  'refusal.name_exists': 'This name, address or key is taken. Choose another.',
  'refusal.field_invalid': 'Something is written in a way that cannot be.',
  'refusal.tariff_missing': 'The retailer has set no tariff for this time yet.',
  'refusal.effective_in_past':
    'A rule cannot change intervals that are open already. Choose a later beginning.',
  'refusal.interval_beyond_horizon':
    'Orders for this interval are not taken yet. Choose an earlier one.',
  'refusal.gate_closed': 'The gate of the interval has closed. Choose a later one.',
  'refusal.committee_missing': 'Nobody could open an order of this interval yet. Choose another.',
  'refusal.commitment_exists': 'The same order is there already.',
  'refusal.energy_exceeded': 'That is more energy than one order may name.',
  'refusal.capacity_exceeded':
    'With your open orders that is more than your connection carries. Order less, or cancel ' +
    'one.',
  'refusal.price_out_of_bounds': 'The price is outside of what the market allows.',
  'refusal.price_off_tick': 'The price is finer than the market counts.',
  'refusal.mandate_exceeded': 'The agent’s mandate does not cover this.',
  'refusal.mandate_used_up': 'The mandate’s energy for the day is used up.',
  'refusal.orders_exceeded':
    'There are as many open orders as there may be. Wait for a gate, or cancel one.',
  'refusal.passkeys_exceeded':
    'The account has as many passkeys as it may. Take the word of one away first.',
  'refusal.join_codes_exceeded': 'There are as many open invitations as there may be.',
  'refusal.mandates_exceeded': 'The account has as many mandates as it may. End one first.',
  'refusal.order_unknown': 'There is no such open order any more.',
  'refusal.trades_not_offered': 'This market has no contracts of that kind.',
  'refusal.trade_unknown': 'There is no such trade.',
  'refusal.offer_unknown': 'There is no such offer any more.',
  'refusal.payment_unknown': 'There is no such payment.',
  'refusal.default_unknown': 'There is no such default.',
  'refusal.contract_exists': 'The same contract was proposed before.',
  'refusal.contract_superseded': 'Another version stands in its place. Look at that one.',
  'refusal.proposal_open': 'The trade waits for an answer to another proposal.',
  'refusal.proposal_expired': 'The proposal has lapsed. Make another.',
  'refusal.parties_equal': 'Both sides are the same.',
  'refusal.retailer_mismatch': 'One side has another retailer by now. Write the contract again.',
  'refusal.window_closed':
    'The delivery has begun already, or is too far ahead. Choose another time.',
  'refusal.terms_out_of_bounds': 'A term is outside of what the rules allow.',
  'refusal.trades_exceeded': 'The account has as many trades as it may have.',
  'refusal.exit_not_agreed': 'This contract lets nobody leave it.',
  'refusal.offers_exceeded': 'The account has as many offers as it may have. Withdraw one first.',
  'refusal.payment_not_awaited': 'The payment is in another state by now.',
  'refusal.payment_exists': 'It was recorded before, in another way.',
  'refusal.postponement_exceeded': 'This payment may not be postponed again.',
  'refusal.default_not_open': 'The default awaits no such step.',
  'refusal.proposals_exceeded':
    'There are as many open proposals as there may be. Decide one first.',
  'refusal.withdrawal_exists': 'It was asked for before, in another way.',
  'refusal.address_foreign': 'Money leaves only to the account’s own address.',
  'refusal.funds_insufficient':
    'Less money is available than the worst case needs. Pay in, or order less.',
  'refusal.signature_invalid': 'This signature is none of the account’s.',
  'refusal.rulebook_incomparable':
    'What happened cannot be judged by these rules: with them it would have been traded in ' +
    'another way.',
  'refusal.access_denied': 'This belongs to somebody else.',
  'refusal.not_found': 'There is no such thing, or it is none of yours.',
  'refusal.rate_limited': 'That was too much in too short a time. Try again in a minute.',
  'refusal.server_busy': 'The exchange has as much as it can carry. Try again in a moment.',
  'refusal.server_stopping': 'The exchange is just stopping. Try again in a moment.',
  'refusal.network_failed': 'The exchange cannot be reached.',
  'refusal.proof_invalid':
    'What the exchange has answered is not signed by its operator. Keep it, and ask the ' +
    'operator.',
  'refusal.timed_out': 'The exchange did not answer in time.',
  'refusal.any': 'The exchange refused: {detail}.',
} as const
