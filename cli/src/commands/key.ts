import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions } from '../trading/desk.ts'

const tasks = ['new', 'show', 'seal', 'approve'] as const
const names = [...tasks, 'credential', 'api-key']

export const key: Command = {
  name: 'key',
  operands: 'TASK …',
  summary: 'make a private key and keep it sealed; have machines read by API keys',
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

  busbar key credential --as alice --key alice.key --hours 8
      a word by which whoever has it reads for alice until then, at the pages' sign-in too

Without its passphrase a sealed key is lost.

Machines read by API keys, which do nothing else; the exchange knows their hashes alone:
  busbar key api-key create --as alice --key alice.key --label controller --days 90
      --scopes read,prove of a prover, --networks 192.0.2.0/24,2001:db8::/32 where it counts,
      --out FILE to write the key there instead of showing it
  busbar key api-key list --as alice --key alice.key
  busbar key api-key revoke 0x… --as alice --key alice.key      it ends at once`,
  options: {
    curve: { type: 'string', value: 'C', means: 'secp256k1 (default), or p256 of a gateway' },
    ...deskOptions,
    'public-key': { type: 'string', value: '0x…', means: 'of approve: the new key' },
    plain: { type: 'boolean', means: 'write the new key unsealed: for trying out' },
    hours: { type: 'string', value: 'N', means: 'of a credential: 1 to 24 (default 8)' },
    label: { type: 'string', value: 'TEXT', means: 'of an API key: what you call it' },
    scopes: { type: 'string', value: 'LIST', means: 'what it is for: read (default), prove' },
    networks: { type: 'string', value: 'LIST', means: 'addresses it counts from (default all)' },
    days: { type: 'string', value: 'N', means: 'how long it counts, 1 to 400 (default 90)' },
    out: { type: 'string', value: 'FILE', means: 'where the new API key is written' },
  },
  async run(values, output) {
    const [name, file, ...others] = values.positionals
    if (name === 'api-key') {
      const { apiKeyTask } = await import('../api-key-tasks.ts')
      return await apiKeyTask(values.positionals.slice(1), values, output)
    }
    if (name === 'credential') {
      const { credentialTask } = await import('../credential-task.ts')
      return await credentialTask(values.positionals.slice(1), values, output)
    }
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`key takes one of ${names.join(', ')}; it was given ${shown}`)
    }
    if (file === undefined || others.length > 0) throw new UsageError('it takes one FILE')
    const { keyTasks } = await import('../key-tasks.ts')
    await keyTasks[task](file, values, output)
    return exitCodes.ok
  },
}
