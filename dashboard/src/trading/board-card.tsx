import { answerTo } from '@busbar/client'
import type { AccountDetail, BoardOffer } from '@busbar/protocols/api'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import { ActNote, useAct } from '../app/signing.tsx'
import type { Columns } from '../lib/csv.ts'
import { EveryCsvButton } from '../parts/every-csv-button.tsx'
import { moreOf, MoreButton } from '../parts/more.tsx'
import { Badge, Card } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { microsOf, written } from './amounts.ts'
import { LadderSteps, writtenOf } from './ladder-steps.tsx'
import { Text } from './order-card.tsx'
import { useAllOffers, useBoard } from './trading-data.ts'

type Props = { readonly session: Session; readonly detail: AccountDetail }

/** What others offer and ask for; an answer to it is an invitation on its terms. */
export function BoardCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const asked = useBoard()
  const all = useAllOffers()
  const others = (offers: readonly BoardOffer[]): readonly BoardOffer[] =>
    offers.filter(({ account }) => account !== session.account)
  const offers = others(asked.data ?? [])
  const names = useNames(offers.map(({ account }) => account))
  const save = (
    <EveryCsvButton
      name='busbar-board'
      all={all}
      columnsOf={(rows: readonly BoardOffer[]) => offerColumns(others(rows))}
    />
  )
  return (
    <Card title={say('board.title')} beside={save}>
      <Answered asked={asked} height={160}>
        {() =>
          offers.length === 0 ? (
            <p className='soft'>{say('board.empty')}</p>
          ) : (
            <ul className='orders'>
              {offers.map((offer) => (
                <Offer
                  key={offer.offer}
                  offer={offer}
                  name={names.get(offer.account) ?? String(offer.account)}
                  session={session}
                  detail={detail}
                />
              ))}
            </ul>
          )
        }
      </Answered>
      <MoreButton {...moreOf(asked)} />
    </Card>
  )
}

const offerColumns = (offers: readonly BoardOffer[]): Columns => ({
  offer: offers.map(({ offer }) => offer),
  account: offers.map(({ account }) => account),
  zone: offers.map(({ zone }) => zone),
  side: offers.map(({ content }) => content.side),
  source: offers.map(({ content }) => content.source),
  from_interval: offers.map(({ content }) => content.fromInterval),
  intervals: offers.map(({ content }) => content.intervals),
  energy_wh_each: offers.map(({ content }) => content.energyWhPerInterval),
  first_price_micros_per_kwh: offers.map(({ content }) =>
    content.ladder[0]?.priceMicrosPerKwh ?? null),
})

export function OfferHead(props: { readonly offer: BoardOffer; readonly name: string }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const zoneName = useZoneName()
  const { content, zone, status } = props.offer
  const intervalMs = rulebook.intervalSeconds * 1_000
  const { side, source, fromInterval, intervals, energyWhPerInterval } = content
  return (
    <>
      <div className='row apart'>
        <strong>{say(`board.${side}`, { name: props.name })}</strong>
        <Badge tone='plain'>{say(`board.status.${status}`)}</Badge>
      </div>
      <p className='small soft'>
        {say('board.terms', {
          energy: formats.exactEnergy(energyWhPerInterval),
          source: say(`source.${source}`),
          zone: zoneName(zone),
          from: formats.moment(fromInterval * intervalMs),
          until: formats.moment((fromInterval + intervals) * intervalMs),
        })}
      </p>
    </>
  )
}

function Offer(props: Props & { readonly offer: BoardOffer; readonly name: string }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { offer, name, session, detail } = props
  const market = useMarket()
  const act = useAct<unknown>(session)
  const own = detail.meters.find(({ kind }) => kind === 'physical')
  const price = askedPrice(offer, own?.zone)
  const [isWrong, setWrong] = useState(false)
  const canAnswer = own !== undefined && detail.retailer !== null && offer.retailer !== null
  const answer = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const wanted = microsOf(String(new FormData(event.currentTarget).get('price')))
    setWrong(wanted === undefined)
    if (wanted === undefined || own === undefined) return
    const mine = { account: detail.account, meter: own.meter, retailer: detail.retailer }
    const terms = answerTo(market, offer, mine, wanted)
    if (terms === undefined) return
    void act.act(
      (signer) => signer.proposal(terms),
      (signed, client) => client.trades.propose(signed),
    )
  }
  return (
    <li className='order' data-offer={offer.offer}>
      <OfferHead offer={offer} name={name} />
      <LadderSteps steps={offer.content.ladder.map(writtenOf)} names={new Map()} worths={[]} />
      {canAnswer ? (
        <form className='ticket' onSubmit={answer} noValidate>
          <Text
            name='price'
            label={say('trades.price')}
            hint='0.25'
            value={price === undefined ? '' : formats.typed(written(price))}
            isWrong={isWrong}
          />
          <button type='submit' className='button'>
            {say(offer.content.side === 'sell' ? 'board.answer.buy' : 'board.answer.sell')}
          </button>
          {isWrong ? <p role='alert' className='is-bad small'>{say('trades.wrong')}</p> : null}
        </form>
      ) : null}
      <ActNote of={act} done={say('board.answered', { name })} />
    </li>
  )
}

/** What the first step asks that everybody sees and that admits the reader. */
const askedPrice = ({ content }: BoardOffer, zone: number | undefined): number | undefined =>
  content.ladder.find(({ with: kind, number }) =>
    kind === 'anyone' || (kind === 'zone' && number === zone))?.priceMicrosPerKwh
