/**
 * Goal: what is true passes every check, and an answer in which one byte was changed does not.
 * Method: an interval made with the product's own trees and rules; every figure, word and hash of
 * the answer and of what shows it is changed, one at a time, and each change must turn something
 * red. What nothing in the answer shows is listed by name.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  changed,
  failing,
  numbersIn,
  other,
  pointed,
  valuesIn,
} from '../../testing/byte-changes.ts'
import { marketOf, sampleEvidence, signedAgain } from '../../testing/sample-evidence.ts'
import { checksIn, checksOf, worstOf } from './checks.ts'
import type { Evidence } from './evidence.ts'

const books = ['sealed', 'open'] as const

/**
 * What nothing in the answer shows: a tariff by which nothing was paid, where a proof says that its
 * root stands, a count that gives a path the same form, where the journal has a batch, that a later
 * version of a reading is on its way, whether a key that still is one was replaced, what the
 * registry says beside keys, and where this device keeps an order.
 */
const unshown = new RegExp(
  [
    'tariff\\.', 'committedIn', 'shown\\.(?:orderBook|proof)',
    '(?:postings|readings)\\{.*\\}\\.count', 'signed\\{.*\\}\\.(?:sequence|reading\\.version)',
    'isKeyReplaced', 'participant\\.(?!publicKey)', 'kept\\{.*\\}\\.(?!opening|context)',
  ].join('|'),
)
/** The tree of sealed orders is as large for one as for four thousand. */
const unshownIn = { sealed: /shown\.orderCount/, open: /^$/ } as const

for (const book of books) {
  describe(`of a book that is ${book}`, () => {
    const market = marketOf(book)

    test('what is true passes', () => {
      const checks = checksOf(sampleEvidence(book), market)
      deepEqual(failing(checks), [])
      ok(checks.filter(({ state }) => state === 'holds').length >= 10)
      deepEqual(checks.filter(({ state }) => state === 'open').map(({ name }) => name), [])
      // Only a node of the chain knows them.
      const told = checks.filter(({ state }) => state === 'told').map(({ name }) => name)
      deepEqual(told, [...(book === 'sealed' ? ['clearing-proven'] : []), 'transactions-final'])
      equal(worstOf(checks), 'told')
    })

    const evidence = sampleEvidence(book)
    const values = valuesIn(evidence).filter(
      ([path, value]) =>
        value !== null && !unshown.test(path) && !unshownIn[book].test(path),
    )
    test(`each of ${values.length} values turns it red when it is changed`, () => {
      const passed = values.filter(([path, value]) => {
        const wrong = changed(evidence, path, other(value)) as Evidence
        return failing(checksOf(wrong, market)).length === 0
      })
      deepEqual(passed.map(([path]) => path), [])
    })
  })
}

describe('what is not in its form', () => {
  const [evidence, market] = [sampleEvidence('open'), marketOf('open')]

  test('turns red, and stops nothing: a point or a letter in any figure', () => {
    const numbers = numbersIn(evidence)
    const wrong = numbers.flatMap(([path, value]) =>
      [pointed(value), Number.POSITIVE_INFINITY].filter((by) => by !== value).map((by) => {
        return [path, changed(evidence, path, by) as Evidence] as const
      }))
    ok(wrong.length > numbers.length)
    const passed = wrong.filter(([, one]) => worstOf(checksOf(one, market)) !== 'fails')
    deepEqual(passed.map(([path]) => path), [])
  })

  test('fails alone where a word is no word', () => {
    const path = '.answer.zones.0.meters.0.assurance'
    const wrong = changed(evidence, path, 'meterec') as Evidence
    deepEqual(failing(checksOf(wrong, market)), ['reading-in-tree'])
  })
})

describe('what is not there yet', () => {
  const market = marketOf('sealed')
  const evidence = sampleEvidence('sealed')

  test('waits, and is not taken for true', () => {
    const pending = changed(evidence, '.zones{0}.shown.proof.state', 'awaited') as Evidence
    const [proof] = checksOf(pending, market).filter(({ name }) => name === 'clearing-proven')
    equal(proof?.state, 'open')
    const faulty = changed(evidence, '.zones{0}.shown.proof.state', 'faulty') as Evidence
    deepEqual(failing(checksOf(faulty, market)), ['clearing-proven'])
  })

  test('a transaction that came on in between is the same, and one that went back is not', () => {
    const zone = '.answer.zones.0.runs.0.transactions.0'
    const sent = [
      [`${zone}.status`, 'sent'], [`${zone}.blockNumber`, null], [`${zone}.gasUsed`, null],
    ].reduce<unknown>((tree, [path, value]) => changed(tree, String(path), value), evidence)
    deepEqual(failing(checksOf(sent as Evidence, market)), [])
    const back = changed(evidence, '.zones{0}.shown.runs.0.transactions.0.status', 'mined')
    deepEqual(failing(checksOf(back as Evidence, market)), ['transactions-same'])
  })

  test('a corrected reading waits for its run', () => {
    const zone = '.answer.zones.0.meters.0'
    const corrected = [
      [`${zone}.closing.version`, 1],
      [`${zone}.closing.exportWh`, 1_000_191],
      [`${zone}.exportedWh`, 291],
    ].reduce<unknown>((tree, [path, value]) => changed(tree, String(path), value), evidence)
    const checks = checksOf(signedAgain(corrected as Evidence), market)
    deepEqual(failing(checks), [])
    deepEqual(
      checks.filter(({ state }) => state === 'open').map(({ name }) => name),
      ['reading-in-tree', 'money-by-rule'],
    )
  })

  test('a register that began again at zero still counts', () => {
    const zone = '.answer.zones.0.meters.0'
    const rolled = [
      [`${zone}.closing.exportWh`, 190],
      [`${zone}.opening.exportWh`, 999_900],
    ].reduce<unknown>((tree, [path, value]) => changed(tree, String(path), value), evidence)
    deepEqual(failing(checksOf(signedAgain(rolled as Evidence), market)), [])
  })
})

describe('the checks of one zone', () => {
  test('are its own, and those about the interval as a whole', () => {
    const evidence = sampleEvidence('sealed')
    const [zone] = evidence.answer.zones
    const checks = checksOf(evidence, marketOf('sealed'))
    ok(zone !== undefined)
    deepEqual(checksIn(checks, zone.zone), checks)
    const others = checksIn(checks, zone.zone + 1).map(({ name }) => name)
    deepEqual(others, ['times-are-interval', 'zones-sum'])
  })
})
