import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { derToCash, openDerToCash, type Rulebook } from '@busbar/core/rulebook'
import {
  addressOfKey,
  companies,
  type DayOptions,
  type District,
  describeSource,
  type FaultOptions,
  firstIntervals,
  fromFolder,
  planDay,
  seeded,
  seededKey,
} from '@busbar/simulator'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'

export type Scenario = {
  readonly name: 'der-to-cash' | 'neighbourhood'
  readonly district: District
  readonly rulebook: Rulebook
  readonly seed: number
  readonly faults: FaultOptions
  /** One sentence for a person: which data this run uses. */
  readonly source: string
}

/**
 * @throws UsageError for options that name nothing that exists; the loader's own errors name files.
 */
export function scenarioFrom(values: Values, intervals: number | undefined): Scenario {
  const name = values.text('scenario') ?? 'der-to-cash'
  if (name !== 'der-to-cash' && name !== 'neighbourhood') {
    throw new UsageError(
      `--scenario is ${name}; it takes der-to-cash, neighbourhood or inter-retailer`,
    )
  }
  const seed = values.integer('seed', 1, 0, 2 ** 31 - 1)
  const date = values.text('date')
  const folder = values.text('data') ?? process.env.BUSBAR_DATA
  const whole =
    folder === undefined || folder === ''
      ? seeded(name, { seed, date })
      : fromFolder(folder, { scenario: name, date })
  const district = intervals === undefined ? whole : firstIntervals(whole, intervals)
  const faults = faultsFrom(values.text('faults'))
  const rulebook = bookFrom(values.text('book') ?? 'sealed')
  return { name, district, rulebook, seed, faults, source: describeSource(district) }
}

function bookFrom(book: string): Rulebook {
  if (book === 'sealed') return derToCash
  if (book === 'open') return openDerToCash
  throw new UsageError(`--book is ${book}; it takes sealed or open`)
}

const faultNames = ['late', 'duplicate', 'lost', 'lying'] as const

export function faultsFrom(text: string | undefined): FaultOptions {
  if (text === undefined || text === '') return {}
  const rates = new Map<string, number>()
  for (const part of text.split(',')) {
    const [name = '', value = ''] = part.split('=')
    const rate = Number(value)
    if (!faultNames.some((known) => known === name) || value === '' || !(rate >= 0 && rate <= 1)) {
      throw new UsageError(`--faults has ${part}; it takes ${faultNames.join(', ')}, each =0 to =1`)
    }
    rates.set(name, rate)
  }
  const some = (name: (typeof faultNames)[number]): { rate: number } | undefined => {
    const rate = rates.get(name)
    return rate === undefined || rate === 0 ? undefined : { rate }
  }
  const [late, duplicate, lost, lying] = faultNames.map(some)
  return {
    ...(late === undefined ? {} : { late: { ...late, delayIntervals: 3 } }),
    ...(duplicate === undefined ? {} : { duplicate }),
    ...(lost === undefined ? {} : { lost: { ...lost, recoveredAfterIntervals: 6 } }),
    ...(lying === undefined ? {} : { lying: { ...lying, percent: -10 } }),
  }
}

export const dayOptions = ({ name, district, rulebook, seed, faults }: Scenario): DayOptions => ({
  market: name,
  district,
  rulebook,
  seed,
  faults,
  tariff: 'time-of-use',
})

/** What a server must be told so that this scenario can open its market: the same every time. */
export function serverEnvironment(scenario: Scenario, dataDir: string): Record<string, string> {
  return marketEnvironment(scenario, planDay(dayOptions(scenario)).openAt, dataDir)
}

/** What names a market of the simulation and gives it its keys. */
export type MarketSeed = { readonly seed: number; readonly name: string }

export function marketEnvironment(
  { seed, name }: MarketSeed,
  openAtMs: number,
  dataDir: string,
): Record<string, string> {
  const key = seededKey(seed, companies.operator, 'secp256k1')
  const operator = {
    name: companies.operator,
    roles: ['operator', 'authority'],
    address: addressOfKey(key),
    publicKey: key.publicKey,
    retailer: null,
  }
  const salt = createHash('sha256').update(`busbar simulated salt/${seed}/${name}`).digest('hex')
  return {
    BUSBAR_MARKET: name,
    BUSBAR_DATA_DIR: dataDir,
    BUSBAR_CLOCK: 'manual',
    BUSBAR_CLOCK_START_MS: String(openAtMs),
    BUSBAR_SALT: `0x${salt}`,
    BUSBAR_OPERATOR: JSON.stringify(operator),
  }
}

/**
 * The chain operator's key of a scenario, put where the server looks for one. The addresses of the
 * contracts follow from it and are part of what everybody signs: a run repeats byte for byte only
 * with the same key.
 */
export function writeChainKey({ seed, name }: MarketSeed, dataDir: string): void {
  const path = join(dataDir, 'chain', 'operator.key')
  if (existsSync(path)) return
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const key = createHash('sha256').update(`busbar simulated chain/${seed}/${name}`).digest('hex')
  writeFileSync(path, `0x${key}\n`, { mode: 0o600 })
}
