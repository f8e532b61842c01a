/** A short market day on which much happens that has to happen once. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BusbarClient,
  credentialOf,
  Signer,
  withPasskey,
  withPrivateKey,
} from '@busbar/client'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import { openDerToCash } from '@busbar/core/rulebook'
import { bytesToHex } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import {
  addressOfKey,
  companies,
  createHttpExchange,
  type District,
  type Exchange,
  type MarketNumbers,
  runDay,
  seeded,
  seededGateways,
  seededId,
  seededKey,
  signBatch,
  type SignedBatch,
  type SignedOrder,
  signNative,
} from '@busbar/simulator'
import { dayOptions, type Scenario, serverEnvironment, writeChainKey } from '../market/scenario.ts'

const seed = 1
/** Of one of the homes. */
const phone = new TestDevice(1)
const sites = 4
const intervals = 5
/** Twenty to twelve: the sun is high and the homes sell. */
const firstInterval = 140

/** Four homes for 25 minutes, the readings of one boundary late, those of another twice. */
export const eventfulDay: Scenario = {
  name: 'neighbourhood',
  district: part(seeded('neighbourhood', { seed })),
  // A run is final after ten minutes: the day sees provisional, final and resettled runs.
  rulebook: { ...openDerToCash, finalAfterIntervals: 2 },
  seed,
  faults: {
    late: { exactly: [{ gateway: 0, boundary: 2 }], delayIntervals: 1 },
    duplicate: { exactly: [{ gateway: 0, boundary: 3 }] },
  },
  source: 'four homes, seeded',
}

function part(whole: District): District {
  const cut = (values: Int32Array): Int32Array =>
    values.slice(firstInterval, firstInterval + intervals)
  const { loadWh, pvWh, priceMicrosPerKwh } = whole.series
  return {
    ...whole,
    startMs: whole.startMs + firstInterval * whole.intervalMs,
    intervals,
    sites: whole.sites.slice(0, sites),
    series: {
      loadWh: loadWh.slice(0, sites).map(cut),
      pvWh: pvWh.slice(0, sites).map(cut),
      priceMicrosPerKwh: cut(priceMicrosPerKwh),
    },
  }
}

/** Prepares `dataDir`, and gives what a server of this market is configured by. */
export function environmentOf(scenario: Scenario, dataDir: string): Record<string, string> {
  writeChainKey(scenario, dataDir)
  const rulebook = join(dataDir, 'rulebook.json')
  writeFileSync(rulebook, JSON.stringify(scenario.rulebook))
  return {
    ...serverEnvironment(scenario, dataDir),
    BUSBAR_RULEBOOK: rulebook,
    BUSBAR_REQUESTS_PER_MINUTE: '10000000',
  }
}

/** Runs the day: what is sent depends on nothing else than the answers. */
export async function live(
  scenario: Scenario,
  client: BusbarClient,
  restart: () => Promise<void>,
): Promise<void> {
  const exchange = createHttpExchange({ client, seed: scenario.seed })
  const happenings = new Happenings(scenario, client, exchange, restart)
  await runDay(dayOptions(scenario), {
    ...exchange,
    async open(plan) {
      const numbers = await exchange.open(plan)
      happenings.begin(numbers)
      return numbers
    },
    async submitOrders(orders) {
      const answers = await exchange.submitOrders(orders)
      await happenings.afterOrders(orders)
      return answers
    },
    submitReadings(batch) {
      happenings.read(batch)
      return exchange.submitReadings(batch)
    },
  })
  await happenings.afterTheDay()
}

class Happenings {
  readonly #scenario: Scenario
  readonly #client: BusbarClient
  readonly #exchange: Exchange
  readonly #restart: () => Promise<void>
  readonly #batches: SignedBatch[] = []
  #numbers: MarketNumbers | undefined
  #rounds = 0

  constructor(
    scenario: Scenario,
    client: BusbarClient,
    exchange: Exchange,
    restart: () => Promise<void>,
  ) {
    this.#scenario = scenario
    this.#client = client
    this.#exchange = exchange
    this.#restart = restart
  }

  begin(numbers: MarketNumbers): void {
    this.#numbers = numbers
  }

  read(batch: SignedBatch): void {
    this.#batches.push(batch)
  }

  /** Called once an interval, between its orders and its gate. */
  async afterOrders(orders: readonly SignedOrder[]): Promise<void> {
    const names = this.#scenario.district.sites.map(({ name }) => name)
    const [, suspended = '', funded = '', withPhone = ''] = names
    const round = this.#rounds
    this.#rounds += 1
    if (round === 1) {
      await this.#cancel(orders.at(-1))
      await this.#withdraw()
      await this.#instruct(withPhone, 'register_passkey', {
        ...{ participant: this.#account(withPhone), publicKey: bytesToHex(phone.publicKey) },
        ...{ credentialId: phone.credentialId, host: 'busbar.example', label: 'phone' },
      })
    } else if (round === 2) {
      await this.#withdrawByPhone(withPhone)
      await this.#instruct(companies.operator, 'suspend_participant', {
        participant: this.#account(suspended),
      })
      await this.#fund(funded)
    } else if (round === 3) {
      await this.#instruct(withPhone, 'revoke_passkey', { publicKey: bytesToHex(phone.publicKey) })
      await this.#instruct(companies.operator, 'reinstate_participant', {
        participant: this.#account(suspended),
      })
      await this.#restart()
    } else if (round === 4) {
      await this.#correct(2)
    }
  }

  async afterTheDay(): Promise<void> {
    const { startMs, intervalMs } = this.#scenario.district
    // Several gates and runs fall due in one step.
    await this.#exchange.advanceTo(startMs + (intervals + 3) * intervalMs)
    await this.#correct(1)
    await this.#exchange.advanceTo(startMs + (intervals + 3) * intervalMs)
  }

  async #cancel(order: SignedOrder | undefined): Promise<void> {
    if (order === undefined) throw new Error('there is no order to take back')
    const owner = [...this.#known.accounts].find(([, account]) => account === order.account)?.[0]
    const cancellation = await this.#signer(owner ?? '').cancellation({ order: order.id })
    await this.#client.submitCancellations([cancellation])
  }

  async #withdraw(): Promise<void> {
    const [{ name = '' } = {}] = this.#scenario.district.sites
    const to = addressOfKey(seededKey(seed, name, 'secp256k1'))
    const withdrawal = await this.#signer(name).withdrawal({ amountMicros: 1_234_567, to })
    await this.#client.withdraw(withdrawal)
  }

  /** The chain has to hear of the passkey before it pays. */
  async #withdrawByPhone(name: string): Promise<void> {
    const to = addressOfKey(seededKey(seed, name, 'secp256k1'))
    const answer = async (digest: Uint8Array) => phone.answer(digest)
    const signer = this.#signer(name, withPasskey(bytesToHex(phone.publicKey), answer))
    await this.#client.withdraw(await signer.withdrawal({ amountMicros: 765_432, to }))
  }

  /** Waits until it is booked: when the chain shows a deposit is not part of the scenario. */
  async #fund(name: string): Promise<void> {
    const account = this.#account(name)
    const amountMicros = 5_000_001
    await this.#instruct(companies.bank, 'fund_accounts', { deposits: [{ account, amountMicros }] })
    const auditor = this.#client.as(credentialOf(this.#signer(companies.auditor)))
    for (;;) {
      await this.#client.setClock((await this.#client.market()).clock.nowMs)
      const { lines } = await auditor.statement(account)
      if (lines.some((line) => line.amountMicros === amountMicros)) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  /** A new version of what one meter showed at a boundary, with half the energy before it. */
  async #correct(boundary: number): Promise<void> {
    const { district } = this.#scenario
    const at = district.startMs / district.intervalMs + boundary
    const readingsAt = (n: number) =>
      this.#batches.flatMap(({ readings }) => readings).filter((one) => one.boundary === n)
    const before = new Map(readingsAt(at - 1).map((one) => [one.meter, one]))
    const moved = readingsAt(at).find(
      (one) => one.exportWh > (before.get(one.meter)?.exportWh ?? 0),
    )
    const [gateway] = seededGateways(seed, district.sites.length)
    const number = this.#known.gateways.get(gateway?.name ?? '')
    if (moved === undefined || gateway === undefined || number === undefined) {
      throw new Error(`nobody exported before boundary ${boundary}`)
    }
    const earlier = before.get(moved.meter)?.exportWh ?? 0
    const exportWh = Math.floor((earlier + moved.exportWh) / 2)
    const readings = [{ ...moved, version: moved.version + 1, exportWh }]
    const batch = { gateway: number, boundary: at, attempt: 0, readings }
    const { outcomes } = await this.#exchange.submitReadings(
      signBatch(this.#known.domain, seed, gateway.key, batch),
    )
    if (outcomes[0] !== 'counted') throw new Error(`the correction is ${outcomes[0]}`)
  }

  async #instruct<Kind extends InstructionKind>(
    name: string,
    kind: Kind,
    content: InstructionContent[Kind],
  ): Promise<void> {
    const instruction = await this.#signer(name).instruction(kind, content)
    await this.#client.instruct(instruction)
  }

  #signer(
    name: string,
    sign = withPrivateKey(seededKey(seed, name, 'secp256k1').privateKey, signNative),
  ): Signer {
    return new Signer({
      domain: this.#known.domain,
      account: this.#account(name),
      sign,
      newId: () => seededId(seed, `happening/${this.#rounds}/${name}`),
    })
  }

  #account(name: string): number {
    const account = this.#known.accounts.get(name)
    if (account === undefined) throw new Error(`${name} has no account`)
    return account
  }

  get #known(): MarketNumbers {
    if (this.#numbers === undefined) throw new Error('the market has not been opened')
    return this.#numbers
  }
}
