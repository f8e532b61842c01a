import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type SpanEntry, type SpanFault, spanFault } from '@busbar/protocols/journal'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { count } from '../text.ts'

/** `busbar check-journal`; resolves with the exit code. */
export async function runCheckJournal(values: Values, output: Output): Promise<number> {
  const [file, ...more] = values.positionals
  if (file === undefined || more.length > 0) throw new UsageError('name one file')
  const noted = values.text('noted')
  if (noted !== undefined && !/^[0-9a-f]{64}$/.test(noted)) {
    throw new UsageError('--noted takes a hash: 64 lower-case hex digits')
  }
  const found = await checkSpan(file, noted)
  if (values.flag('json')) output.print(JSON.stringify(found))
  else tell(output, found)
  return found.holds ? exitCodes.ok : exitCodes.difference
}

type Found = {
  readonly holds: boolean
  readonly entries: number
  readonly first: number
  readonly last: number
  readonly lastHash: string
  readonly broken: { readonly sequence: number; readonly reason: SpanFault } | null
  /** The entry of the noted hash; null where none was noted, or it is not there. */
  readonly notedAt: number | null
  readonly isNotedMissing: boolean
}

async function checkSpan(file: string, noted: string | undefined): Promise<Found> {
  let [entries, first, line] = [0, 0, 0]
  let before: SpanEntry | undefined
  let broken: Found['broken'] = null
  let notedAt: number | null = null
  for await (const text of createInterface({ input: createReadStream(file) })) {
    line += 1
    if (text === '') continue
    const entry = entryIn(text, line)
    const reason = spanFault(before, entry)
    if (reason !== undefined) broken ??= { sequence: entry.sequence, reason }
    // What does not follow proves nothing of what was noted behind it.
    if (broken === null && entry.hash === noted) notedAt = entry.sequence
    if (entries === 0) first = entry.sequence
    entries += 1
    before = entry
  }
  if (before === undefined) throw new UsageError(`${file}: holds no entry`)
  const isNotedMissing = noted !== undefined && notedAt === null
  return {
    holds: broken === null && !isNotedMissing,
    ...{ entries, first, last: before.sequence, lastHash: before.hash },
    ...{ broken, notedAt, isNotedMissing },
  }
}

function entryIn(text: string, line: number): SpanEntry {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(`line ${line}: is no JSON`)
  }
  const entry = (value ?? {}) as SpanEntry
  const areNumbers = [entry.sequence, entry.atMs].every(
    (number) => Number.isSafeInteger(number) && number >= 0,
  )
  const areTexts = [entry.kind, entry.body].every((one) => typeof one === 'string')
  const areHashes = [entry.previousHash, entry.hash].every((one) => /^[0-9a-f]{64}$/.test(one))
  if (!areNumbers || !areTexts || !areHashes) {
    throw new UsageError(
      `line ${line}: is no entry of a journal: sequence, atMs, kind, body, previousHash, hash`,
    )
  }
  return entry
}

const reasons: Readonly<Record<SpanFault, string>> = {
  sequence: 'does not come next',
  previous_hash: 'names another hash than that of the entry before',
  hash: 'has not the hash of its contents',
}

function tell(output: Output, found: Found): void {
  const { entries, first, last, lastHash, broken, notedAt, isNotedMissing } = found
  if (broken !== null) {
    output.print(`DIFFERENT  entry ${broken.sequence} ${reasons[broken.reason]}`)
  }
  if (isNotedMissing) output.print('DIFFERENT  the noted hash is of no entry that follows')
  if (notedAt !== null) output.print(`The noted hash is that of entry ${notedAt}.`)
  if (broken === null) {
    output.print(`${count(entries)} entries, ${first} to ${last}, follow one another.`)
    output.print(`The last has the hash ${lastHash}.`)
  }
}
