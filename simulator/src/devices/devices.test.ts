/**
 * Goal: what devices say and what the meter shows make one sum in every interval, to the
 * watt-hour; it is said once, by the gateway of the home, and it changes nothing of the day.
 * Method: days through the rules of the core in this process, of several seeds, with what was sent
 * written down; twins with and without. Replay with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { openDerToCash } from '@busbar/core/rulebook'
import { deviceBatchToSign } from '@busbar/protocols/device-readings'
import { seededGateways } from '../meters/index.ts'
import { createInProcessExchange, type Exchange, type MarketNumbers, runDay } from '../run/index.ts'
import { firstIntervals, seededDistrict, seededNeighbourhood } from '../scenario/index.ts'
import { type SignedDeviceBatch, tellsNothing } from './index.ts'

const seed = Number(process.env.SEED ?? 1)
const street = (withSeed: number) => seededNeighbourhood({ seed: withSeed })

type Registers = { readonly importWh: number; readonly exportWh: number }
type Written = {
  readonly numbers: MarketNumbers
  /** By meter and boundary. */
  readonly meters: ReadonlyMap<string, Registers>
  readonly batches: readonly SignedDeviceBatch[]
  readonly balances: ReadonlyMap<number, bigint>
}

async function dayOf(
  district: ReturnType<typeof street>,
  hasDevices = true,
  isSilentAt: (call: number) => boolean = () => false,
): Promise<Written> {
  const inside = createInProcessExchange()
  const meters = new Map<string, Registers>()
  const batches: SignedDeviceBatch[] = []
  let numbers: MarketNumbers | undefined
  let calls = 0
  const listening: Exchange = {
    ...inside,
    async open(plan) {
      numbers = await inside.open(plan)
      return numbers
    },
    submitReadings(batch) {
      for (const { meter, boundary, ...one } of batch.readings) {
        meters.set(`${meter}/${boundary}`, one)
      }
      return inside.submitReadings(batch)
    },
    async submitDeviceReadings(sent) {
      batches.push(...sent)
    },
  }
  const live = async () => {
    calls += 1
    return { isSilent: isSilentAt(calls), isLate: false }
  }
  const options = { market: 'der-to-cash', rulebook: openDerToCash, seed, district, live }
  await runDay({ ...options, hasDevices }, listening)
  if (numbers === undefined) throw new Error('the market was not opened')
  return { numbers, meters, batches, balances: await inside.balances() }
}

/** Nine digits, as all meters have here. */
const modulus = 10 ** 9
const between = (before: number, after: number): number => (after - before + modulus) % modulus

/** What flowed at a site in one interval, by its meter and by each of its devices. */
function* intervalsOf({ numbers, meters, batches }: Written, name: string) {
  const [account, meter] = [numbers.accounts.get(name), numbers.meters.get(name)]
  const said = new Map<string, SignedDeviceBatch['readings'][number]>()
  const told = batches.flatMap(({ readings }) => readings).filter((one) => one.account === account)
  for (const reading of told) {
    const key = `${reading.device}/${reading.boundary}`
    equal(said.has(key), false, 'it is said once')
    said.set(key, reading)
  }
  for (const [key, end] of said) {
    const before = said.get(`${end.device}/${end.boundary - 1}`)
    if (before === undefined || end.device !== 0) continue
    const shown = (boundary: number) => meters.get(`${meter}/${boundary}`)
    const [from, to] = [shown(end.boundary - 1), shown(end.boundary)]
    ok(from !== undefined && to !== undefined, key)
    const devices = [...said.values()]
      .filter(({ boundary }) => boundary === end.boundary)
      .map((after) => {
        const start = said.get(`${after.device}/${after.boundary - 1}`)
        ok(start !== undefined && after.inWh >= start.inWh && after.outWh >= start.outWh)
        const [inWh, outWh] = [after.inWh - start.inWh, after.outWh - start.outWh]
        return { ...after, inWh, outWh }
      })
    yield {
      boundary: end.boundary,
      importWh: between(from.importWh, to.importWh),
      exportWh: between(from.exportWh, to.exportWh),
      devices,
    }
  }
}

/** A whole day, on which cars drive, and parts of others. */
const districts = [
  street(seed),
  firstIntervals(street(seed + 1), 60),
  firstIntervals(seededDistrict({ seed }), 60),
]
for (const district of districts) {
  test(`what ${district.description} says is one sum with their meters`, async () => {
    const written = await dayOf(district)
    const boundaries = written.batches.flatMap(({ readings }) => readings[0]?.boundary ?? [])
    const first = Math.min(...boundaries)
    const kinds = new Set<string>()
    let compared = 0
    for (const [site, { name }] of district.sites.entries()) {
      const sum = (values: readonly { readonly inWh: number; readonly outWh: number }[]) =>
        values.reduce((all, { inWh, outWh }) => all + outWh - inWh, 0)
      for (const { boundary, importWh, exportWh, devices } of intervalsOf(written, name)) {
        const n = boundary - first - 1
        const loadWh = district.series.loadWh[site]?.[n] ?? Number.NaN
        // A heat pump is part of what is used.
        const pumpWh = devices.find(({ kind }) => kind === 'heat_pump')?.inWh ?? 0
        const carWh = devices.find(({ kind }) => kind === 'car_charger')?.inWh ?? 0
        const usedWh = importWh - exportWh + sum(devices) + pumpWh
        equal(usedWh, loadWh - carWh, `${name} at ${boundary}`)
        ok(pumpWh <= usedWh)
        for (const { kind, chargeBasisPoints, isPluggedIn } of devices) {
          kinds.add(kind)
          ok((chargeBasisPoints ?? 0) >= 0 && (chargeBasisPoints ?? 0) <= 10_000)
          equal(isPluggedIn === null, kind !== 'car_charger')
          if (kind === 'battery') ok(chargeBasisPoints !== null)
        }
        compared += 1
      }
      const isSilent = tellsNothing(site)
      equal([...intervalsOf(written, name)].length, isSilent ? 0 : district.intervals, name)
    }
    deepEqual([...kinds].sort(), ['battery', 'car_charger', 'heat_pump', 'solar'])
    equal(compared, district.sites.filter((_, i) => !tellsNothing(i)).length * district.intervals)
  })
}

test('what is said is signed by the gateway that reads the home’s meter', async () => {
  const { batches, numbers } = await dayOf(firstIntervals(street(seed), 2))
  const [gateway] = seededGateways(seed, 17)
  ok(gateway !== undefined && gateway.curve === 'p256' && batches.length === 3)
  for (const batch of batches) {
    equal(batch.gateway, numbers.gateways.get(gateway.name))
    const { digest } = deviceBatchToSign(numbers.domain, batch)
    // Its signatures have one form: the same key, the same bytes.
    equal(batch.signature, gateway.key.sign(digest))
  }
})

test('a silent gateway says later what its homes did, and nothing is lost', async () => {
  const district = firstIntervals(street(seed), 8)
  const silent = await dayOf(district, true, (call) => call > 2 && call < 6)
  const spoken = await dayOf(district)
  const said = ({ batches }: Written) => batches.map(({ id }) => id)
  deepEqual(said(silent), said(spoken))
})

test('a day comes to the same money with what devices say and without', async () => {
  const district = firstIntervals(street(seed), 40)
  const [told, untold] = [await dayOf(district), await dayOf(district, false)]
  deepEqual(told.balances, untold.balances)
  deepEqual([untold.batches.length, told.batches.length], [0, 41])
})
