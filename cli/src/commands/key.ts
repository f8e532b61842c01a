import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'

const tasks = ['new', 'show', 'seal', 'approve'] as const

export const key: Command = {
  name: 'key',
  operands: 'TASK FILE',
  summary: 'make a private key, and keep it sealed',
  help: `Keys are made by who uses them: the exchange certifies public keys only. A key file is
sealed by the passphrase in BUSBAR_PASSPHRASE, or of the file that BUSBAR_PASSPHRASE_FILE names;
every command that takes a key reads both sealed and plain ones.

  busbar key new alice.key            draws a key, and says what to have registered of it
  busbar key new gateway.key --curve p256
  busbar key show alice.key           what is public of it
  busbar key seal old.key             seals a plain key where it lies
  busbar key approve old.key --as alice --public-key 0x02…
      the old key's word for the one that is to take its place, which then signs contracts at once;
      the operator certifies that one with it (approval of replace_key)

Without its passphrase a sealed key is lost.`,
  options: {
    curve: { type: 'string', value: 'C', means: 'secp256k1 (default), or p256 of a gateway' },
    as: { type: 'string', value: 'WHO', means: 'of approve: whose key it is' },
    'public-key': { type: 'string', value: '0x…', means: 'of approve: the new key' },
    server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
    plain: { type: 'boolean', means: 'write the new key unsealed: for trying out' },
  },
  async run(values, output) {
    const [name, file, ...others] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`key takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    if (file === undefined || others.length > 0) throw new UsageError('it takes one FILE')
    const { keyTasks } = await import('../key-tasks.ts')
    await keyTasks[task](file, values, output)
    return exitCodes.ok
  },
}
