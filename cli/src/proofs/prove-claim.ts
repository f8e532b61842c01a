import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KeptOrder } from '@busbar/client'
import { type Batch, developmentNotice, rankOf } from '@busbar/proofs'
import { blindOf, fieldToHex, setRoot, wordOf } from '@busbar/protocols/sealed-orders'
import { grouped } from '../clear/numbers.ts'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import type { ClaimFile } from './claim-file.ts'
import { contentsOf } from './contents.ts'
import { parseOpening } from './opening-file.ts'
import { proverFor } from './prover-for.ts'
import { rows } from '../text.ts'

/** `busbar prove-threshold`; resolves with the exit code. */
export async function runProveThreshold(values: Values, output: Output): Promise<number> {
  const [file, ...others] = values.positionals
  if (file === undefined || others.length > 0) {
    throw new UsageError('prove-threshold takes one OPENING')
  }
  const { kept, path } = parseOpening(await contentsOf(file))
  const { side, limitMicrosPerKwh } = kept.opening
  const bound = 10 ** 12
  if (values.text('at') === undefined) throw new UsageError('prove-threshold needs --at MICROS')
  const claim = {
    side,
    thresholdMicrosPerKwh: values.integer('at', limitMicrosPerKwh, -bound, bound),
    energyWh: values.integer('energy', 1, 1, 250_000_000),
    position: path.position,
  }
  const own = { context: kept.context, path, ...committed(kept) }
  const made = await proverFor(values, output).proveThreshold(own, claim)
  const written: ClaimFile = {
    notice: made.isDevelopment ? developmentNotice : null,
    ...{ statement: 'threshold', context: kept.context, ...claim, partRoots: path.partRoots },
    proof: hexOf(made.proof),
  }
  const better = side === 'buy' ? 'or more' : 'or less'
  return await write(values, output, `${file}.threshold.json`, written, made.seconds, [
    ['order', `${side}s ${grouped(claim.energyWh)} Wh or more`],
    ['limit', `${grouped(claim.thresholdMicrosPerKwh)} micros/kWh ${better}`],
  ])
}

/** `busbar prove-rank`; resolves with the exit code. */
export async function runProveRank(values: Values, output: Output): Promise<number> {
  const [folder, id, ...others] = values.positionals
  if (folder === undefined || id === undefined || others.length > 0) {
    throw new UsageError('prove-rank takes the folder of all OPENINGS, and an ID')
  }
  const kept = await openingsIn(folder)
  const context = kept[0]?.context ?? ''
  const batch: Batch = { context, orders: kept.map(committed) }
  const position = kept.findIndex((order) => order.id === id)
  if (position < 0) throw new UsageError(`${folder} has no opening of ${id}`)
  const real = rankOf(batch, position)
  const atMost = values.integer('at-most', real.atMost, 0, 2 ** 24 - 1)
  const made = await proverFor(values, output).proveRank(batch, { ...real, atMost })
  const ordersRoot = setRoot(kept.map(({ commitment }) => commitment))
  const written: ClaimFile = {
    notice: made.isDevelopment ? developmentNotice : null,
    ...{ statement: 'rank', context, side: real.side, position, atMost, ordersRoot },
    proof: hexOf(made.proof),
  }
  return await write(values, output, `${id}.rank.json`, written, made.seconds, [
    ['order', `${real.side}, number ${position} of ${kept.length} by commitment`],
    ['before it', `at most ${atMost}, the void ones included`],
  ])
}

/** As a set: by ascending commitment. All must be of one context. */
async function openingsIn(folder: string): Promise<readonly KeptOrder[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.opening.json'))
  const kept = await Promise.all(
    names.map(async (name) => parseOpening(await contentsOf(join(folder, name))).kept),
  )
  if (kept.some(({ context }) => context !== kept[0]?.context)) {
    throw new UsageError(`${folder} has openings of more than one set`)
  }
  return kept.toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1))
}

const committed = ({ commitment, opening }: KeptOrder) => ({
  commitment,
  word: fieldToHex(wordOf(opening)),
  blind: fieldToHex(blindOf(opening)),
})

const hexOf = (proof: Uint8Array): string => `0x${Buffer.from(proof).toString('hex')}`

async function write(
  values: Values,
  output: Output,
  name: string,
  file: ClaimFile,
  seconds: number,
  lines: readonly (readonly [string, string])[],
): Promise<number> {
  const out = values.text('out') ?? name
  await writeFile(out, `${JSON.stringify(file, null, 2)}\n`)
  if (values.flag('json')) {
    const { proof: _bytes, ...statement } = file
    output.print(JSON.stringify({ file: out, ...statement, seconds }))
    return exitCodes.ok
  }
  output.print(
    rows([
      ...lines,
      ['proof', out],
      ['proven in', `${seconds.toFixed(1)} s`],
      ...(file.notice === null ? [] : [['worth', developmentNotice] as const]),
    ]),
  )
  return exitCodes.ok
}
