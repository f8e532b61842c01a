import { UsageError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { deskOptions, type Task } from '../desk/desk.ts'
import { meterOptions } from '../trading/meter-tasks.ts'

const tasks = [
  'declarations', 'requests', 'send-readings', 'traded', 'top-up', 'nettings', 'agreements',
  'defaults', 'record-step', 'recovery', 'invite', 'revoke-invite', 'register-passkey',
  'revoke-passkey', 'revoke-mandate', 'meters',
] as const

export const retailer: Command = {
  name: 'retailer',
  operands: 'TASK …',
  summary: 'serve customers who trade: readings, declarations, proofs, defaults',
  help: `What a retailer does for customers that trade with others: it tells what their meters show,
leaves what was traded out of their bills, and acts where they do not pay.

  busbar retailer meters --as north --silent 4   its customers' meters, and how well they are read
  busbar retailer requests --as north            the readings that the exchange waits for
  busbar retailer send-readings readings.csv --gateway 0 --gateway-key gateway.key
      meter,boundary,version,import_wh,export_wh in the first line; a boundary is the interval that
      begins at it, by number or time. Exit code 1 where not every reading counts
  busbar retailer declarations --as north --from 2026-06-01T00:00Z
  busbar retailer traded 3 --as north --from 2026-06-01T14:00Z --intervals 8 \\
    --node http://127.0.0.1:8545
      whether meter 3 traded and how much, or that it did not, checked here against the chain
  busbar retailer traded 3 … --secret 0x… --out june.json
  busbar retailer traded 3 … --against june.json     exit code 1 where the two contradict

  busbar retailer top-up alice 50 --as north --reference 2026-06-1     prepaid money
  busbar retailer nettings --as north            what banks settle of it between retailers
  busbar retailer agreements --as north          what binds it to act for others’ customers
  busbar retailer defaults --as north
  busbar retailer record-step 2 warning --as north --evidence letter.pdf
  busbar retailer recovery 2 12.50 --as north --reference 2026-06-2    for the creditor

  busbar retailer invite alice --as north --pages https://busbar.example
      a link by which alice makes a passkey of her own in a browser, once
  busbar retailer revoke-invite alice 0x02… --as north
  busbar retailer revoke-passkey 0x02… --as north         at once: alice has lost her phone
  busbar retailer register-passkey alice phone.json --as north
      what her new one tells: publicKey, credentialId, host and label; it waits for a day
  busbar retailer revoke-mandate 0x02… --as north         her agent trades no longer`,
  options: {
    ...deskOptions,
    ...meterOptions,
    from: { type: 'string', value: 'TIME', means: 'where it begins: a time, an interval or +N' },
    until: { type: 'string', value: 'TIME', means: 'where it ends' },
    intervals: { type: 'string', value: 'N', means: 'or how many intervals there are' },
    gateway: { type: 'string', value: 'N', means: 'whose readings these are; of meters' },
    'gateway-key': { type: 'string', value: 'FILE', means: 'the private key of the gateway' },
    curve: { type: 'string', value: 'C', means: 'of that key: p256 (default) or secp256k1' },
    node: { type: 'string', value: 'URL', means: 'a node of the chain (JSON-RPC)' },
    secret: { type: 'string', value: '0x…', means: 'the meter’s secret, as it was told before' },
    out: { type: 'string', value: 'FILE', means: 'keep the signed answer' },
    against: { type: 'string', value: 'FILE', means: 'compare with an answer that was kept' },
    reference: { type: 'string', value: 'R', means: 'yours, once for each: 1 to 64 characters' },
    pages: { type: 'string', value: 'URL', means: 'of invite: where the exchange’s pages are' },
    days: { type: 'string', value: 'N', means: 'of invite: how long it counts (default 7)' },
    evidence: { type: 'string', value: 'FILE', means: 'what shows it; its hash is recorded' },
  },
  async run(values, output) {
    const [name, ...operands] = values.positionals
    const task = tasks.find((one) => one === name)
    if (task === undefined) {
      const shown = name === undefined ? 'nothing' : name
      throw new UsageError(`retailer takes one of ${tasks.join(', ')}; it was given ${shown}`)
    }
    const told = await import('../trading/retailer-tasks.ts')
    const joins = await import('../trading/join-tasks.ts')
    const words = await import('../keys/key-word-tasks.ts')
    const run = {
      ...{ declarations: told.declarations, requests: told.requests, 'top-up': told.topUp },
      ...{ 'send-readings': told.sendReadings, defaults: told.defaults },
      ...{ 'record-step': told.recordStep, recovery: told.recovery },
      meters: async (...given: Parameters<Task>) =>
        (await import('../trading/meter-tasks.ts')).meters(...given),
      agreements: async (...given: Parameters<Task>) =>
        (await import('../trading/house-tasks.ts')).agreements(...given),
      nettings: async (...given: Parameters<Task>) =>
        (await import('../trading/house-tasks.ts')).nettings(...given),
      traded: async (...given: Parameters<Task>) =>
        (await import('../trading/traded-energy-task.ts')).traded(...given),
      ...{ invite: joins.inviteCustomer, 'revoke-invite': joins.revokeInvite },
      ...{ 'register-passkey': words.registerPasskey, 'revoke-passkey': words.revokeOfCustomer },
      'revoke-mandate': words.revokeMandateOfCustomer,
    }
    return await run[task](operands, values, output)
  },
}
