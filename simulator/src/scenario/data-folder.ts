import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DataFileError, readTable } from './csv.ts'
import type { District } from './district.ts'
import { parseNeighbourhood } from './prosumer-files.ts'
import { parseDistrict } from './scenario-files.ts'

export type ScenarioName = 'der-to-cash' | 'neighbourhood'

const patterns = {
  'der-to-cash': {
    sites: /^scenario_.*sites\.csv(\.gz)?$/,
    series: /^scenario_.*(5min|15min|hourly|intervals).*\.csv(\.gz)?$/,
  },
  neighbourhood: {
    sites: /^prosumer_.*sites\.csv(\.gz)?$/,
    series: /^prosumer_.*hourly.*\.csv(\.gz)?$/,
  },
} as const

/**
 * The district in a folder of data files, in the form of `docs/guides/bring-your-own-meters.md`.
 *
 * @throws DataFileError when a file is missing, two could be meant, or one breaks its form.
 */
export function fromFolder(
  folder: string,
  options: { readonly scenario?: ScenarioName; readonly date?: string | undefined } = {},
): District {
  const scenario = options.scenario ?? 'der-to-cash'
  const names = namesIn(folder)
  const sites = readTable(onlyFile(folder, names, patterns[scenario].sites))
  const series = readTable(onlyFile(folder, names, patterns[scenario].series))
  return scenario === 'der-to-cash'
    ? parseDistrict({ sites, series, date: options.date })
    : parseNeighbourhood({ homes: sites, hourly: series, date: options.date })
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new DataFileError({ file: folder }, `must be a folder that can be read (${why})`)
  }
}

function onlyFile(folder: string, names: readonly string[], pattern: RegExp): string {
  const found = names.filter((name) => pattern.test(name))
  const [name] = found
  if (name !== undefined && found.length === 1) return join(folder, name)
  const seen = found.length === 0 ? 'none' : found.join(', ')
  throw new DataFileError(
    { file: folder },
    `must hold exactly one file named like ${pattern.source}, has ${seen}`,
  )
}
