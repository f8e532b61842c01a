import type { Hex } from '@busbar/protocols/hash'
import { deviceBatchToSign, type DeviceReading } from '@busbar/protocols/device-readings'
import type { SiteAgent } from '../agents/index.ts'
import { type Gateway, seededId, silentGateway } from '../meters/index.ts'
import type { Exchange, MarketNumbers } from '../run/exchange-port.ts'
import { createHomeDevices, type DeviceFlow, type Equipped, tellsNothing } from './home-devices.ts'

/** Registers are JSON numbers on the wire. */
export type DeviceReadingJson = DeviceReading & { readonly inWh: number; readonly outWh: number }

/** A batch as it goes over the wire: one signature over the root of its readings. */
export type SignedDeviceBatch = {
  readonly id: Hex
  readonly gateway: number
  readonly readings: readonly DeviceReadingJson[]
  readonly signature: Hex
}

export type Telemetry = {
  /** Counts interval `n` of the day at every site. A site without an agent has no battery. */
  readonly count: (
    n: number,
    flows: readonly DeviceFlow[],
    agents: readonly Pick<SiteAgent, 'storedWh'>[],
  ) => void
  /** Sends what devices show at the boundary before interval `n`, and what was kept until now. */
  readonly send: (n: number, isSilent: boolean) => Promise<void>
}

/**
 * What the devices of a district say of themselves, by the gateways that read its meters. It is
 * told before the meters are read: who learns that an interval is settled can ask for both.
 */
export function createTelemetry(options: {
  readonly district: Equipped
  readonly seed: number
  readonly gateways: readonly Pick<Gateway, 'name' | 'key' | 'sites'>[]
  readonly numbers: Pick<MarketNumbers, 'domain' | 'accounts' | 'gateways'>
  readonly first: number
  readonly exchange: Pick<Exchange, 'submitDeviceReadings'>
}): Telemetry {
  const { district, seed, gateways, numbers, first, exchange } = options
  const homes = district.sites.map((_, site) => createHomeDevices(district, seed, site))
  /** What a gateway keeps while it is silent. */
  const kept: SignedDeviceBatch[] = []

  const readingsOf = (
    gateway: Pick<Gateway, 'sites'>,
    boundary: number,
  ): readonly DeviceReadingJson[] =>
    gateway.sites.flatMap((site) => {
      const account = numbers.accounts.get(district.sites[site]?.name ?? '')
      if (account === undefined || tellsNothing(site)) return []
      const states = homes[site]?.states() ?? []
      return states.map((state) => ({ account, boundary, version: 0, ...state }))
    })

  const batchOf = (
    gateway: (typeof gateways)[number],
    boundary: number,
  ): readonly SignedDeviceBatch[] => {
    const number = numbers.gateways.get(gateway.name)
    const readings = readingsOf(gateway, boundary)
    if (number === undefined || readings.length === 0) return []
    const id = seededId(seed, `devices/${number}/${boundary}`)
    const { digest } = deviceBatchToSign(numbers.domain, { id, gateway: number, readings })
    return [{ id, gateway: number, readings, signature: gateway.key.sign(digest) }]
  }

  return {
    count(n, flows, agents) {
      for (const [site, flow] of flows.entries()) {
        const loadWh = district.series.loadWh[site]?.[n] ?? 0
        const pvWh = district.series.pvWh[site]?.[n] ?? 0
        homes[site]?.count(n, flow, { loadWh, pvWh }, agents[site]?.storedWh() ?? 0)
      }
    },
    async send(n, isSilent) {
      const silent = gateways[silentGateway]
      const others = gateways.filter((gateway) => gateway !== silent)
      if (silent !== undefined) kept.push(...batchOf(silent, first + n))
      const spoken = others.flatMap((gateway) => batchOf(gateway, first + n))
      const due = [...(isSilent ? [] : kept.splice(0)), ...spoken]
      if (due.length > 0) await exchange.submitDeviceReadings(due)
    },
  }
}
