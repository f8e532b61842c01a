/**
 * Goal: whoever approves a proposal is told all of what it says, in words of either language: what
 * is signed is the whole content, so no part of it may be left out.
 * Method: an instruction of every kind that takes two people by table; each value in its content
 * is changed, one at a time, and what is told must be something else each time.
 */
import { deepEqual, notDeepEqual, ok } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type GuardedKind, guardedKinds } from '@busbar/core/exchange'
import { derToCash } from '@busbar/core/rulebook'
import type { ProposalView } from '@busbar/protocols/api'
import { formatsOf } from '../format/formats.ts'
import { type Language, languages, loadAllTexts, loadTexts, textsOf } from '../texts/texts.ts'
import { type Fact, factsOf, type Telling } from './proposal-facts.ts'

const bytes = (digits: string, count: number): string => `0x${digits.repeat(count)}`
const key = (digit: string): string => `0x02${digit.repeat(64)}`
const reason = 'bills are not paid'
const registers = {
  ...{ finalImportWh: 4_000, finalExportWh: 5_000, initialImportWh: 6, initialExportWh: 7 },
}

/** As each would be signed; the optional fields are there. */
const contents: Readonly<Record<GuardedKind, object>> = {
  admit_participant: {
    ...{ name: 'anna', roles: ['prosumer', 'retailer'], address: bytes('ad', 20) },
    ...{ publicKey: key('1'), retailer: 9 },
  },
  suspend_participant: { participant: 8, reason },
  reinstate_participant: { participant: 8, reason },
  replace_key: {
    ...{ participant: 8, address: bytes('ae', 20), publicKey: key('2') },
    approval: bytes('5a', 64),
  },
  schedule_rulebook: { fromInterval: 5_000, rulebook: derToCash },
  appoint_committee: {
    ...{ fromInterval: 5_000, publicKey: bytes('c1', 48), threshold: 2 },
    members: [1, 2, 3].map((index) => ({
      index, name: `member-${index}`, verificationKey: bytes(`c${index + 1}`, 48),
    })),
  },
  assign_utility: { zone: 1, utility: 7 },
  record_agreement: {
    ...{ retailers: [4, 5], basis: 'bilateral', documentHash: bytes('d1', 32) },
    ...{ fromInterval: 5_000, untilInterval: 6_000 },
  },
  decide_appeal: { default: 3, upheld: true },
  register_gateway: { name: 'street', curve: 'p256', publicKey: key('3'), owner: 7 },
  register_meter: {
    ...{ name: 'roof', kind: 'physical', account: 8, zone: 1, gateway: 2, digits: 9 },
    ...{ importWattsMax: 12_000, exportWattsMax: 10_000 },
  },
  replace_meter: { meter: 4, boundary: 5_000, ...registers, digits: 9 },
}

/** Another value of the same kind, where one of a few words is not meant. */
const others: Readonly<Record<string, unknown>> = {
  prosumer: 'trader', retailer: 'trader', bilateral: 'regulatory', p256: 'secp256k1',
  physical: 'virtual',
}

function otherOf(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return others[value] ?? `${value.slice(0, -1)}0`
  return value
}

type Content = Readonly<Record<string, unknown>>

/** The content with one of its values changed, for each of them. */
function* changed(content: Content): Generator<readonly [field: string, content: Content]> {
  for (const [field, value] of Object.entries(content)) {
    // Rules are told by their name, and compared field by field below it.
    if (field === 'rulebook') yield [field, { ...content, [field]: { ...derToCash, version: 99 } }]
    else if (typeof value === 'object' && value !== null) {
      for (const [inner, other] of changed(value as Content)) {
        const filled = Array.isArray(value) ? Object.values(other) : other
        yield [`${field}.${inner}`, { ...content, [field]: filled }]
      }
    } else yield [field, { ...content, [field]: otherOf(value) }]
  }
}

const telling = (language: Language): Telling => ({
  texts: textsOf(language),
  formats: formatsOf(language, { timeZone: 'Europe/Berlin', currency: 'EUR' }),
  zoneName: (zone) => `zone ${zone}`,
  intervalMs: 300_000,
})

const told = (kind: GuardedKind, content: object, language: Language): readonly Fact[] =>
  factsOf({ kind, content } as ProposalView['instruction'], telling(language))

before(async () => {
  await Promise.all(languages.map(loadTexts))
  await loadAllTexts()
})

describe('what is proposed', () => {
  test('has a row for every kind', () => {
    deepEqual(Object.keys(contents).sort(), [...guardedKinds].sort())
  })

  for (const kind of guardedKinds) {
    test(`is told in whole: ${kind}`, () => {
      for (const language of languages) {
        const { has, say } = textsOf(language)
        const facts = told(kind, contents[kind], language)
        ok(facts.every(([title]) => has(title) && say(title) !== ''))
        for (const [field, content] of changed(contents[kind] as Content)) {
          notDeepEqual(told(kind, content, language), facts, `${kind} ${field}`)
        }
      }
    })
  }

  test('is told without what may be missing', () => {
    const reasonless = told('suspend_participant', { participant: 8 }, 'en')
    deepEqual(reasonless, [['proposals.whom', { accounts: [8] }]])
    const { approval: _, ...own } = contents.replace_key as Content
    deepEqual(told('replace_key', own, 'en').at(-1), ['proposals.approval', 'not given'])
    const open = { ...contents.record_agreement, untilInterval: null }
    deepEqual(told('record_agreement', open, 'en').at(-1), ['proposals.until', '–'])
  })
})
