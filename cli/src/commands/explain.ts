import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { firstParticipantAccount } from '@busbar/core/registry'
import type { AccountInterval, OrderOpening } from '@busbar/protocols/api'
import { seededKey } from '@busbar/simulator/keys'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Values } from '../arguments.ts'
import type { Command } from '../command.ts'
import { type Beside, explanation } from '../explanation.ts'
import { keyIn } from '../desk/keys.ts'
import { findAccount } from '../desk/participants.ts'

export const explain: Command = {
  name: 'explain',
  operands: 'ACCOUNT INTERVAL',
  summary: 'why this cent: from the money back to orders, readings and rules',
  help: `Asks a running exchange for everything that made an account's money of one interval what it
is: orders, fills, register readings, prices, fees, postings and the transactions on the chain.

ACCOUNT is a number or a participant's name; INTERVAL a number, an ISO time, or "last" for the last
one that was settled. Without a key the scenario's own operator asks (started by busbar up or day);
with --key FILE the owner of that private key asks for its own account (of busbar key, or hex).

  busbar explain s001 last
  busbar explain 12 2019-07-02T12:00Z --json`,
  options: {
    server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
    seed: { type: 'string', value: 'N', means: 'of the scenario that runs (default 1)' },
    key: { type: 'string', value: 'FILE', means: 'a private key: asks as ACCOUNT itself' },
  },
  async run(values, output) {
    const [who, when, ...others] = values.positionals
    if (who === undefined || when === undefined || others.length > 0) {
      throw new UsageError('explain takes an ACCOUNT and an INTERVAL')
    }
    const client = new BusbarClient({ baseUrl: values.text('server') ?? 'http://127.0.0.1:8420' })
    const account = await accountOf(client, who)
    const interval = await intervalOf(client, when)
    const reader = client.as(credentialOf(await signerFor(client, values, account)))
    const [found, market] = await Promise.all([
      reader.accountInterval(account, interval),
      client.market(),
    ])
    if (values.flag('json')) output.print(JSON.stringify(found))
    else {
      const mayOpen = values.text('key') === undefined
      output.print(explanation(found, market, who, await beside(reader, found, mayOpen)))
    }
    return exitCodes.ok
  },
}

/** Proofs, and what sealed orders said: an operator may know that, an owner knows it already. */
async function beside(
  reader: BusbarClient,
  { interval, zones }: AccountInterval,
  mayOpen: boolean,
): Promise<Beside> {
  const openings = new Map<string, OrderOpening>()
  const proofs = new Map<number, string>()
  for (const { zone, sealedOrders } of zones) {
    proofs.set(zone, (await reader.interval(zone, interval)).proof.state)
    if (!mayOpen || !sealedOrders.some(({ outcome }) => outcome !== 'sealed')) continue
    const { orders } = await reader.auditOpenings(zone, interval)
    for (const { commitment, opening } of orders) {
      if (opening !== null) openings.set(commitment, opening)
    }
  }
  return { openings, proofs }
}

async function accountOf(client: BusbarClient, who: string): Promise<number> {
  if (/^\d{1,9}$/.test(who)) return Number(who)
  const account = await findAccount(client, who)
  if (account === undefined) throw new UsageError(`no participant is called ${who}`)
  return account
}

async function intervalOf(client: BusbarClient, when: string): Promise<number> {
  if (/^\d{1,12}$/.test(when)) return Number(when)
  if (when === 'last') {
    const { intervals } = await client.intervals({ zone: 0 })
    const settled = intervals.findLast(({ status }) => ['provisional', 'final'].includes(status))
    if (settled === undefined) throw new UsageError('no interval has been settled yet')
    return settled.interval
  }
  const at = Date.parse(when)
  if (Number.isNaN(at)) {
    throw new UsageError(`INTERVAL is ${when}; it takes a number, an ISO time or last`)
  }
  const { rulebook } = await client.market()
  return Math.floor(at / (rulebook.intervalSeconds * 1_000))
}

async function signerFor(client: BusbarClient, values: Values, account: number): Promise<Signer> {
  const domain = await client.domain()
  const file = values.text('key')
  if (file === undefined) {
    const seed = values.integer('seed', 1, 0, 2 ** 31 - 1)
    // The simulation takes a while to load: only who asks as its operator waits for it.
    const { companies } = await import('@busbar/simulator')
    const { privateKey } = seededKey(seed, companies.operator, 'secp256k1')
    const sign = withPrivateKey(privateKey)
    return new Signer({ domain, account: firstParticipantAccount, sign })
  }
  return new Signer({ domain, account, sign: withPrivateKey(await keyIn(file)) })
}
