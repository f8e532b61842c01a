import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import { firstParticipantAccount, type Role } from '@busbar/core/registry'
import { interRetailer, type Rulebook } from '@busbar/core/rulebook'
import type { Domain } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { addressOfKey, seededKey, signNative } from '@busbar/simulator'
import { UsageError } from '../cli-error.ts'

/** The seed of everybody's keys: that of `--seed` where it is not said. */
const seed = 1

/** When the market opens, by its own clock: noon of a day in June. */
export const sandboxOpensMs = Date.UTC(2026, 5, 1, 12)

export const sandboxRulebook: Rulebook = {
  ...interRetailer,
  name: 'sandbox',
  finalAfterIntervals: 16,
  ...(interRetailer.trades && {
    trades: {
      ...interRetailer.trades,
      rails: ['clearing-house', 'prepaid'],
      collectionIntervals: 4,
      verificationIntervals: 4,
    },
  }),
}

type Somebody = {
  readonly name: string
  readonly roles: readonly Role[]
  readonly retailer: string | null
  readonly depositMicros: number
}

const company = (name: string, role: Role, depositMicros = 0): Somebody => ({
  name, roles: [role], retailer: null, depositMicros,
})

const home = (name: string, retailer: string): Somebody => ({
  name, roles: ['prosumer'], retailer, depositMicros: 50_000_000,
})

/** In the order of their accounts, from 3. */
const everybody: readonly Somebody[] = [
  { ...company('operator', 'operator'), roles: ['operator', 'authority'] },
  company('bank', 'bank'),
  company('north', 'retailer', 1_000_000_000),
  company('south', 'retailer', 1_000_000_000),
  company('balance', 'balancing-authority', 1_000_000_000),
  company('grid', 'distribution-utility'),
  home('alice', 'north'), home('bob', 'south'), home('carol', 'south'),
]

const zones = ['street', 'harbour'] as const
/** By home, in the order of their meters. */
const zoneOf: Readonly<Record<string, number>> = { alice: 0, bob: 1, carol: 0 }

const accountOf = (name: string): number =>
  firstParticipantAccount + everybody.findIndex((one) => one.name === name)

const keyOf = (name: string) => seededKey(seed, name, 'secp256k1')
const gatewayKey = () => seededKey(seed, 'gateway', 'p256')

/** What a server is told so that it opens the sandbox in `dataDir`. */
export function sandboxEnvironment(dataDir: string, port: number): Record<string, string> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const written = (name: string, content: object): string => {
    const path = join(dataDir, name)
    writeFileSync(path, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 })
    return path
  }
  const houses = [1, accountOf('north'), accountOf('south')]
  const bank = {
    ...{ folder: join(dataDir, 'bank'), prefix: 'SANDBOX', currency: 'EUR', initiator: 'Sandbox' },
    accounts: Object.fromEntries(
      houses.map((account) => [account, { name: `House ${account}`, account: `TEST-${account}` }]),
    ),
  }
  return {
    BUSBAR_MARKET: 'sandbox',
    BUSBAR_DATA_DIR: dataDir,
    BUSBAR_CLOCK: 'manual',
    BUSBAR_CLOCK_START_MS: String(sandboxOpensMs),
    BUSBAR_CURRENCY: 'EUR',
    BUSBAR_WEBHOOKS: 'any',
    BUSBAR_PORT: String(port),
    BUSBAR_OPERATOR: JSON.stringify(participant('operator')),
    BUSBAR_RULEBOOK: written('rulebook.json', sandboxRulebook),
    BUSBAR_RAILS: written('rails.json', { bank }),
  }
}

function participant(name: string) {
  const found = everybody.find((one) => one.name === name)
  if (found === undefined) throw new RangeError(`${name} takes no part`)
  const key = keyOf(name)
  return {
    name,
    roles: [...found.roles],
    address: addressOfKey(key),
    publicKey: key.publicKey,
    retailer: found.retailer === null ? null : accountOf(found.retailer),
  }
}

const hashOf = (text: string): string => bytesToHex(keccak256(textToBytes(text)))

/**
 * Admits everybody, and gives them meters, money and what they have to have agreed to; does nothing
 * where that was done.
 *
 * @throws UsageError where it was begun and not finished
 */
export async function foundSandbox(client: BusbarClient, dataDir: string): Promise<void> {
  const { participants } = await client.participants({ limit: 500 })
  if (participants.length > 1) {
    if (participants.length < everybody.length || !(await isFunded(client))) {
      throw new UsageError(`what is in ${dataDir} was not finished: remove it, and begin again`)
    }
    return
  }
  const domain = await client.domain()
  const instruct = instructions(client, domain)
  await instruct('operator', 'admit_participant', everybody.slice(1).map(({ name }) => {
    return participant(name)
  }))
  const tariff = { fromInterval: 0, retailMicrosPerKwh: 300_000, feedInMicrosPerKwh: 80_000 }
  for (const name of ['north', 'south']) await instruct(name, 'set_tariff', [tariff])
  await instruct('operator', 'register_zone', zones.map((name) => {
    return { name, parent: null, bridgeWatts: 0 }
  }))
  const utility = accountOf('grid')
  await instruct('operator', 'assign_utility', zones.map((_, zone) => ({ zone, utility })))
  const { publicKey, privateKey } = gatewayKey()
  writeFileSync(join(dataDir, 'gateway.key'), `${bytesToHex(privateKey)}\n`, { mode: 0o600 })
  const gateway = { name: 'gateway', curve: 'p256' as const, owner: accountOf('north'), publicKey }
  await instruct('operator', 'register_gateway', [gateway])
  const homes = everybody.filter(({ retailer }) => retailer !== null).map(({ name }) => name)
  await instruct('operator', 'register_meter', homes.map((name) => ({
    ...{ name, kind: 'physical' as const, account: accountOf(name), zone: zoneOf[name] ?? 0 },
    ...{ gateway: 0, importWattsMax: 12_000, exportWattsMax: 12_000, digits: 9 },
  })))
  await instruct('operator', 'record_agreement', [{
    retailers: [accountOf('north'), accountOf('south')],
    ...{ basis: 'bilateral', documentHash: hashOf('the two retailers of the sandbox') },
    ...{ fromInterval: 0, untilInterval: null },
  }])
  for (const name of homes) {
    await instruct(name, 'consent_to_enforcement', [{ textHash: hashOf('the sandbox’s rules') }])
  }
  await fund(client, instruct)
}

type Instruct = <Kind extends InstructionKind>(
  name: string,
  kind: Kind,
  contents: readonly InstructionContent[Kind][],
) => Promise<void>

const signerOf = (domain: Domain, name: string): Signer =>
  new Signer({
    domain, account: accountOf(name), sign: withPrivateKey(keyOf(name).privateKey, signNative),
  })

const instructions = (client: BusbarClient, domain: Domain): Instruct =>
  async (name, kind, contents) => {
    const signer = signerOf(domain, name)
    for (const content of contents) await client.instruct(await signer.instruction(kind, content))
  }

const depositTurnsMax = 600

async function fund(client: BusbarClient, instruct: Instruct): Promise<void> {
  const deposits = everybody
    .filter(({ depositMicros }) => depositMicros > 0)
    .map(({ name, depositMicros: amountMicros }) => ({ account: accountOf(name), amountMicros }))
  await instruct('bank', 'fund_accounts', [{ deposits }])
  for (let turn = 0; turn < depositTurnsMax; turn += 1) {
    // A manual clock looks for deposits when it is set, also to the time that it shows.
    await client.setClock((await client.market()).clock.nowMs)
    if (await isFunded(client)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the deposits did not reach the ledger in time')
}

/** Whether everybody is there and has its first money: the last of founding. */
async function isFunded(client: BusbarClient): Promise<boolean> {
  const last = everybody.at(-1)?.name ?? ''
  const reader = client.as(credentialOf(signerOf(await client.domain(), last)))
  const { lines } = await reader.statement(accountOf(last), { limit: 1 })
  return lines.length > 0
}
