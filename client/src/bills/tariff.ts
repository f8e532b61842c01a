import { Micros, MicrosPerKwh } from '@busbar/core/units'
import type { RetailerTariff } from '@busbar/protocols/api'
import { inputInvalid } from './bills-fault.ts'
import type { LocalMoment } from './local-time.ts'

/** A price for a part of the week, by the clock on the wall. */
export type Band = {
  readonly name: string
  /** Minutes of the day; null where it is all day. Beyond midnight where `from` is the later. */
  readonly hours: { readonly from: number; readonly until: number } | null
  /** Days on which it holds, 0 is Sunday; null for all. */
  readonly days: ReadonlySet<number> | null
  /** The interval from which on it holds; null for all. */
  readonly fromInterval: number | null
  readonly price: MicrosPerKwh
}

/** What is charged whatever flows: once on each bill, for each meter, or for its days. */
export type Fee = {
  readonly name: string
  readonly amount: Micros
  readonly per: 'bill' | 'meter' | 'meter-day'
}

export type Plan = {
  readonly name: string
  /** Accounts that it is for; null for all others. */
  readonly accounts: ReadonlySet<number> | null
  /** What the customer pays for energy that the retailer delivered, and gets for what it took. */
  readonly import: readonly Band[]
  readonly export: readonly Band[]
  readonly fees: readonly Fee[]
}

export type TariffFile = {
  readonly timeZone: string
  /** ISO 4217, as letters and as a number. */
  readonly currency: string
  readonly currencyNumber: number
  readonly plans: readonly Plan[]
}

const listMax = 100
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const minutesPerDay = 1_440

/**
 * A retailer's tariff, as `docs/guides/billing.md` says.
 *
 * @param intervalSeconds of the market: a price holds for whole intervals
 * @throws Fault BILLS_INPUT_INVALID naming the field and its limit
 */
export function parseTariff(text: string, file: string, intervalSeconds: number): TariffFile {
  const reader = new Reader(file, intervalSeconds)
  let source: unknown
  try {
    source = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw inputInvalid(file, 'file', 'JSON')
  }
  const top = reader.fields(source, '', ['timeZone', 'currency', 'currencyNumber', 'plans'])
  const all = reader.list(top.plans, 'plans', 1)
  const plans = all.map((plan, i) => reader.plan(plan, `plans[${i}]`))
  const last = plans.at(-1)
  if (last?.accounts !== null) {
    throw inputInvalid(file, 'plans', 'the last one is for all others: without accounts')
  }
  return {
    timeZone: reader.text(top.timeZone, 'timeZone', /^.{1,64}$/),
    currency: reader.text(top.currency, 'currency', /^[A-Z]{3}$/),
    currencyNumber: reader.integer(top.currencyNumber, 'currencyNumber', 1, 999),
    plans,
  }
}

type Fields = Readonly<Record<string, unknown>>

class Reader {
  readonly #file: string
  readonly #stepMinutes: number

  constructor(file: string, intervalSeconds: number) {
    this.#file = file
    this.#stepMinutes = intervalSeconds / 60
  }

  fields(value: unknown, at: string, names: readonly string[]): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw inputInvalid(this.#file, at || 'file', 'an object')
    }
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) {
        const field = at === '' ? name : `${at}.${name}`
        throw inputInvalid(this.#file, field, `one of ${names.join(', ')}`)
      }
    }
    return value as Fields
  }

  list(value: unknown, at: string, least = 0): readonly unknown[] {
    const limit = `a list of ${least} to ${listMax}`
    if (!Array.isArray(value) || value.length < least || value.length > listMax) {
      throw inputInvalid(this.#file, at, limit)
    }
    return value
  }

  text(value: unknown, at: string, pattern: RegExp): string {
    if (typeof value === 'string' && pattern.test(value)) return value
    throw inputInvalid(this.#file, at, `text like ${pattern.source}`, value)
  }

  integer(value: unknown, at: string, least: number, most: number): number {
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      if (value >= least && value <= most) return value
    }
    throw inputInvalid(this.#file, at, `a whole number from ${least} to ${most}`, value)
  }

  plan(value: unknown, at: string): Plan {
    const fields = this.fields(value, at, ['name', 'accounts', 'import', 'export', 'fees'])
    const accounts =
      fields.accounts === undefined
        ? null
        : new Set(
            this.list(fields.accounts, `${at}.accounts`, 1).map((one, i) =>
              this.integer(one, `${at}.accounts[${i}]`, 3, 2 ** 31 - 1),
            ),
          )
    return {
      name: this.text(fields.name, `${at}.name`, /^[^\p{Cc}]{1,64}$/u),
      accounts,
      import: this.#bands(fields.import, `${at}.import`),
      export: this.#bands(fields.export, `${at}.export`),
      fees: this.list(fields.fees ?? [], `${at}.fees`).map((fee, i) =>
        this.#fee(fee, `${at}.fees[${i}]`),
      ),
    }
  }

  /** The first that holds counts, so the last one has to hold always. */
  #bands(value: unknown, at: string): readonly Band[] {
    const bands = this.list(value, at, 1).map((band, i) => this.#band(band, `${at}[${i}]`))
    const last = bands.at(-1)
    if (last === undefined || last.hours !== null || last.days !== null) {
      throw inputInvalid(this.#file, at, 'the last one holds at all times: without hours and days')
    }
    return bands
  }

  #band(value: unknown, at: string): Band {
    const names = ['name', 'from', 'until', 'days', 'microsPerKwh']
    const fields = this.fields(value, at, names)
    const most = Number(MicrosPerKwh.max)
    const price = this.integer(fields.microsPerKwh, `${at}.microsPerKwh`, -most, most)
    const isTimed = fields.from !== undefined || fields.until !== undefined
    const hours = isTimed
      ? {
          from: this.#minute(fields.from, `${at}.from`),
          until: this.#minute(fields.until, `${at}.until`),
        }
      : null
    if (hours !== null && hours.from === hours.until) {
      throw inputInvalid(this.#file, `${at}.until`, 'another time than from')
    }
    return {
      name: this.text(fields.name, `${at}.name`, /^[^\p{Cc}]{1,64}$/u),
      hours,
      days: fields.days === undefined ? null : this.#days(fields.days, `${at}.days`),
      fromInterval: null,
      price: MicrosPerKwh.from(BigInt(price)),
    }
  }

  #minute(value: unknown, at: string): number {
    const text = this.text(value, at, /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
    const [hour = 0, minute = 0] = text.split(':').map(Number)
    const minutes = hour * 60 + minute
    if (minutes % this.#stepMinutes !== 0) {
      throw inputInvalid(this.#file, at, `where an interval of ${this.#stepMinutes} minutes begins`)
    }
    return minutes % minutesPerDay
  }

  #days(value: unknown, at: string): ReadonlySet<number> {
    return new Set(
      this.list(value, at, 1).map((name, i) => {
        const day = dayNames.indexOf(String(name))
        if (day >= 0) return day
        throw inputInvalid(this.#file, `${at}[${i}]`, `one of ${dayNames.join(', ')}`, name)
      }),
    )
  }

  #fee(value: unknown, at: string): Fee {
    const fields = this.fields(value, at, ['name', 'micros', 'per'])
    const per = fields.per
    if (per !== 'bill' && per !== 'meter' && per !== 'meter-day') {
      throw inputInvalid(this.#file, `${at}.per`, 'one of bill, meter, meter-day', per)
    }
    const micros = this.integer(fields.micros, `${at}.micros`, 0, 10 ** 12)
    const name = this.text(fields.name, `${at}.name`, /^[^\p{Cc}]{1,64}$/u)
    return { name, amount: Micros.from(BigInt(micros)), per }
  }
}

/** The plan of an account: the first that names it, else the first for all others. */
export function planOf({ plans }: TariffFile, account: number): Plan {
  const found =
    plans.find(({ accounts }) => accounts?.has(account) === true) ??
    plans.find(({ accounts }) => accounts === null)
  if (found === undefined) throw new RangeError('a tariff has a plan for all others')
  return found
}

/** What the plan of `tariffAsSet` is called. */
export const planAsSet = 'as set'

/**
 * What a retailer has set with the exchange as a tariff of its own: one price for what it delivers
 * and one for what it takes, each until the next, for everybody and without fees.
 *
 * @param tariffs ascending, at least one: before the first, the first holds as well
 */
export function tariffAsSet(
  tariffs: readonly RetailerTariff[],
  display: Pick<TariffFile, 'timeZone' | 'currency' | 'currencyNumber'>,
): TariffFile {
  const bandsOf = (name: string, of: (one: RetailerTariff) => number): readonly Band[] =>
    tariffs
      .map((one, i): Band => ({
        ...{ name, hours: null, days: null, fromInterval: i === 0 ? null : one.fromInterval },
        price: MicrosPerKwh.from(BigInt(of(one))),
      }))
      .reverse()
  const plan: Plan = {
    ...{ name: planAsSet, accounts: null, fees: [] },
    import: bandsOf('energy', (one) => one.retailMicrosPerKwh),
    export: bandsOf('feed-in', (one) => one.feedInMicrosPerKwh),
  }
  return { ...display, plans: [plan] }
}

/** The band that holds when the clock on the wall shows `moment`, in an interval. */
export function bandAt(
  bands: readonly Band[],
  { minute, weekday }: LocalMoment,
  interval: number = Number.MAX_SAFE_INTEGER,
): Band {
  const found = bands.find(({ hours, days, fromInterval }) => {
    if (fromInterval !== null && interval < fromInterval) return false
    if (hours === null) return days === null || days.has(weekday)
    const { from, until } = hours
    const isEarly = from >= until && minute < until
    const isIn = from < until ? minute >= from && minute < until : minute >= from || isEarly
    // What goes on beyond midnight belongs to the day on which it began.
    const day = isEarly ? (weekday + 6) % 7 : weekday
    return isIn && (days === null || days.has(day))
  })
  if (found === undefined) throw new RangeError('the last band holds at all times')
  return found
}
