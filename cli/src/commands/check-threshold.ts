import type { Command } from '../command.ts'

export const checkThreshold: Command = {
  name: 'check-threshold',
  operands: 'FILE PROOF',
  summary: 'check that an order would trade at a price',
  help: `Checks a proof of threshold against the clearing that its order stands in: FILE is what
busbar prove-threshold wrote, PROOF what busbar prove wrote of the whole batch. The set is the same,
the key is the pinned one, and the contract that verifies such proofs accepts it, on an EVM of this
machine. Exit code 1 if anything differs.

  busbar check-threshold alice.threshold.json orders.csv.proof.json`,
  options: {},
  async run(values, output) {
    // Circuits and curves take a while to load: only who checks waits for them.
    const { runCheckClaim } = await import('../proofs/check-claim.ts')
    return await runCheckClaim('threshold', values, output)
  },
}
