import { developmentNotice } from '@busbar/proofs'
import { grouped } from '../clear/numbers.ts'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { contentsOf } from './contents.ts'
import { openFillFile } from './opening-file.ts'
import { parseProofFile } from './proof-file.ts'
import { rows } from '../text.ts'

/** `busbar open-fill`; resolves with the exit code. */
export async function runOpenFill(values: Values, output: Output): Promise<number> {
  const [opening, proofName, ...others] = values.positionals
  if (opening === undefined || proofName === undefined || others.length > 0) {
    throw new UsageError('open-fill takes an OPENING and a PROOF')
  }
  const proof = parseProofFile(await contentsOf(proofName))
  const { kept, ...fill } = openFillFile(await contentsOf(opening), proof)
  const { side, energyWh, limitMicrosPerKwh } = kept.opening
  const filledWh = fill.kind === 'void' ? 0 : fill.energyWh
  if (values.flag('json')) {
    const order = { id: kept.id, commitment: kept.commitment, side, energy_wh: energyWh }
    const price = proof.priceMicrosPerKwh
    output.print(
      JSON.stringify({
        ...{ notice: proof.notice, ...order, limit_micros_per_kwh: limitMicrosPerKwh },
        ...{ kind: fill.kind, filled_wh: filledWh, price_micros_per_kwh: price },
      }),
    )
    return exitCodes.ok
  }
  const limit = `${grouped(limitMicrosPerKwh)} micros/kWh`
  const price = proof.priceMicrosPerKwh
  output.print(
    rows([
      ['order', `${side} ${grouped(energyWh)} Wh, limit ${limit}`],
      ['got', fill.kind === 'void' ? 'nothing: it was void' : `${grouped(filledWh)} Wh`],
      ['price', price === null ? 'none' : `${grouped(price)} micros/kWh`],
      ...(proof.notice === null ? [] : [['worth', developmentNotice] as const]),
    ]),
  )
  return exitCodes.ok
}
