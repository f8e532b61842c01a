import { Fault } from '@busbar/core/errors'
import type { TextForm, XmlFields } from '../xml/index.ts'

export const code = 'BILL_MESSAGE_INVALID'

/** Of messages, institutions, billers, payers, bills and payments. */
export const nameForm: TextForm = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/,
  limit: '1 to 100 of A-Z, a-z, 0-9 and ._:/-, a letter or digit at first',
}

export const noteForm: TextForm = {
  pattern: /^[\u0020-\ud7ff\ue000-\ufffd]{0,140}$/,
  limit: 'up to 140 characters in one line',
}

export const currencyForm: TextForm = { pattern: /^[A-Z]{3}$/, limit: 'three capital letters' }

/** One spelling of each number. */
export const centsForm: TextForm = {
  pattern: /^[1-9]\d{0,14}$/,
  limit: 'whole hundredths of the currency, 1 to 15 digits, above zero',
}

export const countForm: TextForm = {
  pattern: /^(?:0|[1-9]\d{0,14})$/,
  limit: 'a whole number of up to 15 digits',
}

export const timeForm: TextForm = {
  pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  limit: 'a time such as 2026-03-01T12:00:00.000Z',
}

export const flagForm: TextForm = { pattern: /^(?:true|false)$/, limit: 'true or false' }

export function checked(text: string, { pattern, limit }: TextForm, field: string): string {
  if (!pattern.test(text)) throw new Fault(code, { field, limit })
  return text
}

/** @throws Fault BILL_MESSAGE_INVALID for a time outside of the years 1 to 9999 */
export function timeText(ms: number, field: string): string {
  const isInRange =
    Number.isSafeInteger(ms) && ms >= -62_135_596_800_000 && ms < 253_402_300_800_000
  if (!isInRange) throw new Fault(code, { field, limit: 'milliseconds of a time' })
  return new Date(ms).toISOString()
}

/** Milliseconds of a time in its one spelling: the 30th of February is none. */
export function timeIn(fields: XmlFields): number {
  const text = fields.text(timeForm)
  const ms = Date.parse(text)
  const isTime = !Number.isNaN(ms) && new Date(ms).toISOString() === text
  return isTime ? ms : fields.refuse(timeForm.limit)
}
