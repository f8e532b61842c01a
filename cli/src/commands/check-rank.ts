import type { Command } from '../command.ts'

export const checkRank: Command = {
  name: 'check-rank',
  operands: 'FILE PROOF',
  summary: 'check how many orders stand before one',
  help: `Checks a proof of rank against the clearing that its order stands in: FILE is what
busbar prove-rank wrote, PROOF what busbar prove wrote of the whole batch. Exit code 1 if the set is
another, the key is not the pinned one, or the proof does not hold.

  busbar check-rank alice.rank.json orders.csv.proof.json`,
  options: {},
  async run(values, output) {
    // Circuits and curves take a while to load: only who checks waits for them.
    const { runCheckClaim } = await import('../proofs/check-claim.ts')
    return await runCheckClaim('rank', values, output)
  },
}
