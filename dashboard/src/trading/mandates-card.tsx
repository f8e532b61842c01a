import type { AccountDetail } from '@busbar/protocols/api'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Badge, Card, Hash } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { microsOf, wattHoursOf } from './amounts.ts'
import { Text } from './order-card.tsx'

type Mandate = AccountDetail['mandates'][number]
type Props = { readonly session: Session; readonly detail: AccountDetail }

/** What the account's own agents may do, until when, and what is left of it today. */
export function MandatesCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  return (
    <Card title={say('mandates.title')}>
      <p className='soft'>{say('mandates.hint')}</p>
      {detail.mandates.length === 0 ? (
        <p className='soft'>{say('mandates.empty')}</p>
      ) : (
        <ul className='orders'>
          {detail.mandates.map((mandate) => (
            <Item key={mandate.publicKey} mandate={mandate} session={session} />
          ))}
        </ul>
      )}
      <Grant session={session} detail={detail} />
    </Card>
  )
}

function Item(props: { readonly mandate: Mandate; readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const nowMs = useMarketTime(10_000) ?? 0
  const act = useAct<unknown>(props.session)
  const { mandate } = props
  const { publicKey, label, buyMaxMicrosPerKwh: most, sellMinMicrosPerKwh: least } = mandate
  const revoke = (): void => {
    void act.act(
      (signer) => signer.instruction('revoke_mandate', { publicKey }),
      (signed, client) => client.instruct(signed),
    )
  }
  const isOver = mandate.untilMs <= nowMs
  return (
    <li className='order' data-mandate={label}>
      <div className='row apart'>
        <strong>{label}</strong>
        <Badge tone={isOver ? 'plain' : 'good'}>
          {say(isOver ? 'mandates.over' : 'mandates.until', {
            until: formats.moment(mandate.untilMs),
          })}
        </Badge>
      </div>
      <p className='small soft'>
        {[
          ...(most === null ? [] : [say('mandates.buys', { price: formats.exactPrice(most) })]),
          ...(least === null ? [] : [say('mandates.sells', { price: formats.exactPrice(least) })]),
          say('mandates.day', {
            left: formats.energy(mandate.leftTodayWh),
            most: formats.energy(mandate.dayEnergyMaxWh),
          }),
        ].join(' ')}
      </p>
      <p className='small'>
        {say('mandates.key')} <Hash value={publicKey} />
      </p>
      <div className='row'>
        <button type='button' className='button' onClick={revoke}>
          {say('mandates.revoke')}
        </button>
      </div>
      <ActNote of={act} done={say('mandates.revoked')} />
    </li>
  )
}

const dayMs = 86_400_000
const daysMost = 365

/** A mandate as it is written, or which field of it is not right. */
function mandateIn(given: FormData, meters: readonly number[], nowMs: number) {
  const text = (name: string): string => String(given.get(name) ?? '').trim()
  const publicKey = text('key')
  const label = text('label')
  const [buys, sells] = [text('buys'), text('sells')]
  const [most, least] = [microsOf(buys), microsOf(sells)]
  const orderEnergyMaxWh = wattHoursOf(text('order'))
  const dayEnergyMaxWh = wattHoursOf(text('day'))
  const days = Number(text('days'))
  if (!/^0x0[23][0-9a-f]{64}$/.test(publicKey)) return 'key'
  if (!/^[a-z0-9-]{1,32}$/.test(label)) return 'label'
  const isPriced = (buys === '' || most !== undefined) && (sells === '' || least !== undefined)
  if (!isPriced || (buys === '' && sells === '')) return 'price'
  if (orderEnergyMaxWh === undefined || dayEnergyMaxWh === undefined) return 'energy'
  if (!Number.isSafeInteger(days) || days < 1 || days > daysMost) return 'days'
  return {
    ...{ publicKey, label, meters: [...meters], orderEnergyMaxWh, dayEnergyMaxWh },
    ...{ buyMaxMicrosPerKwh: most ?? null, sellMinMicrosPerKwh: least ?? null },
    ...{ fromMs: Math.floor(nowMs), untilMs: Math.floor(nowMs) + days * dayMs },
  }
}

function Grant({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const nowMs = useMarketTime(1_000) ?? 0
  const act = useAct<unknown>(session)
  const [wrong, setWrong] = useState<string | undefined>()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const meters = detail.meters.map(({ meter }) => meter)
    const content = mandateIn(new FormData(event.currentTarget), meters, nowMs)
    if (typeof content === 'string') return setWrong(content)
    setWrong(undefined)
    void act.act(
      (signer) => signer.instruction('grant_mandate', content),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <form className='ticket' onSubmit={submit} noValidate>
      <h3 className='whole'>{say('mandates.grant')}</h3>
      <Text name='label' label={say('mandates.label')} hint='agent' isWrong={wrong === 'label'} />
      <Text name='key' label={say('mandates.of')} hint='0x02…' isWrong={wrong === 'key'} />
      <Text name='buys' label={say('mandates.most')} hint='0.30' isWrong={wrong === 'price'} />
      <Text name='sells' label={say('mandates.least')} hint='0.08' isWrong={wrong === 'price'} />
      <Text name='order' label={say('mandates.each')} hint='1 kWh' isWrong={wrong === 'energy'} />
      <Text name='day' label={say('mandates.daily')} hint='20 kWh' isWrong={wrong === 'energy'} />
      <Text
        name='days'
        label={say('mandates.days')}
        hint='30'
        value='30'
        isWrong={wrong === 'days'}
      />
      {wrong === undefined ? null : (
        <p role='alert' className='is-bad small whole'>{say('mandates.wrong')}</p>
      )}
      <button type='submit' className='button main'>{say('mandates.sign')}</button>
      <div className='whole'>
        <ActNote of={act} done={say('mandates.granted')} />
      </div>
    </form>
  )
}
