import type { BusbarClient } from '@busbar/client'
import type { ObservedReading } from '../auditor/index.ts'
import {
  type Faults,
  lateIntervals,
  type LiveFaults,
  nothingBroken,
  signBatch,
  silentGateway,
  UnderWay,
} from '../meters/index.ts'
import { hash, random } from '../scenario/index.ts'
import { retailers } from './cast.ts'
import type { Homes } from './homes.ts'
import { unlessSuspended } from '../run/refused.ts'
import { gatewayKey, type Numbers } from './set-up.ts'

type Registers = { readonly importWh: number; readonly exportWh: number }
type Sent = { readonly retailer: string; readonly boundary: number }

type Readings = {
  readonly seed: number
  readonly homes: Homes
  readonly numbers: Numbers
  readonly first: number
  readonly faults: Faults
  /** By home. */
  readonly retailerOf: readonly string[]
  /** Told of each reading that was sent, and what the exchange said to it. */
  readonly hear: (reading: ObservedReading, answer: string) => void
}

/** A meter that is read wrongly at one boundary of the run, by so many watt-hours. */
export type Misreading = { readonly home: number; readonly n: number; readonly byWh: number }

const digits = 9

/**
 * What retailers know of their customers' meters, and when they say it: as the meters are read
 * where nothing goes wrong, and what the exchange asks for once more.
 */
export class MeterData {
  readonly outcomes = new Map<string, number>()
  /** Readings that were sent because the exchange asked for them. */
  answered = 0
  readonly #client: BusbarClient
  readonly #from: Readings
  /** By home and boundary of the run. */
  readonly #imported: readonly Float64Array[]
  readonly #exported: readonly Float64Array[]
  readonly #misread = new Map<string, number>()
  readonly #underWay = new UnderWay<Sent>()
  /** The last boundary that was looked at, and what was broken on purpose then. */
  #now = { n: 0, broken: nothingBroken }
  /** How often the same was sent by this run. */
  readonly #sent = new Map<string, number>()

  constructor(client: BusbarClient, from: Readings) {
    this.#client = client
    this.#from = from
    const counted = (way: 'import' | 'export') =>
      from.homes.outWh.map((flows, home) => {
        const draw = random(from.seed, 'inter-retailer', 'meter', way, home)
        const counts = new Float64Array(flows.length + 1)
        counts[0] = draw.integer(10 ** (digits - 1))
        for (const [n, outWh] of flows.entries()) {
          const gone = way === 'import' ? -outWh : outWh
          counts[n + 1] = (counts[n] ?? 0) + Math.max(0, gone)
        }
        return counts
      })
    this.#imported = counted('import')
    this.#exported = counted('export')
  }

  /** Reads all meters at boundary `n` of the run, and sends what is due to arrive by then. */
  async send(n: number, broken: LiveFaults): Promise<void> {
    const { faults } = this.#from
    for (const [g, retailer] of retailers.entries()) {
      for (const delay of faults.arrivals(g, n)) {
        this.#underWay.send(g, n + delay, { retailer, boundary: n }, broken)
      }
    }
    await this.arrive(n, broken)
  }

  /** Sends what is due to arrive by boundary `n`, and reads nothing. */
  async arrive(n: number, broken: LiveFaults): Promise<void> {
    this.#now = { n, broken }
    for (const { retailer, boundary } of this.#underWay.arrived(n, broken)) {
      await this.#submit(retailer, boundary, this.#homesOf(retailer), 0)
    }
  }

  /** Whether nothing is heard of a home's meter, because its gateway is silent on purpose. */
  isSilent(home: number): boolean {
    return this.#isSilent(this.#from.retailerOf[home] ?? '')
  }

  #isSilent(retailer: string): boolean {
    return this.#now.broken.isSilent && retailer === retailers[silentGateway]
  }

  /** From now on a meter is read wrongly at one boundary, until that is put right. */
  misread({ home, n, byWh }: Misreading): void {
    this.#misread.set(`${home}/${n}`, byWh)
  }

  /** What a retailer sends again contradicts what it sent, and is refused; a version counts. */
  async putRight({ home, n }: Misreading): Promise<void> {
    const retailer = this.#from.retailerOf[home] ?? ''
    this.#misread.delete(`${home}/${n}`)
    await this.#submit(retailer, n, [home], 0)
    await this.#submit(retailer, n, [home], 1)
  }

  /** Each retailer looks what the exchange still waits for, and sends what it has. */
  async answer(readingAs: (name: string) => BusbarClient): Promise<void> {
    const { numbers, first } = this.#from
    const { n, broken } = this.#now
    // What is late on purpose is late for who asks, too.
    const newest = first + n - (broken.isLate ? lateIntervals : 0)
    for (const retailer of retailers.filter((one) => !this.#isSilent(one))) {
      const { trades } = readingAs(retailer)
      const asked = await unlessSuspended(trades.meterDataRequests(numbers.account(retailer)))
      if (asked === undefined) continue
      const homesAt = new Map<number, number[]>()
      for (const { meter, missing } of asked) {
        for (const boundary of missing.filter((one) => one <= newest)) {
          homesAt.set(boundary, [...(homesAt.get(boundary) ?? []), numbers.homeOf(meter)])
        }
      }
      for (const [boundary, homes] of [...homesAt].sort(([a], [b]) => a - b)) {
        await this.#submit(retailer, boundary - first, homes, 0)
        this.answered += homes.length
      }
    }
  }

  #homesOf(retailer: string): readonly number[] {
    const { retailerOf } = this.#from
    return retailerOf.flatMap((own, home) => (own === retailer ? [home] : []))
  }

  #shown(home: number, n: number): Registers | undefined {
    const [importWh, exportWh] = [this.#imported[home]?.[n], this.#exported[home]?.[n]]
    if (importWh === undefined || exportWh === undefined) return undefined
    const wrong = this.#misread.get(`${home}/${n}`) ?? 0
    const show = (count: number): number => count % 10 ** digits
    // Who sells was read short of what it gave, who buys short of what it took.
    const sells = this.#from.homes.hasPanels[home] === true
    return {
      importWh: show(importWh - (sells ? 0 : wrong)),
      exportWh: show(exportWh - (sells ? wrong : 0)),
    }
  }

  async #submit(
    retailer: string,
    n: number,
    from: readonly number[],
    version: number,
  ): Promise<void> {
    const { seed, numbers, first } = this.#from
    const boundary = first + n
    const readings = from.flatMap((home) => {
      const registers = this.#shown(home, n)
      if (registers === undefined) return []
      return [{ meter: numbers.meterOf(home), boundary, version, ...registers }]
    })
    if (readings.length === 0) return
    const text = JSON.stringify(readings)
    const times = this.#sent.get(text) ?? 0
    this.#sent.set(text, times + 1)
    const gateway = numbers.gateway(retailer)
    // A run that was cut off sends the same under the same ids.
    const batch = { gateway, boundary, attempt: hash(`${times}/${text}`), readings }
    const signed = signBatch(numbers.domain, seed, gatewayKey(seed, retailer), batch)
    const { id, blind, signature } = signed
    const sent = { id, gateway, readings: [...readings], blind, signature }
    const answer = await unlessSuspended(this.#client.sendReadings(sent))
    const outcomes = answer?.outcomes ?? []
    for (const [i, outcome] of outcomes.entries()) {
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
      const reading = readings[i]
      if (reading !== undefined) this.#from.hear(reading, outcome)
    }
  }
}
