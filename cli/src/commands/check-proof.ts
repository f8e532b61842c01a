import type { Command } from '../command.ts'

export const checkProof: Command = {
  name: 'check-proof',
  operands: 'FILE',
  summary: 'check a proof of clearing, offline',
  help: `Checks a file that busbar prove wrote, line by line: that its figures are those that the
statement packs, that the key is the one the repository pins, and that the proof holds, by running
the very contract that a chain would run, on an EVM of its own on this machine.

  busbar check-proof orders.csv.proof.json

Exit code 1 if a line fails. A proof is about the roots in it: compare them with the chain's.`,
  options: {},
  async run(values, output) {
    // Circuits and curves take a while to load: only who proves waits for them.
    const { runCheckProof } = await import('../proofs/check-proof.ts')
    return await runCheckProof(values, output)
  },
}
