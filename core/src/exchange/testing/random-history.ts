/**
 * Plays random steps on a small market: what participants, meters and authorities may do, wisely or
 * not, and the passing of time. What a step asks may well be rejected.
 */
import { type Command, revealUntil, rulebookFor, type SubmitReadings } from '../index.ts'
import { Auditor } from './auditor.ts'
import {
  accountOf,
  firstInterval,
  hex,
  type Market,
  meterContent,
  type MeterOwner,
  meters,
  type Person,
  testRulebook,
} from './market.ts'
import { committeeRulebook, revealRulebook, SealedMarket, type Sealing } from './sealed-market.ts'

const owners = Object.keys(meters) as MeterOwner[]
const lengthMs = testRulebook.intervalSeconds * 1_000

/** One random step; each number is taken modulo what there is to choose from. */
export type Step =
  | { readonly do: 'interval'; readonly lost: number; readonly settles: boolean }
  | { readonly do: 'tick'; readonly seconds: number }
  | {
      readonly do: 'order'
      readonly who: number
      readonly sells: boolean
      readonly energyWh: number
      readonly limit: number
      readonly ahead: number
      readonly flaw: Flaw
    }
  | {
      readonly do: 'trade'
      readonly seller: number
      readonly buyer: number
      readonly energyWh: number
      readonly limit: number
      readonly ahead: number
      readonly flaw: Flaw
    }
  | { readonly do: 'open'; readonly back: number; readonly withheld: number }
  | { readonly do: 'prove'; readonly back: number; readonly word: number }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'again'; readonly which: number; readonly altered: boolean }
  | { readonly do: 'suspend' | 'reinstate'; readonly who: number }
  | { readonly do: 'deposit' | 'withdraw'; readonly who: number; readonly amount: number }
  | { readonly do: 'request' | 'advance' | 'paid'; readonly who: number; readonly amount: number }
  | {
      readonly do: 'read'
      readonly meter: number
      readonly back: number
      readonly noiseWh: number
      readonly version: number
    }
  | { readonly do: 'replace'; readonly meter: number; readonly back: number }
  | { readonly do: 'register' }
  | { readonly do: 'settle'; readonly back: number }
  | { readonly do: 'tariff'; readonly retail: number; readonly feedIn: number }
  | {
      readonly do: 'rulebook'
      readonly spread: number
      readonly fee: number
      readonly lead: number
      readonly book: number
    }

/** What is wrong with an order, if it is sealed. */
export const flaws = ['none', 'underfunded', 'foreign', 'off_tick', 'too_much', 'lost'] as const
type Flaw = (typeof flaws)[number]

/** By which a market may go: of each kind of book one. */
export const books = [
  testRulebook, committeeRulebook, revealRulebook, { ...committeeRulebook, proof: 'optional' },
] as const

type Device = { readonly from: number; readonly importWh: number; readonly exportWh: number }

const depositors: readonly Person[] = ['alice', 'bob', 'carol', 'retailer', 'balance', 'guarantee']
const suspects: readonly Person[] = ['alice', 'bob', 'retailer', 'grid', 'balance']

export class RandomHistory {
  readonly market: Market
  readonly sealer: SealedMarket
  readonly auditor: Auditor
  /** The commitments whose owners have lost their openings. */
  readonly #lost = new Set<string>()
  readonly #placed: { readonly owner: MeterOwner; readonly id: string }[] = []
  readonly #asked: Command[] = []
  /** The device of each physical meter, and what its registers began with. */
  readonly #devices = new Map<number, Device>()
  #nextGate = 0
  #names = 0
  #version = 1

  /** `market` is open; what happened in it so far is audited from its journal. */
  constructor(market: Market) {
    this.market = market
    this.sealer = new SealedMarket(market)
    this.auditor = new Auditor(this.sealer.openings)
    for (const { command } of market.journal) {
      if (command.kind !== 'record_deposit') continue
      const { account, amountMicros } = command
      const before = this.auditor.balances.get(account) ?? 0n
      this.auditor.balances.set(account, before + BigInt(amountMicros))
    }
    // Close to the end of their digits, so that registers begin again.
    for (const { meter, kind } of market.state.meters) {
      const device = { from: 0, importWh: 999_999_000 + meter * 300, exportWh: 999_998_000 }
      if (kind === 'physical') this.#devices.set(meter, device)
    }
  }

  submit(command: Command): boolean {
    const applied = this.market.apply(command)
    this.auditor.after(this.market.state, command, applied)
    this.#asked.push(command)
    return applied.outcome.kind === 'accepted'
  }

  /** Intervals count from 0, as in `Market`. */
  get now(): number {
    return Math.floor(this.market.at / lengthMs) - firstInterval
  }

  play(step: Step): void {
    switch (step.do) {
      case 'interval':
        return this.interval(step.lost, step.settles)
      case 'tick':
        this.market.at += step.seconds * 1_000
        return this.#closeGates()
      case 'order':
        return this.#order(step)
      case 'trade': {
        const { seller, buyer, ...rest } = step
        this.#order({ ...rest, do: 'order', who: seller, sells: true })
        return this.#order({ ...rest, do: 'order', who: buyer, sells: false })
      }
      case 'cancel': {
        const order = this.#placed[step.which % Math.max(1, this.#placed.length)]
        if (order) this.submit(this.market.cancellation(order.owner, order.id))
        return
      }
      case 'again': {
        const command = this.#asked[step.which % Math.max(1, this.#asked.length)]
        if (command === undefined || command.kind === 'settle_interval') return
        const altered = step.altered && 'digest' in command ? { digest: hex(step.which, 64) } : {}
        this.submit({ ...command, ...altered } as Command)
        return
      }
      case 'suspend':
      case 'reinstate': {
        const participant = accountOf(suspects[step.who % suspects.length] ?? 'alice')
        const kind = `${step.do}_participant` as const
        this.submit(this.market.instruction(kind, 'operator', { participant }))
        return
      }
      case 'deposit':
        this.submit(this.market.deposit(depositor(step.who), step.amount))
        return
      case 'withdraw': {
        // All of it, also what is held, as often as some.
        const person = depositor(step.who)
        const all = Number(this.market.balance(person))
        const some = Math.min(step.amount, Number(this.market.available(person)))
        this.submit(this.market.withdrawal(person, step.amount % 2 === 0 ? all : some))
        return
      }
      case 'request':
      case 'advance':
      case 'paid':
        return this.#takeFromChain(step)
      case 'open':
        return this.#open(this.now - step.back, step.withheld)
      case 'prove': {
        const state = (['proven', 'overdue', 'faulty'] as const)[step.word % 3] ?? 'proven'
        this.submit(this.sealer.proofWord(this.now - step.back, state))
        return
      }
      case 'settle':
        this.#settle(this.now - 1 - step.back)
        return
      default:
        return this.#instruct(step)
    }
  }

  /** What an owner does on the chain without the exchange, in any order. */
  #takeFromChain(step: Extract<Step, { do: 'request' | 'advance' | 'paid' }>): void {
    const person = depositor(step.who)
    const account = accountOf(person)
    const claim = this.market.state.ledger.claims.get(account)
    if (step.do === 'advance') {
      const stage = step.amount % 2 === 0 ? 'near' : 'due'
      const reference = claim?.reference ?? ''
      this.submit({ kind: 'advance_withdrawal_request', account, reference, stage })
      return
    }
    this.#names += 1
    const reference = `0x${this.#names}:0`
    // Without a request it is an exit, which takes all.
    const most = claim?.amount ?? this.market.balance(person)
    const paid = most < this.market.balance(person) ? most : this.market.balance(person)
    const isPaid = step.do === 'paid'
    const kind = isPaid ? 'record_chain_withdrawal' : 'record_withdrawal_request'
    const amountMicros = isPaid ? Number(paid) : step.amount
    this.submit({ kind, reference, account, amountMicros })
  }

  #instruct(step: Extract<Step, { do: 'read' | 'replace' | 'register' | 'tariff' | 'rulebook' }>) {
    switch (step.do) {
      case 'read':
        return this.#read(step)
      case 'replace':
        return this.#replace(step.meter, step.back)
      case 'register': {
        this.#names += 1
        const content = meterContent(`extra-${this.#names}`, { account: accountOf('carol') })
        const meter = this.market.state.meters.length
        const done = this.submit(this.market.instruction('register_meter', 'grid', content))
        if (done) this.#devices.set(meter, { from: 0, importWh: 7, exportWh: 7 })
        return
      }
      case 'tariff': {
        const content = {
          fromInterval: firstInterval + this.now + 60,
          retailMicrosPerKwh: step.retail, feedInMicrosPerKwh: step.feedIn,
        }
        this.submit(this.market.instruction('set_tariff', 'retailer', content))
        return
      }
      case 'rulebook': {
        this.#version += 1
        const rulebook = {
          ...books[step.book % books.length], version: this.#version, feeMicrosPerKwh: step.fee,
          gateLeadSeconds: step.lead, horizonIntervals: 4 + (step.fee % 5),
          reconciliation: {
            policy: 'balancing-authority',
            spreadBasisPoints: step.spread,
            overDeviationBasisPoints: step.fee * 7,
          },
        }
        const content = { fromInterval: firstInterval + this.now + 9, rulebook }
        this.submit(this.market.instruction('schedule_rulebook', 'operator', content))
      }
    }
  }

  /** On to the next interval: gates close, meters are read but those lost, and all is settled. */
  interval(lost: number, settles: boolean): void {
    const next = this.now + 1
    this.market.toStart(next)
    this.#closeGates()
    // As often as a meter is lost, a committee is: then orders wait to be opened.
    if (((lost >> 4) & 1) === 0) this.openAll()
    const readings = [...this.#devices.keys()]
      .filter((_, i) => ((lost >> i) & 1) === 0)
      .map((meter) => {
        const boundary = firstInterval + next
        return { meter, boundary, version: 0, ...this.#shown(meter, next) }
      })
    if (readings.length > 0) this.#submitReadings(readings)
    if (!settles) return
    const zone = this.market.state.intervals.get(0)
    const numbers = [...(zone?.keys() ?? [])].sort((a, b) => a - b)
    for (const number of numbers) this.#settle(number - firstInterval)
  }

  #closeGates(): void {
    const close = (): boolean =>
      this.submit({ kind: 'close_gate', interval: firstInterval + this.#nextGate })
    while (close()) this.#nextGate += 1
  }

  /** Opens every order set that waits for it, if it can be opened yet. */
  openAll(): void {
    for (const { status, interval } of this.market.state.intervals.get(0)?.values() ?? []) {
      if (status === 'fixed') this.#open(interval - firstInterval, 0)
    }
  }

  /** Everything cleared is proven. */
  proveAll(): void {
    for (const { proof, interval } of this.market.state.intervals.get(0)?.values() ?? []) {
      if (proof === 'none' || proof === 'proven') continue
      this.submit(this.sealer.proofWord(interval - firstInterval, 'proven'))
    }
  }

  /** `withheld`, as bits: which of the orders do not open, beside those that are lost. */
  #open(interval: number, withheld: number): void {
    const { state, at } = this.market
    const record = state.intervals.get(0)?.get(firstInterval + interval)
    if (record === undefined) return
    let bits = withheld
    const isOpened = (commitment: string): boolean => {
      bits = Math.floor(bits / 2)
      return bits % 2 === 0 && !this.#lost.has(commitment)
    }
    const reveals = rulebookFor(state, record.interval).orderBook === 'sealed-reveal'
    if (reveals && at < revealUntil(state, record.interval)) {
      const revealed = [...record.sealed.keys()].filter(isOpened)
      for (const one of revealed) this.submit(this.sealer.revealing(one, interval))
    }
    const opening = this.sealer.opening(interval, (one, commitment) =>
      isOpened(commitment) ? one : withheld % 2 === 0 ? null : { ...one, energyWh: 7 })
    this.submit(opening)
  }

  #settle(interval: number): void {
    this.submit({ kind: 'settle_interval', zone: 0, interval: firstInterval + interval })
  }

  #order(step: Extract<Step, { do: 'order' }>): void {
    const owner = owners[step.who % owners.length] ?? 'alice'
    const limit = -500_000 + (step.limit % 31) * 50_000
    const side = step.sells ? 'sell' : 'buy'
    const ahead = this.now + step.ahead
    const { orderBook } = rulebookFor(this.market.state, Math.max(0, firstInterval + ahead))
    if (orderBook !== 'open') {
      const { flaw, energyWh } = step
      const sealed = this.sealer.sealed(owner, side, energyWh, limit, ahead, sealingOf[flaw])
      if (flaw === 'lost') this.#lost.add(sealed.commitment)
      if (this.submit(sealed)) this.#placed.push({ owner, id: sealed.id })
      return
    }
    const command = this.market.orderOf(owner, side, step.energyWh, limit, ahead)
    if (this.submit(command)) this.#placed.push({ owner, id: command.id })
  }

  #submitReadings(readings: SubmitReadings['readings']): void {
    this.submit({ ...this.market.readings([]), readings })
  }

  #read(step: Extract<Step, { do: 'read' }>): void {
    const known = [...this.#devices.keys()]
    const meter = known[step.meter % known.length] ?? 1
    const at = this.now - step.back
    const { importWh, exportWh } = this.#shown(meter, at)
    const reading = { importWh: importWh + step.noiseWh, exportWh }
    const { version } = step
    this.#submitReadings([{ meter, boundary: firstInterval + at, version, ...reading }])
  }

  #replace(which: number, back: number): void {
    const known = [...this.#devices.keys()]
    const meter = known[which % known.length] ?? 1
    const from = this.now - (back % 3)
    const { importWh, exportWh } = this.#shown(meter, from)
    const begins = { importWh: 99_500 + which, exportWh: which }
    const content = {
      meter, boundary: firstInterval + from, finalImportWh: importWh, finalExportWh: exportWh,
      initialImportWh: begins.importWh, initialExportWh: begins.exportWh, digits: 9,
    }
    const done = this.submit(this.market.instruction('replace_meter', 'grid', content))
    if (done) this.#devices.set(meter, { from, ...begins })
  }

  /** What the registers of the meter's present device truly show. */
  #shown(meter: number, boundary: number): { importWh: number; exportWh: number } {
    const device = this.#devices.get(meter) ?? { from: 0, importWh: 0, exportWh: 0 }
    let { importWh, exportWh } = device
    for (let interval = device.from; interval < boundary; interval += 1) {
      const energy = trueEnergy(meter, interval)
      importWh += energy.importWh
      exportWh += energy.exportWh
    }
    return { importWh: importWh % 10 ** 9, exportWh: exportWh % 10 ** 9 }
  }
}

const sealingOf: Readonly<Record<Flaw, Sealing>> = {
  none: {},
  lost: {},
  underfunded: { collateralMicros: 1_000 },
  foreign: { opening: { meter: meters.retailer } },
  off_tick: { opening: { limitMicrosPerKwh: 123_456 } },
  too_much: { opening: { energyWh: 1_200 } },
}

/** What a meter truly takes and feeds in: anything that its fuses let through. */
export function trueEnergy(
  meter: number,
  interval: number,
): { importWh: number; exportWh: number } {
  const mixed = Math.imul((meter + 1) * 7_919 + interval * 104_729, 0x9e3779b1) >>> 8
  const amount = mixed % 1_201
  if (mixed % 7 === 0) return { importWh: 0, exportWh: 0 }
  if (mixed % 7 === 1) return { importWh: amount, exportWh: 1_200 - amount }
  return mixed % 2 === 0 ? { importWh: amount, exportWh: 0 } : { importWh: 0, exportWh: amount }
}

const depositor = (who: number): Person => depositors[who % depositors.length] ?? 'alice'
