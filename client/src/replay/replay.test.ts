/**
 * Goal: an interval that is as it has to be holds in every step, and each thing that is changed in
 * what it was worked out from, or in what everybody is shown of it, makes its own step fail.
 * Method: an open book of two orders, made by hand with the functions of the commitments; then one
 * change at a time.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReplayCheckName } from './check.ts'
import type { ReplayMaterial } from './material.ts'
import { replayed } from './replay.ts'
import { honest } from './testing/open-book.ts'

const failing = (material: ReplayMaterial): readonly ReplayCheckName[] =>
  [...replayed(material)].filter(({ state }) => state === 'fails').map(({ name }) => name)

describe('an interval that is worked out again', () => {
  test('holds in every step where nothing is changed', () => {
    const checks = [...replayed(honest())]
    deepEqual(checks.map(({ state }) => state), checks.map(() => 'holds'))
    equal(checks.length, 9)
  })

  /** Another value of the same kind at a path such as `replay.runs.0.run`. */
  function changed(path: string): ReplayMaterial {
    const material = honest()
    const names = path.split('.')
    const last = names.pop() ?? ''
    const parent = names.reduce<unknown>(
      (value, name) => Reflect.get(Object(value), name),
      material,
    )
    const value: unknown = Reflect.get(Object(parent), last)
    const text = String(value)
    const other = typeof value === 'number' ? value + 1 : `${text.slice(0, -1)}${
      text.endsWith('1') ? '2' : '1'}`
    Reflect.set(Object(parent), last, other)
    return material
  }

  const changes: readonly (readonly [path: string, fails: readonly ReplayCheckName[]])[] = [
    ['market.rulebookHash', ['rules']],
    ['market.rulebook.feeMicrosPerKwh', ['rules', 'money']],
    ['replay.orders.0.account', ['orders']],
    ['replay.orders.0.energyWh', ['orders', 'clearing', 'fills', 'money']],
    ['replay.orders.1.id', ['orders']],
    ['shown.ordersRoot', ['orders']],
    ['shown.priceMicrosPerKwh', ['clearing']],
    ['audit.energyWh', ['clearing']],
    ['shown.curves.buy', ['clearing']],
    ['audit.fills.0.energyWh', ['fills']],
    ['shown.clearingRoot', ['fills', 'signed']],
    ['replay.runs.0.readings.1.importedWh', ['readings', 'money']],
    ['replay.runs.0.readings.0.salt', ['readings']],
    ['shown.runs.0.readingsRoot', ['readings', 'signed']],
    ['replay.runs.0.postings.2.lines.0.amountMicros', ['postings', 'money', 'nets']],
    ['replay.runs.0.postings.2.lines.0.energyWh', ['postings', 'money']],
    ['replay.runs.0.postings.1.salt', ['postings']],
    ['shown.runs.0.postingsRoot', ['postings', 'signed']],
    ['replay.meters.0.tariff.feedInMicrosPerKwh', ['money']],
    ['replay.meters.1.account', ['money']],
    ['replay.balancingAuthority', ['money']],
    ['audit.nets.1.amountMicros', ['nets']],
    ['replay.sent.0.raw', ['signed']],
    ['replay.sent.1.txHash', ['signed']],
    ['shown.commitment.txHash', ['signed']],
    ['market.receiptSigner', ['signed']],
    ['market.contracts.intervalLog', ['signed']],
  ]
  for (const [path, fails] of changes) {
    test(`fails where ${path} is another`, () => deepEqual(failing(changed(path)), fails))
  }

  test('is open where it is not settled, or by other rules', () => {
    const { shown, replay, ...others } = honest()
    const openOf = (material: ReplayMaterial): readonly ReplayCheckName[] =>
      [...replayed(material)].filter(({ state }) => state === 'open').map(({ name }) => name)
    const unsettled = { ...shown, runs: [] }
    deepEqual(
      openOf({ shown: unsettled, replay: { ...replay, runs: [] }, ...others }),
      ['readings', 'postings', 'money', 'nets'],
    )
    const older = { ...shown, rulebookHash: `0x${'0d'.repeat(32)}` }
    deepEqual(openOf({ shown: older, replay, ...others }), ['rules', 'money'])
  })
})
