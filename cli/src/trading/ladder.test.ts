/**
 * Goal: a ladder in plain terms is read as its writer means it, or refused with the place and the
 * limit; and what is shown of one can be written again.
 * Method: a table of ladders and of what is wrong with others; random ladders there and back.
 */
import { deepEqual, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sources } from '@busbar/core/trades'
import fc from 'fast-check'
import { UsageError } from '../cli-error.ts'
import { ladderText, parseLadder, resolveLadder } from './ladder.ts'

const numbers: Readonly<Record<string, number>> = { alice: 9, bob: 10 }
const zones: Readonly<Record<string, number>> = { '3': 3, street: 0 }

const look = {
  account: async (name: string): Promise<number> => {
    const found = numbers[name]
    if (found === undefined) throw new UsageError(`no ${name}`)
    return found
  },
  zone: (zone: string): number => zones[zone] ?? Number(zone),
}
const read = async (text: string) => await resolveLadder(parseLadder(text), look)

const step = (
  kind: 'participant' | 'zone' | 'anyone',
  number: number | null,
  priceMicrosPerKwh: number,
  source: (typeof sources)[number] = 'any',
) => ({ with: kind, number, source, priceMicrosPerKwh })

describe('a ladder', () => {
  const cases: readonly (readonly [text: string, steps: readonly object[]])[] = [
    [
      'alice@0.28, zone:3/solar@0.25, anyone@0.20',
      [
        step('participant', 9, 280_000), step('zone', 3, 250_000, 'solar'),
        step('anyone', null, 200_000),
      ],
    ],
    ['anyone@-0.000001', [step('anyone', null, -1)]],
    ['  bob /wind@ 1 ', [step('participant', 10, 1_000_000, 'wind')]],
    ['account:7/any@0', [step('participant', 7, 0)]],
    ['zone:street@12.5', [step('zone', 0, 12_500_000)]],
    ['anyone/storage@0.1', [step('anyone', null, 100_000, 'storage')]],
  ]
  for (const [text, steps] of cases) {
    test(`is read: ${text}`, async () => deepEqual(await read(text), steps))
  }

  const wrong: readonly (readonly [text: string, words: RegExp])[] = [
    ['', /step 1, position 1: nothing: a step is WHO@PRICE/],
    ['alice', /step 1, position 1: "alice": a step is WHO@PRICE/],
    ['alice@0.28,,anyone@1', /step 2, position 12: nothing/],
    ['alice@0.28, anyone', /step 2, position 13: "anyone"/],
    ['alice@0.28, zone:3/solr@0.2', /position 13: "zone:3\/solr@0\.2": a source is one of any, so/],
    ['alice@1@2', /a step is WHO@PRICE/],
    ['alice/solar/wind@1', /a step is WHO@PRICE/],
    ['alice@0.1234567', /six digits after the point at most/],
    ['alice@cheap', /a price is a decimal number/],
    ['alice@', /a price is a decimal number/],
    ['alice@1e3', /a price is a decimal number/],
    ['@1', /who is a name of 1 to 32/],
    ['My Sister@1', /who is a name of 1 to 32/],
    ['zone:@1', /a zone is zone:N/],
    ['account:x@1', /an account is account:N/],
    [Array.from({ length: 17 }, () => 'anyone@1').join(), /has 17 steps; it takes 1 to 16/],
  ]
  for (const [text, words] of wrong) {
    test(`is refused: ${JSON.stringify(text.slice(0, 40))}`, () => {
      throws(
        () => parseLadder(text),
        (error) => error instanceof UsageError && words.test(error.message),
      )
    })
  }

  test('that is shown is read again as it was', async () => {
    const steps = fc.record({
      who: fc.constantFrom(['participant', 9], ['zone', 3], ['anyone', null]),
      source: fc.constantFrom(...sources),
      priceMicrosPerKwh: fc.integer({ min: -10_000_000, max: 10_000_000 }),
    }).map(({ who: [kind, number], source, priceMicrosPerKwh }) =>
      step(kind as 'zone', number as number | null, priceMicrosPerKwh, source),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 16 }), async (ladder) => {
        deepEqual(await read(ladderText(ladder, () => 'alice')), ladder)
      }),
    )
  })
})
