import type { AccountSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Icon } from '../parts/icons.tsx'
import { Figure } from '../parts/parts.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { sumsOf } from './day.ts'

/** What a day has come to, beside what it would have come to without the market. */
export function TodayCard({ series }: { readonly series: AccountSeries }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const formats = useFormats()
  const sums = sumsOf(series)
  const isEarned = sums.worthMicros >= 0
  return (
    <section className='card today' aria-labelledby='today'>
      <div>
        <h2 id='today' className='eyebrow'>
          {say(isEarned ? 'today.earned' : 'today.cost')}
        </h2>
        <p className={`hero figure ${isEarned ? 'is-self' : ''}`}>
          {formats.money(Math.abs(sums.worthMicros))}
        </p>
      </div>
      <Saved sums={sums} />
      <dl className='figures'>
        <Figure label={say('today.given')} value={formats.energy(sums.givenWh)} tone='is-sell' />
        <Figure
          label={say('today.taken')}
          value={formats.energy(sums.takenWh)}
          tone='is-buy'
          hint={texts.count('today.settled', sums.settled, formats.count(sums.settled))}
        />
      </dl>
      <Last series={series} />
    </section>
  )
}

function Saved({ sums }: { readonly sums: ReturnType<typeof sumsOf> }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { savedMicros, tariffMicros } = sums
  if (savedMicros === null || tariffMicros === null) {
    return <p className='soft'>{say('today.noTariff')}</p>
  }
  const isBetter = savedMicros >= 0
  return (
    <div className={`saved ${isBetter ? 'good' : 'warn'}`}>
      <p>
        <strong className='figure'>{formats.money(Math.abs(savedMicros))}</strong>{' '}
        {say(isBetter ? 'today.saved' : 'today.lost')}
      </p>
      <p className='small soft'>
        {say(tariffMicros >= 0 ? 'today.tariff.earned' : 'today.tariff.cost', {
          tariff: formats.money(Math.abs(tariffMicros)),
        })}
      </p>
    </div>
  )
}

/** The newest interval that is settled, with the way to its reasons. */
function Last({ series }: { readonly series: AccountSeries }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const at = series.worthMicros.findLastIndex((worth) => worth !== null)
  const [interval, worth] = [series.interval[at], series.worthMicros[at] ?? null]
  if (interval === undefined || worth === null) return null
  const intervalMs = rulebook.intervalSeconds * 1_000
  const span = formats.span(interval * intervalMs, (interval + 1) * intervalMs)
  return (
    <p className='last'>
      <span className='soft'>{say('today.last', { interval: span })}</span>
      <strong className='figure'>{formats.exactMoney(worth)}</strong>
      <Link to={pathOf('whyInterval', { account: series.account, interval })} className='small'>
        <Icon name='why' size={16} />
        {say('today.why')}
      </Link>
    </p>
  )
}
