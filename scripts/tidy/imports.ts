import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path/posix'
import { isRoom, repositoryRoot, type Room, rooms } from '../rooms.ts'
import { type Import, importsOf, isTest, type Rule, type Source } from './source.ts'

/** Who may import whom; nobody else. */
const mayImport: Readonly<Record<Room, readonly Room[]>> = {
  core: [],
  protocols: ['core'],
  contracts: [],
  client: ['core', 'protocols'],
  dashboard: ['core', 'protocols', 'client'],
  proofs: ['core', 'protocols'],
  committee: ['core', 'protocols'],
  server: ['core', 'protocols', 'contracts'],
  simulator: ['core', 'protocols', 'client'],
  cli: [
    'core', 'protocols', 'contracts', 'client', 'dashboard', 'proofs', 'committee', 'server',
    'simulator',
  ],
  scripts: [
    'core', 'protocols', 'contracts', 'client', 'dashboard', 'proofs', 'committee', 'server',
    'simulator', 'cli',
  ],
}

/**
 * And besides in tests: the server is tested through the client that others use, pages with the
 * keys of a simulated market.
 */
const mayImportInTests: Readonly<Partial<Record<Room, readonly Room[]>>> = {
  server: ['client'],
  dashboard: ['simulator'],
}

/** Rooms that run anywhere: no module of Node, not even by accident. */
const withoutNode: readonly Room[] = ['core', 'protocols', 'client', 'dashboard']

/** What makes the pages runs on Node before they do, with packages that they do not contain. */
const isBuild = (path: string): boolean => path.startsWith('dashboard/build/')

/** Inside the core: a folder may import those named here. What is not named may import nothing. */
const coreFolders: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  units: ['errors'],
  encoding: ['errors'],
  registry: ['errors', 'units'],
  rulebook: ['errors', 'units'],
  clearing: ['errors', 'units'],
  ledger: ['errors', 'units'],
  metering: ['errors', 'units', 'registry', 'rulebook'],
  trades: ['errors', 'units', 'rulebook', 'registry'],
  settlement: ['errors', 'units', 'registry', 'metering', 'trades'],
  payments: ['errors', 'units', 'rulebook', 'trades'],
  credit: ['errors', 'units', 'registry', 'rulebook', 'metering', 'settlement', 'trades'],
  exchange: [
    'errors', 'units', 'encoding', 'registry', 'rulebook', 'clearing', 'ledger', 'metering',
    'settlement', 'trades', 'payments', 'credit',
  ],
}

/** Inside the command line: from what brings a market up down to the desk; commands call all. */
const cliFolders: Readonly<Record<string, readonly string[]>> = {
  clear: [],
  committee: [],
  desk: [],
  simulators: [],
  market: ['desk'],
  day: ['desk', 'market'],
  up: ['desk', 'market', 'day'],
  proofs: ['desk', 'clear'],
  disputes: ['desk', 'proofs'],
  trading: ['desk', 'proofs'],
  keys: ['desk', 'trading'],
  notices: ['desk'],
  bills: ['desk'],
  commands: [
    'bills', 'clear', 'committee', 'day', 'desk', 'disputes', 'keys', 'market', 'notices',
    'proofs', 'simulators', 'trading', 'up',
  ],
}

const foldersOf: Readonly<Partial<Record<Room, typeof coreFolders>>> = {
  core: coreFolders,
  cli: cliFolders,
}

const roomOf = (path: string): Room | undefined => {
  const [first = ''] = path.split('/')
  return isRoom(first) ? first : undefined
}

const complain = (source: Source, { specifier, line }: Import, why: string): string =>
  `${source.path}:${line}: imports ${specifier}: ${why}`

const listed = (names: readonly string[]): string => names.join(', ') || 'nothing'

const isRelative = ({ specifier }: Import): boolean => specifier.startsWith('.')

/** A file's relative imports as paths from the root. */
export const targets = (source: Source): readonly (Import & { readonly target: string })[] =>
  importsOf(source)
    .filter(isRelative)
    .map((found) => ({
      ...found,
      target: normalize(join(dirname(source.path), found.specifier)),
    }))

/** What runs before anything is installed is imported by its path. */
const bootstrap = 'scripts/bootstrap.mjs'

/** Rooms import down only, by name, and never reach into each other by path. */
export const roomDirection: Rule = (source) => {
  const room = roomOf(source.path)
  if (room === undefined) return []
  const also = isTest(source.path) ? (mayImportInTests[room] ?? []) : []
  const allowed = new Set<string>([room, ...mayImport[room], ...also])
  const byName = importsOf(source).flatMap((found) => {
    const to = /^@busbar\/([a-z]+)/.exec(found.specifier)?.[1]
    if (to === undefined || allowed.has(to)) return []
    return [complain(source, found, `${room} may import ${listed([...allowed].slice(1))}`)]
  })
  const byPath = targets(source).flatMap((found) =>
    roomOf(found.target) === room || found.target === bootstrap
      ? []
      : [complain(source, found, 'another room is imported by its name, not by its path')],
  )
  return [...byName, ...byPath]
}

const builtin = new Set(builtinModules)

/** What a room imports stands in its own package.json; what runs anywhere is without Node. */
export const declaredDependencies: Rule = (source) => {
  const room = roomOf(source.path)
  if (room === undefined) return []
  const declared = declaredBy(room)
  return importsOf(source).flatMap((found) => {
    const { specifier } = found
    if (isRelative(found)) return []
    if (specifier.startsWith('node:')) {
      const free = !withoutNode.includes(room) || isTest(source.path) || isBuild(source.path)
      return free ? [] : [complain(source, found, `${room} runs without Node`)]
    }
    const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
    if (builtin.has(name)) return [complain(source, found, `write node:${specifier}`)]
    if (name === `@busbar/${room}`) return [complain(source, found, 'it is imported by its path')]
    if (declared.product.has(name)) return []
    if (declared.test.has(name)) {
      const free = isTest(source.path) || isBuild(source.path) || room === 'scripts'
      return free ? [] : [complain(source, found, 'is declared for tests only')]
    }
    return [complain(source, found, `is not in ${room}/package.json`)]
  })
}

type Declared = { readonly product: ReadonlySet<string>; readonly test: ReadonlySet<string> }

type Manifest = {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

const manifests = new Map<string, Declared>()

function declaredBy(room: Room): Declared {
  const known = manifests.get(room)
  if (known !== undefined) return known
  const names = (folder: string, field: keyof Manifest): readonly string[] => {
    const text = readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8')
    return Object.keys((JSON.parse(text) as Manifest)[field] ?? {})
  }
  const declared = {
    product: new Set(names(room, 'dependencies')),
    // The root declares what every room's tests need.
    test: new Set([...names(room, 'devDependencies'), ...names('.', 'devDependencies')]),
  }
  manifests.set(room, declared)
  return declared
}

/** Folders build on each other in one direction; in the core clearing and ledger do not meet. */
export const folderDirection: Rule = (source) => {
  const [, src, folder = ''] = source.path.split('/')
  const room = roomOf(source.path)
  const folders = room === undefined ? undefined : foldersOf[room]
  if (folders === undefined || src !== 'src' || isTest(source.path)) return []
  // Beside the folders of the command line stands what all of them use, and what starts it.
  const isBeside = (name: string): boolean => room === 'cli' && name.endsWith('.ts')
  if (isBeside(folder)) return []
  return targets(source).flatMap((found) => {
    const to = found.target.split('/')[2] ?? ''
    if (to === folder || isBeside(to) || folders[folder]?.includes(to) === true) return []
    return [complain(source, found, `${folder} may import ${listed(folders[folder] ?? [])}`)]
  })
}

/** The programs of the server put it together; nobody else constructs an adapter. */
const compositionRoots = [
  'server/src/start.ts', 'server/src/verify.ts', 'server/src/decorators.ts', 'server/src/rails.ts',
  'server/src/webhooks.ts', 'server/src/access.ts', 'server/src/what-if-worker.ts',
  'server/src/own-node/',
]

const isCompositionRoot = (path: string): boolean =>
  compositionRoots.some((root) => (root.endsWith('/') ? path.startsWith(root) : path === root))

/** What an adapter may know of the use cases: their ports, and the form of the journal's chain. */
const forAdapters = /^server\/src\/app\/(ports\/|journal-chain\.ts$)/

type ServerPart = 'app' | 'adapters' | 'http' | 'root'

function serverPart(path: string): ServerPart | undefined {
  const [room, src, part] = path.split('/')
  if (room !== 'server' || src !== 'src') return undefined
  return part === 'app' || part === 'adapters' || part === 'http' ? part : 'root'
}

/**
 * Inside the server: use cases know ports, adapters implement them without knowing each other, HTTP
 * calls use cases, and only the programs know all three.
 */
export const serverDirection: Rule = (source) => {
  const part = serverPart(source.path)
  if (part === undefined || isTest(source.path)) return []
  const byPath = targets(source).flatMap((found) => {
    const why = serverObjection(source.path, part, found.target)
    return why === undefined ? [] : [complain(source, found, why)]
  })
  if (part !== 'app') return byPath
  const byName = importsOf(source)
    .filter((found) => !isRelative(found) && !/^@busbar\/|^node:crypto$/.test(found.specifier))
    .map((found) => complain(source, found, 'use cases import no package and no Node but crypto'))
  return [...byPath, ...byName]
}

function serverObjection(path: string, part: ServerPart, target: string): string | undefined {
  const to = serverPart(target)
  if (to === 'adapters' && part !== 'adapters' && !isCompositionRoot(path)) {
    return `adapters are constructed in ${compositionRoots.join(' and ')}`
  }
  if (part === 'app' && to !== 'app') return 'use cases know ports only'
  if (part === 'http' && to === 'app' && !target.startsWith('server/src/app/ports/')) {
    return 'HTTP knows the ports of the use cases only'
  }
  if (part !== 'adapters') return undefined
  if (to === 'http') return 'adapters do not know HTTP'
  if (to === 'app' && !forAdapters.test(target)) return 'adapters know ports only'
  const [own, other] = [path, target].map((one) => one.split('/')[3])
  return to === 'adapters' && own !== other ? 'adapters do not know each other' : undefined
}

/** Adapters by their package path are for measuring and testing; a program starts the server. */
export const adaptersStayInside: Rule = (source) => {
  const room = roomOf(source.path)
  if (room === 'server' || room === 'scripts' || isTest(source.path)) return []
  return importsOf(source)
    .filter(({ specifier }) => specifier.startsWith('@busbar/server/adapters/'))
    .map((found) => complain(source, found, 'adapters are the server’s own'))
}

/** Every table above names rooms and folders that are there. */
export function unknownFolders(paths: readonly string[]): readonly string[] {
  const complaints = Object.entries(foldersOf).flatMap(([room, folders]) => {
    const pattern = new RegExp(`^${room}/src/([a-z-]+)/`)
    const names = paths.flatMap((path) => pattern.exec(path)?.[1] ?? [])
    const present = new Set(names.filter((name) => room === 'core' || name !== 'testing'))
    const missing = [...present].filter((folder) => folders[folder] === undefined)
    const stale = Object.keys(folders).filter((folder) => !present.has(folder))
    return [
      ...missing.map((name) => `${room}/src/${name}: not in the table of scripts/tidy/imports.ts`),
      ...stale.map((name) => `scripts/tidy/imports.ts: ${room} has no folder ${name}`),
    ]
  })
  return [
    ...complaints,
    ...rooms.filter((room) => !paths.some((path) => path.startsWith(`${room}/`))),
  ]
}
