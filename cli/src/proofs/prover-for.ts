import { clearingSizes, type ClearingSize, developmentNotice, Prover } from '@busbar/proofs'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'

/** A prover as the options say. It tells what it prepares, and what its proofs are worth. */
export function proverFor(values: Values, output: Output): Prover {
  const srs = values.text('srs') ?? 'development'
  const sizeMax = Number(values.text('size-max') ?? 4096)
  if (!clearingSizes.some((size) => size === sizeMax)) {
    throw new UsageError(`--size-max takes ${clearingSizes.join(', ')}`)
  }
  const prover = new Prover({
    srs,
    threads: values.integer('threads', 2, 1, 256),
    sizeMax: sizeMax as ClearingSize,
    onProgress: (done, all) => {
      output.progress(`making the development string: ${Math.floor((100 * done) / all)} %`)
      if (done === all) output.progress('')
    },
  })
  if (prover.isDevelopment) output.note(`Reference string: ${developmentNotice}.`)
  return prover
}
