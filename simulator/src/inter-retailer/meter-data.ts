import type { BusbarClient } from '@busbar/client'
import { type Faults, signBatch } from '../meters/index.ts'
import { random } from '../scenario/index.ts'
import { retailers } from './cast.ts'
import type { Homes } from './homes.ts'
import { gatewayKey, type Numbers } from './set-up.ts'

type Registers = { readonly importWh: number; readonly exportWh: number }
type Due = { readonly at: number; readonly retailer: string; readonly boundary: number }

type Readings = {
  readonly seed: number
  readonly homes: Homes
  readonly numbers: Numbers
  readonly first: number
  readonly faults: Faults
  /** By home. */
  readonly retailerOf: readonly string[]
}

const digits = 9

/**
 * What three retailers know of their customers' meters, and when they say it: as the meters are
 * read where nothing goes wrong, and what the exchange asks for once more.
 */
export class MeterData {
  readonly outcomes = new Map<string, number>()
  /** Readings that were sent because the exchange asked for them. */
  answered = 0
  readonly #client: BusbarClient
  readonly #from: Readings
  /** By home and boundary of the run. */
  readonly #registers: readonly (readonly Registers[])[]
  #underWay: Due[] = []
  #attempts = 0

  constructor(client: BusbarClient, from: Readings) {
    this.#client = client
    this.#from = from
    this.#registers = from.homes.flows.map((flows, home) => {
      const draw = random(from.seed, 'inter-retailer', 'meter', home)
      const all = 10 ** digits
      let at = { importWh: draw.integer(all / 2), exportWh: draw.integer(all / 10) }
      return [at, ...flows.map(({ importWh, exportWh }) => {
        at = { importWh: at.importWh + importWh, exportWh: at.exportWh + exportWh }
        return at
      })]
    })
  }

  /** Reads all meters at boundary `n` of the run, and sends what is due to arrive by then. */
  async send(n: number): Promise<void> {
    const { faults } = this.#from
    for (const [g, retailer] of retailers.entries()) {
      for (const delay of faults.arrivals(g, n)) {
        this.#underWay.push({ at: n + delay, retailer, boundary: n })
      }
    }
    const due = this.#underWay.filter(({ at }) => at <= n)
    this.#underWay = this.#underWay.filter(({ at }) => at > n)
    for (const { retailer, boundary } of due) {
      await this.#submit(retailer, boundary, this.#homesOf(retailer), 0)
    }
  }

  /** A meter was read wrongly once: what stands is corrected, and what contradicts it refused. */
  async correct(home: number, boundary: number, byWh: number): Promise<void> {
    const registers = this.#registers[home]?.[boundary]
    const retailer = this.#from.retailerOf[home]
    if (registers === undefined || retailer === undefined) return
    const wrong = { ...registers, importWh: registers.importWh + byWh }
    await this.#submit(retailer, boundary, [home], 0, wrong)
    await this.#submit(retailer, boundary, [home], 1, wrong)
    await this.#submit(retailer, boundary, [home], 2)
  }

  /** Each retailer looks what the exchange still waits for, and sends what it has. */
  async answer(readingAs: (name: string) => BusbarClient): Promise<void> {
    const { numbers, first, homes } = this.#from
    for (const retailer of retailers) {
      const asked = await readingAs(retailer).trades.meterDataRequests(numbers.account(retailer))
      for (const { meter, missing } of asked) {
        const home = homes.names.findIndex((_, i) => numbers.meterOf(i) === meter)
        for (const boundary of missing) {
          await this.#submit(retailer, boundary - first, [home], 0)
          this.answered += 1
        }
      }
    }
  }

  #homesOf(retailer: string): readonly number[] {
    const { retailerOf } = this.#from
    return retailerOf.flatMap((own, home) => (own === retailer ? [home] : []))
  }

  async #submit(
    retailer: string,
    n: number,
    from: readonly number[],
    version: number,
    instead?: Registers,
  ): Promise<void> {
    const { seed, numbers, first } = this.#from
    const boundary = first + n
    const readings = from.flatMap((home) => {
      const registers = instead ?? this.#registers[home]?.[n]
      if (registers === undefined) return []
      const meter = numbers.meterOf(home)
      const shown = {
        importWh: registers.importWh % 10 ** digits,
        exportWh: registers.exportWh % 10 ** digits,
      }
      return [{ meter, boundary, version, ...shown }]
    })
    if (readings.length === 0) return
    this.#attempts += 1
    const gateway = numbers.gateway(retailer)
    const batch = { gateway, boundary, attempt: this.#attempts, readings }
    const signed = signBatch(numbers.domain, seed, gatewayKey(seed, retailer), batch)
    const { id, signature } = signed
    const sent = { id, gateway, readings: [...readings], signature }
    const { outcomes } = await this.#client.sendReadings(sent)
    for (const outcome of outcomes) {
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
    }
  }
}
