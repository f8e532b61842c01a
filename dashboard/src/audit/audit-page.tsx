import type { Conservation } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useServices, useSession } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Badge, Card, Hash, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { mayAudit } from '../session/session.ts'
import { HeadsCard } from './books/heads-card.tsx'
import { HistoryCard } from './books/history-card.tsx'
import { ExceptionsCard } from './exceptions-card.tsx'
import { ExportsCard } from './exports-card.tsx'
import { OverTimeCard } from './over-time-card.tsx'
import { ProvingCard } from './proving-card.tsx'
import { ReplayCard } from './replay/replay-card.tsx'
import { SampleCard } from './sample-card.tsx'
import '../style/companies.css'

/** What must always hold, as figures: for anybody, and for auditors what is behind them. */
export default function AuditPage(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const session = useSession()
  const asked = useQuery({
    queryKey: keys.conservation,
    queryFn: ({ signal }) => client.conservation({ signal }),
    // It is summed up anew for each who asks: with the page, and when somebody wants it.
    gcTime: 0,
  })
  return (
    <>
      <div className='row apart'>
        <h1>{say('audit.title')}</h1>
        <button
          type='button'
          className='button'
          disabled={asked.isFetching}
          onClick={() => void asked.refetch()}
        >
          {say('audit.again')}
        </button>
      </div>
      <p className='soft'>{say('audit.hint')}</p>
      <Answered asked={asked} height={320}>
        {(report) => <Report report={report} />}
      </Answered>
      <HistoryCard />
      <OverTimeCard />
      <HeadsCard />
      <ExceptionsCard />
      {session != null && mayAudit(session) ? (
        <>
          <ReplayCard />
          <SampleCard />
          <ProvingCard />
          <ExportsCard />
        </>
      ) : (
        <Note tone='plain' icon='lock' title={say('audit.private')} />
      )}
    </>
  )
}

function Report({ report }: { readonly report: Conservation }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { money, energy } = report
  const into = energy.injectedWh + energy.importedWh + energy.imbalanceBoughtWh
  const out = energy.consumedWh + energy.exportedWh + energy.imbalanceSoldWh
  return (
    <>
      <div className='grid three'>
        <Card title={say('audit.money')}>
          <Equation
            rows={[
              [say('audit.money.deposited'), formats.exactMoney(money.depositedMicros)],
              [say('audit.money.withdrawn'), formats.exactMoney(money.withdrawnMicros)],
              [say('audit.money.balances'), formats.exactMoney(money.balancesMicros)],
            ]}
            unexplained={formats.exactMoney(money.unexplainedMicros)}
          />
          <Exact isExact={money.unexplainedMicros === 0} />
        </Card>
        <Card title={say('audit.energy')}>
          <Equation
            rows={[
              [say('audit.energy.in'), formats.exactEnergy(into)],
              [say('audit.energy.out'), formats.exactEnergy(out)],
            ]}
            unexplained={formats.exactEnergy(energy.unexplainedWh)}
          />
          <Exact isExact={energy.unexplainedWh === 0} />
          <p className='small soft'>
            {say('audit.energy.intervals', { count: formats.count(report.intervalCount) })}
          </p>
        </Card>
        <ChainCard chain={report.chain} />
      </div>
      <p className='small soft'>
        {say('audit.at', { sequence: formats.count(report.sequence) })}
      </p>
      <p className='small soft'>
        {report.snapshot === null ? say('audit.snapshot.none') : (
          <>
            {say('audit.snapshot', { sequence: formats.count(report.snapshot.sequence) })}{' '}
            <Hash value={report.snapshot.stateHash} />
          </>
        )}
      </p>
    </>
  )
}

function Equation(props: {
  readonly rows: readonly (readonly [name: string, value: string])[]
  readonly unexplained: string
}): ReactNode {
  const { say } = useTexts()
  return (
    <dl className='equation'>
      {props.rows.map(([name, value]) => (
        <div key={name}>
          <dt className='soft'>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div className='total'>
        <dt>{say('audit.unexplained')}</dt>
        <dd>{props.unexplained}</dd>
      </div>
    </dl>
  )
}

function Exact({ isExact }: { readonly isExact: boolean }): ReactNode {
  const { say } = useTexts()
  return (
    <p>
      <Badge tone={isExact ? 'good' : 'bad'} icon={isExact ? 'check' : 'cross'}>
        {say(isExact ? 'audit.exact' : 'audit.unexplained')}
      </Badge>
    </p>
  )
}

function ChainCard({ chain }: { readonly chain: Conservation['chain'] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  if (chain === null) {
    return (
      <Card title={say('audit.chain')}>
        <Note tone='warn' title={say('audit.chain.silent')} />
      </Card>
    )
  }
  const { differingAccounts: differing, pendingMicros: pending, unexplainedMicros } = chain
  const isOnItsWay = !chain.equal && unexplainedMicros === 0 && pending !== 0
  const tone = chain.equal ? 'good' : isOnItsWay ? 'plain' : 'bad'
  const icon = ({ good: 'check', plain: 'wait', bad: 'cross' } as const)[tone]
  const words = chain.equal
    ? say('audit.chain.equal')
    : isOnItsWay
      ? say('audit.chain.pending.more')
      : say('audit.chain.differs', { count: formats.count(differing) })
  return (
    <Card title={say('audit.chain')}>
      <Equation
        rows={[
          [say('audit.chain.ledger'), formats.exactMoney(chain.ledgerMicros)],
          [say('audit.chain.custody'), formats.exactMoney(chain.custodyMicros)],
          [say('audit.chain.pending'), formats.exactMoney(pending)],
        ]}
        unexplained={formats.exactMoney(unexplainedMicros)}
      />
      <Note tone={tone} icon={icon} title={words} />
    </Card>
  )
}
