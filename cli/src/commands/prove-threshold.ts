import type { Command } from '../command.ts'
import { provingOptions } from '../proofs/proving-options.ts'

export const proveThreshold: Command = {
  name: 'prove-threshold',
  operands: 'OPENING',
  summary: 'prove that your own order would trade at a price',
  help: `Proves of one order of a set that it would trade at a price, without its limit or its
energy: a buyer's limit is --at or more, a seller's --at or less, and it asks for --energy or more.
Its owner needs nothing of anybody else: OPENING is the file that busbar prove --openings writes.
Writes OPENING.threshold.json, which tells the side, the two bounds and the place in the set.

  busbar prove-threshold openings/alice.opening.json --at 250000 --energy 100
  busbar check-threshold openings/alice.opening.json.threshold.json orders.csv.proof.json`,
  options: {
    ...provingOptions,
    at: { type: 'string', value: 'MICROS', means: 'the price, in micros per kWh' },
    energy: { type: 'string', value: 'WH', means: 'the least energy it asks for (1)' },
    out: { type: 'string', value: 'FILE', means: 'where the proof goes' },
  },
  async run(values, output) {
    // Circuits and curves take a while to load: only who proves waits for them.
    const { runProveThreshold } = await import('../proofs/prove-claim.ts')
    return await runProveThreshold(values, output)
  },
}
