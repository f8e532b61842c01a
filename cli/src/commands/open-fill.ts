import type { Command } from '../command.ts'

export const openFill: Command = {
  name: 'open-fill',
  operands: 'OPENING PROOF',
  summary: 'see what your own order got, by its opening and a proof',
  help: `Opens the fill of one order: OPENING is the file that only its owner has, with the order,
its salt, and where it stands in the set; PROOF is the file of the whole batch, which says nothing
of any one order. Both are read on this machine, and nothing is sent.

  busbar open-fill openings/alice.opening.json orders.csv.proof.json
  busbar check-proof orders.csv.proof.json

The second command checks that the batch's fills are those of the rule.`,
  options: {},
  async run(values, output) {
    // Circuits and curves take a while to load: only who proves waits for them.
    const { runOpenFill } = await import('../proofs/open-fill.ts')
    return await runOpenFill(values, output)
  },
}
