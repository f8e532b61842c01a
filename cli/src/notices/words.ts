import type { Market, Notice } from '@busbar/protocols/api'
import { energy, exactMoney } from '../text.ts'
import type { People } from '../desk/desk.ts'
import { startOf, timeText } from '../desk/times.ts'

const relations = {
  party: 'you are a side of it',
  retailer: 'a customer of yours is a side of it',
  utility: 'it goes over your wires',
} as const

const spaced = (word: string): string => word.replaceAll('_', ' ')

/** What a notice says, in a line; its subject and time stand beside it. */
export async function noticeWords(
  notice: Notice,
  market: Market,
  people: People,
): Promise<string> {
  const from = (interval: number, many: number): string =>
    `${many === 1 ? '1 interval' : `${many} intervals`} from ${timeText(startOf(market, interval))}`
  const name = async (account: number | null): Promise<string> =>
    account === null ? 'another retailer’s customer' : await people.label(account)
  switch (notice.kind) {
    case 'trade_changed': {
      const { what, relation, reason } = notice.data
      return `${spaced(what)}${reason === '' ? '' : `: ${reason}`}; ${relations[relation]}`
    }
    case 'delivery_limited': {
      const { relation, fromInterval, intervals } = notice.data
      return `delivery is limited in ${from(fromInterval, intervals)}; ${relations[relation]}`
    }
    case 'offer_changed':
      return `your offer is ${notice.data.status}`
    case 'payment_changed': {
      const { payment, rail, payer, payee, state, amountMicros, reference, reason } = notice.data
      const who = `${await name(payer)} to ${await name(payee)}`
      // Asked for twice are two things: that it is, and by which name its rail asks.
      const named = reference === '' ? '' : `, as ${reference}`
      const why = reason === '' ? '' : `: ${reason}`
      const amount = exactMoney(amountMicros)
      return `payment ${payment} by ${rail}, ${who}, ${amount}: ${state}${named}${why}`
    }
    case 'default_changed': {
      const { default: number, account, cause, amountMicros, status, steps } = notice.data
      const about = `${await name(account)}, ${exactMoney(amountMicros)}`
      const last = steps.at(-1)
      const step = last === undefined
        ? ''
        : `; ${spaced(last.step)} until ${timeText(last.deadlineMs)}`
      return `default ${number} of ${about}: ${status}, by ${spaced(cause)}${step}`
    }
    case 'meter_data_requested':
      return `readings are asked for, of ${from(notice.data.fromInterval, notice.data.intervals)}`
    case 'agreement_recorded':
      return agreementWords(notice.data, market, name)
    case 'netting_changed': {
      const { debtor, creditor, amountMicros, state } = notice.data
      const who = `${await name(debtor)} to ${await name(creditor)}`
      return `a bank transfer of ${exactMoney(amountMicros)}, ${who}: ${state}`
    }
    case 'run_posted': {
      const { interval, run, runKind } = notice.data
      return `run ${run} of ${timeText(startOf(market, interval))} is posted: ${runKind}`
    }
    case 'participant_changed':
      return `${await name(notice.data.account)} is ${notice.data.status}`
    case 'key_replaced':
      return `another key speaks for the account, of the address ${notice.data.address}`
    case 'passkey_registered':
    case 'passkey_revoked':
    case 'objection_raised':
    case 'join_code_issued':
    case 'join_code_revoked':
    case 'mandate_granted':
    case 'mandate_revoked':
      return furtherKeyWords(notice, name)
    case 'proposal_changed':
      return proposalWords(notice.data, name)
  }
}

type FurtherKeyNotice = Extract<
  Notice,
  { readonly kind: 'objection_raised' | `${'passkey' | 'join_code' | 'mandate'}_${string}` }
>

async function furtherKeyWords(
  notice: FurtherKeyNotice,
  name: (account: number) => Promise<string>,
): Promise<string> {
  switch (notice.kind) {
    case 'passkey_registered': {
      const { host, label, signsFromMs, registeredBy } = notice.data
      const since = `speaks for the account from ${timeText(signsFromMs)} on`
      return `the passkey ${label} of ${host} ${since}, as ${await name(registeredBy)} said`
    }
    case 'passkey_revoked': {
      const { label, publicKey, revokedBy, mayObject } = notice.data
      const over = `the passkey ${label} speaks for the account no longer`
      return mayObject
        ? `${over}: ${await name(revokedBy)} was told that it is lost; who has it can object by it`
        : `${over} (${publicKey})`
    }
    case 'objection_raised': {
      const { account, publicKey, retailer } = notice.data
      const who = `${await name(account)} objected to what ${await name(retailer)} asked for it`
      return `${who}, by the passkey ${publicKey}: an authority decides, and revokes it`
    }
    case 'join_code_issued': {
      const { host, untilMs, issuedBy } = notice.data
      const what = `a passkey can be registered on ${host} until ${timeText(untilMs)}`
      return `${what}, by a code that ${await name(issuedBy)} issued`
    }
    case 'mandate_granted': {
      const { label, untilMs, dayEnergyMaxWh } = notice.data
      const what = `trades up to ${energy(dayEnergyMaxWh)} a day`
      return `the agent ${label} ${what} until ${timeText(untilMs)}`
    }
    case 'mandate_revoked':
      return `the agent with the key ${notice.data.publicKey} trades for the account no longer`
    case 'join_code_revoked':
      return `the join code ${notice.data.publicKey} counts no longer`
  }
}

async function agreementWords(
  data: Extract<Notice, { readonly kind: 'agreement_recorded' }>['data'],
  market: Market,
  name: (account: number) => Promise<string>,
): Promise<string> {
  const { retailers, basis, fromInterval, untilInterval } = data
  const at = (interval: number): string => timeText(startOf(market, interval))
  const [one, other] = await Promise.all(retailers.map(name))
  const until = untilInterval === null ? '' : ` until ${at(untilInterval)}`
  return `a ${basis} agreement binds ${one} and ${other} from ${at(fromInterval)} on${until}`
}

async function proposalWords(
  data: Extract<Notice, { readonly kind: 'proposal_changed' }>['data'],
  name: (account: number) => Promise<string>,
): Promise<string> {
  const { proposal, instruction, status, proposedBy, expiresAtMs, decidedBy, reason } = data
  const what = `proposal ${proposal}, ${instruction} by ${await name(proposedBy)}`
  if (status === 'open') return `${what}, waits for somebody else until ${timeText(expiresAtMs)}`
  const who = decidedBy === null ? '' : ` by ${await name(decidedBy)}`
  return `${what}, is ${status}${who}${reason === '' ? '' : `: ${reason}`}`
}

/** Its number, time and subject, and what it says. */
export async function noticeCells(
  notice: Notice,
  market: Market,
  people: People,
): Promise<readonly string[]> {
  const { sequence, atMs, subject } = notice
  return [String(sequence), timeText(atMs), subject, await noticeWords(notice, market, people)]
}
