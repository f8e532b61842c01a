/**
 * Goal: what was kept in a file is read as it was, and what is no such file is refused.
 * Method: through text and back; texts that lack one thing each.
 */
import { deepEqual, equal, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { evidenceFile, evidenceText, parseEvidence } from './evidence.ts'
import { honest } from './testing/open-book.ts'

describe('evidence', () => {
  test('is read as it was written', () => {
    const chain = { interval: 1 }
    deepEqual(parseEvidence(evidenceText(honest(), chain)), { material: honest(), chain })
    equal(parseEvidence(evidenceText(honest())).chain, null)
    equal(evidenceFile(honest()), 'evidence-0-5900000.json')
  })

  const whole = JSON.parse(evidenceText(honest())) as { readonly material: object }
  const { material } = whole
  const others: readonly (readonly [what: string, text: string])[] = [
    ['no JSON', '{'],
    ['a list', '[]'],
    ['another file', JSON.stringify({ ...whole, kind: 'report' })],
    ['a later version', JSON.stringify({ ...whole, version: 2 })],
    ['nothing', JSON.stringify({ ...whole, material: null })],
    ...['shown', 'audit', 'replay', 'market', 'metered', 'parties'].map((name) => [
      `no ${name}`, JSON.stringify({ ...whole, material: { ...material, [name]: undefined } }),
    ] as const),
    ['no interval', JSON.stringify({ ...whole, material: { ...material, shown: { zone: 0 } } })],
  ]
  for (const [what, text] of others) {
    test(`is refused where it is ${what}`, () => {
      throws(() => parseEvidence(text), { code: 'proof_invalid' })
    })
  }
})
