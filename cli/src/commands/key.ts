import { exitCodes, UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions } from '../desk/desk.ts'

const tasks = [
  'new', 'show', 'seal', 'approve', 'passkeys', 'revoke-passkey', 'invite', 'mandate', 'mandates',
  'revoke-mandate',
] as const
const names = [...tasks, 'credential', 'api-key', 'grant-certificate', 'grant-sign-in']

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

An account has further keys, which its own key FILE decides on. Passkeys live in phones and sign on
the exchange's pages; agents trade by themselves, within a mandate:

  busbar key passkeys alice.key --as alice
  busbar key revoke-passkey alice.key --as alice --public-key 0x02…     a phone was lost
  busbar key invite alice.key --as alice --pages https://busbar.example
      a link by which another device becomes a passkey of the account, once
  busbar key mandate alice.key --as alice --public-key 0x02… --meters 3 --sell-from 0.12 \\
    --buy-up-to 0.25 --energy 20kWh --days 30 --label battery
      the key of the agent, and what it may trade in a day; for how long
  busbar key mandates alice.key --as alice               and what is left of them today
  busbar key revoke-mandate alice.key --as alice --public-key 0x02…     at once

Machines read by API keys, which do nothing else; the exchange knows their hashes alone:

  busbar key api-key create --as alice --key alice.key --label controller --days 90
      --scopes read,prove of a prover, --networks 192.0.2.0/24,2001:db8::/32 where it counts,
      --out FILE to write the key there instead of showing it
  busbar key api-key list --as alice --key alice.key
  busbar key api-key revoke 0x… --as alice --key alice.key      it ends at once

Certificates and people who sign in where they work read in the same way, with the same options;
they are listed and ended like API keys:

  busbar key grant-certificate client.pem --as alice --key alice.key --label controller
  busbar key grant-sign-in https://login.acme.example clerks --as acme --key acme.key --label desk
      the issuer of a provider that the exchange knows, and the value of its claim

Without its passphrase a sealed key is lost.`,
  options: {
    curve: { type: 'string', value: 'C', means: 'secp256k1 (default), or p256 of a gateway' },
    ...deskOptions,
    'public-key': { type: 'string', value: '0x…', means: 'the new key, the passkey or the agent' },
    pages: { type: 'string', value: 'URL', means: 'of invite: where the exchange’s pages are' },
    meters: { type: 'string', value: 'N,…', means: 'of mandate: for which it trades' },
    'buy-up-to': { type: 'string', value: 'P', means: 'of mandate: the most it may pay a kWh' },
    'sell-from': { type: 'string', value: 'P', means: 'of mandate: the least it may take' },
    energy: { type: 'string', value: 'E', means: 'of mandate: the most of a day (UTC)' },
    'order-energy': { type: 'string', value: 'E', means: 'of mandate: the most of one order' },
    plain: { type: 'boolean', means: 'write the new key unsealed: for trying out' },
    hours: { type: 'string', value: 'N', means: 'of a credential: 1 to 24 (default 8)' },
    label: { type: 'string', value: 'TEXT', means: 'what you call the API key or the agent' },
    scopes: { type: 'string', value: 'LIST', means: 'what it is for: read (default), prove' },
    networks: { type: 'string', value: 'LIST', means: 'addresses it counts from (default all)' },
    days: { type: 'string', value: 'N', means: 'how long it counts (default 7; an API key 90)' },
    out: { type: 'string', value: 'FILE', means: 'where the new API key is written' },
  },
  async run(values, output) {
    const [name, file, ...others] = values.positionals
    if (name === 'api-key') {
      const { apiKeyTask } = await import('../keys/api-key-tasks.ts')
      return await apiKeyTask(values.positionals.slice(1), values, output)
    }
    if (name === 'grant-certificate' || name === 'grant-sign-in') {
      const { certificateTask, signInTask } = await import('../keys/api-key-tasks.ts')
      const task = name === 'grant-sign-in' ? signInTask : certificateTask
      return await task(values.positionals.slice(1), values, output)
    }
    if (name === 'credential') {
      const { credentialTask } = await import('../keys/credential-task.ts')
      return await credentialTask(values.positionals.slice(1), values, output)
    }
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`key takes one of ${names.join(', ')}; it was given ${shown}`)
    }
    if (file === undefined || others.length > 0) throw new UsageError('it takes one FILE')
    const { keyTasks } = await import('../keys/key-tasks.ts')
    const { keyWordTasks } = await import('../keys/key-word-tasks.ts')
    await { ...keyTasks, ...keyWordTasks }[task](file, values, output)
    return exitCodes.ok
  },
}
