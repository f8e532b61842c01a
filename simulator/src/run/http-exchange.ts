import { type BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import { firstParticipantAccount } from '@busbar/core/registry'
import { timelockReady } from '@busbar/protocols/timelock'
import type { SignedDeviceBatch } from '../devices/index.ts'
import { addressOfKey, seededId, signNative } from '../meters/index.ts'
import type {
  Exchange,
  MarketNumbers,
  MarketPlan,
  ParticipantPlan,
  SignedOrder,
} from './exchange-port.ts'
import { HttpBook, sealingOf } from './http-book.ts'
import { companies } from './market-plan.ts'
import { type Pace, PacedClock } from './paced-clock.ts'
import { unlessSuspended } from './refused.ts'

export type HttpExchangeOptions = Pace & {
  /** Of a server with a manual clock: this run moves its time. */
  readonly client: BusbarClient
  readonly seed: number
  /** Where the book is sealed to one: whom the operator appoints, and who is told the time. */
  readonly committee?: {
    readonly keys: Omit<InstructionContent['appoint_committee'], 'fromInterval'>
    /** Before the server is: at a gate it asks at once. */
    readonly advance: (nowMs: number) => Promise<void>
  }
  /**
   * Each interval is proven on the chain before the next is ordered for: slower, and the journal is
   * the same every time, because no proof comes in between.
   */
  readonly awaitProofs?: boolean
}

/** The only zone of a simulated market. */
const zone = 0
/** One funding instruction; the chain takes it in a few transactions. */
const depositsPerInstruction = 300
const depositTimeoutMs = 120_000
/** An opening or a proof that takes longer will not come. */
const sealedTimeoutMs = 300_000

/**
 * A simulated market on a real server, over HTTP, as its operator and its participants.
 *
 * Ids come from the seed, so that a run that was cut off can be started again: what the server
 * has taken already it answers as before, and nothing happens twice.
 */
export function createHttpExchange(options: HttpExchangeOptions): Exchange {
  let reading: BusbarClient | undefined
  let book: HttpBook | undefined
  const clock = new PacedClock({ ...options, before: options.committee?.advance })
  const traded = new Set<number>()
  const auditor = (): BusbarClient => {
    if (reading === undefined) throw new Error('the market has not been opened')
    return reading
  }
  const sealedBook = (): HttpBook => {
    if (book === undefined) throw new Error('the market has not been opened')
    return book
  }
  return {
    async open(plan) {
      const setUp = new SetUp(options, plan)
      await clock.start()
      await timelockReady()
      const unsealed = await setUp.run()
      const market = await options.client.market()
      const numbers = { ...unsealed, sealing: sealingOf(market) }
      book = new HttpBook(options.client, plan, numbers, market)
      reading = options.client.as(credentialOf(auditorOf(plan, numbers)))
      await awaitDeposits(options.client, auditor(), plan, numbers)
      return numbers
    },
    submitSealedOrders: (orders) => sealedBook().submit(orders),
    reveal: (interval, openings) => sealedBook().reveal(interval, openings),
    ownFills: (...asked) => sealedBook().ownFills(...asked),
    async submitOrders(orders) {
      const results = await options.client.submitOrders(orders.map(wireOrder))
      return results.map((result) =>
        result.kind === 'accepted'
          ? { kind: 'accepted' }
          : { kind: 'rejected', reason: result.code },
      )
    },
    async submitReadings({ id, gateway, readings, blind, signature }) {
      const batch = { id, gateway, readings: [...readings], blind, signature }
      const answer = await unlessSuspended(options.client.sendReadings(batch))
      return { repeated: answer?.repeated ?? false, outcomes: answer?.outcomes ?? [] }
    },
    submitDeviceReadings: (batches) => submitDeviceReadings(options.client, batches),
    advanceTo: (at) => clock.advanceTo(at),
    async interval(interval) {
      traded.add(interval)
      await untilCleared(options, interval)
      const { priceMicrosPerKwh, energyWh, fills } = await auditor().auditInterval(zone, interval)
      const sealedSet = await sealedBook().set(auditor(), interval)
      const outcome = { priceMicrosPerKwh, energyWh, fills }
      return sealedSet === undefined ? outcome : { ...outcome, sealedSet }
    },
    async nets() {
      const all = new Map<number, ReadonlyMap<number, bigint>>()
      for (const interval of [...traded].sort((a, b) => a - b)) {
        const { nets } = await auditor().auditInterval(zone, interval)
        all.set(interval, new Map(nets.map((net) => [net.account, BigInt(net.amountMicros)])))
      }
      return all
    },
    async balances() {
      const { balances } = await auditor().auditBalances()
      return new Map(balances.map(({ account, balanceMicros }) => [account, BigInt(balanceMicros)]))
    },
  }
}

/** @throws Error where one of them is refused, unless the owner of its gateway is suspended */
export async function submitDeviceReadings(
  client: BusbarClient,
  batches: readonly SignedDeviceBatch[],
): Promise<void> {
  const sent = batches.map(({ readings, ...batch }) => ({ ...batch, readings: [...readings] }))
  for (const result of await client.devices.submit(sent)) {
    if (result.kind === 'accepted' || result.code === 'account_suspended') continue
    throw new Error(`devices were refused: ${result.code}`)
  }
}

const wireOrder = ({ digest: _digest, ...order }: SignedOrder): Omit<SignedOrder, 'digest'> => order

const signerOf = (
  domain: MarketNumbers['domain'],
  account: number,
  participant: ParticipantPlan,
  newId?: () => string,
): Signer =>
  new Signer({
    domain,
    account,
    sign: withPrivateKey(participant.key.privateKey, signNative),
    ...(newId === undefined ? {} : { newId }),
  })

/** The auditor asks with a key of its own: the operator need not be asked for anything. */
function auditorOf(plan: MarketPlan, numbers: MarketNumbers): Signer {
  const auditor = plan.participants.find(({ name }) => name === companies.auditor)
  const account = numbers.accounts.get(companies.auditor)
  if (auditor === undefined || account === undefined) {
    throw new RangeError('the market has no auditor')
  }
  return signerOf(numbers.domain, account, auditor)
}

/** Waits until the committee has opened an interval, and for its proof where that is asked for. */
async function untilCleared(
  { client, awaitProofs = false, signal }: HttpExchangeOptions,
  interval: number,
): Promise<void> {
  const until = performance.now() + sealedTimeoutMs
  for (;;) {
    const { status, proof } = await client.interval(zone, interval)
    const isCleared = status !== 'open' && status !== 'fixed'
    const isProven = !awaitProofs || proof.state === 'none' || proof.state === 'proven'
    if (isCleared && isProven) return
    if (proof.state === 'faulty') throw new Error(`the clearing of ${interval} is faulty`)
    signal?.throwIfAborted()
    if (performance.now() > until) {
      throw new Error(`interval ${interval} was not ${isCleared ? 'proven' : 'opened'} in time`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    // A manual clock looks at committee and chain when it is set, also to the time that it shows.
    await client.setClock((await client.market()).clock.nowMs)
  }
}

/** Signs and sends everything that has to stand before the first order. */
class SetUp {
  readonly #client: BusbarClient
  readonly #seed: number
  readonly #plan: MarketPlan
  readonly #committee: HttpExchangeOptions['committee']
  readonly #accounts = new Map<string, number>()
  #ids = 0

  constructor(options: HttpExchangeOptions, plan: MarketPlan) {
    this.#client = options.client
    this.#seed = options.seed
    this.#committee = options.committee
    this.#plan = plan
  }

  async run(): Promise<MarketNumbers> {
    const domain = await this.#client.domain()
    const [operator, ...others] = this.#plan.participants
    if (operator === undefined) throw new RangeError('a market has an operator')
    this.#accounts.set(operator.name, firstParticipantAccount)
    const signer = this.#signer(domain, operator)
    await this.#admit(signer, others.filter(({ retailer }) => retailer === null))
    await this.#admit(signer, others.filter(({ retailer }) => retailer !== null))
    for (const { retailer, ...content } of this.#plan.tariffs) {
      await this.#send(this.#signer(domain, this.#participant(retailer)), 'set_tariff', [content])
    }
    const area = { name: this.#plan.zone, parent: null, bridgeWatts: 0 }
    await this.#send(signer, 'register_zone', [area])
    const gateways = await this.#gateways(signer)
    const meters = await this.#meters(signer, gateways)
    await this.#fund(domain)
    await this.#appoint(signer)
    return { domain, accounts: this.#accounts, gateways, meters, sealing: null }
  }

  async #admit(signer: Signer, participants: readonly ParticipantPlan[]): Promise<void> {
    const contents = participants.map(({ name, roles, key, retailer }) => ({
      name,
      roles: [...roles],
      address: addressOfKey(key),
      publicKey: key.publicKey,
      retailer: retailer === null ? null : this.#account(retailer),
    }))
    const results = await this.#send(signer, 'admit_participant', contents)
    participants.forEach(({ name }, index) => {
      const result = results[index]
      if (result?.kind === 'participant_admitted') this.#accounts.set(name, result.account)
    })
  }

  async #gateways(signer: Signer): Promise<Map<string, number>> {
    const contents = this.#plan.gateways.map(({ name, key, owner }) => ({
      name,
      curve: key.curve,
      publicKey: key.publicKey,
      owner: this.#account(owner),
    }))
    const results = await this.#send(signer, 'register_gateway', contents)
    const numbers = results.map((one) => (one.kind === 'gateway_registered' ? one.gateway : -1))
    return new Map(this.#plan.gateways.map(({ name }, index) => [name, numbers[index] ?? -1]))
  }

  async #meters(
    signer: Signer,
    gateways: ReadonlyMap<string, number>,
  ): Promise<Map<string, number>> {
    const contents = this.#plan.meters.map(({ owner, gateway, ...meter }) => ({
      ...meter,
      account: this.#account(owner),
      zone,
      gateway: gateway === null ? null : (gateways.get(gateway) ?? -1),
    }))
    const results = await this.#send(signer, 'register_meter', contents)
    const numbers = results.map((one) => (one.kind === 'meter_registered' ? one.meter : -1))
    return new Map(this.#plan.meters.map(({ name }, index) => [name, numbers[index] ?? -1]))
  }

  async #fund(domain: MarketNumbers['domain']): Promise<void> {
    const bank = this.#plan.participants.find(({ roles }) => roles.includes('bank'))
    if (bank === undefined) return
    const deposits = this.#plan.participants
      .filter(({ depositMicros }) => depositMicros > 0)
      .map(({ name, depositMicros: amountMicros }) => ({
        account: this.#account(name),
        amountMicros,
      }))
    for (let first = 0; first < deposits.length; first += depositsPerInstruction) {
      const part = deposits.slice(first, first + depositsPerInstruction)
      await this.#send(this.#signer(domain, bank), 'fund_accounts', [{ deposits: part }])
    }
  }

  async #appoint(signer: Signer): Promise<void> {
    if (this.#committee === undefined) return
    const { publicKey, threshold, members } = this.#committee.keys
    const content = { fromInterval: 0, publicKey, threshold, members }
    await this.#send(signer, 'appoint_committee', [content])
  }

  async #send<Kind extends InstructionKind>(
    signer: Signer,
    kind: Kind,
    contents: readonly InstructionContent[Kind][],
  ) {
    const signed = []
    for (const content of contents) signed.push(await signer.instruction(kind, content))
    const results = await this.#client.submitInstructions(signed)
    return results.map((result, index) => {
      if (result.kind === 'accepted') return result.result
      const what = `${kind} ${index + 1} of ${contents.length}`
      const { code, field = '', limit = '' } = result
      throw new Error(`${what} was refused: ${code} ${field} ${limit}`)
    })
  }

  #signer(domain: MarketNumbers['domain'], participant: ParticipantPlan): Signer {
    return signerOf(domain, this.#account(participant.name), participant, () => {
      this.#ids += 1
      return seededId(this.#seed, `instruction/${this.#ids}`)
    })
  }

  #participant(name: string): ParticipantPlan {
    const found = this.#plan.participants.find((one) => one.name === name)
    if (found === undefined) throw new RangeError(`${name} takes no part`)
    return found
  }

  #account(name: string): number {
    const account = this.#accounts.get(name)
    if (account === undefined) throw new RangeError(`${name} has not been admitted`)
    return account
  }
}

/** Waits until the chain has shown every deposit and the ledger has booked it. */
async function awaitDeposits(
  client: BusbarClient,
  auditor: BusbarClient,
  plan: MarketPlan,
  numbers: MarketNumbers,
): Promise<void> {
  const awaited = plan.participants
    .filter(({ depositMicros }) => depositMicros > 0)
    .map(({ name }) => numbers.accounts.get(name))
  const until = performance.now() + depositTimeoutMs
  for (;;) {
    // A manual clock looks for deposits when it is set, also to the time that it shows.
    await client.setClock((await client.market()).clock.nowMs)
    const { balances } = await auditor.auditBalances()
    const booked = new Set(balances.map(({ account }) => account))
    if (awaited.every((account) => account !== undefined && booked.has(account))) return
    if (performance.now() > until) throw new Error('the deposits did not reach the ledger in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
