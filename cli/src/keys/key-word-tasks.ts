/** What an account says of its further keys: passkeys, and the mandates of its agents. */
import { readFile } from 'node:fs/promises'
import type { InstructionContent } from '@busbar/core/exchange'
import { askedForDays } from '@busbar/core/registry'
import type { AccountDetail } from '@busbar/protocols/api'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { energy, exactMoney, rows } from '../text.ts'
import { type Desk, exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { invite } from '../trading/join-tasks.ts'
import { micros, number, wattHours } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { timeText } from '../desk/times.ts'

type KeyTask = (file: string, values: Values, output: Output) => Promise<void>

const daySeconds = 86_400
const mandateDaysMax = 366

/** A compressed key, as the exchange names it. @throws UsageError */
function publicKeyOf(values: Values, what: string): string {
  const text = required(values, 'public-key', what)
  if (/^0x0[23][0-9a-f]{64}$/.test(text)) return text
  throw new UsageError('--public-key is 0x02 or 0x03 and 64 hex digits')
}

const priceOf = (values: Values, name: string): number | null => {
  const text = values.text(name)
  return text === undefined ? null : micros(text, `--${name}`)
}

/** The account as its owner sees it. */
const detailOf = (desk: Desk): Promise<AccountDetail> => desk.client.account(desk.me.account)

function mandateContent(desk: Desk, values: Values): InstructionContent['grant_mandate'] {
  const publicKey = publicKeyOf(values, 'of the agent: busbar key new draws it')
  const meters = required(values, 'meters', 'for which it trades, such as 3 or 3,4')
    .split(',').map((text) => number(text, '--meters'))
  const dayEnergyMaxWh = wattHours(
    required(values, 'energy', 'the most of a day, such as 20kWh'), '--energy',
  )
  const one = values.text('order-energy')
  const { nowMs } = desk.market.clock
  return {
    publicKey,
    meters,
    buyMaxMicrosPerKwh: priceOf(values, 'buy-up-to'),
    sellMinMicrosPerKwh: priceOf(values, 'sell-from'),
    orderEnergyMaxWh: one === undefined ? dayEnergyMaxWh : wattHours(one, '--order-energy'),
    dayEnergyMaxWh,
    fromMs: nowMs,
    untilMs: nowMs + values.integer('days', 7, 1, mandateDaysMax) * daySeconds * 1_000,
    label: values.text('label') ?? 'agent',
  }
}

const price = (value: number | null): string => (value === null ? '' : exactMoney(value))

export const keyWordTasks = {
  async mandate(file, values, output) {
    const desk = await openDesk(values, file)
    const content = mandateContent(desk, values)
    await desk.instruct('grant_mandate', content)
    const text = `${content.label} trades for ${desk.me.name} until ${timeText(content.untilMs)}:
${rows([
  ['meters', content.meters.join(', ')],
  ['buys up to', price(content.buyMaxMicrosPerKwh) || 'nothing'],
  ['sells from', price(content.sellMinMicrosPerKwh) || 'nothing'],
  ['an order', energy(content.orderEnergyMaxWh)],
  ['a day', energy(content.dayEnergyMaxWh)],
])}
To end it at once:
  busbar key revoke-mandate ${file} --as ${desk.me.name} --public-key ${content.publicKey}`
    say(values, output, { account: desk.me.account, ...content }, text)
  },

  async mandates(file, values, output) {
    const desk = await openDesk(values, file)
    const { account, mandates } = await detailOf(desk)
    const lines = mandates.map((one) => [
      one.label, one.meters.join(','), price(one.buyMaxMicrosPerKwh),
      price(one.sellMinMicrosPerKwh), energy(one.orderEnergyMaxWh), energy(one.dayEnergyMaxWh),
      energy(one.leftTodayWh), timeText(one.untilMs), one.publicKey,
    ])
    const head = [
      'agent', 'meters', 'buys up to', 'sells from', 'an order', 'a day', 'left today', 'until',
      'key',
    ]
    const text = mandates.length === 0
      ? `No agent trades for ${desk.me.name}.`
      : table(head, lines)
    say(values, output, { account, mandates }, text)
  },

  async 'revoke-mandate'(file, values, output) {
    const desk = await openDesk(values, file)
    const publicKey = publicKeyOf(values, 'of the agent, as busbar key mandates lists it')
    await desk.instruct('revoke_mandate', { publicKey })
    const text = 'The agent trades no longer. What it ordered stands until it is cancelled.'
    say(values, output, { account: desk.me.account, publicKey }, text)
  },

  async passkeys(file, values, output) {
    const desk = await openDesk(values, file)
    const { account, passkeys, joinCodes } = await detailOf(desk)
    const askedBy = async ({ registeredBy, askedBy: name }: typeof passkeys[number]) => {
      const asker = passkeys.find(({ publicKey }) => publicKey === name)
      const who = await desk.people.label(registeredBy)
      return asker === undefined ? who : `${who}, with ${asker.label}`
    }
    const lines = await Promise.all(passkeys.map(async (one) => [
      one.label, one.host, timeText(one.signsFromMs), await askedBy(one),
      one.withdraws ? 'may leave' : 'stays', one.publicKey,
    ]))
    const waiting = joinCodes.map((one) =>
      `A link waits for a passkey on ${one.host} until ${timeText(one.untilMs)}: ${one.publicKey}`)
    const listed = passkeys.length === 0
      ? `${desk.me.name} has no passkey.`
      : table(['passkey', 'host', 'speaks from', 'asked for by', 'money', 'key'], lines)
    say(values, output, { account, passkeys, joinCodes }, [listed, ...waiting].join('\n'))
  },

  async 'revoke-passkey'(file, values, output) {
    const desk = await openDesk(values, file)
    const publicKey = publicKeyOf(values, 'as busbar key passkeys lists it')
    await revokePasskey(desk, publicKey, values, output)
  },

  async invite(file, values, output) {
    const desk = await openDesk(values, file)
    await invite(desk, desk.me, values, output)
  },
} as const satisfies Record<string, KeyTask>

async function revokePasskey(
  desk: Desk,
  publicKey: string,
  values: Values,
  output: Output,
): Promise<number> {
  const result = await desk.instruct('revoke_passkey', { publicKey })
  const account = result.kind === 'passkey_revoked' ? result.account : desk.me.account
  const text = `The passkey speaks no longer; nor does a mandate or a link that it gave, nor a
passkey that it added in the last ${askedForDays} days.`
  return say(values, output, { account, publicKey }, text)
}

/** What a device told of a passkey: what the page shows to be handed to the desk. */
async function passkeyIn(file: string): Promise<InstructionContent['register_passkey']> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new UsageError(`${file} cannot be read`)
  try {
    const { publicKey, credentialId, host, label } = JSON.parse(text) as Record<string, unknown>
    const parts = { publicKey, credentialId, host, label }
    const isWhole = Object.values(parts).every((part) => typeof part === 'string')
    if (isWhole) return { participant: 0, ...parts } as InstructionContent['register_passkey']
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new UsageError(`${file} takes JSON with publicKey, credentialId, host and label`)
}

/** `busbar retailer register-passkey WHO FILE` */
export const registerPasskey: Task = async (operands, values, output) => {
  const [who = '', file = ''] = exactly(operands, ['WHO', 'FILE'])
  const passkey = await passkeyIn(file)
  const desk = await openDesk(values)
  const { account: participant, name } = await desk.people.find(who, 'WHO')
  const result = await desk.instruct('register_passkey', { ...passkey, participant })
  const signsFromMs = result.kind === 'passkey_registered' ? result.signsFromMs : 0
  const text = `${passkey.label} speaks for ${name} from ${timeText(signsFromMs)} on,
if ${name} does not revoke it before; the account has been told.`
  return say(values, output, { ...passkey, account: participant, signsFromMs }, text)
}

/** `busbar retailer revoke-passkey 0x…` */
export const revokeOfCustomer: Task = async (operands, values, output) => {
  const [publicKey = ''] = exactly(operands, ['0x…'])
  return revokePasskey(await openDesk(values), publicKey, values, output)
}

/** `busbar retailer revoke-mandate 0x…` */
export const revokeMandateOfCustomer: Task = async (operands, values, output) => {
  const [publicKey = ''] = exactly(operands, ['0x…'])
  const desk = await openDesk(values)
  const result = await desk.instruct('revoke_mandate', { publicKey })
  const account = result.kind === 'mandate_revoked' ? result.account : 0
  return say(values, output, { account, publicKey }, 'The agent trades no longer.')
}
