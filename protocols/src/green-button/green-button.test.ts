/**
 * Goal: a bill's file is what programs for Green Button data read: resources of the schema, their
 * elements in its order, links that lead somewhere, energy and money that add up.
 * Method: bills of every shape, written, read with the strict reader and walked by tables that are
 * taken from the schema (NAESB REQ.21 ESPI, espi.xsd 4.0); money and rules of the clock as tables.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { fileLimits, parseXml, type XmlElement } from '../xml/index.ts'
import {
  atomNamespace,
  type BilledDay,
  type Charge,
  espiNamespace,
  type GreenButtonBill,
  greenButtonFile,
  ruleText,
} from './index.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

/** 2026-03-29 in Berlin: the day has 23 hours. */
const start = Date.UTC(2026, 2, 28, 23) / 1_000
const period = { startSeconds: start, durationSeconds: 23 * 3_600 + 86_400 }

const dayOf = (from: number, quarters: number, energyWh = 250n): BilledDay => ({
  ...{ startSeconds: from, durationSeconds: quarters * 900 },
  readings: Array.from({ length: quarters }, (_, i) => ({
    ...{ startSeconds: from + 900 * i, durationSeconds: 900, energyWh },
    quality: i === 0 ? ('estimated' as const) : ('valid' as const),
  })),
})

const days = [dayOf(start, 92), dayOf(start + 92 * 900, 96)]

const charge = (kind: Charge['kind'], amountMicros: bigint, energyWh: bigint | null = null) => ({
  ...{ kind, note: `for ${kind} & more`, amountMicros, energyWh },
})

const bill: GreenButtonBill = {
  ...{ market: 'street', account: 7, title: 'Bill of alice', period, intervalSeconds: 900 },
  ...{ currencyNumber: 978, tariff: 'household' },
  localTime: {
    standardOffsetSeconds: 3_600,
    summer: {
      offsetSeconds: 3_600,
      start: { month: 3, day: 29, hour: 2, second: 0 },
      end: { month: 10, day: 25, hour: 3, second: 0 },
    },
  },
  meters: [
    {
      meter: 3,
      flows: [
        { direction: 'delivered', title: 'Taken from the retailer', days },
        { direction: 'received', title: 'Given to the retailer', days },
      ],
    },
    { meter: 9, flows: [{ direction: 'delivered', title: 'Taken', days }] },
  ],
  charges: [
    charge('usage', 12_345_678n, 47_000n), charge('generation_credit', -2_345_003n, 5n),
    charge('delivery', 1_999n), charge('administrative', 7n),
  ],
  payableMicros: 10_000_000n,
}

const read = (one: GreenButtonBill): XmlElement => parseXml(greenButtonFile(one), fileLimits)

/** Children in the schema's order: each at most once, but those with a star. */
const orders: Readonly<Record<string, readonly string[]>> = {
  feed: ['id', 'title', 'updated', 'link*', 'entry*'],
  entry: ['id', 'link*', 'title', 'content', 'published', 'updated'],
  content: ['UsagePoint', 'MeterReading', 'ReadingType', 'IntervalBlock', 'UsageSummary',
    'LocalTimeParameters'],
  UsagePoint: ['roleFlags', 'ServiceCategory', 'status', 'serviceDeliveryPoint',
    'amiBillingReady', 'checkBilling', 'connectionState', 'estimatedLoad', 'grounded', 'isSdp',
    'isVirtual'],
  ServiceCategory: ['kind'],
  MeterReading: [],
  ReadingType: ['accumulationBehaviour', 'commodity', 'consumptionTier', 'currency',
    'dataQualifier', 'defaultQuality', 'flowDirection', 'intervalLength', 'kind', 'phase',
    'powerOfTenMultiplier', 'timeAttribute', 'tou', 'uom', 'cpp', 'interharmonic',
    'measuringPeriod', 'argument'],
  IntervalBlock: ['interval', 'IntervalReading*'],
  IntervalReading: ['cost', 'ReadingQuality*', 'timePeriod', 'value', 'consumptionTier', 'tou'],
  ReadingQuality: ['quality'],
  interval: ['duration', 'start'],
  timePeriod: ['duration', 'start'],
  billingPeriod: ['duration', 'start'],
  itemPeriod: ['duration', 'start'],
  UsageSummary: ['billingPeriod', 'billLastPeriod', 'billToDate', 'costAdditionalLastPeriod',
    'costAdditionalDetailLastPeriod*', 'currency', 'overallConsumptionLastPeriod',
    'currentBillingPeriodOverAllConsumption', 'qualityOfReading', 'statusTimeStamp', 'commodity',
    'tariffProfile', 'readCycle', 'tariffRiderRefs', 'billingChargeSource'],
  costAdditionalDetailLastPeriod: ['amount', 'rounding', 'dateTime', 'note', 'measurement',
    'itemKind', 'unitCost', 'itemPeriod'],
  measurement: ['powerOfTenMultiplier', 'timeStamp', 'uom', 'value', 'readingTypeRef'],
  overallConsumptionLastPeriod: ['powerOfTenMultiplier', 'timeStamp', 'uom', 'value'],
  LocalTimeParameters: ['dstEndRule', 'dstOffset', 'dstStartRule', 'tzOffset'],
}

/** What a leaf may say. */
const forms: Readonly<Record<string, RegExp>> = {
  value: /^\d{1,15}$/, duration: /^\d{1,10}$/, start: /^\d{1,12}$/, amount: /^-?\d{1,15}$/,
  billLastPeriod: /^-?\d{1,15}$/, uom: /^72$/, powerOfTenMultiplier: /^0$/,
  intervalLength: /^\d{2,5}$/, flowDirection: /^(1|19)$/, kind: /^(0|12)$/, commodity: /^1$/,
  accumulationBehaviour: /^4$/, currency: /^\d{1,3}$/, quality: /^(8|9|10)$/,
  itemKind: /^([2346]|8|10)$/, statusTimeStamp: /^\d{10}$/, note: /^.{1,256}$/su,
  dstEndRule: /^[0-9A-F]{8}$/, dstStartRule: /^[0-9A-F]{8}$/, tzOffset: /^-?\d{1,5}$/,
  id: /^urn:uuid:[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/,
  updated: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, published: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
}

const inAtom = new Set(['feed', 'entry', 'id', 'title', 'updated', 'link', 'content', 'published'])

function walk(element: XmlElement): void {
  const { name, namespace, children, text } = element
  equal(namespace, inAtom.has(name) ? atomNamespace : espiNamespace, name)
  const order = orders[name]
  if (order === undefined) {
    equal(children.length, 0, `${name} has no parts`)
    match(text, forms[name] ?? /^/, name)
    return
  }
  equal(text, '', name)
  let place = -1
  for (const child of children) {
    const at = order.findIndex((one) => one.replace('*', '') === child.name)
    ok(at >= 0, `${child.name} is no part of ${name}`)
    const mayRepeat = order[at]?.endsWith('*') === true
    ok(at > place || (mayRepeat && at === place), `${child.name} in ${name} is out of order`)
    place = at
    walk(child)
  }
}

const all = (element: XmlElement, name: string): XmlElement[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => all(child, name)),
]
const textOf = (element: XmlElement, name: string): string =>
  element.children.find((child) => child.name === name)?.text ?? ''
const linksOf = (entry: XmlElement, rel: string): string[] =>
  entry.children
    .filter(({ name, attributes }) => name === 'link' && attributes.get('rel') === rel)
    .map(({ attributes }) => attributes.get('href') ?? '')

describe('a file of a bill', () => {
  const feed = read(bill)

  test('has the resources of the schema, their elements in its order', () => {
    walk(feed)
    const found = feed.children
      .filter(({ name }) => name === 'entry')
      .map((entry) => entry.children.find(({ name }) => name === 'content')?.children[0]?.name)
    const flow = ['MeterReading', 'IntervalBlock', 'IntervalBlock']
    deepEqual(found, [
      'LocalTimeParameters', 'UsagePoint', ...flow, ...flow, 'UsageSummary', 'UsagePoint', ...flow,
      'ReadingType', 'ReadingType',
    ])
  })

  test('has an id for each resource, the same each time, another in another period', () => {
    const ids = (one: XmlElement): string[] => all(one, 'id').map(({ text }) => text)
    equal(new Set(ids(feed)).size, ids(feed).length)
    deepEqual(ids(read(bill)), ids(feed))
    const later = { ...bill, period: { ...period, startSeconds: start + 86_400 } }
    ok(ids(read(later)).every((id) => !ids(feed).includes(id)))
  })

  test('links each resource to its collection, and to what is there', () => {
    const entries = all(feed, 'entry')
    const selves = entries.flatMap((entry) => linksOf(entry, 'self'))
    equal(new Set(selves).size, entries.length)
    const collections = new Set(entries.flatMap((entry) => linksOf(entry, 'up')))
    for (const entry of entries) {
      for (const [self] of [linksOf(entry, 'self')]) {
        ok(self?.startsWith(`${linksOf(entry, 'up')[0]}/`), self)
      }
      for (const path of linksOf(entry, 'related')) {
        ok(selves.includes(path) || collections.has(path), `${path} leads nowhere`)
      }
    }
  })

  test('tells each interval once, day after day, also where a day is short', () => {
    const blocks = all(feed, 'IntervalBlock').slice(0, 2)
    let next = start
    for (const block of blocks) {
      const interval = block.children[0] as XmlElement
      equal(Number(textOf(interval, 'start')), next)
      for (const reading of all(block, 'timePeriod')) {
        equal(Number(textOf(reading, 'start')), next)
        equal(textOf(reading, 'duration'), '900')
        next += 900
      }
      equal(next, Number(textOf(interval, 'start')) + Number(textOf(interval, 'duration')))
    }
    equal(next, start + period.durationSeconds)
    equal(all(feed, 'ReadingQuality').length, 6)
  })

  test('says the energy of all meters and the money of the bill, to the hundred-thousandth', () => {
    const summary = all(feed, 'UsageSummary')[0] as XmlElement
    equal(textOf(summary, 'billLastPeriod'), '1000000')
    const items = all(summary, 'costAdditionalDetailLastPeriod')
    deepEqual(items.map((item) => textOf(item, 'amount')), ['1234567', '-234501', '199', '0',
      '-265'])
    const [taken] = all(summary, 'overallConsumptionLastPeriod')
    equal(textOf(taken as XmlElement, 'value'), String(2n * 188n * 250n))
  })
})

test('whatever the lines are, the items add up to the bill', () => {
  const micros = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n })
  fc.assert(
    fc.property(fc.array(micros, { maxLength: 8 }), micros, (amounts, cents) => {
      const charges = amounts.map((amount) => charge('usage', amount))
      const payableMicros = cents * 10_000n
      const small = bill.meters.map((one) => ({ ...one, flows: [] }))
      const feed = read({ ...bill, meters: small, charges, payableMicros })
      walk(feed)
      const items = all(feed, 'amount').map(({ text }) => BigInt(text))
      equal(items.reduce((sum, one) => sum + one, 0n) * 10n, payableMicros)
    }),
    { ...replay, numRuns: 50 },
  )
})

test('the rules of the clock are those of the schema', () => {
  equal(ruleText({ month: 3, day: 29, hour: 2, second: 0 }), '31D02000')
  equal(ruleText({ month: 10, day: 25, hour: 3, second: 0 }), 'A1903000')
  equal(ruleText({ month: 3, day: 1, hour: 1, second: 2_700 }), '30101A8C')
  const constant = { standardOffsetSeconds: 19_800, summer: null }
  const feed = read({ ...bill, localTime: constant })
  const [rules] = all(feed, 'LocalTimeParameters')
  deepEqual(
    rules?.children.map(({ text }) => text),
    ['FFFFFFFF', '0', 'FFFFFFFF', '19800'],
  )
})
