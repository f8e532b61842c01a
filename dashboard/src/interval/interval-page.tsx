import { bilateralZone } from '@busbar/core/exchange'
import type { PublicInterval } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { nullIfMissing } from '../lib/missing.ts'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card, Hash, Note } from '../parts/parts.tsx'
import { ProofBadge, proofIcons } from '../parts/proof-badge.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { EnergyCard } from './energy-card.tsx'
import { LifeCard } from './life-card.tsx'
import { TransactionsCard } from './transactions-card.tsx'

type Props = { readonly zone: number; readonly interval: number }

/** One interval, from its first order to its last correction, as anybody may see it. */
export default function IntervalPage({ zone, interval }: Props): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.interval(zone, interval),
    queryFn: ({ signal }) => nullIfMissing(client.interval(zone, interval, { signal })),
    enabled: useOpened(),
  })
  return (
    <>
      {asked.data == null ? <h1>{say('interval.title', { span: interval })}</h1> : null}
      <Answered asked={asked} height={480}>
        {(found) => (found === null ? <Missing /> : <Life interval={found} />)}
      </Answered>
    </>
  )
}

function Missing(): ReactNode {
  const { say } = useTexts()
  return (
    <Note tone='plain' title={say('interval.missing')}>
      <p>{say('interval.missing.next')}</p>
      <Link to={pathOf('intervals')} className='button'>
        {say('page.intervals')}
      </Link>
    </Note>
  )
}

function Life({ interval: found }: { readonly interval: PublicInterval }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { zone, interval, startMs, endMs, status } = found
  const span = formats.span(startMs, endMs)
  const zoneName = useZoneName()
  const isContracts = zone === bilateralZone
  return (
    <>
      <div className='row apart'>
        <div>
          <h1>{say('interval.title', { span })}</h1>
          <p className='soft figure'>
            {say(isContracts ? 'interval.number.contracts' : 'interval.number', {
              ...{ day: formats.day(startMs), interval, zone: zoneName(zone) },
            })}
          </p>
        </div>
        <div className='row'>
          <Badge tone={status === 'final' ? 'good' : 'plain'}>{say(`status.${status}`)}</Badge>
          {isContracts ? null : <ProofBadge state={found.proof.state} />}
        </div>
      </div>
      <div className='grid wide'>
        <LifeCard interval={found} />
        <div className='stack'>
          {isContracts ? <ContractsCard interval={found} /> : (
            <>
              <ProofCard interval={found} />
              <EnergyCard interval={found} />
            </>
          )}
        </div>
      </div>
      <RootsCard interval={found} />
      <TransactionsCard interval={found} />
      <nav className='row apart' aria-label={say('page.intervals')}>
        <Link to={pathOf('interval', { zone, interval: interval - 1 })} className='button'>
          <Icon name='left' size={18} />
          {say('action.earlier')}
        </Link>
        <Link to={pathOf('interval', { zone, interval: interval + 1 })} className='button'>
          {say('action.later')}
          <Icon name='right' size={18} />
        </Link>
      </nav>
    </>
  )
}

/** Contracts have no auction to prove, and their energy is counted where their meters are. */
function ContractsCard({ interval }: { readonly interval: PublicInterval }): ReactNode {
  const { say } = useTexts()
  const { energy } = useFormats()
  return (
    <Card title={say('zone.contracts')}>
      <p>{say('interval.contracts.energy', { energy: energy(interval.energyWh) })}</p>
      <p className='small soft'>{say('interval.contracts.hint')}</p>
    </Card>
  )
}

const proofTones = {
  none: 'plain',
  awaited: 'plain',
  proven: 'good',
  overdue: 'warn',
  faulty: 'bad',
} as const

function ProofCard({ interval }: { readonly interval: PublicInterval }): ReactNode {
  const { say } = useTexts()
  const { state, reference } = interval.proof
  const isHash = reference !== null && /^0x[0-9a-f]{64}$/.test(reference)
  return (
    <Card title={say('interval.proof')}>
      <Note tone={proofTones[state]} icon={proofIcons[state]} title={say(`proof.${state}`)}>
        <p>{say(`interval.proof.${state}`)}</p>
        {isHash ? (
          <p className='small'>
            {say('interval.proof.reference')} <Hash value={reference} />
          </p>
        ) : null}
      </Note>
    </Card>
  )
}

function RootsCard({ interval }: { readonly interval: PublicInterval }): ReactNode {
  const { say } = useTexts()
  const isContracts = interval.zone === bilateralZone
  const rows: readonly (readonly [name: string, value: string | null])[] = [
    [say(isContracts ? 'interval.root.contracts' : 'interval.root.orders'), interval.ordersRoot],
    [say(isContracts ? 'interval.root.owed' : 'interval.root.clearing'), interval.clearingRoot],
    ...(isContracts || interval.orderBook === 'open'
      ? []
      : [[say('interval.root.fills'), interval.fillsRoot] as const]),
    ...interval.runs.flatMap(({ run, readingsRoot, postingsRoot }) => [
      [
        say(isContracts ? 'interval.root.traded' : 'interval.root.readings', { run }),
        readingsRoot,
      ] as const,
      [say('interval.root.postings', { run }), postingsRoot] as const,
    ]),
    [say('interval.root.rulebook'), interval.rulebookHash],
  ]
  return (
    <Card title={say('interval.roots')}>
      <p className='small soft'>{say('interval.roots.hint')}</p>
      <dl className='facts'>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value === null ? (
                <span className='soft'>{say('interval.root.none')}</span>
              ) : (
                <Hash value={value} />
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
