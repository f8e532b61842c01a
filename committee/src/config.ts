import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Fault } from '@busbar/core/errors'

/** What a member is told by its owner. It trusts nobody else with any of it. */
export type MemberConfig = {
  readonly name: string
  readonly host: string
  /** 0 takes any that is free. */
  readonly port: number
  /** Where its keys, its log and the plans that its owner approved are kept. */
  readonly dataDir: string
  /** The only market whose labels it signs. */
  readonly market: MarketTiming
  /**
   * The node that is asked whether the order set stands on the chain; null: the clock alone
   * decides.
   */
  readonly chainUrl: string | null
  /** `market` is a clock that stands until it is told the time: for scenarios, not secure. */
  readonly clock: 'real' | 'market'
}

export type MarketTiming = {
  readonly chainId: number
  readonly intervalLog: string
  readonly intervalSeconds: number
  /** From the gate to the start of delivery. */
  readonly gateLeadSeconds: number
}

/**
 * Reads a member's configuration; paths in it are relative to the file.
 *
 * @throws Fault COMMITTEE_CONFIG_INVALID naming the field
 */
export function readConfig(path: string): MemberConfig {
  const config = configFrom(readJson(path))
  return { ...config, dataDir: resolve(dirname(path), config.dataDir) }
}

/** @throws Fault COMMITTEE_CONFIG_INVALID */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Fault('COMMITTEE_CONFIG_INVALID', { field: path, why: 'not a JSON file' }, { cause })
  }
}

/** @throws Fault COMMITTEE_CONFIG_INVALID */
export function configFrom(value: unknown): MemberConfig {
  const fields = record(value, 'config')
  const market = record(fields.market, 'market')
  const clock = fields.clock ?? 'real'
  if (clock !== 'real' && clock !== 'market') throw invalid('clock', 'it is real or market')
  const chainUrl = fields.chainUrl ?? null
  if (chainUrl !== null && !isHttp(chainUrl)) throw invalid('chainUrl', 'it is no http address')
  return {
    name: text(fields.name, 'name', /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/),
    host: fields.host === undefined ? '127.0.0.1' : text(fields.host, 'host', /^[\w.:-]{1,255}$/),
    port: whole(fields.port ?? 0, 'port', 0, 65_535),
    dataDir: text(fields.dataDir, 'dataDir', /^.{1,1000}$/),
    market: {
      chainId: whole(market.chainId, 'market.chainId', 1, Number.MAX_SAFE_INTEGER),
      intervalLog: text(market.intervalLog, 'market.intervalLog', /^0x[0-9a-f]{40}$/),
      intervalSeconds: whole(market.intervalSeconds, 'market.intervalSeconds', 1, 86_400),
      gateLeadSeconds: whole(market.gateLeadSeconds, 'market.gateLeadSeconds', 0, 86_400),
    },
    chainUrl,
    clock,
  }
}

const isHttp = (value: unknown): value is string =>
  typeof value === 'string' && /^https?:\/\/\S{1,1000}$/.test(value)

export const invalid = (field: string, why: string): Fault =>
  new Fault('COMMITTEE_CONFIG_INVALID', { field, why })

export function record(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(field, 'it is no object')
  }
  return value as Readonly<Record<string, unknown>>
}

function text(value: unknown, field: string, form: RegExp): string {
  if (typeof value !== 'string' || !form.test(value)) throw invalid(field, `it is not ${form}`)
  return value
}

function whole(value: unknown, field: string, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || Number(value) < min || Number(value) > max) {
    throw invalid(field, `it is not a whole number from ${min} to ${max}`)
  }
  return Number(value)
}

/**
 * The passphrase from the environment, or from the file that it names.
 *
 * @throws Fault COMMITTEE_CONFIG_INVALID where there is none
 */
export function passphraseFrom(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment.BUSBAR_COMMITTEE_PASSPHRASE
  const file = environment.BUSBAR_COMMITTEE_PASSPHRASE_FILE
  const passphrase = given ?? (file === undefined ? '' : firstLine(file))
  if (passphrase.length >= passphraseCharactersMin) return passphrase
  throw invalid(
    'BUSBAR_COMMITTEE_PASSPHRASE',
    `it, or the file BUSBAR_COMMITTEE_PASSPHRASE_FILE, has ${passphraseCharactersMin} or more`,
  )
}

const passphraseCharactersMin = 12

function firstLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] ?? ''
  } catch (cause) {
    const details = { field: 'BUSBAR_COMMITTEE_PASSPHRASE_FILE', why: 'it cannot be read' }
    throw new Fault('COMMITTEE_CONFIG_INVALID', details, { cause })
  }
}
