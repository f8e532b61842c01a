import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path/posix'
import { faultCodes } from '@busbar/core/errors'
import { rejections } from '@busbar/core/exchange'
import { httpRefusals } from '@busbar/protocols/api'
import { readText, repositoryFiles, repositoryRoot } from '../rooms.ts'
import { directDependencies, lockedPackages } from './packages.ts'
import { isTest, lineAt } from './source.ts'

export type Page = { readonly path: string; readonly text: string }

export const pages = (): readonly Page[] =>
  repositoryFiles()
    .filter((path) => path.endsWith('.md'))
    .map((path) => ({ path, text: readText(path) }))

/** The text without what stands in code blocks, lines kept: a link in an example is no link. */
const withoutBlocks = (text: string): string =>
  text.replace(/^(```+|~~~+)[^\n]*\n[\s\S]*?^\1\s*$/gm, (block) => block.replace(/[^\n]/g, ''))

/** The headings of a page, with the names by which links find them. */
export const headingsOf = (text: string): readonly { title: string; anchor: string }[] =>
  [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map((match) => {
    const title = match[1] ?? ''
    const anchor = title.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-')
    return { title, anchor }
  })

/** Links to files and headings of the repository that are not there. */
export function brokenLinks(page: Page, read = readText): readonly string[] {
  const prose = withoutBlocks(page.text)
  const links = prose.matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g)
  return [...links].flatMap((match) => {
    const link = match[1] ?? match[2] ?? ''
    if (/^[a-z]+:/.test(link)) return []
    const [file = '', anchor] = link.split('#')
    const target = file === '' ? page.path : normalize(join(dirname(page.path), file))
    const where = `${page.path}:${lineAt(page.text, match.index)}`
    if (!existsSync(join(repositoryRoot, target))) return [`${where}: ${link}: no such file`]
    if (anchor === undefined || !target.endsWith('.md')) return []
    const headings = headingsOf(target === page.path ? page.text : read(target))
    const isKnown = headings.some((heading) => heading.anchor === anchor)
    return isKnown ? [] : [`${where}: ${link}: no such heading`]
  })
}

/** Pages under docs/ that no other page leads to. */
export function orphans(all: readonly Page[]): readonly string[] {
  const linked = new Set<string>()
  for (const page of all) {
    for (const match of withoutBlocks(page.text).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
      linked.add(normalize(join(dirname(page.path), match[1] ?? '')))
    }
  }
  return all
    .filter(({ path }) => path.startsWith('docs/') && !linked.has(path))
    .map(({ path }) => `${path}: no page leads to it`)
}

/** Every code that an answer, a log or the command line may show. */
export const allCodes: readonly string[] = [
  ...Object.keys(rejections), ...Object.keys(httpRefusals), ...Object.keys(faultCodes),
]

export const errorsPage = 'docs/reference/errors.md'

const codeForm = /^(?:[a-z]+(?:_[a-z]+)+|[A-Z]+(?:_[A-Z0-9]+)+)$/

/** Codes without a heading, headings without a code, twice, or not in the order of precedence. */
export function codeComplaints(text: string, codes: readonly string[]): readonly string[] {
  const titles = headingsOf(text).map(({ title }) => title.replaceAll('`', ''))
  const headings = titles.filter((title) => codeForm.test(title))
  const twice = headings.filter((title, index) => headings.indexOf(title) !== index)
  return [
    ...codes
      .filter((code) => !headings.includes(code))
      .map((code) => `${errorsPage}: lacks ${code}`),
    ...headings
      .filter((title) => !codes.includes(title))
      .map((title) => `${errorsPage}: no code is called ${title}`),
    ...twice.map((title) => `${errorsPage}: ${title} stands twice`),
    ...notInSequence(headings, codes).map((code) => `${errorsPage}: ${code} stands too early`),
  ]
}

function notInSequence(headings: readonly string[], codes: readonly string[]): readonly string[] {
  const present = codes.filter((code) => headings.includes(code))
  return present.filter((code, i) => {
    const before = present[i - 1]
    return before !== undefined && headings.indexOf(code) < headings.indexOf(before)
  })
}

const configurationPage = 'docs/reference/configuration.md'

/** Variables that the programs read and the page does not name, and the other way round. */
export function variableComplaints(): readonly string[] {
  const programs = repositoryFiles().filter(
    (path) => /^(?:server|cli)\/src\/.*\.ts$/.test(path) && !isTest(path),
  )
  const read = new Set(
    programs.flatMap((path) => {
      const text = readText(path)
      const direct = text.matchAll(/process\.env(?:\.([A-Z_]+)|\['([A-Z_]+)'\])/g)
      const named = text.matchAll(/'((?:BUSBAR|CHAIN|DATABASE)_[A-Z_]+)'/g)
      const matches = [...direct, ...(path === 'server/src/settings/config.ts' ? named : [])]
      return matches.map((match) => match[1] ?? match[2] ?? '')
    }),
  )
  const described = new Set(
    [...readText(configurationPage).matchAll(/^\| `([A-Z_]+)`/gm)].map((match) => match[1] ?? ''),
  )
  return [
    ...[...read]
      .filter((name) => !described.has(name))
      .map((name) => `${configurationPage}: lacks ${name}`),
    ...[...described]
      .filter((name) => !read.has(name))
      .map((name) => `${configurationPage}: nothing reads ${name}`),
  ]
}

export const dependenciesPage = 'docs/decisions/0004-dependencies.md'

/** The table of dependencies, row by row: package, version, licence and a reason. */
export function dependencyComplaints(text: string): readonly string[] {
  const rows = [...text.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)]
  const listed = new Map(
    rows.map(([, name = '', version = '', license = '', users = '', why = '']) => [
      name,
      { version: version.trim(), license: license.trim(), users: users.trim(), why: why.trim() },
    ]),
  )
  const locked = new Map(lockedPackages().map((one) => [one.place, one]))
  const complaints: string[] = []
  const say = (what: string): number => complaints.push(`${dependenciesPage}: ${what}`)
  for (const { name, version, rooms } of directDependencies()) {
    const row = listed.get(name)
    const license = locked.get(`node_modules/${name}`)?.license ?? 'unknown'
    const want = { version, license, users: rooms.join(', ') }
    if (row === undefined) say(`lacks ${name} ${version} (${license}), for ${want.users}`)
    else if (row.why.length < 20) say(`${name} needs a reason`)
    else {
      for (const field of ['version', 'license', 'users'] as const) {
        if (row[field] !== want[field]) say(`${name}: ${row[field]} should be ${want[field]}`)
      }
    }
    listed.delete(name)
  }
  for (const name of listed.keys()) say(`nothing asks for ${name}`)
  return complaints
}
