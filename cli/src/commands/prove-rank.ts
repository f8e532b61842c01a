import type { Command } from '../command.ts'
import { provingOptions } from '../proofs/proving-options.ts'

export const proveRank: Command = {
  name: 'prove-rank',
  operands: 'OPENINGS ID',
  summary: 'prove how many orders stand before one',
  help: `Proves that at most so many orders of a set stand before the order ID: those of its side
with a better limit, and all that are void. No limit and no energy is told. Only who holds all
openings of a set of at most 256 orders can prove it: OPENINGS is the folder that busbar prove
--openings writes. Writes ID.rank.json.

  busbar prove-rank openings alice
  busbar check-rank alice.rank.json orders.csv.proof.json`,
  options: {
    ...provingOptions,
    'at-most': { type: 'string', value: 'N', means: 'a larger number than there are' },
    out: { type: 'string', value: 'FILE', means: 'where the proof goes' },
  },
  async run(values, output) {
    // Circuits and curves take a while to load: only who proves waits for them.
    const { runProveRank } = await import('../proofs/prove-claim.ts')
    return await runProveRank(values, output)
  },
}
