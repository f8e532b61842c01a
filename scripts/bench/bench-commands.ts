/**
 * What happens in a market for measuring, as commands: as many participants as wanted, each with a
 * meter and an order in every interval. Their signatures count as verified, which in the server
 * happens when they arrive and has a figure of its own.
 */
import { createHash } from 'node:crypto'
import type { Command } from '@busbar/core/exchange'
import { openDerToCash, type Rulebook } from '@busbar/core/rulebook'

export const market = 'bench'
const account0 = 3
const meterWatts = 20_000
const readingsPerBatch = 5_000
/** 2025-07-01T00:00Z, and the first interval of that day. */
export const startMs = 1_751_328_000_000
export const rulebook: Rulebook = {
  ...openDerToCash, horizonIntervals: 4, readingDeadlineSeconds: 120,
}
export const firstInterval = startMs / (rulebook.intervalSeconds * 1_000)

const hex = (text: string, bytes: number): string =>
  `0x${createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, bytes * 2)}`

let ids = 0

/** Signed by nobody: see the head of this file. */
function signed(account: number): {
  id: string
  account: number
  digest: string
  signature: string
} {
  ids += 1
  const id = hex(`id ${ids}`, 16)
  return { id, account, digest: hex(`digest ${ids}`, 32), signature: '0x' }
}

const companies = ['operator', 'bank', 'retailer', 'balancing-authority'] as const

export function* registry(participants: number): Generator<Command> {
  const person = (name: string, roles: readonly string[], retailer: number | null) => ({
    name,
    roles: roles as never,
    address: hex(`address ${name}`, 20),
    publicKey: `0x02${hex(`key ${name}`, 32).slice(2)}`,
    retailer,
  })
  const [operator, ...others] = companies
  yield { kind: 'open_market', market, rulebook, operator: person(operator, ['operator'], null) }
  for (const name of others) {
    yield { kind: 'admit_participant', ...signed(account0), content: person(name, [name], null) }
  }
  const retailer = account0 + companies.indexOf('retailer')
  for (let i = 0; i < participants; i += 1) {
    yield {
      kind: 'admit_participant',
      ...signed(account0),
      content: person(`p${i}`, ['prosumer'], retailer),
    }
  }
  const tariff = { fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 60_000 }
  yield { kind: 'set_tariff', ...signed(retailer), content: tariff }
  const zone = { name: 'zone', parent: null, bridgeWatts: 0 }
  yield { kind: 'register_zone', ...signed(account0), content: zone }
  const gateway = {
    name: 'gateway',
    curve: 'p256',
    publicKey: `0x03${hex('gateway', 32).slice(2)}`,
  } as const
  yield { kind: 'register_gateway', ...signed(account0), content: { ...gateway, owner: account0 } }
  for (let i = 0; i < participants; i += 1) {
    const meter = {
      name: `m${i}`,
      kind: 'physical',
      account: account0 + companies.length + i,
      zone: 0,
      gateway: 0,
      importWattsMax: meterWatts,
      exportWattsMax: meterWatts,
      digits: 12,
    } as const
    yield { kind: 'register_meter', ...signed(account0), content: meter }
  }
}

export function* deposits(participants: number): Generator<Command> {
  const bank = account0 + companies.indexOf('bank')
  const first = account0 + companies.indexOf('retailer')
  const all = Array.from({ length: participants + 2 }, (_, i) => ({
    account: first + i,
    amountMicros: i < 2 ? 1_000_000_000_000 : 10_000_000_000,
  }))
  for (let from = 0; from < all.length; from += 5_000) {
    const content = { deposits: all.slice(from, from + 5_000) }
    yield { kind: 'fund_accounts', ...signed(bank), content }
  }
}

/** A number from 0 to 1 that is the same on every machine. */
function drawn(...of: readonly number[]): number {
  return createHash('sha256').update(of.join('/')).digest().readUInt32BE(0) / 2 ** 32
}

export function* orders(participants: number, interval: number): Generator<Command> {
  for (let i = 0; i < participants; i += 1) {
    yield {
      kind: 'place_order',
      ...signed(account0 + companies.length + i),
      meter: i,
      interval,
      side: i % 2 === 0 ? 'buy' : 'sell',
      energyWh: 100 + Math.floor(drawn(i, interval, 1) * 1_000),
      limitMicrosPerKwh: 60_000 + Math.floor(drawn(i, interval, 2) * 24_000) * 10,
    }
  }
}

export function* readings(participants: number, boundary: number): Generator<Command> {
  const passed = boundary - firstInterval + 1
  for (let from = 0; from < participants; from += readingsPerBatch) {
    const count = Math.min(readingsPerBatch, participants - from)
    const { account: _account, ...batch } = signed(0)
    yield {
      kind: 'submit_readings',
      ...batch,
      gateway: 0,
      root: batch.digest,
      readings: Array.from({ length: count }, (_, index) => {
        const meter = from + index
        const register = passed * 500 + Math.floor(drawn(meter, boundary) * 400)
        const isBuyer = meter % 2 === 0
        return {
          meter,
          boundary,
          version: 0,
          importWh: isBuyer ? register : 0,
          exportWh: isBuyer ? 0 : register,
        }
      }),
    }
  }
}
