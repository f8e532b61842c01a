import { assert } from '@busbar/core/errors'
import { floorDivide } from '@busbar/core/units'
import { bytesToHex, keccak256, textToBytes } from '../hash/index.ts'
import { elementsOf, type XmlElement, xmlFile } from '../xml/index.ts'
import type {
  BilledDay,
  BilledFlow,
  BilledMeter,
  Charge,
  ChargeKind,
  ClockChange,
  FlowDirection,
  GreenButtonBill,
  Period,
  ReadingQuality,
} from './bill-data.ts'

export const atomNamespace = 'http://www.w3.org/2005/Atom'
export const espiNamespace = 'http://naesb.org/espi'

const atom = elementsOf(atomNamespace)
const espi = elementsOf(espiNamespace)
const base = '/espi/1_1/resource'

/** Money of the schema: hundred-thousandths of the currency. */
const microsPerUnit = 10n
const int48Max = 2n ** 47n - 1n

/** Codes of the schema's enumerations (espi.xsd 4.0). */
const flowDirections: Readonly<Record<FlowDirection, number>> = { delivered: 1, received: 19 }
const qualities: Readonly<Record<ReadingQuality, number>> = {
  ...{ valid: 0, estimated: 8, interpolated: 9, questionable: 10 },
}
const itemKinds: Readonly<Record<ChargeKind, number>> = {
  ...{ usage: 3, generation_credit: 6, delivery: 2, administrative: 4 },
  ...{ administrative_credit: 8, information: 10 },
}
const electricity = 0
const code = {
  ...{ deltaData: 4, secondaryMetered: 1, normal: 12, derived: 11, energy: 12 },
  wattHours: 72,
}

/** How long an interval may be to have a code of its own. */
const measuringPeriods: Readonly<Record<number, number>> = {
  ...{ 60: 3, 120: 10, 180: 14, 300: 6, 600: 1, 900: 2, 1_200: 31, 1_800: 5, 3_600: 7, 86_400: 4 },
}

/**
 * A bill as a Green Button file: an Atom feed of the resources of NAESB REQ.21 (ESPI). Each meter
 * is a UsagePoint with a MeterReading for each direction, its ReadingType, and an IntervalBlock for
 * each local day; the bill is the UsageSummary of the first. The same bill gives the same bytes.
 *
 * The items of the summary add up to the bill: what hundred-thousandths cannot hold of its lines is
 * an item of its own.
 */
export function greenButtonFile(bill: GreenButtonBill): string {
  const root = `${base}/RetailCustomer/${bill.account}`
  const entries = [
    localTimeEntry(bill),
    ...bill.meters.flatMap((meter, index) => meterEntries(bill, root, meter, index === 0)),
    ...(['delivered', 'received'] as const)
      .filter((one) => flowsOf(bill, one).length > 0)
      .map((direction) => readingTypeEntry(bill, direction)),
  ]
  const feed = atom('feed', [
    atom('id', idOf(bill, `feed/${bill.account}`)),
    atom('title', bill.title),
    atom('updated', timeText(endOf(bill.period))),
    linkTo('self', `${base}/Batch/RetailCustomer/${bill.account}/UsagePoint`),
    ...entries,
  ])
  return xmlFile(feed)
}

function meterEntries(
  bill: GreenButtonBill,
  root: string,
  { meter, flows }: BilledMeter,
  hasBill: boolean,
): XmlElement[] {
  const point = `${root}/UsagePoint/${meter}`
  const title = `Meter ${meter}`
  const content = espi('UsagePoint', [
    espi('ServiceCategory', [espi('kind', String(electricity))]),
    espi('isVirtual', 'false'),
  ])
  const related = [
    `${point}/MeterReading`,
    ...(hasBill ? [`${point}/UsageSummary`] : []),
    `${base}/LocalTimeParameters/1`,
  ]
  return [
    entry(bill, { self: point, up: `${root}/UsagePoint`, related, title }, content),
    ...flows.flatMap((flow, index) => flowEntries(bill, `${point}/MeterReading`, flow, index + 1)),
    ...(hasBill ? [summaryEntry(bill, `${point}/UsageSummary`)] : []),
  ]
}

function flowEntries(
  bill: GreenButtonBill,
  collection: string,
  { direction, title, days }: BilledFlow,
  number: number,
): XmlElement[] {
  const self = `${collection}/${number}`
  const blocks = `${self}/IntervalBlock`
  const related = [blocks, readingTypePath(direction)]
  return [
    entry(bill, { self, up: collection, related, title }, espi('MeterReading', [])),
    ...days.map((day, index) => {
      const place = { self: `${blocks}/${index + 1}`, up: blocks, related: [], title: '' }
      return entry(bill, place, blockOf(day))
    }),
  ]
}

function blockOf(day: BilledDay): XmlElement {
  const readings = day.readings.map((reading) => {
    const { energyWh, quality } = reading
    assert(energyWh >= 0n, 'energy of one direction is not negative')
    return espi('IntervalReading', [
      quality === 'valid'
        ? undefined
        : espi('ReadingQuality', [espi('quality', String(qualities[quality]))]),
      periodOf('timePeriod', reading),
      espi('value', energyWh.toString()),
    ])
  })
  return espi('IntervalBlock', [periodOf('interval', day), ...readings])
}

const readingTypePath = (direction: FlowDirection): string =>
  `${base}/ReadingType/${flowDirections[direction]}`

function readingTypeEntry(bill: GreenButtonBill, direction: FlowDirection): XmlElement {
  const measuring = measuringPeriods[bill.intervalSeconds]
  const content = espi('ReadingType', [
    espi('accumulationBehaviour', String(code.deltaData)),
    espi('commodity', String(code.secondaryMetered)),
    espi('currency', String(bill.currencyNumber)),
    espi('dataQualifier', String(code.normal)),
    espi('defaultQuality', String(code.derived)),
    espi('flowDirection', String(flowDirections[direction])),
    espi('intervalLength', String(bill.intervalSeconds)),
    espi('kind', String(code.energy)),
    espi('phase', '0'),
    espi('powerOfTenMultiplier', '0'),
    espi('timeAttribute', '0'),
    espi('uom', String(code.wattHours)),
    measuring === undefined ? undefined : espi('measuringPeriod', String(measuring)),
  ])
  const self = readingTypePath(direction)
  const title = `Energy ${direction}, without what was traded`
  return entry(bill, { self, up: `${base}/ReadingType`, related: [], title }, content)
}

function summaryEntry(bill: GreenButtonBill, collection: string): XmlElement {
  const { period, charges, payableMicros, currencyNumber, tariff } = bill
  const payable = unitsOf(payableMicros)
  assert(payable * microsPerUnit === payableMicros, 'a bill is of whole hundredths')
  const items = charges.map((charge) => itemOf(charge, period))
  const sum = charges.reduce((all, { amountMicros }) => all + unitsOf(amountMicros), 0n)
  const left: Charge = {
    ...{ kind: 'administrative', note: 'What hundred-thousandths cannot hold of the lines above' },
    ...{ amountMicros: (payable - sum) * microsPerUnit, energyWh: null },
  }
  if (left.amountMicros !== 0n) items.push(itemOf(left, period))
  const content = espi('UsageSummary', [
    periodOf('billingPeriod', period),
    espi('billLastPeriod', payable.toString()),
    ...items,
    espi('currency', String(currencyNumber)),
    measurement('overallConsumptionLastPeriod', energyOf(bill, 'delivered')),
    espi('qualityOfReading', String(code.derived)),
    espi('statusTimeStamp', String(endOf(period))),
    espi('commodity', String(code.secondaryMetered)),
    espi('tariffProfile', tariff),
  ])
  const place = { self: `${collection}/1`, up: collection, related: [], title: bill.title }
  return entry(bill, place, content)
}

function itemOf({ kind, note, amountMicros, energyWh }: Charge, period: Period): XmlElement {
  return espi('costAdditionalDetailLastPeriod', [
    espi('amount', unitsOf(amountMicros).toString()),
    espi('note', note.slice(0, 256)),
    energyWh === null ? undefined : measurement('measurement', energyWh),
    espi('itemKind', String(itemKinds[kind])),
    periodOf('itemPeriod', period),
  ])
}

/** Rounded down: what is left is an item of the summary. */
function unitsOf(micros: bigint): bigint {
  const units = floorDivide(micros, microsPerUnit)
  assert(units >= -int48Max && units <= int48Max, 'an amount is an Int48 of the schema')
  return units
}

const flowsOf = ({ meters }: GreenButtonBill, direction: FlowDirection): readonly BilledFlow[] =>
  meters.flatMap(({ flows }) => flows.filter((flow) => flow.direction === direction))

function energyOf(bill: GreenButtonBill, direction: FlowDirection): bigint {
  let sum = 0n
  for (const { days } of flowsOf(bill, direction)) {
    for (const { readings } of days) for (const { energyWh } of readings) sum += energyWh
  }
  return sum
}

const measurement = (name: string, energyWh: bigint): XmlElement =>
  espi(name, [
    espi('powerOfTenMultiplier', '0'),
    espi('uom', String(code.wattHours)),
    espi('value', energyWh.toString()),
  ])

const periodOf = (name: string, { durationSeconds, startSeconds }: Period): XmlElement =>
  espi(name, [
    espi('duration', String(durationSeconds)),
    espi('start', String(startSeconds)),
  ])

/** No rule holds: the clock stays what it is. */
const noRule = 'FFFFFFFF'

/** The rules name the days of the period's own year, whatever the law says of others. */
function localTimeEntry(bill: GreenButtonBill): XmlElement {
  const { standardOffsetSeconds, summer } = bill.localTime
  const content = espi('LocalTimeParameters', [
    espi('dstEndRule', summer === null ? noRule : ruleText(summer.end)),
    espi('dstOffset', String(summer?.offsetSeconds ?? 0)),
    espi('dstStartRule', summer === null ? noRule : ruleText(summer.start)),
    espi('tzOffset', String(standardOffsetSeconds)),
  ])
  const up = `${base}/LocalTimeParameters`
  return entry(bill, { self: `${up}/1`, up, related: [], title: 'Local time' }, content)
}

/** Seconds, hour, day of the month and month in one word; operator 0 is the day of the month. */
export const ruleText = ({ month, day, hour, second }: ClockChange): string =>
  (month * 2 ** 28 + day * 2 ** 20 + hour * 2 ** 12 + second)
    .toString(16)
    .toUpperCase()
    .padStart(8, '0')

type Place = {
  readonly self: string
  readonly up: string
  readonly related: readonly string[]
  readonly title: string
}

function entry(bill: GreenButtonBill, place: Place, content: XmlElement): XmlElement {
  const at = timeText(endOf(bill.period))
  return atom('entry', [
    atom('id', idOf(bill, place.self)),
    linkTo('self', place.self),
    linkTo('up', place.up),
    ...place.related.map((path) => linkTo('related', path)),
    atom('title', place.title),
    atom('content', [content], { type: 'application/xml' }),
    atom('published', at),
    atom('updated', at),
  ])
}

const linkTo = (rel: string, href: string): XmlElement => atom('link', '', { rel, href })

/** A UUID (version 8) of a resource: the same for the same market, period and path. */
function idOf({ market, period }: GreenButtonBill, path: string): string {
  const name = `${market}|${period.startSeconds}|${period.durationSeconds}|${path}`
  const hex = bytesToHex(keccak256(textToBytes(`green-button|${name}`))).slice(2)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-').toUpperCase()}`
}

const endOf = ({ startSeconds, durationSeconds }: Period): number => startSeconds + durationSeconds

const timeText = (seconds: number): string =>
  `${new Date(seconds * 1_000).toISOString().slice(0, 19)}Z`
