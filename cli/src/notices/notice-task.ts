import { setTimeout as pause } from 'node:timers/promises'
import { BusbarError } from '@busbar/client'
import type { Notice } from '@busbar/protocols/api'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { untilStopped } from '../stop-signal.ts'
import { type Desk, exactly, openDesk, say } from '../desk/desk.ts'
import { jsonForm } from '../desk/json-form.ts'
import { table } from '../desk/table.ts'
import { noticeCells } from './words.ts'

/** How many are shown where nothing is said, and how many are asked for at once. */
const [shownDefault, pageSize] = [50, 500]

/** How long it is waited between two looks. */
const lookMs = 1_000

/** `busbar notices`: what an account was told, and with `--follow` what it is being told. */
export async function notices(values: Values, output: Output): Promise<number> {
  exactly(values.positionals, [])
  const last = values.integer('last', shownDefault, 0, 1_000_000)
  const behind = values.integer('after', -1, 0, Number.MAX_SAFE_INTEGER)
  if (behind >= 0 && values.text('last') !== undefined) {
    throw new UsageError('--after and --last say the same: one of them is enough')
  }
  const desk = await openDesk(values)
  const { lastSequence } = await desk.client.notices.webhook(desk.me.account)
  const after = behind >= 0 ? behind : Math.max(0, lastSequence - last)
  if (values.flag('follow')) return await follow(desk, after, values, output)
  const found: Notice[] = []
  for await (const page of pagesBehind(desk, after)) found.push(...page)
  const { market, me, people } = desk
  const lines = await Promise.all(found.map((one) => noticeCells(one, market, people)))
  const text = found.length === 0
    ? `There is no notice for ${me.name} behind notice ${after}.`
    : table(['notice', 'at', 'about', 'what'], lines)
  return say(values, output, { account: me.account, lastSequence, notices: found }, text)
}

async function* pagesBehind({ client, me }: Desk, after: number): AsyncGenerator<Notice[]> {
  for (let from: number | null = after; from !== null; ) {
    const page = await client.notices.list(me.account, { after: from, limit: pageSize })
    yield page.notices
    from = page.nextAfter
  }
}

/** One line for each, until it is stopped; an exchange that does not answer is asked again. */
async function follow(desk: Desk, from: number, values: Values, output: Output): Promise<number> {
  const { market, people } = desk
  const end = new AbortController()
  const stopped = untilStopped().then(() => end.abort())
  output.note(`Notices for ${desk.me.name} behind notice ${from}; Ctrl-C stops.`)
  let after = from
  let isAway = false
  while (!end.signal.aborted) {
    try {
      for await (const page of pagesBehind(desk, after)) {
        for (const notice of page) {
          output.print(values.flag('json')
            ? JSON.stringify(jsonForm(notice))
            : (await noticeCells(notice, market, people)).join('  '))
          after = notice.sequence
        }
      }
      isAway = false
    } catch (error) {
      if (!(error instanceof BusbarError && error.transient)) throw error
      if (!isAway) output.note(`The exchange does not answer (${error.code}); asking again.`)
      isAway = true
    }
    await Promise.race([stopped, pause(lookMs)])
  }
  process.stdin.pause()
  return exitCodes.ok
}
