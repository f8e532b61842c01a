import { joinCodeText, newJoinCode } from '@busbar/client'
import { joinCodeSecondsMax } from '@busbar/core/exchange'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { type Desk, exactly, openDesk, required, say, type Task } from '../desk/desk.ts'
import { timeText } from '../desk/times.ts'

const daySeconds = 86_400
const daysMax = joinCodeSecondsMax / daySeconds

/** The origin of the pages, where a browser gives a page passkeys. @throws UsageError */
function pagesOf(values: Values): URL {
  const text = required(values, 'pages', 'the address at which the exchange’s pages are')
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isSecure = url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && url.hostname === 'localhost')
  if (url !== undefined && isSecure) return url
  throw new UsageError(`--pages is ${text}; it takes https://… or http://localhost:…`)
}

/**
 * Draws a join code for an account, has it count, and prints the link. Nobody but who gets the link
 * has the key in it: it is shown once and kept nowhere.
 */
export async function invite(
  desk: Desk,
  participant: { readonly account: number; readonly name: string },
  values: Values,
  output: Output,
): Promise<number> {
  const pages = pagesOf(values)
  const days = values.integer('days', 7, 1, daysMax)
  const untilMs = desk.market.clock.nowMs + days * daySeconds * 1_000
  const code = newJoinCode(participant.account)
  const { account, publicKey } = code
  const host = pages.hostname
  await desk.instruct('issue_join_code', { participant: account, publicKey, host, untilMs })
  const { delaySeconds } = await desk.client.keys.joinCode(code)
  const link = `${pages.origin}/join#${joinCodeText(code)}`
  const when = delaySeconds === 0
    ? 'and speaks for the account at once'
    : `and speaks for the account ${Math.ceil(delaySeconds / 3_600)} hours later`
  const { name } = participant
  const text = `${link}

Whoever opens this link registers a passkey for ${name}, once, until ${timeText(untilMs)},
${when}. Hand it over as you would a key. To take it back:
  revoke-invite ${name} ${publicKey}`
  return say(values, output, { account, publicKey, host, untilMs, delaySeconds, link }, text)
}

/** `busbar retailer invite WHO` */
export const inviteCustomer: Task = async (operands, values, output) => {
  const [who = ''] = exactly(operands, ['WHO'])
  pagesOf(values)
  const desk = await openDesk(values)
  return invite(desk, await desk.people.find(who, 'WHO'), values, output)
}

/** `busbar retailer revoke-invite WHO 0x…` */
export const revokeInvite: Task = async (operands, values, output) => {
  const [who = '', publicKey = ''] = exactly(operands, ['WHO', '0x…'])
  const desk = await openDesk(values)
  const { account: participant, name } = await desk.people.find(who, 'WHO')
  await desk.instruct('revoke_join_code', { participant, publicKey })
  const text = `${name}’s link counts no longer.`
  return say(values, output, { account: participant, publicKey }, text)
}
