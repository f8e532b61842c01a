import { enHome } from './en-home.ts'
import { enKpis } from './en-kpis.ts'
import { enNotices } from './en-notices.ts'
import { enOperator } from './en-operator.ts'
import { enSession } from './en-session.ts'
import { enPublic } from './en-public.ts'
import { enSentences } from './en-sentences.ts'
import { enWhyContracts } from './en-why-contracts.ts'
import type { enInside } from './en-inside.ts'

/**
 * English, of what every page says and the first one. What stands in braces is filled in; `*.one`
 * and `*.other` are chosen by the number.
 */
export const en = {
  ...enHome,
  ...enWhyContracts,
  ...enNotices,
  ...enKpis,
  ...enSession,
  ...enOperator,
  ...enPublic,
  ...enSentences,

  'app.name': 'Busbar',
  'app.skip': 'Skip to the content',
  'app.pages': 'Pages',
  'app.language': 'Language',
  'app.theme': 'Appearance',
  'app.theme.system': 'As the device',
  'app.theme.light': 'Light',
  'app.theme.dark': 'Dark',
  'app.timeZone': 'Times are in the market’s time zone, {zone}.',
  'app.interface': 'The interface',

  'page.market': 'Market',
  'page.intervals': 'Intervals',
  'page.why': 'Why this cent?',
  'page.why.short': 'Why?',
  'page.audit': 'Audit',
  'page.developer': 'Developer',
  'page.retailer': 'Retailer',
  'page.utility': 'Grid operator',
  'page.utility.short': 'Grid',

  'live.live': 'Live',
  'live.connecting': 'Connecting …',
  'live.offline': 'Offline',
  'live.at': '{time}, market time',

  'state.loading': 'Loading …',
  'state.retry': 'Try again',
  'state.older': 'This could not be read again and may be out of date.',
  'state.error': 'This could not be loaded.',
  'state.error.next':
    'Code {code}. It may be over in a moment: try again. If it stays, tell the operator this ' +
    'code.',
  'state.refused.next': 'Code {code}: {detail}',
  'state.offline': 'No connection to the exchange.',
  'state.offline.next':
    'What is shown may be old. The page comes back by itself, and catches up on what it ' +
    'missed.',
  'state.notFound': 'There is no such page.',
  'state.notFound.next': 'Go to the market and find your way from there.',
  'state.closed': 'The market has not opened yet.',
  'state.closed.next': 'As soon as its operator opens it, this page shows it.',
  'state.crashed': 'This page stopped because of a mistake in it.',
  'state.crashed.next': 'Load it again. Nothing was changed: pages only show.',
  'state.reload': 'Load again',

  'action.copy': 'Copy',
  'action.copied': 'Copied',
  'action.csv': 'Save as CSV',
  'action.table': 'Show as a table',
  'table.more': 'Show more',
  'action.sign': 'Sign and send',
  'action.chart': 'Show as a chart',
  'action.earlier': 'Earlier',
  'action.later': 'Later',

  'health.ready': 'The exchange works.',
  'health.degraded': 'The exchange works with restrictions.',
  'health.stopping': 'The exchange is stopping; it comes back by itself.',
  'health.starting': 'The exchange is starting.',
  'health.failing': 'Not in order: {names}.',
  'health.journal': '{count} entries in its journal',
  'health.unknown': 'How the exchange is, is not known.',

  'market.title': 'The market now',
  'market.intro':
    'Here a neighbourhood trades its energy: one auction for every {length}, one price for all, ' +
    'paid by what the meters show. Who takes part signs in; who wants to, asks their retailer ' +
    'for an invitation.',
  'market.gate': 'Until the gate closes',
  'market.gate.next': 'Orders for {interval} are taken until {time}.',
  'market.phase.orders': 'Taking orders',
  'market.phase.delivery': 'Delivering',
  'market.phase.settling': 'Being settled',
  'market.phase.provisional': 'Settled provisionally',
  'market.phase.final': 'Settled for good',
  'market.phase.opening': 'Opening and clearing',
  'market.phase.horizon': 'also for later ones, until {time}',
  'market.phase.until': 'until {time}',
  'market.progress': 'Time until the gate',

  'auction.title': 'Last auction',
  'auction.none': 'No auction has been cleared yet.',
  'auction.none.next':
    'The first one is cleared right after its gate; this page shows it by itself.',
  'auction.noTrade': 'No trade',
  'auction.noTrade.why': 'No buyer’s limit reached a seller’s. Nobody pays anything.',
  'auction.noTrade.before': 'The last price was {price} per kWh, in {interval}.',
  'auction.perKwh': 'per kWh',
  'auction.traded': 'traded',
  'auction.orders.one': '{count} order',
  'auction.orders.other': '{count} orders',
  'auction.voids.one': '{count} of them void',
  'auction.voids.other': '{count} of them void',
  'auction.picture':
    'The auction of {interval}: {energy} changed hands at {price}. Every buyer among them had ' +
    'offered this price or more, every seller asked this price or less.',
  'auction.buyers': 'Buyers: this or more',
  'auction.sellers': 'Sellers: this or less',
  'auction.demand': 'Demand',
  'auction.supply': 'Supply',
  'auction.rest': 'private',
  'auction.steps':
    'Each step of the curves is the mean of three traders or more, none of them with more than ' +
    'half of it.',
  'auction.steps.none':
    'So few traded that even a mean would tell of somebody: the curves are not shown.',
  'auction.why':
    'One price for all: {energy} is the most that could change hands, and {price} is where. ' +
    'What each one’s limit was, and who got nothing, stays with them: orders are sealed, and ' +
    'only what was filled is public. The proof on the chain shows that it follows from all of ' +
    'them.',
  'auction.why.open':
    'One price for all: {energy} is the most that could change hands, and {price} is where. ' +
    'Single orders are shown to their owners alone.',
  'auction.more': 'The life of this interval',

  'series.title': 'Price, energy, self-supply',
  'series.day': 'Day',
  'series.week': 'Week',
  'series.empty': 'Nothing was traded in this time.',
  'series.empty.next': 'Figures appear with the first auction.',
  'series.price': 'Price',
  'series.price.unit': 'per kWh',
  'series.traded': 'Traded',
  'series.energy': 'Energy at the meters',
  'series.consumed': 'Used',
  'series.injected': 'Fed in',
  'series.self': 'Self-supplied',
  'series.average': 'Average price',
  'series.average.hint': 'weighted by energy',
  'series.sum': 'Traded in all',
  'series.share': 'Self-supply',
  'series.share.hint': 'of what was used, fed in nearby in the same minutes',
  'series.time': 'Time',
  'series.chart': 'A chart: with the arrow keys the figures of each moment.',
  'series.since': 'Figures begin at {time}: older ones are in the journal.',

  'batches.title': 'Batches and their proofs',
  'batches.hint':
    'Each auction is a batch. Its proof says, verified on the chain, that price and fills ' +
    'follow by the rule from exactly the orders that were fixed.',
  'batches.empty': 'No batch yet.',
  'batches.link': 'Interval {interval}: {state}',
  'batches.all': 'All intervals',

  'proof.none': 'no proof asked for',
  'proof.awaited': 'proof awaited',
  'proof.proven': 'proven',
  'proof.overdue': 'proof overdue',
  'proof.faulty': 'shown to be faulty',

  'intervals.title': 'Intervals',
  'intervals.hint':
    'Every {length}, from the orders to the final money. Open one to see its life, its roots ' +
    'and its transactions.',
  'intervals.empty': 'No interval has closed its gate yet.',
  'intervals.column.interval': 'Interval',
  'intervals.column.state': 'State',
  'intervals.column.price': 'Price per kWh',
  'intervals.column.energy': 'Traded',
  'intervals.column.orders': 'Orders',
  'intervals.column.proof': 'Proof',
  'intervals.earlier': 'Earlier intervals',
  'intervals.newest': 'The newest',

  'interval.title': 'Interval {span}',
  'interval.number': '{day}, number {interval}, zone {zone}',
  'interval.missing': 'Nothing is known of this interval.',
  'interval.missing.next':
    'Either nobody has ordered for it yet, or it is so long ago that only the journal has it. ' +
    'The market shows which intervals there are.',
  'interval.life': 'Its life',
  'interval.step.open': 'Orders arrive',
  'interval.step.open.sealed': 'Sealed: nobody can read them, not even the exchange.',
  'interval.step.open.book': 'Read by the exchange as they come.',
  'interval.step.gate': 'The gate closes',
  'interval.step.gate.done.one': '{count} order fixed; its root goes on the chain.',
  'interval.step.gate.done.other': '{count} orders fixed; their root goes on the chain.',
  'interval.step.clear': 'One price for all',
  'interval.step.clear.done': '{energy} at {price} per kWh.',
  'interval.step.clear.none': 'No limits met: nothing was traded.',
  'interval.step.deliver': 'Energy flows',
  'interval.step.deliver.done': 'Meters sign what they count.',
  'interval.step.settle': 'Money moves',
  'interval.step.settle.done.one': '{count} account paid or got money, provisionally.',
  'interval.step.settle.done.other': '{count} accounts paid or got money, provisionally.',
  'interval.step.final': 'Final',
  'interval.step.final.done':
    'The final run is posted. A corrected reading may still bring a difference.',
  'interval.step.final.wait': 'After the rulebook’s time for late readings.',
  'interval.at': 'at {time}',
  'interval.estimated.one': 'the energy of {count} meter is estimated',
  'interval.estimated.other': 'the energy of {count} meters is estimated',
  'interval.proof': 'Its proof',
  'interval.proof.none': 'This market’s rules ask for no proof of its auctions.',
  'interval.proof.awaited':
    'The auction is cleared and its proof is being made. Money is provisional until it is ' +
    'there.',
  'interval.proof.proven':
    'The chain has verified that price and fills follow, by the rule, from exactly the orders ' +
    'that were fixed at the gate.',
  'interval.proof.overdue':
    'The proof should have come and has not. It may still; until then this interval does not ' +
    'become final.',
  'interval.proof.faulty':
    'On the chain it was shown that the exchange broke a rule in this interval.',
  'interval.proof.reference': 'The chain says so in',
  'interval.roots': 'Roots',
  'interval.roots.hint':
    'Each root stands on the chain for a whole list: who has a line of the list can show that ' +
    'it is in it, and nobody can change one unseen.',
  'interval.root.orders': 'Orders at the gate',
  'interval.root.clearing': 'Result',
  'interval.root.fills': 'What each order got',
  'interval.root.readings': 'Readings, run {run}',
  'interval.root.postings': 'Money, run {run}',
  'interval.root.rulebook': 'Rulebook',
  'interval.root.none': 'not yet',
  'interval.transactions': 'Transactions on the chain',
  'interval.transactions.none': 'Nothing of this interval is on the chain yet.',
  'interval.transaction.what': 'What',
  'interval.transaction.status': 'State',
  'interval.transaction.block': 'Block',
  'interval.transaction.gas': 'Gas',
  'interval.transaction.hash': 'Hash',
  'interval.energy': 'Every watt-hour',
  'interval.energy.in': 'Came in',
  'interval.energy.out': 'Went out',
  'interval.energy.injected': 'fed in by meters',
  'interval.energy.imported': 'from retailers',
  'interval.energy.bought': 'from balancing',
  'interval.energy.consumed': 'used at meters',
  'interval.energy.exported': 'to retailers',
  'interval.energy.sold': 'to balancing',
  'interval.energy.exact': 'Both sides are equal, to the watt-hour.',
  'interval.energy.open': '{energy} are unexplained.',
  'interval.energy.none': 'Known with the first settlement, when the meters have spoken.',

  'transaction.queued': 'waiting',
  'transaction.signed': 'signed',
  'transaction.sent': 'sent',
  'transaction.mined': 'in a block',
  'transaction.final': 'final',
  'transaction.failed': 'failed',

  'status.open': 'taking orders',
  'status.fixed': 'orders fixed',
  'status.cleared': 'cleared',
  'status.provisional': 'settled provisionally',
  'status.final': 'final',
} as const

export type FirstKey = keyof typeof en
export type TextKey = FirstKey | keyof typeof enInside
