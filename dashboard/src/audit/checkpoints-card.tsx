import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Hash, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { type Anchored, type Checkpoint, checkpointsOf } from './checkpoints.ts'
import { useLastIntervals } from './last-intervals.ts'

/** So many are drawn at once; the file holds all. */
const rowsAtOnce = 6

/** What of the journal is fixed on the chain: nobody can say otherwise afterwards. */
export function CheckpointsCard(): ReactNode {
  const { say } = useTexts()
  const asked = useLastIntervals()
  return (
    <Card title={say('audit.checkpoints')}>
      <p className='small soft'>{say('audit.checkpoints.hint')}</p>
      <Answered asked={asked} height={320}>
        {({ intervals }) => <Checkpoints all={checkpointsOf(intervals).toReversed()} />}
      </Answered>
    </Card>
  )
}

function Checkpoints({ all }: { readonly all: readonly Checkpoint[] }): ReactNode {
  const { say } = useTexts()
  const [drawn, setDrawn] = useState(rowsAtOnce)
  const columns = useColumns()
  if (all.length === 0) {
    return <Note tone='plain' icon='wait' title={say('audit.checkpoints.none')} />
  }
  return (
    <>
      <Standing all={all} />
      <DataTable
        title={say('audit.checkpoints')}
        file='checkpoints'
        columns={columns}
        rows={all.slice(0, drawn)}
        all={all}
        keyOf={({ zone, interval }) => `${zone}/${interval}`}
        more={{
          hasMore: drawn < all.length,
          isLoading: false,
          load: () => setDrawn(drawn + 4 * rowsAtOnce),
        }}
      />
    </>
  )
}

function Standing({ all }: { readonly all: readonly Checkpoint[] }): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const many = (wanted: Anchored): number => all.filter(({ state }) => state === wanted).length
  const values = { count: count(all.length), anchored: count(many('anchored')) }
  const failed = many('failed')
  if (failed > 0) {
    return <Note tone='bad' title={say('audit.checkpoints.failed', { failed })} isAlert />
  }
  const isWhole = many('anchored') === all.length
  return isWhole ? (
    <Note tone='good' title={say('audit.checkpoints.whole', values)} />
  ) : (
    <Note tone='plain' icon='wait' title={say('audit.checkpoints.waiting', values)} />
  )
}

const tones: Readonly<Record<Anchored, Tone>> = {
  ...{ anchored: 'good', waiting: 'plain', failed: 'bad' },
}

function useColumns(): readonly Column<Checkpoint>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const root = (value: string | null): ReactNode => (value === null ? '–' : <Hash value={value} />)
  return [
    {
      ...{ name: 'interval', title: say('intervals.column.interval') },
      show: ({ zone, interval, startMs, endMs }) => (
        <Link to={pathOf('interval', { zone, interval })}>{formats.span(startMs, endMs)}</Link>
      ),
      value: ({ interval }) => interval,
    },
    {
      ...{ name: 'state', title: say('interval.transaction.status') },
      show: ({ state }) => (
        <Badge tone={tones[state]}>{say(`audit.checkpoint.${state}`)}</Badge>
      ),
      value: ({ state }) => state,
    },
    {
      ...{ name: 'orders_root', title: say('audit.checkpoint.orders') },
      show: ({ ordersRoot }) => root(ordersRoot),
      value: ({ ordersRoot }) => ordersRoot,
    },
    {
      ...{ name: 'readings_root', title: say('audit.checkpoint.readings') },
      show: ({ readingsRoot }) => root(readingsRoot),
      value: ({ readingsRoot }) => readingsRoot,
    },
    {
      ...{ name: 'postings_root', title: say('audit.checkpoint.postings') },
      show: ({ postingsRoot }) => root(postingsRoot),
      value: ({ postingsRoot }) => postingsRoot,
    },
    {
      ...{ name: 'block_number', title: say('interval.transaction.block'), isNumber: true },
      show: ({ blockNumber }) => (blockNumber === null ? '–' : formats.count(blockNumber)),
      value: ({ blockNumber }) => blockNumber,
    },
  ]
}
