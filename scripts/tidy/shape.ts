import { basename } from 'node:path/posix'
import { targets } from './imports.ts'
import { complaints, importsOf, isTest, type Rule, type Source } from './source.ts'

const lineLengthMax = 100
const fileLinesMax = 400
const functionLinesMax = 70

/** The parts of the product, and what a repository needs. Each new entry is a decision. */
const rootEntries = new Set([
  '.ci', '.gitignore', '.npmrc', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'cli',
  'client', 'committee', 'contracts', 'core', 'dashboard', 'docs', 'package-lock.json',
  'package.json', 'proofs', 'protocols', 'scripts', 'server', 'simulator', 'tsconfig.base.json',
])

export const rootComplaints = (paths: readonly string[]): readonly string[] =>
  [...new Set(paths.map((path) => path.split('/')[0] ?? ''))]
    .filter((entry) => !rootEntries.has(entry))
    .map((entry) => `${entry}: not an entry of the root; parts of the product are folders in it`)

const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/
/** Names that others gave. */
const customary = new Set([
  'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', '.gitignore', '.npmrc',
  'tsconfig.json', 'tsconfig.test.json', 'tsconfig.base.json', 'Nargo.toml',
])

/** `kebab-case.ts`, `kebab-case.test.ts`, a decision with its number; contracts in PascalCase. */
export function nameComplaints(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const name = basename(path)
    const folders = path.split('/').slice(0, -1)
    const folder = folders.find((part) => !kebab.test(part.replace(/^\./, '')))
    if (folder !== undefined) return [`${path}: the folder ${folder} is not in kebab-case`]
    if (customary.has(name)) return []
    const [stem = '', ...endings] = name.split('.')
    const isContract = path.startsWith('contracts/') && /^(sol|json)$/.test(endings.at(-1) ?? '')
    const fits = isContract ? /^[A-Z]?[A-Za-z0-9-]+$/.test(stem) : kebab.test(stem)
    return fits ? [] : [`${path}: a file is a noun in kebab-case`]
  })
}

/** Lines people can read beside each other. Counted in characters, not in bytes. */
export const lineLengths: Rule = ({ path, text }) =>
  text.split('\n').flatMap((line, index) => {
    const length = [...line].length
    return length <= lineLengthMax
      ? []
      : [`${path}:${index + 1}: ${length} characters, at most ${lineLengthMax}`]
  })

export const fileLength: Rule = ({ path, text }) => {
  const lines = text.split('\n').length - 1
  return lines <= fileLinesMax ? [] : [`${path}: ${lines} lines, at most ${fileLinesMax}`]
}

const named = /^( *)(?:export )?(?:default )?(?:async )?function\b/
const method = /^( +)(?:(?:private|static|async|override|get|set) )*[#\w]+(?:<[^>]*>)?\(.*\{$/
const arrow = /^( *)(?:export )?const \w+.* => \(?\{$/
const statement = /^\s*(?:if|for|while|switch|catch|return|await|else)\b/

/**
 * From the line that names a function to the one that closes it at the same indentation, without
 * the functions inside, which are counted by themselves. Suites are lists, not functions.
 */
export const functionLengths: Rule = ({ path, code }) => {
  if (isTest(path)) return []
  const lines = code.split('\n')
  const spans = lines.flatMap((line, start) => {
    const indent = [named, method, arrow].map((form) => form.exec(line)?.[1]).find(isText)
    if (indent === undefined || statement.test(line)) return []
    const length = lines.slice(start + 1).findIndex((other) => closes(other, indent)) + 2
    return length < 2 ? [] : [{ start, end: start + length }]
  })
  return spans.flatMap(({ start, end }) => {
    const inside = spans.filter((other) => start < other.start && other.end <= end)
    const outermost = inside.filter((one) => !inside.some((other) => contains(other, one)))
    const own = outermost.reduce((sum, one) => sum - (one.end - one.start), end - start)
    return own <= functionLinesMax
      ? []
      : [`${path}:${start + 1}: a function of ${own} lines, at most ${functionLinesMax}`]
  })
}

type Span = { readonly start: number; readonly end: number }

const contains = (outer: Span, inner: Span): boolean =>
  outer !== inner && outer.start <= inner.start && inner.end <= outer.end

const isText = (value: string | undefined): value is string => value !== undefined

/** `}`, `},`, `})` at just this indentation. */
const closes = (line: string, indent: string): boolean =>
  line.startsWith(`${indent}}`) && /^\}[),]*$/.test(line.slice(indent.length))

/** Two spaces, no tabs, no blanks at the end of a line, one line end at the end of the file. */
export const whitespace: Rule = ({ path, text }) => [
  ...complaints(path, text, /[ \t]+$/gm, 'blanks at the end of the line'),
  ...complaints(path, text, /^\t/gm, 'a tab; two spaces'),
  ...(text === '' || /[^\n]\n$/.test(text) ? [] : [`${path}: ends with one line end`]),
]

/** Single quotes where there is none inside, and no semicolon at the end of a line. */
export const punctuation: Rule = ({ path, text, code }: Source) => [
  ...complaints(path, code, /;$/gm, 'no semicolons'),
  ...complaints(path, withDoubleQuotes(text, code), /"\s*"/g, 'single quotes'),
]

/** Double-quoted strings that hold no single quote, with their insides blanked; others removed. */
const withDoubleQuotes = (text: string, code: string): string =>
  code.replace(/"( *)"/g, (found, _inside, index: number) =>
    text.slice(index, index + found.length).includes("'") ? found.replaceAll('"', ' ') : found,
  )

/** Every suite says what it is for and how, so that a red one can be judged. */
export const testsSayWhy: Rule = ({ path, text }) => {
  if (!path.endsWith('.test.ts')) return []
  const head = text.slice(0, text.indexOf('*/'))
  return /\/\*\*[\s\S]*\bGoal: [\s\S]*\bMethod: /.test(head)
    ? []
    : [`${path}: its head names no Goal and Method`]
}

/** Folders of the core that decide who is paid. */
const moneyFolders = /^core\/src\/(?:clearing|ledger|settlement|credit|metering|payments)\//

/**
 * What decides who is paid is searched for mistakes nobody thought of: each such file is imported,
 * directly or by others, in a suite of its own folder that uses fast-check.
 */
export function moneyWithoutProperties(sources: readonly Source[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const money = sources.filter(({ path }) => moneyFolders.test(path))
  const searched = new Set<string>()
  const reach = (source: Source): void => {
    if (searched.has(source.path)) return
    searched.add(source.path)
    for (const { target } of targets(source)) {
      const next = byPath.get(target)
      if (next !== undefined) reach(next)
    }
  }
  for (const source of money) {
    const searches = importsOf(source).some(({ specifier }) => specifier === 'fast-check')
    if (searches && source.path.endsWith('.test.ts')) reach(source)
  }
  return money
    .filter(({ path }) => !isTest(path) && !searched.has(path))
    .map(({ path }) => `${path}: no suite that imports fast-check reaches it`)
}
