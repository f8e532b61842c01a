import { type LadderStep, type Source, sources } from '@busbar/core/trades'
import { decimal } from './decimal.ts'

/** Of a ladder as it is written; the exchange's own limit. */
const stepsMax = 16

/** A step before names are looked up. */
export type WrittenStep = {
  readonly who:
    | { readonly kind: 'participant'; readonly name: string }
    | { readonly kind: 'account'; readonly number: number }
    | { readonly kind: 'zone'; readonly zone: string }
    | { readonly kind: 'anyone' }
  readonly source: Source
  readonly priceMicrosPerKwh: number
}

/** A ladder in plain terms that is none; says where and why. */
export class LadderError extends Error {
  override readonly name = 'LadderError'
  readonly step: number

  constructor(message: string, step: number) {
    super(message)
    this.step = step
  }
}

const form = 'WHO@PRICE or WHO/SOURCE@PRICE, such as "alice@0.28, zone:3/solar@0.25, anyone@0.20"'

/**
 * A ladder of preference in plain terms: steps with commas, first choice first. WHO is a name,
 * `account:N`, `zone:N`, `zone:NAME` or `anyone`; the price is of the currency for a kilowatt-hour.
 *
 * @throws LadderError with the number of the step, the position of its text (from 1) and the limit
 */
export function parseLadder(text: string): readonly WrittenStep[] {
  const parts = text.split(',')
  if (parts.length > stepsMax) {
    throw new LadderError(`it has ${parts.length} steps; it takes 1 to ${stepsMax}`, parts.length)
  }
  let at = 0
  return parts.map((part, index) => {
    const token = part.trim()
    const place = { step: index + 1, position: at + part.indexOf(token) + 1, token }
    at += part.length + 1
    return stepOf(token, place)
  })
}

type Place = { readonly step: number; readonly position: number; readonly token: string }

function wrong({ step, position, token }: Place, limit: string): LadderError {
  const shown = token === '' ? 'nothing' : `"${token}"`
  return new LadderError(`step ${step}, position ${position}: ${shown}: ${limit}`, step)
}

function stepOf(token: string, place: Place): WrittenStep {
  const [before = '', price, ...others] = token.split('@')
  if (price === undefined || others.length > 0) throw wrong(place, `a step is ${form}`)
  const [who = '', source = 'any', ...more] = before.split('/').map((part) => part.trim())
  if (more.length > 0) throw wrong(place, `a step is ${form}`)
  const known = sources.find((one) => one === source)
  if (known === undefined) throw wrong(place, `a source is one of ${sources.join(', ')}`)
  const priceMicrosPerKwh = decimal(price.trim(), 6)
  if (priceMicrosPerKwh === undefined) {
    throw wrong(place, 'a price is a decimal number with six digits after the point at most')
  }
  return { who: whoOf(who, place), source: known, priceMicrosPerKwh }
}

function whoOf(text: string, place: Place): WrittenStep['who'] {
  if (text === 'anyone') return { kind: 'anyone' }
  const [, kind, value = ''] = /^(zone|account):(.*)$/.exec(text) ?? []
  if (kind === 'zone') {
    if (/^[a-z0-9-]{1,32}$/.test(value)) return { kind, zone: value }
    throw wrong(place, 'a zone is zone:N, or zone:NAME of 1 to 32 of a-z, 0-9 and -')
  }
  if (kind === 'account') {
    if (/^\d{1,9}$/.test(value)) return { kind, number: Number(value) }
    throw wrong(place, 'an account is account:N')
  }
  if (/^[a-z0-9-]{1,32}$/.test(text)) return { kind: 'participant', name: text }
  throw wrong(place, 'who is a name of 1 to 32 of a-z, 0-9 and -, account:N, zone:N or anyone')
}

/** As it is signed, with every name looked up. */
export async function resolveLadder(
  steps: readonly WrittenStep[],
  look: {
    /** Throws where nobody is called so. */
    readonly account: (name: string) => Promise<number>
    /** Throws where no zone is called so. */
    readonly zone: (zone: string) => number
  },
): Promise<LadderStep[]> {
  const resolved: LadderStep[] = []
  for (const { who, source, priceMicrosPerKwh } of steps) {
    const price = { source, priceMicrosPerKwh }
    switch (who.kind) {
      case 'participant':
        resolved.push({ with: 'participant', number: await look.account(who.name), ...price })
        break
      case 'account':
        resolved.push({ with: 'participant', number: who.number, ...price })
        break
      case 'zone':
        resolved.push({ with: 'zone', number: look.zone(who.zone), ...price })
        break
      case 'anyone':
        resolved.push({ with: 'anyone', number: null, ...price })
        break
    }
  }
  return resolved
}

/** The other way round, as a ladder is shown. */
export const ladderText = (
  ladder: readonly LadderStep[],
  nameOf: (account: number) => string,
): string =>
  ladder
    .map(({ with: kind, number, source, priceMicrosPerKwh }) => {
      const who =
        kind === 'anyone' ? kind : kind === 'zone' ? `zone:${number}` : nameOf(number ?? 0)
      const from = source === 'any' ? '' : `/${source}`
      return `${who}${from}@${priceMicrosPerKwh / 1_000_000}`
    })
    .join(', ')
