import type { Webhook } from '@busbar/protocols/api'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import { rows } from '../text.ts'
import { type Desk, exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { number } from '../desk/quantities.ts'
import { timeText } from '../desk/times.ts'
import { listen } from './listen-task.ts'

const current = ({ client, me }: Desk): Promise<Webhook> => client.notices.webhook(me.account)

const nowhere = ({ me }: Desk): string => `The notices of ${me.name} are brought nowhere.
They stay readable: busbar notices --as ${me.name}`

const show: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const webhook = await current(desk)
  const { url, after, issuedAtMs, lastSequence, waiting, givenUp, failures, lastError } = webhook
  const text = url === '' ? nowhere(desk) : rows([
    ['brought to', url],
    ['behind notice', String(after)],
    ['said', issuedAtMs === null ? 'never' : timeText(issuedAtMs)],
    ['newest notice', String(lastSequence)],
    ['waiting', String(waiting)],
    ['given up', givenUp === 0 ? '0' : `${givenUp}: busbar webhook replay has them brought again`],
    ['failures', String(failures)],
    ...(lastError === '' ? [] : [['what is wrong', lastError] as const]),
  ])
  return say(values, output, webhook, text)
}

/** By the account's own signed word, which counts from now on. */
async function sayWord(desk: Desk, url: string, after: number) {
  const webhook = await desk.signer.webhook({ url, after }, Date.now())
  return await desk.client.notices.setWebhook(webhook)
}

const set: Task = async (operands, values, output) => {
  const [url = ''] = exactly(operands, ['URL'])
  if (url === '') throw new UsageError('URL is empty; busbar webhook remove ends a webhook')
  const desk = await openDesk(values)
  const after = behind(values) ?? (await current(desk)).lastSequence
  const taken = await sayWord(desk, url, after)
  const { name } = desk.me
  const text = `Notices for ${name} behind notice ${after} are brought to ${url} from now on.
How it goes: busbar webhook show --as ${name}`
  return say(values, output, { ...taken, url, after }, text)
}

function behind(values: Values): number | undefined {
  const after = values.integer('after', -1, 0, Number.MAX_SAFE_INTEGER)
  return after < 0 ? undefined : after
}

const remove: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const { url, after } = await current(desk)
  if (url !== '') await sayWord(desk, '', after)
  return say(values, output, { account: desk.me.account, url: '', was: url }, nowhere(desk))
}

/** Has a notice and all that follow it brought again, to where they are brought. */
const replay: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['NOTICE'])
  const desk = await openDesk(values)
  const { url, lastSequence } = await current(desk)
  if (url === '') throw new UsageError('there is no webhook: busbar webhook set URL sets one')
  const from = number(which, 'NOTICE')
  if (from < 1 || from > lastSequence) {
    const takes = lastSequence === 0 ? 'there is none yet' : `it takes 1 to ${lastSequence}`
    throw new UsageError(`NOTICE is ${from}; ${takes}`)
  }
  const taken = await sayWord(desk, url, from - 1)
  const text = `Notices ${from} to ${lastSequence} are brought to ${url} again.`
  return say(values, output, { ...taken, url, after: from - 1, lastSequence }, text)
}

/** What `busbar webhook` can be told to do; each resolves with the exit code. */
export const webhookTasks = { show, set, remove, replay, listen }
