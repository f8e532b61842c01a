import { Fault } from '@busbar/core/errors'
import type { TextForm } from '../xml/index.ts'

/** Every message is refused with this and says which field. */
export const code = 'PAYMENT_MESSAGE_INVALID'

/** What banks everywhere carry: the characters of SWIFT, with no slash where it would mean more. */
const latin = "[A-Za-z0-9/?:().,'+ -]"

/** The names of messages, payments and transfers: Max35Text in the characters that all take. */
export const idForm: TextForm = {
  pattern: /^(?!\/)(?!.*\/\/)[A-Za-z0-9/?:().,'+-]{1,35}(?<!\/)$/,
  limit: "1 to 35 of A-Z, a-z, 0-9 and /?:().,'+-, no slash at an end and no two together",
}

/** As others write ids: Max35Text, with blanks inside. */
export const foreignIdForm: TextForm = {
  pattern: /^[\u0020-\ud7ff\ue000-\ufffd]{1,35}$/,
  limit: '1 to 35 characters',
}

export const nameForm: TextForm = {
  pattern: new RegExp(`^(?! )${latin}{1,70}(?<! )$`),
  limit: "1 to 70 of A-Z, a-z, 0-9, blanks and /?:().,'+-",
}

export const remittanceForm: TextForm = {
  pattern: new RegExp(`^(?! )${latin}{1,140}(?<! )$`),
  limit: "1 to 140 of A-Z, a-z, 0-9, blanks and /?:().,'+-",
}

export const foreignTextForm: TextForm = { pattern: /^[^]{1,500}$/, limit: '1 to 500 characters' }

export const currencyForm: TextForm = { pattern: /^[A-Z]{3}$/, limit: 'three capital letters' }

export const countForm: TextForm = { pattern: /^\d{1,15}$/, limit: '1 to 15 digits' }

/** DecimalNumber of 18 digits, of which 5 after the point: a micro has 6, so none is lost. */
export const amountForm: TextForm = {
  pattern: /^\d{1,13}(?:\.\d{1,5})?$/,
  limit: 'up to 13 digits and 5 after the point',
}

/** A sum may carry more digits behind the point, as long as they are zeros. */
export const sumForm: TextForm = {
  pattern: /^\d{1,13}(?:\.\d{1,5}0{0,12})?$/,
  limit: 'up to 13 digits and 5 after the point',
}

export const dateForm: TextForm = {
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  limit: 'a date such as 2026-03-01',
}

export const timeForm: TextForm = {
  pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?$/,
  limit: 'a time such as 2026-03-01T12:00:00Z',
}

/** Of an account that is no IBAN: Max34Text. */
const otherAccount = /^(?! )[A-Za-z0-9/?:().,'+ -]{1,34}(?<! )$/

/** Whether `text` is an IBAN: its form, and the check digits of ISO 13616. */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d\d[A-Z0-9]{11,30}$/.test(text)) return false
  const moved = `${text.slice(4)}${text.slice(0, 4)}`
  const digits = moved.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))
  return BigInt(digits) % 97n === 1n
}

export const accountForm: TextForm = {
  pattern: otherAccount,
  limit: 'an IBAN, or 1 to 34 characters of another kind of account',
}

/** @throws Fault PAYMENT_MESSAGE_INVALID unless `text` has the form */
export function checked(text: string, { pattern, limit }: TextForm, field: string): string {
  if (!pattern.test(text)) throw new Fault(code, { field, limit })
  return text
}
