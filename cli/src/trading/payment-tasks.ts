import { readFile } from 'node:fs/promises'
import { pagesOf } from '@busbar/client'
import type { DefaultView, PaymentView } from '@busbar/protocols/api'
import { bytesToHex, keccak256 } from '@busbar/protocols/hash'
import { UsageError } from '../cli-error.ts'
import { exactMoney } from '../text.ts'
import { type Desk, exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { number } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { timeText } from '../desk/times.ts'

const timeOr = (ms: number | null): string => (ms === null ? '' : timeText(ms))

export const payments: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const own = desk.me.account
  const found: PaymentView[] = []
  let [duesMicros, prepaidMicros] = [0, 0]
  for await (const page of pagesOf((each) => desk.client.trades.payments(own, each))) {
    found.push(...page.payments)
    duesMicros = page.duesMicros
    prepaidMicros = page.prepaidMicros
  }
  const lines = await Promise.all(found.map(async (one) => [
    String(one.payment), String(one.trade), one.rail,
    one.payer === own
      ? `to ${await desk.people.label(one.payee)}`
      : `of ${await desk.people.label(one.payer)}`,
    exactMoney(one.amountMicros), exactMoney(one.reservedMicros), one.state,
    timeOr(one.dueAtMs), one.reason,
  ]))
  const head = ['payment', 'trade', 'rail', 'who', 'amount', 'set aside', 'state', 'due', 'why']
  const open = duesMicros === 0
    ? 'Nothing is open outside of the ledger.'
    : duesMicros < 0
      ? `You owe ${exactMoney(-duesMicros)} outside of the ledger.`
      : `You are owed ${exactMoney(duesMicros)} outside of the ledger.`
  const text = `${found.length === 0
    ? 'No payment goes by another rail than the clearing house: its money is in busbar explain.'
    : table(head, lines)}
${open}${prepaidMicros === 0 ? '' : ` Prepaid at your retailer: ${exactMoney(prepaidMicros)}.`}`
  const content = { account: own, payments: found, duesMicros, prepaidMicros }
  return say(values, output, content, text)
}

export const postpone: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['PAYMENT'])
  const desk = await openDesk(values)
  const payment = number(which, 'PAYMENT')
  const result = await desk.instruct('postpone_payment', { payment })
  const state = result.kind === 'payment_recorded' ? result.state : ''
  const costs = exactMoney(desk.market.rulebook.trades?.postponementMicros ?? 0)
  const text = `Payment ${payment} is ${state}; asking for it costs ${costs}.`
  return say(values, output, { payment, state }, text)
}

export async function defaultsOf(desk: Desk): Promise<readonly DefaultView[]> {
  const found: DefaultView[] = []
  const own = desk.me.account
  for await (const page of pagesOf((each) => desk.client.trades.defaults(own, each))) {
    found.push(...page.defaults)
  }
  return found
}

export async function defaultsText(desk: Desk, found: readonly DefaultView[]): Promise<string> {
  if (found.length === 0) return 'Nobody is in default.'
  const lines = await Promise.all(found.map(async (one) => {
    const last = one.steps.at(-1)
    return [
      String(one.default),
      one.account === null ? 'another retailer’s' : await desk.people.label(one.account),
      String(one.trade), one.cause,
      exactMoney(one.amountMicros), exactMoney(one.recoveredMicros), one.status,
      last === undefined ? '' : last.step, timeOr(last?.deadlineMs ?? null),
      last === undefined ? '' : last.evidence === '' ? 'not shown' : 'shown',
    ]
  }))
  const head = [
    'default', 'of', 'trade', 'cause', 'amount', 'recovered', 'status', 'step', 'until', 'evidence',
  ]
  return table(head, lines)
}

export const defaults: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const found = await defaultsOf(desk)
  const own = found.filter(({ account, status }) =>
    account === desk.me.account && (status === 'open' || status === 'exhausted'))
  const appeal = own.some(({ grounds }) => grounds === '')
    ? ` If it is wrong: busbar trade appeal DEFAULT FILE --as ${desk.me.name}`
    : ''
  const text = `${await defaultsText(desk, found)}${own.length > 0 ? `

Paying ends it.${appeal}` : ''}`
  return say(values, output, { account: desk.me.account, defaults: found }, text)
}

/** What a document is known by: the keccak-256 of its bytes. @throws UsageError */
export async function hashOfFile(file: string | undefined, what: string): Promise<string> {
  if (file === undefined) throw new UsageError(`${what} is missing`)
  try {
    return bytesToHex(keccak256(new Uint8Array(await readFile(file))))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    throw new UsageError(`${what}: ${file} cannot be read`, { cause })
  }
}

export const consent: Task = async (operands, values, output) => {
  const [file] = exactly(operands, ['FILE'])
  const textHash = await hashOfFile(file, 'FILE')
  const desk = await openDesk(values)
  await desk.instruct('consent_to_enforcement', { textHash })
  const text = `You have consented to the text with the hash ${textHash}. You can trade now.`
  return say(values, output, { account: desk.me.account, textHash }, text)
}

export const appeal: Task = async (operands, values, output) => {
  const [which, file] = exactly(operands, ['DEFAULT', 'FILE'])
  const about = { default: number(which, 'DEFAULT'), grounds: await hashOfFile(file, 'FILE') }
  const desk = await openDesk(values)
  const result = await desk.instruct('appeal_default', about)
  const status = result.kind === 'default_changed' ? result.status : ''
  const text = `Default ${about.default} is ${status}: no further step until it is decided.`
  return say(values, output, { ...about, status }, text)
}
