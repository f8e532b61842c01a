import { pagesOf } from '@busbar/client'
import { contractedTotal } from '@busbar/core/trades'
import type { Trade, TradeDelivery } from '@busbar/protocols/api'
import { energy, exactMoney, rows } from '../text.ts'
import { contractText, sideAt, signaturesText } from './contract-text.ts'
import { type Desk, exactly, openDesk, say, type Task } from '../desk/desk.ts'
import { number } from '../desk/quantities.ts'
import { table } from '../desk/table.ts'
import { intervalOf, startOf, timeText, windowText } from '../desk/times.ts'

/** The terms in force, or those that are proposed while none are. */
const termsOf = (trade: Extract<Trade, { relation: 'party' }>) =>
  trade.versions.at(-1)?.terms ?? trade.proposal?.terms

export const list: Task = async (operands, values, output) => {
  exactly(operands, [])
  const desk = await openDesk(values)
  const trades: Trade[] = []
  for await (const page of pagesOf((each) => desk.client.trades.list(each))) {
    trades.push(...page.trades)
  }
  const lines = await Promise.all(trades.map((trade) => lineOf(desk, trade)))
  const head = ['trade', 'status', 'who', 'from', 'intervals', 'contracted', 'delivered', 'next']
  const text = trades.length === 0
    ? 'No trade concerns you yet. To begin one: busbar trade propose --help'
    : table(head, lines)
  return say(values, output, { trades }, text)
}

async function lineOf(desk: Desk, trade: Trade): Promise<readonly string[]> {
  const { market } = desk
  if (trade.relation !== 'party') {
    const who = trade.relation === 'retailer'
      ? `${await desk.people.label(trade.account)} ${trade.side}s`
      : 'over your wires'
    const delivered = trade.relation === 'retailer' ? energy(trade.deliveredWh) : ''
    const { fromInterval, intervals, contractedWh } = trade
    return [
      String(trade.trade), trade.status, who, timeText(startOf(market, fromInterval)),
      String(intervals), energy(contractedWh), delivered, '',
    ]
  }
  const terms = termsOf(trade)
  if (terms === undefined) return [String(trade.trade), trade.status]
  const side = sideAt(desk, terms)
  const other = side === 'seller' ? terms.buyer : terms.seller
  const label = await desk.people.label(other)
  const who = side === undefined
    ? `${await desk.people.label(terms.seller)} to ${await desk.people.label(terms.buyer)}`
    : side === 'seller' ? `you sell to ${label}` : `you buy of ${label}`
  return [
    String(trade.trade), trade.status, who, timeText(startOf(market, terms.fromInterval)),
    String(terms.intervals), energy(Number(contractedTotal(terms))),
    energy(trade.totals.deliveredWh), nextOf(desk, trade),
  ]
}

/** Who is asked for a signature. */
function nextOf(desk: Desk, { proposal }: Extract<Trade, { relation: 'party' }>): string {
  if (proposal === null) return ''
  const side = sideAt(desk, proposal.terms)
  if (side === undefined) return 'waits for a signature'
  const own = side === 'seller' ? proposal.sellerSignature : proposal.buyerSignature
  return own === null ? 'you are asked' : 'the other side is asked'
}

export const show: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['TRADE'])
  const desk = await openDesk(values)
  const trade = await desk.client.trades.get(number(which, 'TRADE'))
  const head = `Trade ${trade.trade} is ${trade.status}${trade.reason === '' ? '' : `: ${
    trade.reason}`}.`
  if (trade.relation !== 'party') {
    return say(values, output, trade, `${head}\n\n${await outsideText(desk, trade)}`)
  }
  return say(values, output, trade, `${head}\n\n${await partyText(desk, trade)}`)
}

async function outsideText(
  desk: Desk,
  trade: Exclude<Trade, { relation: 'party' }>,
): Promise<string> {
  const window = ['window', windowText(desk.market, trade)] as const
  const contracted = ['contracted', energy(trade.contractedWh)] as const
  if (trade.relation === 'retailer') {
    const who = await desk.people.label(trade.account)
    return rows([
      ['customer', `${who} ${trade.side}s by meter ${trade.meter}`],
      window, contracted,
      ['delivered', energy(trade.deliveredWh)],
      ['rail', trade.rail],
    ])
  }
  const end = (zone: number | null, meter: number | null): string =>
    zone === null ? 'in zones of others' : `meter ${meter} in zone ${zone}`
  return rows([
    ['put in', end(trade.sellerZone, trade.sellerMeter)],
    ['taken out', end(trade.buyerZone, trade.buyerMeter)],
    window, contracted,
  ])
}

async function partyText(
  desk: Desk,
  trade: Extract<Trade, { relation: 'party' }>,
): Promise<string> {
  const { proposal, versions, totals } = trade
  const parts: string[] = []
  const version = versions.at(-1)
  if (version !== undefined) {
    const number = versions.length === 1 ? '' : `, version ${versions.length}`
    parts.push(`Agreed${number} at ${timeText(version.atMs)}:`)
    parts.push(await contractText(desk, version, false), await signaturesText(desk, version))
    parts.push(rows([
      ['owed so far', energy(totals.obligedWh)],
      ['delivered', `${energy(totals.deliveredWh)} in ${totals.settled} intervals: ${
        totals.complete} complete, ${totals.partial} in part, ${totals.failed} failed`],
      ['the seller', exactMoney(totals.sellerMicros)],
      ['the buyer', exactMoney(totals.buyerMicros)],
    ]))
  }
  if (proposal !== null) {
    const what = version === undefined ? 'Proposed' : 'A change is proposed'
    const by = proposal.proposer === null
      ? 'because two offers met'
      : `by ${await desk.people.label(proposal.proposer)}`
    parts.push(`${version === undefined ? '' : '\n'}${what} ${by}:`)
    parts.push(await contractText(desk, proposal, true), await signaturesText(desk, proposal))
    if (nextOf(desk, trade) === 'you are asked') {
      const which = `${trade.trade} ${proposal.contract.slice(0, 10)} --as ${desk.me.name}`
      parts.push(`
You are asked:
  busbar trade accept ${which}
  busbar trade counter ${which} --price …
  busbar trade decline ${trade.trade} --as ${desk.me.name}`)
    }
  }
  return parts.join('\n')
}

export const deliveries: Task = async (operands, values, output) => {
  const [which] = exactly(operands, ['TRADE'])
  const desk = await openDesk(values)
  const trade = number(which, 'TRADE')
  const at = values.text('from')
  const from = at === undefined ? undefined : intervalOf(at, desk.market, '--from')
  const found: TradeDelivery[] = []
  for await (const page of pagesOf((each) => desk.client.trades.deliveries(trade, each), from)) {
    found.push(...page.deliveries)
  }
  const head = [
    'from', 'contracted', 'limit', 'owed', 'delivered', 'result', 'seller', 'buyer', 'run',
  ]
  const lines = found.map((one) => [
    timeText(startOf(desk.market, one.interval)), energy(one.contractedWh), limitOf(one),
    energy(one.obligedWh), one.deliveredWh === null ? '' : energy(one.deliveredWh),
    one.result ?? 'awaited', moneyOf(one.sellerMicros), moneyOf(one.buyerMicros),
    one.result === null ? '' : one.isFinal ? 'final' : 'provisional',
  ])
  const limited = new Map(found.flatMap(({ limit, ...one }) =>
    limit !== null && isLimited(one) ? [[`${limit.utility}/${limit.reason}`, limit] as const] : [],
  ))
  const reasons = await Promise.all([...limited.values()].map(async ({ utility, reason }) =>
    `\n  limited by ${await desk.people.label(utility)}: ${reason}`,
  ))
  const text = found.length === 0
    ? `Trade ${trade} has no intervals from there on.`
    : `${table(head, lines)}${reasons.join('')}`
  return say(values, output, { trade, deliveries: found }, text)
}

const moneyOf = (micros: number | null): string => (micros === null ? '' : exactMoney(micros))

/** A limit that was lifted lets through what is contracted. */
const isLimited = (one: Pick<TradeDelivery, 'obligedWh' | 'contractedWh'>): boolean =>
  one.obligedWh < one.contractedWh

const limitOf = (one: TradeDelivery): string =>
  isLimited(one) && one.limit !== null ? energy(one.limit.energyWh) : ''
