import type { Notice, PaymentView } from '@busbar/protocols/api'
import type { Formats } from '../format/formats.ts'
import { billNumber, isBilled } from '../payments/payments.ts'
import type { Texts } from '../texts/texts.ts'

/** What it takes to say a notice. */
export type Saying = {
  readonly texts: Texts
  readonly formats: Formats
  readonly intervalSeconds: number
  /** What an account is called, or its number. */
  readonly nameOf: (account: number) => string
  /** Who reads. */
  readonly account: number
}

/** What a notice says, in a sentence or two. */
export function noticeWords(notice: Notice, saying: Saying): string {
  const { texts: { say }, formats, intervalSeconds, nameOf } = saying
  const at = (interval: number): string => formats.moment(interval * intervalSeconds * 1_000)
  switch (notice.kind) {
    case 'trade_changed':
      return say(`notice.trade.${notice.data.what}`, { trade: notice.data.trade })
    case 'offer_changed':
      return say(`notice.offer.${notice.data.status}`, { offer: notice.data.offer })
    case 'delivery_limited':
      return say('notice.delivery_limited', { trade: notice.data.trade })
    case 'run_posted':
      return say('notice.run_posted', { interval: at(notice.data.interval) })
    case 'meter_data_requested':
      return say('notice.meter_data_requested', { interval: at(notice.data.fromInterval) })
    case 'participant_changed': {
      const { account, status } = notice.data
      return say(`notice.participant.${status}`, { name: nameOf(account) })
    }
    case 'proposal_changed': {
      const { proposal, instruction, status, proposedBy, expiresAtMs } = notice.data
      const what = say(`instruction.${instruction}`)
      const until = formats.moment(expiresAtMs)
      return say(`notice.proposal.${status}`, { proposal, what, by: nameOf(proposedBy), until })
    }
    case 'payment_changed':
    case 'default_changed':
    case 'agreement_recorded':
    case 'netting_changed':
      return moneyWords(notice, saying, at)
    case 'key_replaced':
    case 'passkey_registered':
    case 'passkey_revoked':
    case 'objection_raised':
    case 'join_code_issued':
    case 'join_code_revoked':
    case 'mandate_granted':
    case 'mandate_revoked':
      return keyWords(notice, saying)
  }
}

type NoticeOf<Kind extends Notice['kind']> = Extract<Notice, { readonly kind: Kind }>

type MoneyNotice = NoticeOf<
  'payment_changed' | 'default_changed' | 'agreement_recorded' | 'netting_changed'
>

function moneyWords(notice: MoneyNotice, saying: Saying, at: (interval: number) => string): string {
  const { texts: { say }, formats, nameOf, account } = saying
  switch (notice.kind) {
    case 'payment_changed':
      return paymentWords(notice, saying)
    case 'default_changed':
      return defaultWords(notice, saying)
    case 'agreement_recorded': {
      const { retailers, fromInterval, untilInterval } = notice.data
      const name = nameOf(retailers.find((one) => one !== account) ?? account)
      return untilInterval === null
        ? say('notice.agreement.open', { name, from: at(fromInterval) })
        : say('notice.agreement.ends', { name, until: at(untilInterval) })
    }
    case 'netting_changed': {
      const { debtor, creditor, amountMicros, state } = notice.data
      const amount = formats.money(amountMicros)
      return say(`notice.netting.${state}`, { from: nameOf(debtor), to: nameOf(creditor), amount })
    }
  }
}

function paymentWords({ data }: NoticeOf<'payment_changed'>, saying: Saying): string {
  const { texts: { say }, formats, nameOf, account } = saying
  const { payment, trade, payer, payee, amountMicros, reservedMicros, state } = data
  // Before it is known what is owed, what is set aside is what one hears of.
  const money = formats.money(amountMicros === 0 ? reservedMicros : amountMicros)
  const amount = payer === account
    ? say('payments.to', { amount: money, name: nameOf(payee) })
    : say('payments.from', { amount: money, name: nameOf(payer) })
  const words = say(`notice.payment.${wayOf(data)}`, { payment, trade, amount })
  const { reference, dueAtMs } = data
  const isAsked = state === 'capturing' || state === 'postponed'
  const bill = isAsked && isBilled(data) && reference !== ''
    ? [say('payments.bill', { number: billNumber(reference) })]
    : []
  const due = isAsked && dueAtMs !== null
    ? [say('payments.dueBy', { time: formats.moment(dueAtMs) })]
    : []
  return [words, ...bill, ...due].join(' ')
}

/**
 * What has become of a payment. Where a bill is asked for, its rail first makes it out and then
 * names it: the state is one, and what is told are two things.
 */
function wayOf(data: NoticeOf<'payment_changed'>['data']): PaymentView['state'] | 'billing' {
  const { state, reference } = data
  return state === 'capturing' && isBilled(data) && reference === '' ? 'billing' : state
}

function defaultWords({ data }: NoticeOf<'default_changed'>, saying: Saying): string {
  const { texts: { say }, formats, nameOf, account: reader } = saying
  const { account, creditor, trade, amountMicros, status, steps, cause } = data
  const elsewhere = say('notice.default.elsewhere')
  const [debtor, other] = [account, creditor].map((one) =>
    one === null ? elsewhere : nameOf(one))
  const values = { trade, amount: formats.money(amountMicros), creditor: other ?? '' }
  const isOwn = account === reader
  const words = isOwn
    ? say(`notice.default.own.${status}`, values)
    : say(`notice.default.other.${status}`, { ...values, debtor: debtor ?? '' })
  const last = steps.at(-1)
  if (last === undefined || (status !== 'open' && status !== 'exhausted')) return words
  const until = formats.moment(last.deadlineMs)
  const step = say(`notice.step.${last.step}`, { until })
  return [words, step, ...(isOwn ? [say(`notice.do.${cause}`)] : [])].join(' ')
}

type KeyNotice = NoticeOf<
  | 'key_replaced'
  | 'objection_raised'
  | `${'passkey' | 'join_code' | 'mandate'}_${string}` & Notice['kind']
>

function keyWords(notice: KeyNotice, saying: Saying): string {
  const { texts: { say }, formats, nameOf, account: reader } = saying
  switch (notice.kind) {
    case 'passkey_registered': {
      const { label, signsFromMs } = notice.data
      return say('notice.passkey_registered', { label, from: formats.moment(signsFromMs) })
    }
    case 'join_code_issued': {
      const { host, untilMs, issuedBy } = notice.data
      const until = formats.moment(untilMs)
      return say('notice.join_code_issued', { host, until, by: nameOf(issuedBy) })
    }
    case 'mandate_granted': {
      const { label, untilMs, dayEnergyMaxWh } = notice.data
      const energy = formats.energy(dayEnergyMaxWh)
      return say('notice.mandate_granted', { label, energy, until: formats.moment(untilMs) })
    }
    case 'passkey_revoked': {
      const { label, revokedBy, mayObject } = notice.data
      const by = nameOf(revokedBy)
      return say(mayObject ? 'notice.passkey_lost' : 'notice.passkey_revoked', { label, by })
    }
    case 'objection_raised': {
      const { account, retailer } = notice.data
      const isOwn = account === reader
      const values = { name: nameOf(account), by: nameOf(retailer) }
      return say(isOwn ? 'notice.objection.own' : 'notice.objection.elsewhere', values)
    }
    case 'key_replaced':
    case 'join_code_revoked':
    case 'mandate_revoked':
      return say(`notice.${notice.kind}`)
  }
}

/** Whom a notice names, so that they can be called by their names. */
export function namedIn(notice: Notice): readonly number[] {
  switch (notice.kind) {
    case 'participant_changed':
      return [notice.data.account]
    case 'proposal_changed':
      return [notice.data.proposedBy]
    case 'agreement_recorded':
      return notice.data.retailers
    case 'netting_changed':
      return [notice.data.debtor, notice.data.creditor]
    case 'join_code_issued':
      return [notice.data.issuedBy]
    case 'passkey_revoked':
      return [notice.data.revokedBy]
    case 'objection_raised':
      return [notice.data.account, notice.data.retailer]
    case 'payment_changed':
      return [notice.data.payer, notice.data.payee]
    case 'default_changed':
      return [notice.data.account, notice.data.creditor].filter((one) => one !== null)
    default:
      return []
  }
}
