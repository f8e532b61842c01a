import type { BusbarClient, Signer } from '@busbar/client'
import type { ContractTerms, PartyTrade } from '@busbar/protocols/api'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import { type Act, ActNote, useAct } from '../app/signing.tsx'
import type { Columns } from '../lib/csv.ts'
import { EveryCsvButton } from '../parts/every-csv-button.tsx'
import { moreOf, MoreButton } from '../parts/more.tsx'
import { Badge, Card } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { useSearch } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { microsOf, wattHoursOf, written } from './amounts.ts'
import { Consent } from './consent.tsx'
import { Text } from './order-card.tsx'
import { Conditions, Terms } from './terms.tsx'
import {
  actionsOf,
  energyOf,
  inOrder,
  shownTerms,
  sideOf,
  type TradeAction,
} from './trade-actions.ts'
import { useAllTrades, useTrades } from './trading-data.ts'

type Props = { readonly session: Session }

/** Contracts between named parties, with what the account may do about each. */
export function TradesCard({ session }: Props): ReactNode {
  const { say } = useTexts()
  const asked = useTrades(session.account)
  const all = useAllTrades(session.account)
  const linked = Number(new URLSearchParams(useSearch()).get('trade') ?? 0)
  const sorted = inOrder(asked.data ?? [], session.account)
  // What a link leads to is seen first.
  const first = sorted.filter(({ trade }) => trade === linked)
  const trades = [...first, ...sorted.filter((one) => !first.includes(one))]
  const names = useNames(
    trades.flatMap((trade) => {
      const terms = shownTerms(trade)
      return terms === undefined ? [] : [terms.seller, terms.buyer]
    }),
  )
  return (
    <Card
      title={say('trades.title')}
      beside={<EveryCsvButton name='busbar-trades' all={all} columnsOf={tradeColumns} />}
    >
      <p className='soft'>{say('trades.hint')}</p>
      <Answered asked={asked} height={160}>
        {() =>
          trades.length === 0 ? (
            <p className='soft'>{say('trades.empty')}</p>
          ) : (
            <ul className='orders'>
              {trades.map((trade) => (
                <TradeItem key={trade.trade} trade={trade} session={session} names={names} />
              ))}
            </ul>
          )
        }
      </Answered>
      <MoreButton {...moreOf(asked)} />
      <Consent session={session} />
    </Card>
  )
}

/** Of each what stands in the list: its terms, and what it has come to. */
function tradeColumns(trades: readonly PartyTrade[]): Columns {
  const shown = trades.flatMap((trade) => {
    const terms = shownTerms(trade)
    return terms === undefined ? [] : [{ trade, terms }]
  })
  const ofTerms = <Value,>(read: (terms: ContractTerms) => Value): readonly Value[] =>
    shown.map(({ terms }) => read(terms))
  const ofTotals = (name: keyof PartyTrade['totals']): readonly number[] =>
    shown.map(({ trade }) => trade.totals[name])
  return {
    trade: shown.map(({ trade }) => trade.trade),
    status: shown.map(({ trade }) => trade.status),
    seller: ofTerms(({ seller }) => seller),
    buyer: ofTerms(({ buyer }) => buyer),
    from_interval: ofTerms(({ fromInterval }) => fromInterval),
    intervals: ofTerms(({ intervals }) => intervals),
    price_micros_per_kwh: ofTerms(({ priceMicrosPerKwh }) => priceMicrosPerKwh),
    rail: ofTerms(({ rail }) => rail),
    obliged_wh: ofTotals('obligedWh'),
    delivered_wh: ofTotals('deliveredWh'),
    seller_micros: ofTotals('sellerMicros'),
    buyer_micros: ofTotals('buyerMicros'),
  }
}

function TradeItem(props: Props & {
  readonly trade: PartyTrade
  readonly names: ReadonlyMap<number, string>
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { trade, session, names } = props
  const terms = shownTerms(trade)
  if (terms === undefined) return null
  const side = sideOf(terms, session.account)
  const other = side === 'seller' ? terms.buyer : terms.seller
  const actions = actionsOf(trade, session.account)
  const { settled, deliveredWh, sellerMicros, buyerMicros } = trade.totals
  return (
    <li className='order' data-trade={trade.trade}>
      <div className='row apart'>
        <strong>
          {say(`trades.${side}`, { name: names.get(other) ?? String(other), trade: trade.trade })}
        </strong>
        <Badge tone={trade.status === 'agreed' ? 'good' : 'plain'}>
          {say(actions.includes('accept') ? 'trades.asked' : `trades.status.${trade.status}`)}
        </Badge>
      </div>
      <Terms terms={terms} />
      <Conditions terms={terms} account={session.account} isOwn />
      {settled === 0 ? null : (
        <p className='small'>
          {say('trades.delivered', {
            energy: formats.energy(deliveredWh),
            money: formats.money(side === 'seller' ? sellerMicros : buyerMicros),
          })}
        </p>
      )}
      <Actions trade={trade} terms={terms} actions={actions} session={session} />
    </li>
  )
}

function Actions(props: Props & {
  readonly trade: PartyTrade
  readonly terms: ContractTerms
  readonly actions: readonly TradeAction[]
}): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(props.session)
  const nowMs = useMarketTime(5_000) ?? 0
  const { rulebook } = useMarket()
  const [isCountering, setCountering] = useState(false)
  const { actions, trade, terms } = props
  const intervalMs = rulebook.intervalSeconds * 1_000
  const run = (action: TradeAction): void => {
    if (action === 'counter') return setCountering(!isCountering)
    const cancelBy = cancelExpiry(terms, rulebook, intervalMs, nowMs)
    void act.act((signer) => signedFor(action, trade, signer, cancelBy), send)
  }
  return (
    <>
      {actions.length === 0 ? null : (
        <div className='row'>
          {actions.map((action) => (
            <button
              key={action}
              type='button'
              className={action === 'accept' ? 'button main' : 'button'}
              aria-expanded={action === 'counter' ? isCountering : undefined}
              onClick={() => run(action)}
            >
              {say(`trades.do.${action}`)}
            </button>
          ))}
        </div>
      )}
      {isCountering ? <Counter trade={trade} terms={terms} act={act} /> : null}
      <ActNote of={act} done={say('trades.done')} />
    </>
  )
}

/** Until its gate or, of a window under way, until its end. */
function cancelExpiry(
  { fromInterval, intervals }: ContractTerms,
  { gateLeadSeconds }: { readonly gateLeadSeconds: number },
  intervalMs: number,
  nowMs: number,
): number {
  const gate = fromInterval * intervalMs - gateLeadSeconds * 1_000
  return gate > nowMs ? gate : (fromInterval + intervals) * intervalMs
}

type Made =
  | { readonly kind: 'acceptance'; readonly signed: Awaited<ReturnType<Signer['acceptance']>> }
  | { readonly kind: 'proposal'; readonly signed: Awaited<ReturnType<Signer['proposal']>> }
  | { readonly kind: 'instruction'; readonly signed: Awaited<ReturnType<Signer['instruction']>> }

async function signedFor(
  action: Exclude<TradeAction, 'counter'>,
  { proposal, versions }: PartyTrade,
  signer: Signer,
  cancelBy: number,
): Promise<Made> {
  const inForce = versions.at(-1)
  if (action === 'accept' && proposal !== null) {
    // Over the terms themselves: what is signed is what is shown.
    return { kind: 'acceptance', signed: await signer.acceptance(proposal.terms) }
  }
  if (action === 'cancel' && inForce !== undefined) {
    const { id: _, ...terms } = inForce.terms
    const profile = { kind: 'per-interval', energyWh: 0 } as const
    const sent = { ...terms, profile, expiresAt: cancelBy, replaces: inForce.contract }
    return { kind: 'proposal', signed: await signer.proposal(sent) }
  }
  const contract = proposal?.contract ?? inForce?.contract ?? ''
  const kind = action === 'decline' ? 'decline_trade'
    : action === 'withdraw' ? 'withdraw_trade' : 'exit_trade'
  return { kind: 'instruction', signed: await signer.instruction(kind, { contract }) }
}

function send(made: Made, client: BusbarClient): Promise<unknown> {
  switch (made.kind) {
    case 'acceptance':
      return client.trades.accept(made.signed)
    case 'proposal':
      return client.trades.propose(made.signed)
    case 'instruction':
      return client.instruct(made.signed)
  }
}

/** Other terms in the place of those that are proposed. */
function Counter(props: {
  readonly trade: PartyTrade
  readonly terms: ContractTerms
  readonly act: Act<unknown>
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { trade, terms, act } = props
  const [isWrong, setWrong] = useState(false)
  const { eachWh, totalWh } = energyOf(terms)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const price = microsOf(String(given.get('price')))
    const energyWh = wattHoursOf(String(given.get('energy')))
    setWrong(price === undefined || energyWh === undefined)
    if (price === undefined || energyWh === undefined) return
    const { id: _, ...before } = terms
    const profile = eachWh === null
      ? { ...terms.profile, energyWh }
      : ({ kind: 'per-interval', energyWh } as const)
    const after = { ...before, profile, priceMicrosPerKwh: price }
    const replaces = trade.proposal?.contract
    if (replaces === undefined) return
    void act.act(
      (signer) => signer.proposal({ ...after, replaces }),
      (signed, client) => client.trades.propose(signed),
    )
  }
  return (
    <form className='ticket' onSubmit={submit} noValidate>
      <Text
        name='energy'
        label={say(eachWh === null ? 'trades.energy.total' : 'trades.energy.each')}
        hint='500 Wh'
        value={String(eachWh ?? totalWh)}
        isWrong={isWrong}
      />
      <Text
        name='price'
        label={say('trades.price')}
        hint='0.25'
        value={formats.typed(written(terms.priceMicrosPerKwh))}
        isWrong={isWrong}
      />
      <button type='submit' className='button main'>{say('trades.counter.sign')}</button>
      {isWrong ? <p role='alert' className='is-bad small whole'>{say('trades.wrong')}</p> : null}
    </form>
  )
}
