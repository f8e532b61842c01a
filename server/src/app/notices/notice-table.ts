import {
  authorityRoles,
  bilateralZone,
  type Effect,
  type IntervalRecord,
  lostPasskeyOf,
  participantOf,
  recordOf,
  type State,
  tradingMeters,
} from '@busbar/core/exchange'
import type { Role } from '@busbar/core/registry'
import type { ContractTerms, Trade } from '@busbar/core/trades'
import type { NoticeDraft } from '../ports/notices.ts'
import { defaultViewFor, paymentView } from '../views/trading/payments.ts'
import { readingRoles, type Relation, relationOf, termsOf } from '../views/trading/relation.ts'
import { agreementView, nettingView } from '../views/trading/retailers.ts'

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { readonly kind: Kind }>

type Teller<Kind extends Effect['kind']> = (
  state: State,
  effect: EffectOf<Kind>,
) => readonly NoticeDraft[]

/** Everybody hears it by the stream of events, or reads it with its own command's answer. */
const nobody = (): readonly NoticeDraft[] => []

/**
 * Who is told what of an effect, by its kind. A notice holds nothing that its account could not
 * read by the interface: what is told of a thing is taken from the view that the account has of it.
 *
 * `state` is the one that the command of the effect left.
 */
const tellers: { readonly [Kind in Effect['kind']]: Teller<Kind> } = {
  trade_changed: tradeChanged,
  offer_changed: offerChanged,
  delivery_limited: deliveryLimited,
  payment_changed: paymentChanged,
  default_changed: defaultChanged,
  meter_data_requested: meterDataRequested,
  agreement_recorded: agreementRecorded,
  netting_changed: nettingChanged,
  run_posted: runPosted,
  participant_suspended: standingChanged,
  participant_reinstated: standingChanged,
  key_replaced: (_state, { account, address }) => [
    { account, subject: `account/${account}`, kind: 'key_replaced', data: { account, address } },
  ],
  passkey_registered: passkeyRegistered,
  passkey_revoked: passkeyRevoked,
  objection_raised: objectionRaised,
  proposal_changed: proposalChanged,
  join_code_issued: joinCodeIssued,
  mandate_granted: mandateGranted,
  mandate_revoked: (_state, { account, publicKey }) => [
    {
      ...{ account, subject: `account/${account}`, kind: 'mandate_revoked' },
      data: { account, publicKey },
    },
  ],
  join_code_revoked: (_state, { account, publicKey }) => [
    {
      ...{ account, subject: `account/${account}`, kind: 'join_code_revoked' },
      data: { account, publicKey },
    },
  ],
  // Told with `key_replaced`; the first key of an account comes with its admission.
  key_certified: nobody,
  // Public, and told by the stream.
  participant_admitted: nobody,
  orders_fixed: nobody,
  interval_cleared: nobody,
  interval_proven: nobody,
  deposit_recorded: nobody,
  withdrawal_released: nobody,
  withdrawal_paid: nobody,
  rulebook_scheduled: nobody,
  committee_appointed: nobody,
  // No reader has a view of these.
  withdrawal_due: nobody,
  funding_ordered: nobody,
  order_placed: nobody,
  trade_holds_changed: nobody,
  passkey_put_on_chain: nobody,
  readings_counted: nobody,
}

/** What follows from `effect` for those whom it concerns, each account once. */
export function noticesOf(state: State, effect: Effect): readonly NoticeDraft[] {
  const tell = tellers[effect.kind] as Teller<Effect['kind']>
  return tell(state, effect)
}

/** What retailers and utilities learn: of what is in force, and not of what is only proposed. */
const toldToOthers: ReadonlySet<EffectOf<'trade_changed'>['what']> = new Set([
  'agreed', 'modified', 'completed', 'cancelled', 'exited', 'terminated',
] as const)

function tradeChanged(
  state: State,
  { trade: number, what, parties }: EffectOf<'trade_changed'>,
): NoticeDraft[] {
  const about = { subject: `trade/${number}`, kind: 'trade_changed' } as const
  if (parties !== undefined) {
    // Nothing was agreed, and nothing is kept: to its parties alone it was there.
    const data = { trade: number, what, relation: 'party', status: what, reason: what }
    return [...new Set(parties)].map((account) => ({ account, ...about, data }))
  }
  const trade = state.trading.trades.get(number)
  if (trade === undefined) return []
  const { status, reason } = trade
  return concernedBy(state, trade)
    .filter(([, { kind }]) => kind === 'party' || toldToOthers.has(what))
    .map(([account, { kind: relation }]) => ({
      ...{ account, ...about, data: { trade: number, what, relation, status, reason } },
    }))
}

/** Those whom a trade concerns now, ascending, each with its relation. */
function concernedBy(state: State, trade: Trade): (readonly [number, Relation])[] {
  const terms = termsOf(trade)
  if (terms === undefined) return []
  return namedIn(state, terms).flatMap((account) => {
    const relation = relationOf(state, { account, roles: officesOf(state, account) }, trade)
    return relation === undefined ? [] : [[account, relation] as const]
  })
}

/** By which somebody is told of what it serves: of none while it is suspended. */
function officesOf(state: State, account: number): readonly Role[] {
  const participant = participantOf(state, account)
  const roles = participant === undefined ? [] : readingRoles(participant)
  return roles.filter((role) => role === 'retailer' || role === 'distribution-utility')
}

/** Every account that could have to do with a contract, once, ascending. */
function namedIn(state: State, terms: ContractTerms): number[] {
  const utilities = [terms.sellerMeter, terms.buyerMeter].map((meter) =>
    state.trading.utilities.get(state.meters[meter]?.zone ?? -1),
  )
  const { seller, buyer, platform, sellerRetailer, buyerRetailer } = terms
  const accounts = [seller, buyer, platform, sellerRetailer, buyerRetailer, ...utilities]
  const known = accounts.filter((account) => typeof account === 'number')
  return [...new Set(known)].sort((a, b) => a - b)
}

function offerChanged(
  state: State,
  { offer: number, status }: EffectOf<'offer_changed'>,
): NoticeDraft[] {
  const offer = state.trading.offers.get(number)
  if (offer === undefined) return []
  const data = { offer: number, status }
  return [{ account: offer.account, subject: `offer/${number}`, kind: 'offer_changed', data }]
}

function deliveryLimited(
  state: State,
  { trade: number, fromInterval, intervals }: EffectOf<'delivery_limited'>,
): NoticeDraft[] {
  const trade = state.trading.trades.get(number)
  if (trade === undefined) return []
  const about = { subject: `trade/${number}`, kind: 'delivery_limited' } as const
  return concernedBy(state, trade).map(([account, { kind: relation }]) => ({
    ...{ account, ...about, data: { trade: number, relation, fromInterval, intervals } },
  }))
}

function paymentChanged(
  state: State,
  { payment: number }: EffectOf<'payment_changed'>,
): NoticeDraft[] {
  const payment = state.trading.payments.get(number)
  if (payment === undefined) return []
  const about = { subject: `trade/${payment.trade}`, kind: 'payment_changed' } as const
  const data = paymentView(payment)
  return [...new Set([payment.payer, payment.payee])]
    .filter((account) => participantOf(state, account) !== undefined)
    .map((account) => ({ account, ...about, data }))
}

function defaultChanged(
  state: State,
  { default: number }: EffectOf<'default_changed'>,
): NoticeDraft[] {
  const one = state.trading.defaults.get(number)
  if (one === undefined) return []
  const sides = [one.account, one.creditor]
  const retailers = sides.map((account) => participantOf(state, account)?.retailer ?? -1)
  const about = { subject: `trade/${one.trade}`, kind: 'default_changed' } as const
  return [...new Set([...sides, ...retailers])].flatMap((account) => {
    const isServing = officesOf(state, account).includes('retailer')
    const data = participantOf(state, account) && defaultViewFor(state, account, one, isServing)
    return data === undefined ? [] : [{ account, ...about, data }]
  })
}

function agreementRecorded(
  state: State,
  { agreement }: EffectOf<'agreement_recorded'>,
): NoticeDraft[] {
  const data = agreementView(state, agreement)
  if (data === undefined) return []
  const about = { subject: `agreement/${agreement}`, kind: 'agreement_recorded' } as const
  return data.retailers.map((account) => ({ account, ...about, data }))
}

/** The exchange itself is no participant: what it is paid its operator reads. */
function nettingChanged(
  state: State,
  { netting: number }: EffectOf<'netting_changed'>,
): NoticeDraft[] {
  const netting = state.trading.netting.nettings.get(number)
  if (netting === undefined) return []
  const about = { subject: `netting/${number}`, kind: 'netting_changed' } as const
  const data = nettingView(netting)
  return [netting.debtor, netting.creditor]
    .filter((account) => participantOf(state, account) !== undefined)
    .map((account) => ({ account, ...about, data }))
}

function meterDataRequested(
  state: State,
  { fromInterval, intervals }: EffectOf<'meter_data_requested'>,
): NoticeDraft[] {
  const owners = new Set<number>()
  for (let interval = fromInterval; interval < fromInterval + intervals; interval += 1) {
    const record = recordOf(state, bilateralZone, interval)
    if (record === undefined) continue
    for (const meter of tradingMeters(state, record)) {
      const owner = state.gateways[state.meters[meter]?.gateway ?? -1]?.owner
      if (owner !== undefined) owners.add(owner)
    }
  }
  const about = { subject: 'meter-data', kind: 'meter_data_requested' } as const
  const data = { fromInterval, intervals }
  return ascending(owners).map((account) => ({ account, ...about, data }))
}

/**
 * To those who serve others: a settled interval is the bill, the wheeling or the fee of many of
 * their trades at once. Sides hear the run by the stream, and of money by their payments.
 */
function runPosted(
  state: State,
  { zone, interval, run, runKind }: EffectOf<'run_posted'>,
): NoticeDraft[] {
  const record = zone === bilateralZone ? recordOf(state, zone, interval) : undefined
  if (record === undefined) return []
  const about = { subject: `interval/${interval}`, kind: 'run_posted' } as const
  const data = { interval, run, runKind }
  return ascending(servingIn(state, record)).map((account) => ({ account, ...about, data }))
}

function servingIn(state: State, record: IntervalRecord): Set<number> {
  const serving = new Set<number>()
  for (const number of record.deliveries.keys()) {
    const trade = state.trading.trades.get(number)
    const terms = trade && termsOf(trade)
    if (terms === undefined) continue
    for (const account of namedIn(state, terms)) {
      if (account !== terms.seller && account !== terms.buyer) serving.add(account)
    }
  }
  return serving
}

function standingChanged(
  state: State,
  { account: number }: EffectOf<'participant_suspended' | 'participant_reinstated'>,
): NoticeDraft[] {
  const participant = participantOf(state, number)
  if (participant === undefined) return []
  const { retailer, status } = participant
  const about = { subject: `account/${number}`, kind: 'participant_changed' } as const
  const data = { account: number, status }
  const accounts = retailer === null ? [number] : [number, retailer]
  return accounts.map((account) => ({ account, ...about, data }))
}

/** To its owner, who may not have asked for it. */
function passkeyRegistered(
  state: State,
  { account, publicKey }: EffectOf<'passkey_registered'>,
): NoticeDraft[] {
  const passkey = state.passkeys.get(publicKey)
  if (passkey === undefined) return []
  const { host, label, signsFrom: signsFromMs, registeredBy } = passkey
  const data = { account, publicKey, host, label, signsFromMs, registeredBy }
  return [{ account, subject: `account/${account}`, kind: 'passkey_registered', data }]
}

/** To its owner, who may have it in its hand: by it, the desk can be told so. */
function passkeyRevoked(
  state: State,
  { account, publicKey, label, by: revokedBy }: EffectOf<'passkey_revoked'>,
): NoticeDraft[] {
  const mayObject = lostPasskeyOf(state, account, publicKey) !== undefined
  const data = { account, publicKey, label, revokedBy, mayObject }
  return [{ account, subject: `account/${account}`, kind: 'passkey_revoked', data }]
}

/** To those who did not know, and to those who decide now. */
function objectionRaised(
  state: State,
  { account: owner, publicKey, retailer }: EffectOf<'objection_raised'>,
): NoticeDraft[] {
  const deciding = state.participants
    .filter(({ roles }) => roles.some((role) => authorityRoles.includes(role)))
    .map(({ account }) => account)
  const about = { subject: `account/${owner}`, kind: 'objection_raised' } as const
  const data = { account: owner, publicKey, retailer }
  return ascending(new Set([owner, retailer, ...deciding]))
    .map((account) => ({ account, ...about, data }))
}

/** To all who may approve or refuse it, and to who proposed it. */
function proposalChanged(
  state: State,
  { proposal: number, status }: EffectOf<'proposal_changed'>,
): NoticeDraft[] {
  const found = state.proposals.get(number)
  if (found === undefined) return []
  const { instruction, expiresAt: expiresAtMs, decided, reason } = found
  const data = {
    ...{ proposal: number, instruction: instruction.kind, status, expiresAtMs, reason },
    ...{ proposedBy: instruction.account, decidedBy: decided?.account ?? null },
  }
  return state.participants
    .filter(({ roles }) => roles.some((role) => authorityRoles.includes(role)))
    .map(({ account }) => ({
      ...{ account, subject: `proposal/${number}`, kind: 'proposal_changed', data },
    }))
}

function mandateGranted(
  state: State,
  { account, publicKey }: EffectOf<'mandate_granted'>,
): NoticeDraft[] {
  const mandate = state.mandates.get(publicKey)
  if (mandate === undefined) return []
  const { from: fromMs, until: untilMs, label, meters, ...given } = mandate
  const { buyMaxMicrosPerKwh, sellMinMicrosPerKwh, orderEnergyMaxWh, dayEnergyMaxWh } = given
  const data = {
    ...{ account, publicKey, meters, buyMaxMicrosPerKwh, sellMinMicrosPerKwh },
    ...{ orderEnergyMaxWh, dayEnergyMaxWh, fromMs, untilMs, label },
  }
  return [{ account, subject: `account/${account}`, kind: 'mandate_granted', data }]
}

function joinCodeIssued(
  state: State,
  { account, publicKey }: EffectOf<'join_code_issued'>,
): NoticeDraft[] {
  const code = state.joinCodes.get(account)?.find((one) => one.publicKey === publicKey)
  if (code === undefined) return []
  const { host, until: untilMs, issuedBy } = code
  const data = { account, publicKey, host, untilMs, issuedBy }
  return [{ account, subject: `account/${account}`, kind: 'join_code_issued', data }]
}

const ascending = (accounts: ReadonlySet<number>): number[] => [...accounts].sort((a, b) => a - b)
