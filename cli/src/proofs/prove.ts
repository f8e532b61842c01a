import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { developmentNotice } from '@busbar/proofs'
import { decimal, grouped } from '../clear/numbers.ts'
import { parseOrders } from '../clear/parse-orders.ts'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { contentsOf } from './contents.ts'
import { offlineBatch, randomSalts, seededSalts } from './offline-batch.ts'
import { openingFiles } from './opening-file.ts'
import { proofFile } from './proof-file.ts'
import { proverFor } from './prover-for.ts'
import { rows } from '../text.ts'

/** `busbar prove`; resolves with the exit code. */
export async function runProve(values: Values, output: Output): Promise<number> {
  const [file, ...others] = values.positionals
  if (file === undefined || others.length > 0) throw new UsageError('prove takes one FILE, or -')
  const out = values.text('out') ?? `${file === '-' ? 'orders' : file}.proof.json`
  const seed = values.text('seed')
  const saltOf = seed === undefined ? randomSalts : seededSalts(seed)
  const { batch, kept } = offlineBatch(parseOrders(await contentsOf(file)), saltOf)
  const proof = await proverFor(values, output).prove(batch)
  const written = proofFile(proof)
  await writeFile(out, `${JSON.stringify(written, null, 2)}\n`)
  const folder = values.text('openings')
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const opening of openingFiles(kept, proof.statement)) {
      const path = join(folder, openingName(opening.kept.id))
      await writeFile(path, `${JSON.stringify(opening, null, 2)}\n`, { mode: 0o600 })
    }
  }
  const { proof: _bytes, ...statement } = written
  const { seconds, peakBytes } = proof
  if (values.flag('json')) {
    const figures = { seconds, peak_bytes: peakBytes, proof_bytes: proof.proof.length }
    output.print(JSON.stringify({ file: out, ...statement, ...figures }))
    return exitCodes.ok
  }
  const price = proof.statement.priceMicrosPerKwh
  output.print(
    rows([
      ['price', price === null ? 'none' : `${grouped(price)} micros/kWh (${decimal(price, 6)})`],
      ['energy', `${grouped(proof.statement.energyWh)} Wh`],
      ['orders', `${grouped(written.orderCount)}, in a circuit for ${grouped(proof.size)}`],
      ['orders root', written.ordersRoot],
      ['fills root', written.fillsRoot],
      ['proof', `${grouped(proof.proof.length)} bytes in ${out}`],
      ['proven in', `${seconds.toFixed(1)} s, ${grouped(Math.ceil(peakBytes / 2 ** 20))} MiB`],
      ...(proof.isDevelopment ? [['worth', developmentNotice] as const] : []),
    ]),
  )
  return exitCodes.ok
}

/** An id is any text: as a name it leads nowhere else, and no two are alike. */
function openingName(id: string): string {
  const safe = /^[\w-]{1,64}$/.test(id) ? id : encodeURIComponent(id).replaceAll('.', '%2E')
  return `${basename(safe).slice(0, 200)}.opening.json`
}
