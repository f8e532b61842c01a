/** Finds planted orders in whatever others could read, in every form they might have there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PgliteEngine } from '@busbar/server/adapters/store/pglite-engine'
import { type Opening, wordOf } from '@busbar/protocols/sealed-orders'

/** What of an order must not be found, by what it is. */
export type Needle = { readonly name: string; readonly bytes: Buffer }

const eightBytes = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(value))
  return bytes
}

/** What is always there of bytes in base64, wherever in a longer text they begin. */
function base64Forms(name: string, bytes: Buffer): readonly Needle[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const end = Math.floor((8 * (before + bytes.length)) / 6)
    const whole = text.slice(before === 0 ? 0 : before + 1, end)
    return { name: `${name} in base64, ${before} on`, bytes: Buffer.from(whole) }
  })
}

/**
 * Limit, energy and salt as text, in decimal, hexadecimal and base64, and as bytes from either end;
 * and the word that holds all of the order's numbers.
 */
export function needlesOf(what: string, opening: Opening): readonly Needle[] {
  const { energyWh, limitMicrosPerKwh, salt } = opening
  const limit = eightBytes(limitMicrosPerKwh)
  const secret = Buffer.from(salt.slice(2), 'hex')
  const word = Buffer.from(wordOf(opening).toString(16).padStart(64, '0'), 'hex')
  const texts: readonly (readonly [string, string])[] = [
    ['limit in decimal', String(Math.abs(limitMicrosPerKwh))],
    ['limit as a quantity', `0x${Math.abs(limitMicrosPerKwh).toString(16)}`],
    // An energy is a small number, which many things are: it is looked for under its name.
    ['energy', `energyWh":${energyWh}`],
    ['energy in quotes', `energyWh":"${energyWh}"`],
    ['energy in a column', `energy_wh":${energyWh}`],
    ['salt in decimal', BigInt(salt).toString()],
    ['word in decimal', wordOf(opening).toString()],
  ]
  const numbers: readonly (readonly [string, Buffer])[] = [
    ['limit', limit],
    ['salt', secret],
    // Without the zeros before it: whoever writes a number may leave them away.
    ['word', word.subarray(23)],
  ]
  return [
    ...texts.map(([name, text]) => ({ name: `${what}: ${name}`, bytes: Buffer.from(text) })),
    ...numbers.flatMap(([name, bytes]) => {
      const reversed = Buffer.from(bytes).reverse()
      return [
        { name: `${what}: ${name}, big endian`, bytes },
        { name: `${what}: ${name}, little endian`, bytes: reversed },
        { name: `${what}: ${name} in hex`, bytes: Buffer.from(bytes.toString('hex')) },
        { name: `${what}: ${name} in hex, reversed`, bytes: Buffer.from(reversed.toString('hex')) },
        ...base64Forms(`${what}: ${name}`, bytes),
      ]
    }),
  ]
}

/**
 * What the public is not to have besides: which commitments there are. The exchange keeps them, and
 * their owners.
 */
export const commitmentNeedles = (what: string, commitment: string): readonly Needle[] => {
  const bytes = Buffer.from(commitment.slice(2), 'hex')
  return [
    { name: `${what}: commitment`, bytes },
    { name: `${what}: commitment in hex`, bytes: Buffer.from(bytes.toString('hex')) },
    { name: `${what}: commitment in decimal`, bytes: Buffer.from(BigInt(commitment).toString()) },
    ...base64Forms(`${what}: commitment`, bytes),
  ]
}

/** Names of the needles that are in `text`. Hexadecimal is found in capitals too. */
export function found(needles: readonly Needle[], text: Buffer | string): readonly string[] {
  const buffer = typeof text === 'string' ? Buffer.from(text) : text
  const lower = Buffer.from(buffer.toString('latin1').toLowerCase(), 'latin1')
  return needles
    .filter(({ bytes }) => buffer.includes(bytes) || lower.includes(bytes))
    .map(({ name }) => name)
}

/** Every file under a directory, as it lies there. */
export const filesUnder = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** What is found in any file, with its path. */
export const foundInFiles = (needles: readonly Needle[], directory: string): readonly string[] =>
  filesUnder(directory).flatMap((path) =>
    found(needles, readFileSync(path)).map((name) => `${path}: ${name}`),
  )

/**
 * Every row of every table of an embedded database, as text: large values lie compressed in its
 * files. Bytes are shown as hex.
 */
export async function tablesOf(storeDir: string): Promise<ReadonlyMap<string, string>> {
  const engine = await PgliteEngine.open(storeDir)
  try {
    const listed = await engine.query({
      sql: `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
      parameters: [],
    })
    const tables = new Map<string, string>()
    for (const { name } of listed) {
      const sql = `select * from ${String(name)}`
      const rows = await engine.query({ sql, parameters: [] })
      tables.set(String(name), JSON.stringify(rows, shown))
    }
    return tables
  } finally {
    await engine.close()
  }
}

const shown = (_key: string, value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'bigint' ? String(value) : value
}
