/**
 * Goal: an interval of contracts that is true passes every check that can be made of it, nothing is
 * called shown that was not, and an answer in which one byte was changed turns red.
 * Method: two contracts made with the product's own trees, keys and rules, one paid by the exchange
 * and one outside; every figure, word and hash is changed, one at a time. What nothing shows, and
 * what the exchange alone says, is listed by name.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { changed, failing, other, valuesIn } from '../../testing/byte-changes.ts'
import { contractEvidence, contractMarket } from '../../testing/sample-contracts.ts'
import { signedAgain } from '../../testing/sample-evidence.ts'
import { type Check, checksOf } from './checks.ts'
import type { Evidence } from './evidence.ts'

const evidence = contractEvidence()
const trade = '.answer.zones.1.trades.0'

const after = (...changes: readonly (readonly [string, unknown])[]): readonly Check[] =>
  checksOf(
    changes.reduce<unknown>((tree, [path, value]) => changed(tree, path, value), evidence) as
      Evidence,
    contractMarket,
  )

const named = (checks: readonly Check[], state: Check['state']): readonly string[] =>
  checks.filter((check) => check.state === state).map(({ name }) => name)

/**
 * What nothing shows: tariffs by which nothing was reckoned, where a proof says that its root
 * stands, what else the registry and the journal say of an owner and a batch. And what would be the
 * exchange's word: which key is registered now, of which gate a contract is, and by how much the
 * other side's meter fell short within the tolerance.
 */
const unshown = new RegExp(
  [
    'sellerTariff', 'buyerTariff\\.feedIn', 'zones\\.\\d\\.tariff\\.(?:retailer|feedIn)',
    'zones\\.1\\.tariff', 'committedIn', 'shown\\.(?:orderBook|proof|orderCount)',
    '(?:postings|readings|proofs)\\{.*\\}\\.(?:proof\\.)?count', 'keys\\{', 'fixedWith',
    'buyerShortWh', 'shown\\.ordersRoot', 'signed\\{.*\\}\\.(?:sequence|reading\\.version)',
    'participant\\.',
  ].join('|'),
)

describe('an interval of contracts', () => {
  test('that is true passes, and says what is the exchange’s word', () => {
    const checks = checksOf(evidence, contractMarket)
    deepEqual(failing(checks), [])
    deepEqual(named(checks, 'open'), [])
    deepEqual(named(checks, 'told'), [
      'transactions-final', 'others-share', 'others-share', 'transactions-final',
    ])
    const held = named(checks, 'holds')
    for (const name of [
      'contract-digest', 'seller-signed', 'buyer-signed', 'contract-in-set', 'contract-money',
      'own-share', 'traded-in-tree', 'money-by-rule', 'posting-in-tree',
    ]) ok(held.includes(name), name)
  })

  const values = valuesIn(evidence).filter(
    ([path, value]) => value !== null && typeof value !== 'boolean' && !unshown.test(path),
  )
  test(`each of ${values.length} values turns it red when it is changed`, () => {
    const passed = values.filter(
      ([path, value]) => failing(after([path, other(value)])).length === 0,
    )
    deepEqual(passed.map(([path]) => path), [])
  })

  test('a term, a signature and a delivered amount each fail by their own check', () => {
    const price = after([`${trade}.terms.priceMicrosPerKwh`, 250_001])
    ok(failing(price).includes('contract-digest') && failing(price).includes('contract-money'))
    const signature = evidence.answer.zones[1]?.trades[0]?.buyerSignature
    deepEqual(failing(after([`${trade}.buyerSignature`, other(signature)])), ['buyer-signed'])
    const delivered = failing(after([`${trade}.delivery.deliveredWh`, 146]))
    for (const name of ['contract-money', 'own-share', 'traded-in-tree']) {
      ok(delivered.includes(name), name)
    }
  })

  test('the word of the exchange is never called shown', () => {
    const replaced = after([`.zones{4294967294}.contracts.keys{8}.address`, `0x${'0'.repeat(40)}`])
    deepEqual(failing(replaced), [])
    ok(named(replaced, 'told').includes('buyer-signed'))
    const fine = after(['.answer.zones.1.runs.0.items.0.reason', 'modification_paid'])
    ok(named(fine, 'told').includes('money-told'))
    const unknown = after(['.answer.zones.1.rulebookHash', `0x${'0'.repeat(64)}`])
    ok(named(unknown, 'open').includes('contract-money'))
  })

  test('terms and deliveries that no exchange could settle fail, and break nothing', () => {
    const impossible: readonly (readonly [string, unknown])[] = [
      [`${trade}.terms.profile.kind`, 'total'],
      [`${trade}.terms.profile.energyWh`, -200],
      [`${trade}.delivery.deliveredWh`, -1],
      [`${trade}.delivery.sellerShortWh`, 10 ** 15],
      [`${trade}.terms.penaltyBasisPoints`, -1],
      [`${trade}.sellerSignature`, '0x'],
      [`${trade}.terms.rail`, 'clearing-housf'],
      [`${trade}.contract`, ''],
      ['.answer.zones.0.meters.0.exportedWh', -1],
      ['.zones{4294967294}.contracts.traded{3}.secret', '0x'],
    ]
    for (const change of impossible) ok(failing(after(change)).length > 0, change[0])
  })

  test('a later reading of the own meter waits for its run', () => {
    const meter = '.answer.zones.0.meters.0'
    const later = [
      [`${meter}.closing.version`, 1], [`${meter}.closing.exportWh`, 1_291],
      [`${meter}.exportedWh`, 291],
    ] as const
    const tree = later.reduce<unknown>((now, [at, value]) => changed(now, at, value), evidence)
    const checks = checksOf(signedAgain(tree as Evidence), contractMarket)
    deepEqual(failing(checks), [])
    deepEqual(named(checks, 'open'), ['reading-in-tree', 'money-by-rule', 'own-share'])
    equal(checks.filter(({ name }) => name === 'contract-money').length, 2)
  })
})
