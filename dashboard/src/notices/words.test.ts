/**
 * Goal: whatever an account can be told has its words in every language, and they say whom and how
 * much it is about.
 * Method: a notice of every kind by table, in each state that it can be in, as the schemas of the
 * interface allow it; each is said in all languages.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type NoticeKind, noticeKindNames } from '@busbar/protocols/api'
import { noticeOf, noticesOf } from '../../testing/sample-notices.ts'
import { formatsOf } from '../format/formats.ts'
import { type Language, languages, loadAllTexts, loadTexts, textsOf } from '../texts/texts.ts'
import { namedIn, noticeWords, type Saying } from './words.ts'

function sayingIn(language: Language): Saying {
  const names: Readonly<Record<number, string>> = { 7: 'anna', 8: 'zoe' }
  return {
    texts: textsOf(language),
    formats: formatsOf(language, { timeZone: 'Europe/Berlin', currency: 'EUR' }),
    intervalSeconds: 900,
    nameOf: (account) => names[account] ?? '?',
    account: 7,
  }
}

/** Without the spaces at which no line is broken. */
const spaced = (words: string): string => words.replaceAll('\u00a0', ' ')

before(async () => {
  await Promise.all(languages.map(loadTexts))
  await loadAllTexts()
})

describe('notices', () => {
  for (const kind of noticeKindNames) {
    test(`${kind} has its words, whatever it says`, () => {
      const { notices, different } = noticesOf(kind)
      for (const language of languages) {
        const said = notices.map((notice) => noticeWords(notice, sayingIn(language)))
        for (const words of said) {
          match(words, /^\S.{8,}\.$/)
          ok(!/[{}]|undefined|NaN|Invalid|\?/.test(words), words)
        }
        equal(new Set(said).size, different)
      }
    })
  }

  test('call those by their names who have part in it', () => {
    const words = (kind: NoticeKind): string => noticeWords(noticeOf(kind), sayingIn('en'))
    match(words('agreement_recorded'), /with zoe/)
    match(words('netting_changed'), /€0\.25 from anna to zoe/)
    match(words('proposal_changed'), /^New rules: proposal 2 of zoe waits .+ until Mon, Jun\s1/)
    match(words('join_code_issued'), /^zoe has .+ until Mon, Jun\s1, 14:00/)
    match(words('participant_changed'), /^zoe is suspended/)
    match(words('payment_changed'), /€0\.25 to zoe are being set aside/)
  })

  test('tell of a bill that is made out, and of the bill, as two things', () => {
    const due = Date.UTC(2026, 5, 2, 12)
    const said = ['', 'bill:market.17|market.payment.3'].map((reference) => {
      const bill = { rail: 'bill-seller', state: 'capturing', amountMicros: 250_000 } as const
      const data = { ...bill, reference, dueAtMs: due }
      return spaced(noticeWords(noticeOf('payment_changed', data), sayingIn('en')))
    })
    deepEqual(said, [
      'Payment 3 of trade 4: €0.25 to zoe are being billed. To be paid by Tue, Jun 2, 14:00.',
      'Payment 3 of trade 4: €0.25 to zoe are asked for. The bill has the number 3. ' +
      'To be paid by Tue, Jun 2, 14:00.',
    ])
  })

  test('say who is in default, how far it is, until when, and what to do', () => {
    const deadlineMs = Date.UTC(2026, 5, 2, 12)
    const step = { atMs: 0, deadlineMs, fineMicros: 0, evidence: '', consent: '' }
    const data = { steps: [{ ...step, step: 'warning' as const }] }
    const words = (reader: number, changed = {}): string =>
      spaced(noticeWords(noticeOf('default_changed', { ...data, ...changed }), {
        ...sayingIn('en'), account: reader,
      }))
    equal(
      words(7),
      'Trade 4: you are in default of €0.25, owed to zoe. It is warned: a fine follows at ' +
      'Tue, Jun 2, 14:00. Pay your retailer: that ends it. How, and how to appeal, stands on ' +
      'your page.',
    )
    match(words(8), /^Trade 4: anna is in default of €0\.25, owed to zoe\. It is warned: .+\.$/)
    match(words(9, { account: null }), /^Trade 4: a customer of another retailer is in default/)
    match(words(7, { status: 'appealed' }), /you have appealed .+ No step follows until/)
  })

  test('ask for no other names than they say', () => {
    const asked = noticeKindNames.map((kind) => {
      const said = new Set<number>()
      const nameOf = (account: number): string => {
        said.add(account)
        return 'x'
      }
      noticeWords(noticeOf(kind), { ...sayingIn('en'), nameOf })
      const named = namedIn(noticeOf(kind))
      return [kind, [...said].filter((account) => !named.includes(account))]
    })
    deepEqual(asked, noticeKindNames.map((kind) => [kind, []]))
  })
})
