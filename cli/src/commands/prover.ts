import type { Command } from '../command.ts'
import { provingOptions } from '../proofs/proving-options.ts'

export const prover: Command = {
  name: 'prover',
  operands: '',
  summary: 'prove the batches of an exchange as they are cleared',
  help: `A process that asks an exchange for batches that are cleared and not proven, by zone and
age, proves one at a time, and hands the proofs in. It keeps nothing: after a crash the
exchange gives the batch to whoever asks next, and any number of provers may run. Ctrl-C ends it
after the batch at hand.

  busbar prover --server http://127.0.0.1:8420 --srs development --account 7 --key prover.key
  busbar prover --server https://exchange.example --srs ceremony --account 7 --key prover.key

  busbar prover --server https://exchange.example --srs ceremony --api-key prover.api-key

An API key of the prover's account takes the place of its private key, where its grant has the scope
prove (busbar key api-key create --scopes prove): it is all that this machine then needs to have.

The account has the role of a prover: it reads the orders of cleared batches, losing ones too.`,
  options: {
    server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
    account: { type: 'string', value: 'N', means: 'the account with the role of a prover' },
    key: { type: 'string', value: 'FILE', means: 'its private key: of busbar key, or hex' },
    'api-key': { type: 'string', value: 'FILE', means: 'instead of both: its API key' },
    zones: { type: 'string', value: 'LIST', means: 'only these, such as 0,3 (default all)' },
    ...provingOptions,
    'poll-ms': { type: 'string', value: 'N', means: 'between questions (default 1000)' },
  },
  async run(values, output) {
    // Circuits and curves take a while to load: only who proves waits for them.
    const { runProverProcess } = await import('../proofs/prover.ts')
    return await runProverProcess(values, output)
  },
}
