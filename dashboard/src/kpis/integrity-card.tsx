import type { Kpis } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { CsvButton } from '../parts/csv-button.tsx'
import { Card } from '../parts/parts.tsx'

type Protocol = Kpis['protocols'][number]

const refusedOf = (protocol: Protocol): number =>
  protocol.refusedReadings.reduce((sum, { count }) => sum + count, 0)

/** Why batches and readings were refused, in codes: `signature_invalid 2, implausible 1`. */
const reasonsOf = ({ refusedBatches, refusedReadings }: Protocol): string =>
  [...refusedBatches, ...refusedReadings].map(({ code, count }) => `${code} ${count}`).join(', ')

/** What became of readings, by what their gateways speak. */
export function IntegrityCard({ kpis: { protocols } }: { readonly kpis: Kpis }): ReactNode {
  const { say } = useTexts()
  return (
    <Card title={say('kpis.integrity')}>
      <p className='small soft'>{say('kpis.integrity.hint')}</p>
      <Protocols protocols={protocols} />
      <div className='row'>
        <CsvButton
          name='busbar-readings'
          columns={() => ({
            protocol: protocols.map(({ protocol }) => protocol),
            gateways: protocols.map(({ gatewayCount }) => gatewayCount),
            meters: protocols.map(({ meterCount }) => meterCount),
            integrity_basis_points: protocols.map((one) => one.integrityBasisPoints),
            counted: protocols.map(({ countedReadings }) => countedReadings),
            late: protocols.map(({ lateReadings }) => lateReadings),
            repeated: protocols.map(({ repeatedReadings }) => repeatedReadings),
            refused: protocols.map(refusedOf),
            refused_batches: protocols.map(({ refusedBatches }) =>
              refusedBatches.reduce((sum, { count }) => sum + count, 0)),
            reasons: protocols.map(reasonsOf),
            metered_intervals: protocols.map(({ meteredCount }) => meteredCount),
            substituted_intervals: protocols.map(({ substitutedCount }) => substitutedCount),
          })}
        />
      </div>
    </Card>
  )
}

function Protocols({ protocols }: Pick<Kpis, 'protocols'>): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const columns = ['meters', 'integrity', 'counted', 'late', 'refused', 'substituted'] as const
  const integrity = ({ integrityBasisPoints: share }: Protocol): string =>
    share === null ? '–' : formats.percent(share / 10_000)
  const substituted = ({ meteredCount, substitutedCount }: Protocol): string => {
    const all = meteredCount + substitutedCount
    return all === 0 ? '–' : formats.percent(substitutedCount / all)
  }
  return (
    <div className='table-frame' tabIndex={0} role='region' aria-label={say('kpis.integrity')}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{say('kpis.column.protocol')}</th>
            {columns.map((column) => (
              <th key={column} scope='col' className='number'>{say(`kpis.column.${column}`)}</th>
            ))}
            <th scope='col'>{say('kpis.column.reasons')}</th>
          </tr>
        </thead>
        <tbody>
          {protocols.map((one) => (
            <tr key={one.protocol}>
              <th scope='row'>
                <code>{one.protocol}</code>
              </th>
              <td className='number'>{formats.count(one.meterCount)}</td>
              <td className='number'>{integrity(one)}</td>
              <td className='number'>{formats.count(one.countedReadings)}</td>
              <td className='number'>{formats.count(one.lateReadings)}</td>
              <td className='number'>{formats.count(refusedOf(one))}</td>
              <td className='number'>{substituted(one)}</td>
              <td>{reasonsOf(one) === '' ? '–' : <code>{reasonsOf(one)}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
