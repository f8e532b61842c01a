import { cardIn, cardText, draftOf } from '@busbar/client'
import type { AccountDetail } from '@busbar/protocols/api'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Card, CopyMark, Switch } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { microsOf, wattHoursOf } from './amounts.ts'
import { Text } from './order-card.tsx'
import { useOpenIntervals } from './trading-data.ts'

type Props = { readonly session: Session; readonly detail: AccountDetail }

/** So many windows are offered to begin with. */
const startsShown = 48

/** A contract with somebody whose card one has, whichever the board says. */
export function ProposeCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const meter = detail.meters.find(({ kind }) => kind === 'physical')
  if (meter === undefined || detail.retailer === null) return null
  const { account, name, retailer } = detail
  const own = { account, name, meter: meter.meter, retailer }
  return (
    <Card title={say('propose.title')}>
      <p className='soft'>{say('propose.hint')}</p>
      <p className='small'>
        {say('propose.own', { account, meter: meter.meter, retailer })}{' '}
        <CopyMark value={cardText(own)} />
      </p>
      <Form session={session} own={own} />
    </Card>
  )
}

function Form(props: {
  readonly session: Session
  readonly own: Parameters<typeof cardText>[0]
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const market = useMarket()
  const { rulebook } = market
  const act = useAct<unknown>(props.session)
  const starts = useOpenIntervals(startsShown, rulebook.trades?.horizonIntervals ?? 0)
  const [side, setSide] = useState<'buy' | 'sell'>('sell')
  const [wrong, setWrong] = useState<'card' | 'amount' | undefined>()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const card = cardIn(String(given.get('card')))
    const energyWhEach = wattHoursOf(String(given.get('energy')))
    const price = microsOf(String(given.get('price')))
    if (card === undefined) return setWrong('card')
    if (energyWhEach === undefined || price === undefined) return setWrong('amount')
    setWrong(undefined)
    const terms = draftOf(market, side, props.own, card, {
      ...{ fromInterval: Number(given.get('from')), intervals: Number(given.get('intervals')) },
      ...{ priceMicrosPerKwh: price, energyWhEach },
    })
    void act.act(
      (signer) => signer.proposal(terms),
      (signed, client) => client.trades.propose(signed),
    )
  }
  return (
    <form className='ticket' onSubmit={submit} noValidate>
      <Switch
        label={say('order.side')}
        choices={[['sell', say('order.sell')], ['buy', say('order.buy')]]}
        chosen={side}
        choose={setSide}
      />
      <label className='field'>
        {say('offers.from')}
        <select name='from'>
          {starts.map((start) => (
            <option key={start} value={start}>{formats.moment(start * intervalMs)}</option>
          ))}
        </select>
      </label>
      <label className='field whole'>
        {say('propose.card')}
        <textarea name='card' rows={2} spellCheck={false} aria-invalid={wrong === 'card'} />
      </label>
      <label className='field'>
        {say('propose.intervals')}
        <input name='intervals' type='number' min={1} max={5_760} defaultValue={4} required />
      </label>
      <Text
        name='energy'
        label={say('trades.energy.each')}
        hint='200 Wh'
        isWrong={wrong === 'amount'}
      />
      <Text name='price' label={say('trades.price')} hint='0.25' isWrong={wrong === 'amount'} />
      {wrong === undefined ? null : (
        <p role='alert' className='is-bad small whole'>
          {say(wrong === 'card' ? 'propose.wrong' : 'trades.wrong')}
        </p>
      )}
      <button type='submit' className='button main'>{say('trades.counter.sign')}</button>
      <div className='whole'>
        <ActNote of={act} done={say('trades.done')} />
      </div>
    </form>
  )
}
