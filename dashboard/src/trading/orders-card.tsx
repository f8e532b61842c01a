import { revealOf } from '@busbar/client'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import type { Columns } from '../lib/csv.ts'
import { EveryCsvButton } from '../parts/every-csv-button.tsx'
import { Badge, Card } from '../parts/parts.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import type { PlacedOrder } from './kept-orders.ts'
import { steps, stepsDone, type Track, trackOf } from './order-track.ts'
import {
  ordersShown,
  type TrackedOrder,
  useAllTracked,
  useOwnIntervals,
  usePlaced,
} from './trading-data.ts'

/** The orders of this device, and how far each is. */
export function OrdersCard(props: {
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const { account } = props.session
  const placed = usePlaced(account)
  const shown = placed.data?.slice(0, ordersShown) ?? []
  const intervals = [...new Set(shown.map(({ interval }) => interval))]
  const found = useOwnIntervals(account, intervals)
  const nowMs = useMarketTime(1_000) ?? 0
  const tracks = shown.map((order) => trackOf(order, found.get(order.interval) ?? null, nowMs))
  const all = useAllTracked(account, placed.data ?? [])
  return (
    <Card
      title={say('orders.title')}
      beside={<EveryCsvButton name='busbar-orders' all={all} columnsOf={orderColumns} />}
    >
      {shown.length === 0 ? (
        <p className='soft'>{say('orders.empty')}</p>
      ) : (
        <ul className='orders'>
          {shown.map((order, i) => (
            <Order
              key={order.id}
              order={order}
              track={tracks[i] ?? trackOf(order, null, nowMs)}
              session={props.session}
            />
          ))}
        </ul>
      )}
      <p className='small soft'>{say('orders.hint')}</p>
    </Card>
  )
}

function orderColumns(rows: readonly TrackedOrder[]): Columns {
  const orders = rows.map(({ order }) => order)
  const tracks = rows.map(({ track }) => track)
  return {
    interval: orders.map(({ interval }) => interval),
    side: orders.map(({ side }) => side),
    energy_wh: orders.map(({ energyWh }) => energyWh),
    limit_micros_per_kwh: orders.map(({ limitMicrosPerKwh }) => limitMicrosPerKwh),
    stage: tracks.map(({ stage }) => stage),
    filled_wh: tracks.map(({ filledWh }) => filledWh),
    price_micros_per_kwh: tracks.map(({ priceMicrosPerKwh }) => priceMicrosPerKwh),
  }
}

function Order(props: {
  readonly order: PlacedOrder
  readonly track: Track
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { order, track, session } = props
  const intervalMs = rulebook.intervalSeconds * 1_000
  const { interval, side, energyWh, limitMicrosPerKwh } = order
  const isOver = track.stage === 'void' || track.stage === 'unfilled'
  return (
    <li className='order' data-stage={track.stage}>
      <div className='row apart'>
        <strong>
          {say(`orders.${side}`, {
            energy: formats.exactEnergy(energyWh),
            limit: formats.exactPrice(limitMicrosPerKwh),
          })}
        </strong>
        <span className='small soft'>
          {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
        </span>
      </div>
      {isOver ? <Badge tone='plain'>{say(`orders.stage.${track.stage}`)}</Badge> : (
        <ol className='track' aria-label={say('orders.track')}>
          {steps.map((step, i) => (
            <li key={step} className={i < stepsDone(track) ? 'done' : ''}>
              {say(`orders.step.${step}`)}
            </li>
          ))}
        </ol>
      )}
      <Outcome track={track} />
      <div className='row'>
        {track.worthMicros === null ? null : (
          <Link to={pathOf('whyInterval', { account: order.account, interval })} className='small'>
            {say('today.why')}
          </Link>
        )}
        {track.stage === 'placed' ? <TakeBack order={order} session={session} /> : null}
        {track.stage === 'fixed' ? <Reveal order={order} /> : null}
      </div>
    </li>
  )
}

function Outcome({ track }: { readonly track: Track }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { filledWh, priceMicrosPerKwh, worthMicros, reason } = track
  if (reason !== null) return <p className='small soft'>{say(`orders.void.${reason}`)}</p>
  if (filledWh === 0 || priceMicrosPerKwh === null) return null
  const got = {
    energy: formats.exactEnergy(filledWh), price: formats.exactPrice(priceMicrosPerKwh),
  }
  return (
    <p className='small'>
      {say('orders.filled', got)}
      {worthMicros === null
        ? null
        : ` ${say('orders.paid', { net: formats.exactMoney(worthMicros) })}`}
    </p>
  )
}

/** Before its gate an order can be taken back. */
function TakeBack(props: {
  readonly order: PlacedOrder
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(props.session)
  const cancel = (): void => {
    void act.act(
      (signer) => signer.cancellation({ order: props.order.id }),
      (signed, client) => client.cancelOrder(signed),
    )
  }
  return (
    <>
      <button type='button' className='button quiet small' onClick={cancel}>
        {say('orders.cancel')}
      </button>
      <ActNote of={act} done={say('orders.cancelled')} />
    </>
  )
}

/** Where the rulebook has owners open their orders after the gate, they do it here. */
function Reveal({ order }: { readonly order: PlacedOrder }): ReactNode {
  const { say } = useTexts()
  const { rulebook } = useMarket()
  const { client } = useServices()
  const { kept } = order
  if (rulebook.orderBook !== 'sealed-reveal' || kept === null) return null
  return (
    <button
      type='button'
      className='button small'
      onClick={() => void client.revealOrder(revealOf(kept))}
    >
      {say('orders.reveal')}
    </button>
  )
}
