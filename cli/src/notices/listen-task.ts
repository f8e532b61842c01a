import { type ReceivedNotice, verifyNotice } from '@busbar/client'
import type { Market } from '@busbar/protocols/api'
import { type NoticeDelivery, noticeRefusals } from '@busbar/protocols/notices'
import { isHex } from '@busbar/protocols/hash'
import { exitCodes, UsageError } from '../cli-error.ts'
import { untilStopped } from '../stop-signal.ts'
import { clientFor, exactly, People, required, type Task } from '../desk/desk.ts'
import { jsonForm } from '../desk/json-form.ts'
import { startReceiver } from './receiver.ts'
import { noticeCells } from './words.ts'

/** How many are remembered, to tell what came before from what is new. */
const rememberedMax = 100_000

/**
 * Receives notices as a webhook does, and believes what the operator has signed. It needs no key
 * and asks the exchange for nothing but names.
 */
export const listen: Task = async (operands, values, output) => {
  exactly(operands, [])
  const port = values.integer('port', 8_430, 0, 65_535)
  const client = clientFor(values)
  const [market, domain] = await Promise.all([client.market(), client.domain()])
  const people = new People(client)
  const me = await people.find(required(values, 'as', 'whose notices they are'), '--as')
  const operator = operatorOf(values.text('operator'), market)
  const terms = { domain, operator, account: me.account }
  const inbox = new Inbox()
  const isJson = values.flag('json')
  const most = values.integer('count', -1, 1, 1_000_000)
  const isEnough = Promise.withResolvers<void>()
  const judge = async (delivery: NoticeDelivery): Promise<number> => {
    const received = verifyNotice(delivery, terms, Date.now())
    if (received.kind === 'refused') {
      const { reason } = received
      inbox.refused += 1
      output.print(isJson
        ? JSON.stringify({ event: 'refused', reason })
        : `REFUSED   ${reason}: ${reasons[reason]}`)
      return reason === 'notice_malformed' ? 400 : 401
    }
    const { notice, sentAt } = received
    if (inbox.taken === most) return 503
    const again = inbox.remember(notice.id)
    if (inbox.taken === most) isEnough.resolve()
    const shown = isJson
      ? [JSON.stringify(jsonForm({ event: 'notice', again, sentAtMs: sentAt, notice }))]
      : [again ? 'again   ' : 'verified', ...(await noticeCells(notice, market, people))]
    output.print(shown.join('  '))
    return 204
  }
  const host = values.text('host') ?? '127.0.0.1'
  const receiver = await startReceiver({ host, port }, judge)
  output.print(isJson
    ? JSON.stringify({ event: 'ready', url: receiver.url, account: me.account, operator })
    : `Waiting for notices of ${me.name} at ${receiver.url}, signed by ${operator}.
To have them brought there: busbar webhook set ${receiver.url} --as ${me.name}
Ctrl-C stops.`)
  await Promise.race([untilStopped(), isEnough.promise])
  await receiver.stop()
  process.stdin.pause()
  return inbox.refused === 0 ? exitCodes.ok : exitCodes.difference
}

/** What has come, so that what comes twice is told from what is new. */
class Inbox {
  readonly #known = new Set<string>()
  /** Different ones that were believed, and deliveries that were not. */
  taken = 0
  refused = 0

  /** Whether it came before; from now on it has. */
  remember(id: string): boolean {
    if (this.#known.has(id)) return true
    const [oldest] = this.#known
    if (oldest !== undefined && this.#known.size >= rememberedMax) this.#known.delete(oldest)
    this.#known.add(id)
    this.taken += 1
    return false
  }
}

type Reason = Extract<ReceivedNotice, { kind: 'refused' }>['reason']

const reasons: Readonly<Record<Reason, string>> = {
  ...noticeRefusals,
  notice_malformed: 'It is too long, no notice, or one of another account.',
}

/** Whose signature counts: as it is known otherwise, or as the exchange says. */
function operatorOf(given: string | undefined, { receiptSigner }: Market): string {
  if (given !== undefined && !isHex(given.toLowerCase(), 20)) {
    throw new UsageError('--operator is the address of the operator: 0x and 40 hex digits')
  }
  const operator = given?.toLowerCase() ?? receiptSigner
  if (operator !== null) return operator
  throw new UsageError('the exchange signs nothing; --operator says whose signature counts')
}
