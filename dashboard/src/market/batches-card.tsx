import type { Series } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Icon } from '../parts/icons.tsx'
import { Card, Note } from '../parts/parts.tsx'
import { ProofBadge, proofIcons, type ProofState } from '../parts/proof-badge.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { newestShown } from './series-range.ts'

/** The newest batches, each with how far its proof is. */
export function BatchesCard({ series }: { readonly series: Series }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const batches = series.interval
    .map((interval, i) => ({
      interval,
      state: series.proof[i] ?? ('none' satisfies ProofState),
      isCleared: series.status[i] !== 'fixed',
    }))
    .filter(({ isCleared }) => isCleared)
    .slice(-newestShown)
  const states = [...new Set(batches.map(({ state }) => state))]
  return (
    <Card title={say('batches.title')}>
      <p className='small soft'>{say('batches.hint')}</p>
      {batches.length === 0 ? (
        <Note tone='plain' icon='wait' title={say('batches.empty')}>
          <p>{say('auction.none.next')}</p>
        </Note>
      ) : (
        <>
          <ul className='batches'>
            {batches.map(({ interval, state }) => {
              const span = formats.span(interval * intervalMs, (interval + 1) * intervalMs)
              const name = say('batches.link', { interval: span, state: say(`proof.${state}`) })
              const to = pathOf('interval', { zone: series.zone, interval })
              return (
                <li key={interval}>
                  <Link to={to} className={`batch ${state}`} title={name} aria-label={name}>
                    <Icon name={proofIcons[state]} size={16} />
                  </Link>
                </li>
              )
            })}
          </ul>
          <div className='row apart'>
            <span className='row'>
              {states.map((state) => (
                <ProofBadge key={state} state={state} />
              ))}
            </span>
            <Link to={pathOf('intervals')}>{say('batches.all')}</Link>
          </div>
        </>
      )}
    </Card>
  )
}
