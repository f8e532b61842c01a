/**
 * Two more streets beside the neighbourhood of a sample market, behind bridges of their own, with a
 * meter each that is read at every boundary as time goes by.
 */
import { BusbarClient, GatewaySigner, Signer, withPrivateKey } from '@busbar/client'
import { seededKey } from '@busbar/simulator'

/** By the name of each: what its bridge carries, and the share of the day that its sun gives. */
const streets = [
  { name: 'mill-lane', parent: 0, bridgeWatts: 40_000, importW: 9_000, exportW: 30_000 },
  { name: 'harbour', parent: 0, bridgeWatts: 63_000, importW: 52_000, exportW: 4_000 },
  { name: 'pier', parent: 2, bridgeWatts: 12_000, importW: 11_500, exportW: 0 },
] as const

/** Whose their meters are: homes of which nobody looks at the pages. */
const firstOwner = 14

const seed = 1
const digits = 12
const lookMs = 250

export type SampleStreets = { readonly stop: () => Promise<void> }

/** @throws BusbarError where the market does not take them */
export async function addStreets(url: string): Promise<SampleStreets> {
  const client = new BusbarClient({ baseUrl: url })
  const domain = await client.domain()
  const { participants } = await client.participants({ limit: 500 })
  const accountOf = (name: string): number =>
    participants.find((one) => one.name === name)?.account ?? -1
  const signerOf = (name: string): Signer => {
    const { privateKey } = seededKey(seed, name, 'secp256k1')
    return new Signer({ domain, account: accountOf(name), sign: withPrivateKey(privateKey) })
  }
  const operator = signerOf('operator')
  const utility = signerOf('grid-operator')
  const key = seededKey(seed, 'streets', 'secp256k1')
  const owner = accountOf('grid-operator')
  const registered = await client.instruct(
    await utility.instruction('register_gateway', {
      ...{ name: 'streets', curve: 'secp256k1', publicKey: key.publicKey, owner },
    }),
  )
  const gateway = 'gateway' in registered.result ? registered.result.gateway : -1
  const meters: number[] = []
  for (const [index, { name, parent, bridgeWatts, importW, exportW }] of streets.entries()) {
    await client.instruct(
      await operator.instruction('register_zone', { name, parent, bridgeWatts }),
    )
    const { result } = await client.instruct(
      await utility.instruction('register_meter', {
        ...{ name, kind: 'physical', zone: index + 1 },
        account: accountOf(`home-${firstOwner + index}`),
        ...{ gateway, importWattsMax: importW + 1_000, exportWattsMax: exportW + 1_000, digits },
      }),
    )
    meters.push('meter' in result ? result.meter : -1)
  }
  const sign = withPrivateKey(key.privateKey)
  return keepReading(client, new GatewaySigner({ domain, gateway, sign }), meters)
}

/** Reads each meter at each boundary that has passed, until it is stopped. */
async function keepReading(
  client: BusbarClient,
  gateway: GatewaySigner,
  meters: readonly number[],
): Promise<SampleStreets> {
  const { interval, rulebook } = await client.market()
  const begun = interval.now
  const registers = (index: number, boundary: number) => {
    const { importW = 0, exportW = 0 } = streets[index] ?? {}
    const wattHours = (watts: number, used: number): number =>
      Math.floor((watts * used * (boundary - begun) * rulebook.intervalSeconds) / 3_600)
    return { importWh: wattHours(importW, 0.62), exportWh: wattHours(exportW, 0.71) }
  }
  let next = begun
  let stopped = false
  const loop = (async () => {
    while (!stopped) {
      const { now } = (await client.market()).interval
      for (; next <= now; next += 1) {
        const boundary = next
        const readings = meters.map((meter, index) => ({
          ...{ meter, boundary, version: 0 },
          ...registers(index, boundary),
        }))
        await client.sendReadings(await gateway.readings(readings))
      }
      await new Promise((resolve) => setTimeout(resolve, lookMs))
    }
  })()
  return {
    stop: async () => {
      stopped = true
      await loop
    },
  }
}
