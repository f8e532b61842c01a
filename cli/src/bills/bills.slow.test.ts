/**
 * Goal: a retailer bills what its customers did not trade, every watt-hour of a day once, and
 * nothing at all where one proof or one number does not hold.
 * Method: a day of 23 hours on a real server and chain: contracts between customers of two
 * retailers, auctions, a silent meter; the command collects and bills while it passes, and a second
 * computation from what flowed comes to the same. Then evidence is forged, and a reading corrected.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { billRun, type Evidence, parseTariff } from '@busbar/client/bills'
import {
  naiveSums,
  ownersOf,
  type PlainInterval,
} from '@busbar/client/bills/testing/naive-bill'
import { Fault } from '@busbar/core/errors'
import { fileLimits, parseXml, type XmlElement } from '@busbar/protocols/xml'
import { parse } from 'csv-parse/sync'
import { busbar } from '../testing/run-busbar.ts'
import { readEvidence } from './folder.ts'
import {
  BillingMarket,
  day,
  first,
  flowOf,
  type Home,
  homes,
  intervalMs,
  prices,
  quarters,
} from './testing/billing-market.ts'

const market = new BillingMarket()
const timeZone = 'Europe/Berlin'
const rates = {
  import: [
    { name: 'night', from: '22:00', until: '06:00', microsPerKwh: 210_003 },
    { name: 'day', microsPerKwh: 310_007 },
  ],
  export: [{ name: 'feed-in', microsPerKwh: 80_003 }],
  fees: [{ name: 'metering', micros: 30_007, per: 'meter-day' }],
}
const silent = (home: Home, boundary: number): boolean => home === 'dave' && boundary === 30
const retailers = ['north', 'south'] as const
type Row = Readonly<Record<string, string>>

const rowsOf = (path: string): readonly Row[] =>
  parse(readFileSync(market.path(path), 'utf8'), { columns: true })
/** Another digit than this one. */
const another = (digit: string): string => (digit === '0' ? '1' : '0')

const number = (row: Row | undefined, column: string): bigint => BigInt(row?.[column] ?? '')

/** Collects until nothing of the day is missing: the chain comes a moment later. */
async function collectAll(retailer: string, ...more: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) {
    const { code, out, err } = await busbar([
      'bills', 'collect', '--server', market.url, '--node', market.node, '--json',
      '--retailer', retailer, '--key', market.path(`${retailer}.key`),
      '--evidence', market.path(`evidence-${retailer}`), ...more,
    ])
    equal(code, 0, out + err)
    const { file, from_interval: from, intervals } = JSON.parse(out)
    if (file !== null && from + intervals >= first + quarters) return
    await market.waitTo(100)
  }
  throw new Error('the day did not become final on the chain')
}

const make = (retailer: string, out: string, ...more: readonly string[]) =>
  busbar([
    'bills', 'make', '--evidence', market.path(`evidence-${retailer}`), '--json',
    '--tariff', market.path('tariff.json'), '--from-day', day, '--through-day', day,
    '--out', market.path(out), ...more,
  ])

/** An interval's line of a customer's file. */
function lineOf(home: Home, quarter: number, out = homeOf(home)): Row | undefined {
  const path = `bills-${out}/${market.account(home)}-${home}/intervals.csv`
  return rowsOf(path)[quarter]
}
const homeOf = (home: Home): string => (home === 'bob' ? 'south' : 'north')

before(async () => {
  await market.start()
  const plans = [{ name: 'home', ...rates }]
  const tariff = { timeZone, currency: 'EUR', currencyNumber: 978, plans }
  writeFileSync(market.path('tariff.json'), JSON.stringify(tariff))
  await market.trade('alice', 'bob', 8, 10, 300)
  await market.trade('carol', 'bob', 10, 4, 40)
  await market.trade('carol', 'dave', 12, 4, 60)
  for (let quarter = 10; quarter < 16; quarter += 1) {
    await market.order('alice', quarter, 'sell', 90)
    await market.order('carol', quarter, 'sell', 40)
    await market.order('dave', quarter, 'buy', 100)
  }
  await market.passTo(44, silent)
  const { code, out } = await busbar([
    'bills', 'collect', '--server', market.url, '--node', market.node, '--retailer', 'north',
    '--key', market.path('north.key'), '--evidence', market.path('evidence-north'),
  ])
  equal(code, 0)
  match(out, /^\d+ intervals from 1971932 on, of 3 meters, each proven by the chain: 000001-/)
  await market.passTo(quarters)
  await market.waitTo(100)
  for (const retailer of retailers) {
    await collectAll(retailer)
    const made = await make(retailer, `bills-${retailer}`)
    equal(made.code, 0, made.out)
  }
})

after(() => market.remove())

/** What flowed and was declared, in numbers of the test's own where there are any. */
function truthOf(home: Home): readonly PlainInterval[] {
  return Array.from({ length: quarters }, (_, quarter) => {
    const row = lineOf(home, quarter)
    const isEstimated = home === 'dave' && (quarter === 29 || quarter === 30)
    const [taken, given] = flowOf(home, quarter)
    return {
      meter: market.meter(home),
      startMs: (first + quarter) * intervalMs,
      imported: isEstimated ? number(row, 'imported_wh') : BigInt(taken),
      exported: isEstimated ? number(row, 'exported_wh') : BigInt(given),
      sold: number(row, 'sold_wh'),
      bought: number(row, 'bought_wh'),
      auctionSold: number(row, 'auction_sold_wh'),
      auctionBought: number(row, 'auction_bought_wh'),
      wheeling: BigInt(prices[home === 'bob' ? 'grid-south' : 'grid-north']),
    }
  })
}

describe('the bills of a day', () => {
  test('have every watt-hour of every meter with one owner', () => {
    for (const home of homes) {
      for (const [quarter, one] of truthOf(home).entries()) {
        const row = lineOf(home, quarter)
        const where = `${home}, quarter ${quarter}`
        const owners = ownersOf(one, 2_000n)
        equal(number(row, 'imported_wh'), one.imported, where)
        equal(number(row, 'exported_wh'), one.exported, where)
        equal(number(row, 'billed_import_wh'), owners.billedImport, where)
        equal(number(row, 'billed_export_wh'), owners.billedExport, where)
        equal(number(row, 'imbalance_sold_wh'), owners.imbalanceSold, where)
        equal(number(row, 'imbalance_bought_wh'), owners.imbalanceBought, where)
      }
    }
  })

  test('bill nothing that was traded, which the buyer has paid for already', () => {
    let [sold, bought, auctioned] = [0n, 0n, 0n]
    for (const one of homes.flatMap(truthOf)) {
      sold += one.sold
      bought += one.bought
      auctioned += one.auctionSold - one.auctionBought
      ok(one.sold <= one.exported && one.bought <= one.imported)
    }
    equal(sold, bought)
    equal(auctioned, 0n)
    // alice gives nothing in every fourth quarter, so of ten quarters of 300 Wh eight are left.
    equal(truthOf('alice').reduce((sum, one) => sum + one.sold, 0n), 2_400n)
    ok(truthOf('carol').some(({ sold: own }) => own > 0n))
    ok(truthOf('dave').some((one) => one.bought > 0n && one.auctionBought > 0n))
  })

  test('come to what a second computation comes to, to the micro', () => {
    for (const home of homes) {
      const path = `bills-${homeOf(home)}/${market.account(home)}-${home}/bill.csv`
      const rows = rowsOf(path)
      const sumOf = (start: string): bigint =>
        rows.filter((row) => row.kind?.startsWith(start))
          .reduce((sum, row) => sum + number(row, 'amount_micros'), 0n)
      const { fees, ...naive } = naiveSums(truthOf(home), { timeZone, ...rates }, 2_000n)
      deepEqual({ energy_import: sumOf('energy_import'), energy_export: sumOf('energy_export'),
        wheeling: sumOf('wheeling') }, naive, home)
      equal(sumOf('fee'), fees)
      const [lines, carried, payable] = [
        sumOf('energy') + sumOf('wheeling') + sumOf('fee'), sumOf('carried'), sumOf('payable'),
      ]
      equal(lines + carried, payable)
      equal(payable % 10_000n, 0n)
    }
  })

  test('charge wheeling to both sides, each by its own utility', () => {
    const lines = (home: Home): readonly string[] =>
      rowsOf(`bills-${homeOf(home)}/${market.account(home)}-${home}/bill.csv`)
        .filter(({ kind }) => kind?.startsWith('wheeling'))
        .map(({ kind, utility, micros_per_kwh: rate }) => `${kind} ${utility} ${rate}`)
    const [north, south] = [market.account('grid-north'), market.account('grid-south')]
    deepEqual(lines('alice'), [`wheeling_sold ${north} 11000`])
    deepEqual(lines('bob'), [`wheeling_bought ${south} 17003`])
    deepEqual(lines('dave'), [`wheeling_bought ${north} 11000`])
  })

  test('are Green Button files of the same energy and money', () => {
    for (const home of homes) {
      const own = `bills-${homeOf(home)}/${market.account(home)}-${home}`
      const feed = parseXml(readFileSync(market.path(`${own}/green-button.xml`)), fileLimits)
      const all = (name: string, from: XmlElement = feed): XmlElement[] => [
        ...(from.name === name ? [from] : []),
        ...from.children.flatMap((child) => all(name, child)),
      ]
      const valueIn = (reading: XmlElement): number => Number(all('value', reading)[0]?.text)
      const readings = all('IntervalReading').map(valueIn)
      equal(readings.length, 2 * quarters)
      const sum = (values: readonly number[]): bigint =>
        BigInt(values.reduce((whole, value) => whole + value, 0))
      const owners = truthOf(home).map((one) => ownersOf(one, 2_000n))
      const billed = (name: 'billedImport' | 'billedExport'): bigint =>
        owners.reduce((whole, one) => whole + one[name], 0n)
      equal(sum(readings.slice(0, quarters)), billed('billedImport'))
      equal(sum(readings.slice(quarters)), billed('billedExport'))
      const [interval] = all('IntervalBlock').map((block) => block.children[0])
      deepEqual(interval?.children.map(({ text }) => Number(text)), [82_800, first * 900])
      const payable = rowsOf(`${own}/bill.csv`).find(({ kind }) => kind === 'payable')
      const units = BigInt(all('billLastPeriod')[0]?.text ?? '')
      equal(units * 10n, number(payable, 'amount_micros'))
    }
  })

  test('say which energy was estimated, and are the same when made again', async () => {
    equal(lineOf('dave', 29)?.assurance, 'interpolated')
    equal(lineOf('dave', 28)?.assurance, 'metered')
    const { code } = await make('north', 'again', '--node', market.node)
    equal(code, 0)
    for (const name of readdirSync(market.path('again'), { recursive: true }) as string[]) {
      if (!name.includes('.')) continue
      const [one, other] = [`bills-north/${name}`, `again/${name}`]
      equal(readFileSync(market.path(one), 'utf8'), readFileSync(market.path(other), 'utf8'))
    }
    const twice = await make('north', 'again')
    equal(JSON.parse(twice.out).error.code, 'BILLS_INPUT_INVALID')
  })
})

describe('no bill at all', () => {
  /** Makes bills from evidence that was changed in each of its files. */
  async function forged(change: (evidence: Evidence) => Evidence): Promise<Fault> {
    const files = (await readEvidence(market.path('evidence-north'))).map(
      ({ name, evidence }) => ({ name, evidence: change(evidence) }),
    )
    const tariff = parseTariff(readFileSync(market.path('tariff.json'), 'utf8'), 'tariff', 900)
    const nothing = { readings: undefined, previous: undefined, rootsNow: undefined }
    try {
      billRun({ files, tariff, tariffFile: 'tariff', from: day, through: day, ...nothing })
    } catch (error) {
      if (error instanceof Fault) return error
      throw error
    }
    throw new Error('bills were made')
  }

  const alice = () => market.meter('alice')
  type Forgery = readonly [
    what: string, change: (evidence: Evidence) => Evidence, code: string, message: () => RegExp,
  ]
  const named = (): RegExp => new RegExp(`meter=${alice()}`)
  const changed = <Field extends 'declarations' | 'energies'>(
    field: Field, change: (one: Evidence[Field][number]) => object, ofMeter = alice,
  ) => (evidence: Evidence): Evidence => ({
    ...evidence,
    [field]: evidence[field].map((one) =>
      one.meter === ofMeter() ? { ...one, ...change(one as never) } : one,
    ),
  })
  const answers = (change: (answer: Evidence['meters'][number]['answer']) => object) =>
    (evidence: Evidence): Evidence => ({
      ...evidence,
      meters: evidence.meters.map((one) =>
        one.meter === alice() ? { ...one, answer: { ...one.answer, ...change(one.answer) } } : one,
      ) as Evidence['meters'],
    })
  const forgeries: readonly Forgery[] = [
    ['less was sold than is proven', changed('declarations', () => ({ soldWh: 0 })),
      'BILLS_PROOF_INVALID', named],
    ['the wheeling is more than its rate', changed('declarations', (one) => ({
      wheelingMicros: one.wheelingMicros + 1,
    })), 'BILLS_PROOF_INVALID', named],
    ['an auction is left out', changed('declarations', () => ({ auctionSoldWh: 0 })),
      'BILLS_ENERGY_UNEXPLAINED', named],
    ['a watt-hour of the balancing authority is billed', changed('declarations', (one) => ({
      imbalanceSoldWh: Math.max(0, one.imbalanceSoldWh - 1),
    })), 'BILLS_ENERGY_UNEXPLAINED', named],
    ['the meter gave less than was sold', changed('energies', () => ({ exportedWh: 0 })),
      'BILLS_ENERGY_UNEXPLAINED', named],
    ['energy is not final', changed('energies', () => ({ runKind: 'provisional' })),
      'BILLS_ENERGY_MISSING', named],
    ['a proof is of something else', answers(({ proofs }) => ({
      proofs: proofs.map((proof) => proof.replace(/.$/, another)),
    })), 'BILLS_PROOF_INVALID', named],
    ['the answer is not signed', answers(() => ({ signature: `0x${'00'.repeat(65)}` })),
      'BILLS_PROOF_INVALID', named],
    ['the chain has other roots', (evidence) => ({
      ...evidence, roots: evidence.roots.map((root) => root.replace(/.$/, another)),
    }), 'BILLS_PROOF_INVALID', () => /meter=/],
    ['an interval was not collected', (evidence) => ({
      ...evidence, count: evidence.count - 1, roots: evidence.roots.slice(1),
    }), 'BILLS_ENERGY_MISSING', () => /interval=/],
    ['a meter has no energy in between', (evidence) => ({
      ...evidence,
      energies: evidence.energies.filter(({ meter, interval }) =>
        meter !== alice() || interval !== first + 60),
    }), 'BILLS_ENERGY_MISSING', named],
    ['another exchange signed', (evidence) => ({ ...evidence, operator: `0x${'1'.repeat(40)}` }),
      'BILLS_PROOF_INVALID', () => /meter=/],
  ]
  for (const [what, change, code, message] of forgeries) {
    test(`where ${what}`, async () => {
      const error = await forged(change)
      equal(error.code, code, error.message)
      match(error.message, message())
    })
  }

  test('where a file was changed by somebody', async () => {
    const [name = ''] = readdirSync(market.path('evidence-north')).sort()
    const path = market.path(`evidence-north/${name}`)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace('"soldWh":300', '"soldWh":200'))
    const { code, out } = await make('north', 'forged')
    writeFileSync(path, text)
    equal(code, 2)
    match(JSON.parse(out).error.message, /BILLS_INPUT_INVALID.*field=sha256/)
    equal(existsSync(market.path('forged')), false, 'nothing is written')
  })

  const ownReadings = (change: (home: Home, quarter: number) => number): string => {
    const rows = homes.flatMap((home) =>
      truthOf(home).map(({ meter, startMs, imported, exported }, quarter) => {
        const taken = Number(imported) + change(home, quarter)
        return `${meter},${new Date(startMs).toISOString()},${taken},${exported}`
      }),
    )
    writeFileSync(market.path('own.csv'), `meter,start,import_wh,export_wh\n${rows.join('\n')}\n`)
    return market.path('own.csv')
  }

  test('where the record of another period is said to be of the one before', async () => {
    const record = market.path('bills-north/run.json')
    const { code, out } = await make('north', 'next', '--previous', record)
    equal(code, 2)
    match(JSON.parse(out).error.message, /BILLS_INPUT_INVALID.*field=period/)
  })

  test('where the retailer’s own figures contradict what was traded by', async () => {
    const path = ownReadings((home, quarter) => (home === 'alice' && quarter === 9 ? 1 : 0))
    const { out, code } = await make('north', 'own', '--readings', path)
    equal(code, 2)
    const { error } = JSON.parse(out)
    equal(error.code, 'BILLS_ENERGY_UNEXPLAINED')
    match(error.message, new RegExp(`meter=${alice()} interval=${first + 9}`))
  })

  test('but by its own figures where nothing was traded', async () => {
    const path = ownReadings((home, quarter) => (home === 'dave' && quarter === 50 ? 7 : 0))
    const { out, code } = await make('north', 'own', '--readings', path)
    equal(code, 0, out)
    const file = `own/${market.account('dave')}-dave/intervals.csv`
    equal(number(rowsOf(file)[50], 'billed_import_wh'), BigInt(flowOf('dave', 50)[0] + 7))
  })
})

test('a correction is billed once it is collected again, and nothing before', async () => {
  await market.correct('alice', 9, { taken: 0, given: -200 })
  await market.waitTo(101)
  await collectAll('north', '--from', String(first + 8))
  const { code, out } = await make('north', 'corrected', '--node', market.node)
  equal(code, 0, out)
  const file = `corrected/${market.account('alice')}-alice/intervals.csv`
  // Of 408 Wh 208 are left, all of them sold; the next quarter has the 200 Wh.
  const [, , , , , , , , eighth, ninth] = rowsOf(file)
  deepEqual(
    [number(eighth, 'exported_wh'), number(eighth, 'sold_wh'), number(eighth, 'billed_export_wh')],
    [208n, 208n, 0n],
  )
  equal(number(ninth, 'billed_export_wh'), 309n)
  const last = readdirSync(market.path('evidence-north')).sort().at(-1) ?? ''
  rmSync(market.path(`evidence-north/${last}`))
  const stale = await make('north', 'stale', '--node', market.node)
  equal(JSON.parse(stale.out).error.code, 'BILLS_PROOF_INVALID')
  match(JSON.parse(stale.out).error.message, /the chain has another root by now/)
})
