import type { Kpis } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import type { Columns } from '../lib/csv.ts'
import { protocolSaid, readingRefusalSaid } from '../lib/sentences.ts'
import { type Column, DataTable, shown } from '../parts/data-table.tsx'
import { Card } from '../parts/parts.tsx'

type Protocol = Kpis['protocols'][number]

const refusedOf = (protocol: Protocol): number =>
  protocol.refusedReadings.reduce((sum, { count }) => sum + count, 0)

/** In codes, for machines: `signature_invalid 2, implausible 1`. */
const reasonsOf = ({ refusedBatches, refusedReadings }: Protocol): string =>
  [...refusedBatches, ...refusedReadings].map(({ code, count }) => `${code} ${count}`).join(', ')

/** What became of readings, by what their gateways speak. */
export function IntegrityCard({ kpis: { protocols } }: { readonly kpis: Kpis }): ReactNode {
  const { say } = useTexts()
  const columns = useShownColumns()
  return (
    <Card title={say('kpis.integrity')}>
      <p className='small soft'>{say('kpis.integrity.hint')}</p>
      <DataTable
        title={say('kpis.integrity')}
        columns={columns}
        rows={protocols}
        keyOf={({ protocol }) => protocol}
        frame='plain'
        file='busbar-readings'
        saved={() => savedColumns(protocols)}
      />
    </Card>
  )
}

function useShownColumns(): readonly Column<Protocol>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const reasonsIn = ({ refusedBatches, refusedReadings }: Protocol): string =>
    [...refusedBatches, ...refusedReadings].map(({ code, count }) => {
      const why = readingRefusalSaid(code)
      return `${why === undefined ? code : say(`kpis.refused.${why}`)}: ${formats.count(count)}`
    }).join(', ')
  const nameOf = ({ protocol }: Protocol): string => {
    const known = protocolSaid(protocol)
    return known === undefined ? protocol : say(`kpis.protocol.${known.name}`, known.values)
  }
  const figure = (
    name: 'meters' | 'integrity' | 'counted' | 'late' | 'refused' | 'substituted',
    valueOf: (protocol: Protocol) => number | null,
    show: (value: number) => string = formats.count,
  ): Column<Protocol> => ({
    ...{ name, title: say(`kpis.column.${name}`), isNumber: true },
    show: (protocol) => shown(valueOf(protocol), show),
  })
  return [
    {
      ...{ name: 'protocol', title: say('kpis.column.protocol') },
      show: nameOf,
    },
    figure('meters', ({ meterCount }) => meterCount),
    figure('integrity', ({ integrityBasisPoints }) => integrityBasisPoints, (basisPoints) =>
      formats.percent(basisPoints / 10_000)),
    figure('counted', ({ countedReadings }) => countedReadings),
    figure('late', ({ lateReadings }) => lateReadings),
    figure('refused', refusedOf),
    figure('substituted', substitutedShare, formats.percent),
    {
      ...{ name: 'reasons', title: say('kpis.column.reasons') },
      show: (one) => reasonsIn(one) || '–',
    },
  ]
}

function substitutedShare({ meteredCount, substitutedCount }: Protocol): number | null {
  const all = meteredCount + substitutedCount
  return all === 0 ? null : substitutedCount / all
}

/** With counts that the page has no room for. */
const savedColumns = (protocols: readonly Protocol[]): Columns => ({
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
})
