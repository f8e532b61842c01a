import { complaints, isTest, lineAt, type Rule, type Source } from './source.ts'

type Ban = {
  readonly pattern: RegExp
  /** `code` leaves out comments and strings, `text` is everything. */
  readonly look: 'code' | 'text'
  readonly where: (path: string) => boolean
  readonly instead: string
}

const inRooms = (...rooms: readonly string[]) => (path: string): boolean =>
  rooms.some((room) => path.startsWith(`${room}/`))

const product = (where: (path: string) => boolean) => (path: string): boolean =>
  where(path) && !isTest(path)

const everywhere = (): boolean => true

/** The rules are written down here, and the tests plant what they forbid. */
const ownFiles = /^scripts\/tidy\/(constructs|planted\.test)\.ts$/

const bans: readonly Ban[] = [
  {
    pattern: /\bDate\.now\b|\bnew Date\(\)/g,
    look: 'code',
    where: product(inRooms('core', 'protocols')),
    instead: 'no clock in here: take the time as an argument',
  },
  {
    pattern: /\bMath\.random\b/g,
    look: 'code',
    where: product(inRooms('core', 'protocols', 'simulator', 'server')),
    instead: 'no randomness in here: take a seeded generator, or the bytes of node:crypto',
  },
  {
    pattern: /\bparseFloat\b/g,
    look: 'code',
    where: inRooms('core'),
    instead: 'no floating point in quantities: parse to the units of bigint',
  },
  {
    pattern: /\bas any\b|<any\b|(?:[:,|&]|=>) any\b/g,
    look: 'code',
    where: everywhere,
    instead: 'no any: unknown and a check, or the type',
  },
  {
    pattern: /@ts-(?:ignore|nocheck)\b/g,
    look: 'text',
    where: everywhere,
    instead: 'the compiler is not silenced',
  },
  {
    pattern: /@ts-expect-error\b/g,
    look: 'text',
    where: (path) => !isTest(path),
    instead: 'the compiler is not silenced; a test of types may expect an error',
  },
  {
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/g,
    look: 'text',
    where: everywhere,
    instead: 'finish it before it is committed',
  },
  {
    pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}|\.catch\(\s*\(\w*\)\s*=>\s*\{\s*\}\s*\)/g,
    look: 'text',
    where: everywhere,
    instead: 'an error is handled, told or thrown on; where it says nothing, a comment says why',
  },
  {
    pattern: /\b(?:test|it|describe|suite)\.(?:only|skip|todo)\(|\bonly: true\b/g,
    look: 'code',
    where: everywhere,
    instead: 'every test runs; one that cannot says so with { skip: why }',
  },
  {
    pattern: /\b(?:enum|namespace)\s+\w+\s*\{/g,
    look: 'code',
    where: everywhere,
    instead: 'type stripping erases types only: a union of literals, or a module',
  },
  {
    pattern: /\bdebugger\b|\bconsole\.\w+/g,
    look: 'code',
    where: product(inRooms('core', 'protocols', 'client', 'server', 'simulator')),
    instead: 'output belongs to the programs: return it, or take a log',
  },
  {
    // A folder of some machine, as in somebody's home.
    pattern: /(?:^|[\s'"`(=])\/(?:work|home|Users|root|mnt)\/\w/gm,
    look: 'text',
    where: everywhere,
    instead: 'no path of one machine: the repository runs where it is cloned',
  },
  {
    pattern: /\.\.\/shared\b/g,
    look: 'text',
    where: (path) => !isTest(path),
    instead: 'nothing outside of the repository, but as an example for a test',
  },
]

export const bannedConstructs: Rule = (source) =>
  ownFiles.test(source.path)
    ? []
    : bans
        .filter(({ where }) => where(source.path))
        .flatMap(({ pattern, look, instead }) =>
          complaints(source.path, source[look], pattern, `${shown(pattern)} is banned: ${instead}`),
        )

const shown = (pattern: RegExp): string => pattern.source.replaceAll('\\b', '').slice(0, 40)

/** Division by a name that rounds lives there; typed arrays of doubles say in a comment why. */
const divides = /^core\/src\/(?:units\/|clearing\/(?:energy-histogram|clear-columns)\.ts$)/
/** A second implementation shares nothing with the first, its division neither. */
const naive = /-naive\.ts$/
/** Numbers that are counts: the rounding stands in the name of the function around them. */
const named = /Math\.(?:floor|ceil|trunc)\([^\n]*$/

/**
 * In the core a division says in its name which way it rounds: `floorDivide`, `ceilDivide`,
 * `valueFloor`. Counts may be divided inside `Math.floor` and its like.
 */
export const divisionsAreNamed: Rule = (source: Source) => {
  const { path, code } = source
  if (!path.startsWith('core/') || isTest(path) || divides.test(path) || naive.test(path)) return []
  return [...code.matchAll(/ \/ |\/=/g)].flatMap(({ index }) => {
    const before = code.slice(code.lastIndexOf('\n', index) + 1, index)
    if (named.test(before)) return []
    const where = `${path}:${lineAt(code, index)}`
    return [`${where}: a division outside of units: floorDivide or ceilDivide says who gains`]
  })
}
