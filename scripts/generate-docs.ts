/**
 * Writes the parts of the reference that follow from the code, between the marks
 * `<!-- generated: NAME -->` and `<!-- end of generated -->`, and the line under each code.
 *
 *     node scripts/generate-docs.ts            writes
 *     node scripts/generate-docs.ts --check    exit code 1 if a page would change
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type Bound,
  derToCash,
  interRetailer,
  ladderBounds,
  rulebookBounds,
  tradeBounds,
} from '@busbar/core/rulebook'
import {
  isProblemCode,
  noticeKinds,
  problemKind,
  streamEvents,
  webhookDelivery,
} from '@busbar/protocols/api'
import { readText, repositoryRoot } from './rooms.ts'

/** The pages that hold generated parts, by path, as they should be. */
export function generateDocs(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>()
  const fill = (path: string, parts: Readonly<Record<string, () => string>>): void => {
    pages.set(path, fillMarks(path, readText(path), parts))
  }
  fill('docs/reference/rulebook.md', { rulebook: rulebookTable, trades: tradesTable })
  fill('docs/reference/events.md', { events: eventSections })
  fill('docs/reference/notices.md', {
    ...{ notices: noticeSections, 'webhook-headers': webhookHeaders },
    'webhook-rules': webhookRules,
  })
  fill('docs/reference/cli.md', helps())
  pages.set('docs/reference/errors.md', underHeadings(readText('docs/reference/errors.md')))
  return pages
}

const commands = [
  'up', 'day', 'clear', 'verify', 'explain', 'committee', 'prove', 'check-proof', 'open-fill',
  'prover', 'provider-simulator', 'bill-network', 'prove-threshold', 'check-threshold',
  'prove-rank', 'check-rank', 'challenge', 're-execute', 'check-journal', 'leave', 'sandbox',
  'clock', 'trade', 'retailer', 'bills', 'utility', 'authority', 'notices', 'webhook', 'key',
]

function fillMarks(
  path: string,
  text: string,
  parts: Readonly<Record<string, () => string>>,
): string {
  const found = new Set<string>()
  const marks = /<!-- generated: ([a-z-]+) -->\n[\s\S]*?<!-- end of generated -->/g
  const filled = text.replace(marks, (_whole, name: string) => {
    found.add(name)
    const part = parts[name]
    if (part === undefined) throw new Error(`${path}: nothing generates ${name}`)
    return `<!-- generated: ${name} -->\n${part()}\n<!-- end of generated -->`
  })
  const missing = Object.keys(parts).filter((name) => !found.has(name))
  if (missing.length > 0) throw new Error(`${path}: has no marks for ${missing.join(', ')}`)
  return filled
}

const grouped = (value: number): string => value.toLocaleString('en').replace(/^-/, '−')

type Values = Readonly<Record<string, unknown>>

const ofRulebook = ({ reconciliation, ...rules }: typeof derToCash): Values => ({
  ...rules, ...reconciliation,
})

/** One row a field: its limits, and what it is in the rulebooks that come with the product. */
function boundsTable(
  bounds: Readonly<Record<string, Bound>>,
  shipped: Readonly<Record<string, Values>>,
  prefix = '',
): string {
  const rows = Object.entries(bounds).map(([field, { min, max, means }]) => {
    const values = Object.values(shipped).map((one) => grouped(Number(one[field])))
    const cells = [`\`${prefix}${field}\``, grouped(min), grouped(max), ...values, means]
    return `| ${cells.join(' | ')} |`
  })
  const names = Object.keys(shipped).map((name) => `\`${name}\``)
  const head = ['field', 'lowest', 'highest', ...names, 'what it is']
  return [`| ${head.join(' | ')} |`, `${'| --- '.repeat(head.length)}|`, ...rows].join('\n')
}

const rulebookTable = (): string =>
  boundsTable(rulebookBounds, {
    'der-to-cash': ofRulebook(derToCash),
    'inter-retailer': ofRulebook(interRetailer),
  })

function tradesTable(): string {
  const { trades } = interRetailer
  if (trades === undefined) throw new Error('inter-retailer has contracts')
  const { enforcement } = trades
  return [
    boundsTable(tradeBounds, { 'inter-retailer': trades }, 'trades.'),
    boundsTable(ladderBounds, { 'inter-retailer': enforcement }, 'trades.enforcement.'),
  ].join('\n\n')
}

/** As much of a JSON schema as the events have. */
type Schema = {
  readonly type?: string
  readonly description?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
}

const eventSections = (): string => sections(streamEvents)

const noticeSections = (): string => sections(noticeKinds)

const webhookHeaders = (): string =>
  [
    '| header | what it is |',
    '| --- | --- |',
    ...Object.entries(webhookDelivery.headers).map(([name, about]) => `| \`${name}\` | ${about} |`),
  ].join('\n')

function webhookRules(): string {
  const { answerMsMax, pauseMs, attemptsMax, concurrencyMax, busyStatuses } = webhookDelivery
  const seconds = (ms: number): string => `${grouped(ms / 1_000)} s`
  const rows = [
    ['a receiver has to answer within', seconds(answerMsMax)],
    ['the pause after the first attempt that failed', seconds(pauseMs.first)],
    ['after each further one it is twice as long, at most', seconds(pauseMs.most)],
    ['attempts, in about half a day, until a notice is given up', grouped(attemptsMax)],
    ['notices of different subjects brought at the same time', grouped(concurrencyMax)],
    ['statuses by which a receiver has one tried at a time', busyStatuses.join(', ')],
  ]
  const lines = rows.map(([what, value]) => `| ${what} | ${value} |`)
  return ['| rule | value |', '| --- | --- |', ...lines].join('\n')
}

function sections(schemas: Readonly<Record<string, object>>): string {
  return Object.entries(schemas)
    .map(([name, schema]) => {
      const { description, properties = {} } = schema as Schema
      const rows = Object.entries(properties).map(
        ([field, type]) => `| \`${field}\` | ${typeOf(type)} | ${type.description ?? ''} |`,
      )
      const table = ['| field | type | what it is |', '| --- | --- | --- |', ...rows].join('\n')
      return `### ${name}\n\n${description === undefined ? '' : `${description}\n\n`}${table}`
    })
    .join('\n\n')
}

function typeOf({ type, anyOf, enum: values }: Schema): string {
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(' or ')
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ')
  return type ?? 'any'
}

/** What `busbar help` and `busbar help NAME` print, as blocks, by name; asked of one process. */
function helps(): Readonly<Record<string, () => string>> {
  const asked = ['', ...commands]
  const run = pathToFileURL(join(repositoryRoot, 'cli', 'src', 'run.ts')).href
  const program = `
    import { run } from ${JSON.stringify(run)}
    const texts = []
    for (const name of ${JSON.stringify(asked)}) {
      const lines = []
      const print = (text) => lines.push(text)
      const code = await run(['help', name].filter(Boolean), { print, note: print, progress() {} })
      if (code !== 0) throw new Error('busbar help ' + name + ' failed: ' + lines.join())
      texts.push(lines.join('\\n').trimEnd())
    }
    console.log(JSON.stringify(texts))`
  const args = ['--input-type=module', '--eval', program]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const texts = JSON.parse(stdout) as readonly string[]
  return Object.fromEntries(asked.map((name, i) =>
    [name === '' ? 'overview' : name, () => `\`\`\`text\n${texts[i]}\n\`\`\``]))
}

/** Each heading that is a code is followed by what the code says of itself, as a quotation. */
function underHeadings(text: string): string {
  return text.replace(/^### `([A-Za-z0-9_]+)`\n\n(?:> [^\n]*\n\n?)?/gm, (whole, code: string) => {
    if (!isProblemCode(code)) return whole
    const { means, status, transient } = problemKind(code)
    const again = transient ? 'may succeed later, unchanged' : 'will not succeed unchanged'
    return `### \`${code}\`\n\n> ${means} HTTP ${status}; ${again}.\n\n`
  })
}

function main(): void {
  const stale = [...generateDocs()].filter(([path, text]) => readText(path) !== text)
  if (process.argv.includes('--check')) {
    for (const [path] of stale) console.error(`${path} is stale: npm run generate`)
    process.exitCode = stale.length === 0 ? 0 : 1
    return
  }
  for (const [path, text] of stale) writeFileSync(join(repositoryRoot, path), text)
  const paths = stale.map(([path]) => path)
  console.log(paths.length === 0 ? 'up to date' : `written: ${paths.join(', ')}`)
}

if (import.meta.main) main()
