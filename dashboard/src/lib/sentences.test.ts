/**
 * Goal: what the server says in its own words is said in the reader's language, with its figures.
 * Method: the sentences as the server's sources write them, with a number in each gap: each of an
 * interval's transactions, each of its checks, each reason for which a trade ends has a form.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import {
  checkSaid, healthSaid, paymentReasonSaid, protocolSaid, readingRefusalSaid, tradeReasonSaid,
  transactionSaid,
} from './sentences.ts'

const root = resolve(import.meta.dirname, '../../..')
const source = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Templates in backticks behind `before`, each gap filled with a number. */
const templates = (text: string, before: RegExp): readonly string[] =>
  [...text.matchAll(new RegExp(`${before.source}\`([^\`]*)\``, 'g'))].map(([, template = '']) =>
    template.replace(/\$\{what\}/g, 'run 1 of zone 2, interval 3').replace(/\$\{[^}]*\}/g, '7'),
  )

describe('a transaction', () => {
  test('of an interval is said by its form', () => {
    const files = ['encode.ts', 'part-proofs.ts', 'disputes.ts']
    const all = files.flatMap((file) =>
      templates(source(`server/src/adapters/chain/${file}`), /description(?:: | = )/))
    const ofIntervals = all.filter((text) => /zone/.test(text))
    ok(ofIntervals.length >= 8, ofIntervals.join('\n'))
    deepEqual(ofIntervals.filter((text) => transactionSaid(text) === undefined), [])
  })

  test('keeps its figures', () => {
    deepEqual(transactionSaid('apply 2 of 3 of run 1 of zone 0, interval 5837900'), {
      name: 'apply',
      values: { part: '2', parts: '3', run: '1', zone: '0', interval: '5837900' },
    })
    equal(transactionSaid('mint 5 micros'), undefined)
  })
})

describe('why a payment was not made', () => {
  test('is said in words, and where a rail has its own in those', () => {
    const simulated = /\? '([a-z_]+)' : ''/.exec(source('simulator/src/payments/parties.ts'))?.[1]
    equal(paymentReasonSaid(simulated ?? '')?.name, 'funds')
    const bills = source('server/src/adapters/rails/bill-names.ts')
    const said = [...bills.matchAll(/\? '([a-z_]+)' : ''/g)].map(([, code = '']) => code)
    deepEqual(said.map((code) => paymentReasonSaid(code)?.name), ['overdue', 'refused'])
    deepEqual(paymentReasonSaid('card_lost'), { name: 'word', values: { reason: 'card_lost' } })
    equal(paymentReasonSaid(''), undefined)
  })
})

describe('what became of readings', () => {
  test('is said of each outcome that takes none', () => {
    const [, list = ''] = /type ReadingOutcome =([^]*?)\n\n/
      .exec(source('core/src/metering/intake.ts')) ?? []
    const codes = [...list.matchAll(/'([a-z_]+)'/g)].map(([, code = '']) => code)
    ok(codes.length >= 10, list)
    const taken = ['counted', 'duplicate']
    deepEqual(codes.filter((code) => readingRefusalSaid(code) === undefined), taken)
    const ofBatches = [...source('core/src/exchange/readings.ts').matchAll(/reject\('([a-z_]+)'/g)]
    ok(ofBatches.length >= 3)
    deepEqual(ofBatches.filter(([, code = '']) => readingRefusalSaid(code) === undefined), [])
    equal(readingRefusalSaid('signature_invalid'), 'signature')
  })

  test('is told by what a gateway speaks, in words', () => {
    const { values } = protocolSaid('signed-batch/p256') ?? {}
    deepEqual(values, { curve: 'P-256' })
    deepEqual(protocolSaid('signed-batch/secp256k1')?.values, { curve: 'secp256k1' })
    equal(protocolSaid('unknown')?.name, 'unknown')
    equal(protocolSaid('anything'), undefined)
    ok(/`signed-batch\/\$\{curve\}`/.test(source('server/src/app/measures/protocols.ts')))
  })
})

describe('a check of the server', () => {
  const health = source('server/src/app/views/health.ts')

  test('is called by a name that is known', () => {
    const names = [...health.matchAll(/name: '([a-z ]+)'/g)].map(([, name = '']) => name)
    ok(names.length >= 11)
    deepEqual([...names, 'rail card'].filter((name) => checkSaid(name) === undefined), [])
    deepEqual(checkSaid('rail card')?.values, { rail: 'card' })
    equal(checkSaid('anything'), undefined)
  })

  test('says how it is in a form that is known, and keeps what it names', () => {
    const said = [
      'at 812', '0 not final', 'none refused', '2 paid by the chain and not covered by the ledger',
      '3 intervals before their final run, 1 of them overdue',
      '1 intervals to be opened; exchange absent 2 times',
      '5 not proven, 1 wait for a prover, the oldest for 12 s', '4 before the auditor: 0/7',
      '0 for the place of an order that is in no set', '6 payments wait for it; no answer',
      'not offered: it is not set up', '1 transfers that no bank has answered',
      '2 webhooks, 9 notices wait',
    ]
    deepEqual(said.filter((text) => healthSaid(text) === undefined), [])
    const fixed = said.map((text) => text.replace(/^(?:at )?\d+ ?|[;:] .*$/g, '').split(/\d/)[0])
    for (const words of fixed) ok(health.includes(words?.trim() ?? '?'), words)
    // Each figure in its own words: nothing follows that the form does not know.
    ok(health.includes('before their final run, ${overdue} of them overdue`'))
    deepEqual(healthSaid('4 before the auditor: 0/7'), {
      name: 'disputes', values: { count: '4', more: ': 0/7' },
    })
    equal(healthSaid('1: prove/0/7 (reverted)'), undefined)
  })
})

test('a trade ends for a reason that is known', () => {
  const codes = [
    'exit', 'modification', 'declined', 'withdrawn', 'expired', 'reservation_missed',
    'reservation_failed', 'renewal_failed', 'payment_failed', 'payment_overdue',
  ]
  deepEqual(codes.filter((code) => tradeReasonSaid(code) === undefined), [])
  const ends = ['trading/trade-end.ts', 'trading/negotiation.ts', 'trading/reservations.ts']
    .map((file) => source(`core/src/exchange/${file}`))
    .flatMap((text) => [...text.matchAll(/cutShort\([^)]*'([a-z_]+)'\)/g)])
  ok(ends.length >= 4)
  for (const [, code = ''] of ends) ok(codes.includes(code), code)
})
