import { type BusbarClient, Signer, withMandate, withPrivateKey } from '@busbar/client'
import { canonicalJson } from '@busbar/core/encoding'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import { type Domain, instructionDigest } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { addressOfKey, type Key, seededId, seededKey, signNative } from '../meters/index.ts'
import {
  accountIn,
  areasOf,
  type Cast,
  gatewayOf,
  type Member,
  retailers,
  tariffOf,
  utilities,
  utilityOf,
  wheelingOf,
  zones,
} from './cast.ts'
import type { Homes } from './homes.ts'
import { Refused } from '../run/refused.ts'

/** The exchange's numbers, by name. Meters are numbered as homes are. */
export type Numbers = {
  readonly domain: Domain
  readonly account: (name: string) => number
  readonly gateway: (retailer: string) => number
  readonly meterOf: (home: number) => number
  /** −1 for a meter that is no home's. */
  readonly homeOf: (meter: number) => number
}

/** Signs and sends as any member of the cast, with ids that the seed gives. */
export class Voices {
  readonly #client: BusbarClient
  readonly #seed: number
  readonly #domain: Domain
  readonly #members: ReadonlyMap<string, { readonly member: Member; readonly account: number }>

  constructor(client: BusbarClient, seed: number, domain: Domain, cast: Cast) {
    this.#client = client
    this.#seed = seed
    this.#domain = domain
    const first = accountIn(cast, cast.companies[0]?.name ?? '')
    const all = [...cast.companies, ...cast.homes]
    this.#members = new Map(
      all.map((member, i) => [member.name, { member, account: first + i }]),
    )
  }

  account(name: string): number {
    return this.#found(name).account
  }

  signer(name: string): Signer {
    const { member, account } = this.#found(name)
    const sign = withPrivateKey(member.key.privateKey, signNative)
    return new Signer({ domain: this.#domain, account, sign })
  }

  /** The key of a home's own agent, to which the home has granted a mandate. */
  agentKey(name: string): Key {
    return seededKey(this.#seed, `${name}/agent`, 'secp256k1')
  }

  /** Signs as the agent of a home. */
  agent(name: string): Signer {
    const sign = withMandate(this.agentKey(name).privateKey, signNative)
    return new Signer({ domain: this.#domain, account: this.account(name), sign })
  }

  /** The same for the same content, and for no other. */
  idOf(kind: string, name: string, content: object): string {
    return seededId(this.#seed, `inter-retailer/${kind}/${name}/${JSON.stringify(content)}`)
  }

  /** What an instruction is known by, as `instruct` sends it. */
  digestOf<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
  ): string {
    const said = { id: this.idOf(kind, name, content), account: this.account(name), kind }
    const text = { ...said, content: canonicalJson(content) }
    return bytesToHex(instructionDigest(this.#domain, text))
  }

  /** @throws Refused naming what was refused, and why */
  async instruct<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    contents: readonly InstructionContent[Kind][],
  ) {
    return this.instructAll(kind, contents.map((content) => ({ name, content })))
  }

  /** The same kind of many, each by its own word. @throws Refused as `instruct` */
  async instructAll<Kind extends InstructionKind>(
    kind: Kind,
    words: readonly { readonly name: string; readonly content: InstructionContent[Kind] }[],
  ) {
    const signed = []
    for (const { name, content } of words) {
      // The same word has the same id: a run that was cut off says everything again.
      const id = this.idOf(kind, name, content)
      signed.push(await this.signer(name).instruction(kind, content, id))
    }
    const results = await this.#client.submitInstructions(signed)
    return results.map((result, i) => {
      if (result.kind === 'accepted') return result.result
      throw new Refused(`${kind} of ${words[i]?.name}`, result)
    })
  }

  #found(name: string): { readonly member: Member; readonly account: number } {
    const found = this.#members.get(name)
    if (found === undefined) throw new RangeError(`${name} takes no part`)
    return found
  }
}

export const gatewayKey = (seed: number, retailer: string): Key =>
  seededKey(seed, gatewayOf(retailer), 'p256')

/** Everything that has to stand before the first contract. */
export async function setUp(
  options: {
    readonly client: BusbarClient
    readonly auditor: BusbarClient
    readonly seed: number
    readonly homes: Homes
    readonly cast: Cast
    readonly domain: Domain
  },
  voices: Voices,
): Promise<Numbers> {
  const { seed, homes, cast, domain } = options
  await admit(voices, cast)
  for (const name of retailers) {
    const tariff = { fromInterval: cast.first - 1, ...tariffOf(name) }
    await voices.instruct(name, 'set_tariff', [tariff])
  }
  await voices.instruct('operator', 'register_zone', areasOf(cast))
  const assigned = zones.map((_, zone) => ({ zone, utility: voices.account(utilityOf(zone)) }))
  await voices.instruct('operator', 'assign_utility', assigned)
  for (const name of utilities) {
    const rate = { fromInterval: cast.first, microsPerKwh: wheelingOf(name) }
    await voices.instruct(name, 'set_wheeling', [rate])
  }
  const gateways = await registerGateways(voices, seed)
  const meters = await registerMeters(voices, homes, cast, gateways)
  await agreeAndConsent(voices, cast)
  await topUp(voices, cast)
  await fund(options, voices)
  return {
    domain,
    account: (name) => voices.account(name),
    gateway: (retailer) => gateways.get(retailer) ?? -1,
    meterOf: (home) => meters[home] ?? -1,
    homeOf: (meter) => meters.indexOf(meter),
  }
}

async function admit(voices: Voices, cast: Cast): Promise<void> {
  const contents = [...cast.companies.slice(1), ...cast.homes].map(
    ({ name, roles, key, retailer }) => ({
      name,
      roles: [...roles],
      address: addressOfKey(key),
      publicKey: key.publicKey,
      retailer: retailer === null ? null : voices.account(retailer),
    }),
  )
  await voices.instruct('operator', 'admit_participant', contents)
}

async function registerGateways(voices: Voices, seed: number): Promise<Map<string, number>> {
  const contents = retailers.map((retailer) => ({
    name: gatewayOf(retailer),
    curve: 'p256' as const,
    publicKey: gatewayKey(seed, retailer).publicKey,
    owner: voices.account(retailer),
  }))
  const results = await voices.instruct('operator', 'register_gateway', contents)
  const numbers = results.map((one) => (one.kind === 'gateway_registered' ? one.gateway : -1))
  return new Map(retailers.map((retailer, i) => [retailer, numbers[i] ?? -1]))
}

async function registerMeters(
  voices: Voices,
  homes: Homes,
  cast: Cast,
  gateways: ReadonlyMap<string, number>,
): Promise<readonly number[]> {
  const contents = cast.homes.map(({ name, retailer, zone }, i) => ({
    name,
    kind: 'physical' as const,
    account: voices.account(name),
    zone,
    gateway: gateways.get(retailer) ?? -1,
    importWattsMax: homes.importWattsMax[i] ?? 0,
    exportWattsMax: homes.exportWattsMax[i] ?? 0,
    digits: 9,
  }))
  const results = await voices.instruct('operator', 'register_meter', contents)
  return results.map((one) => (one.kind === 'meter_registered' ? one.meter : -1))
}

const hashOf = (text: string): string => bytesToHex(keccak256(textToBytes(text)))

async function agreeAndConsent(voices: Voices, cast: Cast): Promise<void> {
  const [north, south] = retailers
  const agreement = {
    retailers: [voices.account(north), voices.account(south)] as [number, number],
    basis: 'bilateral' as const,
    documentHash: hashOf('an agreement of two simulated retailers'),
    fromInterval: cast.first - 1,
    untilInterval: null,
  }
  await voices.instruct('operator', 'record_agreement', [agreement])
  const textHash = hashOf('what a simulated retailer may do about what is not paid')
  const words = cast.homes.map(({ name }) => ({ name, content: { textHash } }))
  await voices.instructAll('consent_to_enforcement', words)
}

/** What each customer has prepaid at its retailer at first. */
export const prepaidMicros = 100_000_000

async function topUp(voices: Voices, cast: Cast): Promise<void> {
  const words = cast.homes.map(({ name, retailer }) => {
    const reference = `opening balance of ${name}`
    const account = voices.account(name)
    return { name: retailer, content: { account, amountMicros: prepaidMicros, reference } }
  })
  await voices.instructAll('top_up_prepaid', words)
}

const depositTimeoutMs = 120_000
/** One funding instruction; the chain takes it in a few transactions. */
const depositsPerInstruction = 300

async function fund(
  { client, auditor, cast }: Parameters<typeof setUp>[0],
  voices: Voices,
): Promise<void> {
  const deposits = [...cast.companies, ...cast.homes]
    .filter(({ depositMicros }) => depositMicros > 0)
    .map(({ name, depositMicros: amountMicros }) => ({
      account: voices.account(name),
      amountMicros,
    }))
  for (let i = 0; i < deposits.length; i += depositsPerInstruction) {
    const some = deposits.slice(i, i + depositsPerInstruction)
    await voices.instruct('bank', 'fund_accounts', [{ deposits: some }])
  }
  const until = performance.now() + depositTimeoutMs
  for (;;) {
    // A manual clock looks for deposits when it is set, also to the time that it shows.
    await client.setClock((await client.market()).clock.nowMs)
    const { balances } = await auditor.auditBalances()
    const booked = new Set(balances.map(({ account }) => account))
    if (deposits.every(({ account }) => booked.has(account))) return
    if (performance.now() > until) throw new Error('the deposits did not reach the ledger in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
