import {
  type BusbarClient,
  BusbarError,
  declaredCollateral,
  type KeptOrder,
  type Signer,
  sealingTerms,
  verifyReceipt,
} from '@busbar/client'
import type { AccountDetail, SignedOrder, SignedSealedOrder } from '@busbar/protocols/api'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { isRefused } from '../lib/refusals.ts'
import { keys } from '../live/keys.ts'
import { Card, Note, Switch } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { microsOf, wattHoursOf, written } from './amounts.ts'
import type { PlacedOrder } from './kept-orders.ts'
import { placedOrders, useOpenIntervals, usePlaced } from './trading-data.ts'

/** It may stand in the book all the same: the order stays, with what opens it. */
const unsignedReceipt = (): BusbarError =>
  new BusbarError({
    ...{ code: 'proof_invalid', status: null, transient: true },
    detail: 'the receipt is not signed by the operator',
  })

type Props = { readonly session: Session; readonly detail: AccountDetail }
type Signed = {
  readonly placed: PlacedOrder
  readonly open: SignedOrder | null
  readonly sealed: SignedSealedOrder | null
}

/** More intervals than one looks over are not offered at once. */
const intervalsShown = 48

/** What is asked for before anything is signed, or which field is not right. */
type Wanted = {
  readonly interval: number
  readonly side: 'buy' | 'sell'
  readonly energyWh: number
  readonly limitMicrosPerKwh: number
}

/** Places an order in the auction, sealed where the rulebook has it so. */
export function OrderCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const { rulebook } = useMarket()
  const meter = detail.meters[0]
  return (
    <Card title={say('order.title')}>
      <p className='soft'>
        {say(rulebook.orderBook === 'open' ? 'order.hint.open' : 'order.hint.sealed')}
      </p>
      {meter === undefined ? (
        <Note tone='plain' icon='meter' title={say('home.none')} />
      ) : (
        <OrderForm session={session} detail={detail} meter={meter} />
      )}
    </Card>
  )
}

function OrderForm(props: Props & { readonly meter: AccountDetail['meters'][number] }): ReactNode {
  const { session, detail, meter } = props
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervals = useOpenIntervals(intervalsShown)
  const [side, setSide] = useState<'buy' | 'sell'>('buy')
  const [wrong, setWrong] = useState<'energy' | 'price' | undefined>()
  const placing = usePlacing(props)
  const intervalMs = rulebook.intervalSeconds * 1_000
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const energyWh = wattHoursOf(String(given.get('energy')))
    const limit = microsOf(String(given.get('limit')))
    const isEnergy = energyWh !== undefined && energyWh <= rulebook.orderEnergyMaxWh
    if (!isEnergy || energyWh === undefined) return setWrong('energy')
    if (limit === undefined || !isLimit(limit, rulebook)) return setWrong('price')
    setWrong(undefined)
    const interval = Number(given.get('interval'))
    void placing.place({ interval, side, energyWh, limitMicrosPerKwh: limit })
  }
  const isBusy = placing.act.state === 'asking' || placing.act.state === 'sending'
  const { priceMinMicrosPerKwh: min, priceMaxMicrosPerKwh: max } = rulebook
  const tick = rulebook.priceTickMicrosPerKwh
  const shown = (micros: number): string => formats.typed(written(micros))
  const most = formats.energy(rulebook.orderEnergyMaxWh)
  const limits = { min: shown(min), max: shown(max), tick: shown(tick) }
  return (
    <form className='ticket' onSubmit={submit} noValidate>
      <Switch
        label={say('order.side')}
        choices={[['buy', say('order.buy')], ['sell', say('order.sell')]]}
        chosen={side}
        choose={setSide}
      />
      <label className='field'>
        {say('order.interval')}
        <select name='interval' required>
          {intervals.map((interval) => (
            <option key={interval} value={interval}>
              {formats.span(interval * intervalMs, (interval + 1) * intervalMs)}
            </option>
          ))}
        </select>
      </label>
      <Text name='energy' label={say('order.energy')} hint='200 Wh' isWrong={wrong === 'energy'} />
      <Text
        name='limit'
        label={say(side === 'buy' ? 'order.limit.buy' : 'order.limit.sell')}
        hint='0.20'
        isWrong={wrong === 'price'}
      />
      {wrong === undefined ? null : (
        <p role='alert' className='is-bad small whole'>
          {say(`order.wrong.${wrong}`, { ...limits, most })}
        </p>
      )}
      <button type='submit' className='button main' disabled={isBusy || intervals.length === 0}>
        {say('order.place')}
      </button>
      <p className='small soft whole'>
        {say(placing.collateral === undefined ? 'order.aside.open' : 'order.aside', {
          aside: formats.mostMoney(placing.collateral ?? 0),
          available: formats.money(detail.availableMicros),
        })}
      </p>
      <div className='whole'>
        <ActNote of={placing.act} done={<p>{say('order.done', { account: session.account })}</p>} />
      </div>
      <p className='small soft whole'>{say('order.meter', { meter: meter.name })}</p>
    </form>
  )
}

const isLimit = (limit: number, rulebook: ReturnType<typeof useMarket>['rulebook']): boolean =>
  limit >= rulebook.priceMinMicrosPerKwh && limit <= rulebook.priceMaxMicrosPerKwh &&
  limit % rulebook.priceTickMicrosPerKwh === 0

export function Text(props: {
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly isWrong: boolean
  readonly value?: string
}): ReactNode {
  const formats = useFormats()
  return (
    <label className='field'>
      {props.label}
      <input
        name={props.name}
        required
        autoComplete='off'
        placeholder={formats.typed(props.hint)}
        defaultValue={props.value}
        aria-invalid={props.isWrong}
      />
    </label>
  )
}

/** Signs, keeps and sends, in this sequence: what is sealed is lost without its opening. */
function usePlacing({ session, detail, meter }: Parameters<typeof OrderForm>[0]) {
  const market = useMarket()
  const cache = useQueryClient()
  const act = useAct<unknown>(session)
  const { tariff } = detail
  const placed = usePlaced(session.account)
  const { account } = session
  const collateralOf = (interval: number): number => {
    const earlier = placed.data?.filter((one) =>
      one.interval === interval && one.meter === meter.meter).length ?? 0
    return declaredCollateral({ rulebook: market.rulebook, meter, tariff }, earlier)
  }
  const sign = async (signer: Signer, wanted: Wanted): Promise<Signed> => {
    const { interval, side, energyWh, limitMicrosPerKwh } = wanted
    const order = { meter: meter.meter, side, energyWh, limitMicrosPerKwh }
    const at = { market: market.market, account, zone: meter.zone, interval }
    if (market.rulebook.orderBook === 'open') {
      const open = await signer.order({ ...order, interval })
      return { placed: { ...at, ...order, id: open.id, kept: null }, open, sealed: null }
    }
    const terms = sealingTerms(market, { zone: meter.zone, interval })
    const collateralMicros = collateralOf(interval)
    const made = await signer.sealedOrder(terms, { ...order, collateralMicros })
    return {
      placed: { ...at, ...order, id: made.order.id, kept: made.kept satisfies KeptOrder },
      ...{ open: null, sealed: made.order },
    }
  }
  const send = async (signed: Signed, client: BusbarClient): Promise<unknown> => {
    await placedOrders().keep(signed.placed)
    void cache.invalidateQueries({ queryKey: keys.placed(account) })
    try {
      if (signed.open !== null) return await client.placeOrder(signed.open)
      if (signed.sealed !== null) return await placeSealed(signed, signed.sealed, client)
      throw new Error('an order is open or sealed')
    } catch (error) {
      // Where it is not known whether it arrived, it stays until somebody knows.
      if (isRefused(error)) {
        await placedOrders().forget(signed.placed)
        void cache.invalidateQueries({ queryKey: keys.placed(account) })
      }
      throw error
    }
  }
  /** Takes nobody's word that the order was taken: only the operator's signature counts. */
  const placeSealed = async (
    { placed: order }: Signed,
    sealed: SignedSealedOrder,
    client: BusbarClient,
  ): Promise<unknown> => {
    const taken = await client.placeSealedOrder(sealed)
    const { receiptSigner: operator } = market
    const { receipt } = taken
    if (operator !== null && order.kept !== null) {
      const isReceipt = verifyReceipt(await client.domain(), operator, receipt, order.kept)
      if (!isReceipt) throw unsignedReceipt()
    }
    await placedOrders().keep({ ...order, receipt })
    return taken
  }
  return {
    act,
    collateral: market.rulebook.orderBook === 'open' ? undefined : collateralOf(-1),
    place: (wanted: Wanted) => act.act((signer) => sign(signer, wanted), send),
  }
}
