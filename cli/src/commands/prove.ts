import type { Command } from '../command.ts'
import { provingOptions } from '../proofs/proving-options.ts'

export const prove: Command = {
  name: 'prove',
  operands: 'FILE',
  summary: 'prove that an auction followed the rule, offline',
  help: `Reads orders as busbar clear does, commits to each behind a salt, clears them, and proves
in zero knowledge that price, energy and fills follow by the rule. Writes FILE.proof.json, which
says nothing of any order; with --openings DIR also what each order's owner needs to open its fill.

  busbar prove orders.csv
  busbar prove orders.csv --srs ceremony --openings openings --threads 4
  busbar check-proof orders.csv.proof.json

At most 65,536 orders, beyond 4,096 in parts of so many, one after the other. Without --srs the
development string is used, and made on first use, which takes up to a minute or two; a proof
under it is marked and shows nothing to anybody.`,
  options: {
    ...provingOptions,
    seed: { type: 'string', value: 'TEXT', means: 'salts follow from it; random without' },
    openings: { type: 'string', value: 'DIR', means: 'write ID.opening.json for every order' },
    out: { type: 'string', value: 'FILE', means: 'where the proof goes (FILE.proof.json)' },
  },
  async run(values, output) {
    // Circuits and curves take a while to load: only who proves waits for them.
    const { runProve } = await import('../proofs/prove.ts')
    return await runProve(values, output)
  },
}
