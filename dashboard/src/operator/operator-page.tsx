import type { Operations } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Card, Figure } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { FaultsCard } from './faults-card.tsx'
import { MachineCard } from './machine-card.tsx'
import { OperatorFrame } from './operator-frame.tsx'
import { PipelineCard } from './pipeline-card.tsx'
import { ProposalsCard } from './proposals-card.tsx'

const lookMs = 2_000
const minute = 60

/** What somebody looks at who runs the market, also at three in the morning. */
export default function OperatorPage(): ReactNode {
  return (
    <OperatorFrame page='operator'>
      {(session) => (
        <>
          <ProposalsCard session={session} />
          {session.roles.includes('operator') || session.roles.includes('auditor') ? (
            <Running session={session} />
          ) : null}
        </>
      )}
    </OperatorFrame>
  )
}

function Running({ session }: { readonly session: Session }): ReactNode {
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.operations,
    queryFn: ({ signal }) => client.operator.operations({ signal }),
    refetchInterval: lookMs,
    gcTime: 0,
  })
  return (
    <Answered asked={asked} height={520}>
      {(operations) => (
        <>
          <PipelineCard operations={operations} />
          <RatesCard operations={operations} />
          <MachineCard operations={operations} />
          <FaultsCard mayTurn={session.roles.includes('operator')} />
        </>
      )}
    </Answered>
  )
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, one) => sum + one, 0)

function RatesCard({ operations }: { readonly operations: Operations }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { ordersPerSecond, readingsPerSecond, gateToReceipt } = operations
  const { medianMs, mostMs, count } = gateToReceipt
  const ms = (value: number | null): string =>
    value === null ? say('operator.unknown') : formats.duration(value)
  return (
    <Card title={say('operator.rates')}>
      <dl className='figures'>
        <Figure
          label={say('operator.rates.orders')}
          value={formats.count(sumOf(ordersPerSecond.slice(-minute)))}
          hint={say('operator.rates.minute')}
        />
        <Figure
          label={say('operator.rates.readings')}
          value={formats.count(sumOf(readingsPerSecond.slice(-minute)))}
          hint={say('operator.rates.minute')}
        />
        <Figure
          label={say('operator.rates.work')}
          value={ms(medianMs)}
          hint={say('operator.rates.work.hint', {
            most: ms(mostMs), count: formats.count(count),
          })}
        />
      </dl>
      <div className='grid two'>
        <Line name={say('operator.rates.orders')} of={ordersPerSecond} colour='orders' />
        <Line name={say('operator.rates.readings')} of={readingsPerSecond} colour='readings' />
      </div>
    </Card>
  )
}

const height = 40

/** One count a second, as a line: its figures stand above it. */
function Line(props: {
  readonly name: string
  readonly of: readonly number[]
  readonly colour: 'orders' | 'readings'
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const most = Math.max(1, ...props.of)
  const points = props.of.map((count, i) => `${i},${height - (count / most) * (height - 2) - 1}`)
  const label = say('operator.rates.line', { name: props.name, most: formats.count(most) })
  return (
    <div>
      <p className='small soft'>{label}</p>
      <svg
        className='bars'
        viewBox={`0 0 ${Math.max(1, props.of.length - 1)} ${height}`}
        preserveAspectRatio='none'
        role='img'
        aria-label={label}
      >
        <path className={props.colour} d={points.length === 0 ? '' : `M${points.join('L')}`} />
      </svg>
    </div>
  )
}
