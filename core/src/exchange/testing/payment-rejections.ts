import type { Command, Rejection } from '../index.ts'
import { accountOf, hex, type Market } from './market.ts'
import {
  agreementOf,
  appealing,
  billed,
  deciding,
  holdAsked,
  holdRefused,
  netted,
  paymentCase,
  postponing,
  recovering,
  showing,
  toppingUp,
  unpaid,
} from './payment-case.ts'
import { agreeBy, railTerms, tendUntil, termMs, topUpOf, wordOf } from './payment-market.ts'
import { type Case, unknownAccount } from './rejection-case.ts'
import { acceptance, otherRetailer, proposal } from './trade-market.ts'
import { testContract } from './market.ts'

const by = (account: number, command: Command): Command => ({ ...command, account }) as Command

const bank = (change: object): Command =>
  ({ kind: 'record_netting', netting: 1, state: 'paid', reference: 'a', ...change }) as Command

/** What payments, defaults and transfers between retailers refuse, and nothing else does. */
export const paymentRejections = {
  payment_unknown: [
    paymentCase({
      name: 'a word on one that was never raised',
      ask: (m) => wordOf(m, 1, 'captured'),
      field: 'payment',
    }),
    paymentCase({ name: 'to be postponed', ask: (m) => postponing(m), field: 'payment' }),
  ],
  payment_not_awaited: [
    paymentCase({
      name: 'money that was never asked for',
      arrange: holdAsked,
      ask: (m) => wordOf(m, 1, 'captured'),
      field: 'state',
    }),
    paymentCase({
      name: 'a hold that was let go before any money was asked for, paid',
      arrange: (m) => (holdAsked(m), tendUntil(m, m.at + 1_200_000)),
      ask: (m) => wordOf(m, 1, 'captured'),
      field: 'state',
    }),
    paymentCase({
      name: 'a word on a prepaid balance, which is booked here',
      arrange: (m) => void agreeBy(m, 'prepaid'),
      ask: (m) => wordOf(m, 1, 'failed'),
      field: 'state',
    }),
    paymentCase({
      name: 'a renewal that ends no later',
      arrange: (m) => {
        holdAsked(m)
        m.must(wordOf(m, 1, 'reserved', { expiresAt: m.at + 900_000 }))
      },
      ask: (m) => wordOf(m, 1, 'reserved', { expiresAt: m.at + 800_000 }),
      field: 'expiresAt',
    }),
    paymentCase({
      name: 'a hold that has lapsed already',
      arrange: holdAsked,
      ask: (m) => wordOf(m, 1, 'reserved', { expiresAt: m.at }),
      field: 'expiresAt',
    }),
    paymentCase({
      name: 'a hold to be postponed',
      arrange: holdAsked,
      ask: (m) => postponing(m),
      field: 'payment',
    }),
    paymentCase({
      name: 'one that is late to be postponed',
      arrange: unpaid,
      ask: (m) => postponing(m),
      field: 'payment',
    }),
  ],
  payment_exists: [
    paymentCase({
      name: 'another hold than was asked for',
      arrange: holdAsked,
      ask: (m) => wordOf(m, 1, 'reserved', { amountMicros: 1 }),
      field: 'amountMicros',
    }),
    paymentCase({
      name: 'another amount than was asked for',
      arrange: billed,
      ask: (m) => wordOf(m, 1, 'captured', { amountMicros: 80_199 }),
      field: 'amountMicros',
    }),
    paymentCase({
      name: 'the same money by another name',
      arrange: (m) => (billed(m), void m.must(wordOf(m, 1, 'captured'))),
      ask: (m) => wordOf(m, 1, 'captured', { reference: 'rail-2' }),
      field: 'reference',
    }),
    paymentCase({
      name: 'the reference of another top-up',
      arrange: (m) => void m.must(toppingUp(m)),
      ask: (m) => toppingUp(m, { amountMicros: 6 }),
      field: 'reference',
    }),
    paymentCase({
      name: 'the reference of another recovery',
      arrange: (m) => (unpaid(m), void m.must(recovering(m))),
      ask: (m) => recovering(m, { amountMicros: 2 }),
      field: 'reference',
    }),
    paymentCase({
      name: 'a transfer that was paid by another name',
      arrange: (m) => (netted(m), void m.must(bank({}))),
      ask: () => bank({ reference: 'b' }),
      field: 'reference',
    }),
  ],
  postponement_exceeded: [
    paymentCase({
      name: 'once more than the rules let',
      arrange: (m) => {
        billed(m)
        m.must(postponing(m))
        tendUntil(m, m.at + termMs)
      },
      ask: (m) => postponing(m),
      field: 'payment',
    }),
  ],
  default_unknown: [
    paymentCase({ name: 'to be appealed', ask: (m) => appealing(m), field: 'default' }),
    paymentCase({ name: 'to be decided', ask: (m) => deciding(m), field: 'default' }),
    paymentCase({ name: 'to be recovered', ask: (m) => recovering(m), field: 'default' }),
    paymentCase({ name: 'to be shown', ask: (m) => showing(m), field: 'default' }),
  ],
  default_not_open: [
    paymentCase({
      name: 'to be decided without an appeal',
      arrange: holdRefused,
      ask: (m) => deciding(m),
      field: 'default',
    }),
    paymentCase({
      name: 'to be appealed a second time',
      arrange: (m) => {
        holdRefused(m)
        m.must(appealing(m))
        m.must(deciding(m, { upheld: false }))
      },
      ask: (m) => appealing(m),
      field: 'default',
    }),
    paymentCase({
      name: 'one that is cured, appealed',
      arrange: (m) => (unpaid(m), void m.must(wordOf(m, 1, 'captured'))),
      ask: (m) => appealing(m),
      field: 'default',
    }),
    paymentCase({
      name: 'money for one by which none is owed',
      arrange: holdRefused,
      ask: (m) => recovering(m),
      field: 'default',
    }),
    paymentCase({
      name: 'a step that was not taken',
      arrange: holdRefused,
      ask: (m) => showing(m, { step: 'suspension' }),
      field: 'step',
    }),
    paymentCase({
      name: 'a step that was shown before',
      arrange: (m) => (holdRefused(m), void m.must(showing(m))),
      ask: (m) => showing(m),
      field: 'step',
    }),
  ],
  netting_unknown: [
    paymentCase({ name: 'one that was never ordered', ask: () => bank({}), field: 'netting' }),
  ],
  netting_not_awaited: [
    paymentCase({
      name: 'one that came back, paid',
      arrange: (m) => (netted(m), void m.must(bank({ state: 'returned' }))),
      ask: () => bank({}),
      field: 'state',
    }),
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>

const wrongWord = (name: string, change: object, field: string): Case =>
  paymentCase({
    name, arrange: holdAsked, ask: (m) => wordOf(m, 1, 'reserved', change), field,
  })

const agreement = (change: object, person: 'operator' | 'alice' = 'operator') => (m: Market) =>
  m.instruction('record_agreement', person, agreementOf(change))

/** What other commands are refused for as well. */
export const paymentsAsOthers = {
  account_unknown: [
    paymentCase({
      name: 'who appeals', ask: (m) => by(unknownAccount, appealing(m)), field: 'account',
    }),
    paymentCase({
      name: 'who postpones', ask: (m) => by(unknownAccount, postponing(m)), field: 'account',
    }),
    paymentCase({
      name: 'whose balance is topped up',
      ask: (m) => toppingUp(m, { account: unknownAccount }),
      field: 'account',
    }),
    paymentCase({
      name: 'who is bound', ask: agreement({ retailers: [unknownAccount, 4] }), field: 'retailers',
    }),
  ],
  role_missing: [
    paymentCase({ name: 'who records agreements', ask: agreement({}, 'alice'), field: 'account' }),
    paymentCase({
      name: 'who is bound',
      ask: agreement({ retailers: [accountOf('alice'), otherRetailer] }),
      field: 'retailers',
    }),
    paymentCase({
      name: 'who decides appeals',
      ask: (m) => by(accountOf('alice'), deciding(m)),
      field: 'account',
    }),
    paymentCase({
      name: 'who shows what it did',
      ask: (m) => by(accountOf('alice'), showing(m)),
      field: 'account',
    }),
    paymentCase({
      name: 'who recovers', ask: (m) => by(accountOf('alice'), recovering(m)), field: 'account',
    }),
    paymentCase({
      name: 'who tops up', ask: (m) => by(accountOf('alice'), toppingUp(m)), field: 'account',
    }),
  ],
  party_foreign: [
    paymentCase({
      name: 'a default of somebody else, appealed',
      arrange: holdRefused,
      ask: (m) => by(accountOf('alice'), appealing(m)),
      field: 'default',
    }),
    paymentCase({
      name: 'a default of another retailer’s customer, recovered',
      arrange: unpaid,
      ask: (m) => by(accountOf('retailer'), recovering(m)),
      field: 'default',
    }),
    paymentCase({
      name: 'a default of another retailer’s customer, shown',
      arrange: holdRefused,
      ask: (m) => by(accountOf('retailer'), showing(m)),
      field: 'default',
    }),
    paymentCase({
      name: 'a bill of somebody else, postponed',
      arrange: billed,
      ask: (m) => by(accountOf('alice'), postponing(m)),
      field: 'payment',
    }),
  ],
  field_invalid: [
    wrongWord('a word of less than nothing', { amountMicros: -1 }, 'amountMicros'),
    wrongWord('a word with a long name', { reference: 'x'.repeat(201) }, 'reference'),
    wrongWord('a word with a name that reads as a number', { reference: '#1' }, 'reference'),
    wrongWord('a word with a long reason', { reason: 'x'.repeat(201) }, 'reason'),
    wrongWord('a word for half a millisecond', { expiresAt: 0.5 }, 'expiresAt'),
    paymentCase({
      name: 'a transfer without a name', ask: () => bank({ reference: '' }), field: 'reference',
    }),
    paymentCase({
      name: 'grounds that are no hash',
      ask: (m) => appealing(m, { grounds: '0x' }),
      field: 'grounds',
    }),
    paymentCase({
      name: 'evidence that is no hash', ask: (m) => showing(m, { evidence: '' }), field: 'evidence',
    }),
    paymentCase({
      name: 'a recovery of nothing',
      ask: (m) => recovering(m, { amountMicros: 0 }),
      field: 'amountMicros',
    }),
    paymentCase({
      name: 'a top-up without a reference',
      ask: (m) => toppingUp(m, { reference: '' }),
      field: 'reference',
    }),
    paymentCase({
      name: 'an agreement with oneself', ask: agreement({ retailers: [4, 4] }), field: 'retailers',
    }),
    paymentCase({
      name: 'an agreement on nothing', ask: agreement({ basis: 'none' }), field: 'basis',
    }),
    paymentCase({
      name: 'an agreement without a document',
      ask: agreement({ documentHash: hex(1, 63) }),
      field: 'documentHash',
    }),
    paymentCase({
      name: 'an agreement from no interval',
      ask: agreement({ fromInterval: -1 }),
      field: 'fromInterval',
    }),
    paymentCase({
      name: 'an agreement that ends before it begins',
      ask: agreement({ fromInterval: 9, untilInterval: 9 }),
      field: 'untilInterval',
    }),
  ],
  retailer_mismatch: [
    paymentCase({
      name: 'a balance of another retailer’s customer',
      ask: (m) => by(accountOf('retailer'), toppingUp(m)),
      field: 'account',
    }),
  ],
  terms_out_of_bounds: [
    paymentCase({
      name: 'more recovered than is owed',
      arrange: unpaid,
      ask: (m) => recovering(m, { amountMicros: 80_201 }),
      field: 'amountMicros',
    }),
  ],
  effective_in_past: [
    paymentCase({
      name: 'an agreement for what collateral stands for',
      arrange: holdAsked,
      ask: (m) => agreement({ fromInterval: m.state.clearedThrough + 1 })(m),
      field: 'fromInterval',
    }),
    paymentCase({
      name: 'the end of an agreement on which a trade rests',
      arrange: (m) => (m.must(agreement({ fromInterval: 0 })(m)), holdAsked(m)),
      ask: (m) => agreement({ fromInterval: 0, untilInterval: m.state.clearedThrough + 2 })(m),
      field: 'untilInterval',
    }),
  ],
  nothing_to_tend: [
    paymentCase({ name: 'no payment is due', ask: () => ({ kind: 'tend_payments' }) }),
  ],
  funds_insufficient: [
    paymentCase({
      name: 'a contract for more than is prepaid',
      arrange: (m) => {
        m.must(topUpOf(m, 'bob', 80_207))
        m.must(proposal(m, 'alice', railTerms(m, 'prepaid')))
      },
      ask: (m) => acceptance(m, 'bob', testContract(railTerms(m, 'prepaid'))),
      field: 'buyer',
    }),
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
