import type { BusbarClient } from '@busbar/client'
import type { CheckpointPart, JournalHeads } from '@busbar/protocols/api'
import { bilateralZone } from '@busbar/core/exchange'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useOpened } from '../../app/live.tsx'
import { useFormats, useMarket, useZoneName } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import { everyRow, type ReadAll, rowsAtOnce } from '../../lib/every-row.ts'
import { keys } from '../../live/keys.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { type More, moreOf } from '../../parts/more.tsx'
import { Badge, Card, Hash, Note, type Tone } from '../../parts/parts.tsx'
import { Answered } from '../../parts/states.tsx'
import { pathOf } from '../../route/pages.ts'
import { Link } from '../../route/router.tsx'
import { HeadCheckList } from './head-check-list.tsx'
import {
  type Anchored, anchoredOf, groupsOf, headsPerPage, pageBefore, partsOf,
} from './heads.ts'
import { noteHeads, notedHeads } from './noted-heads.ts'

const lookMs = 10_000
const newestPage: { readonly before?: number } = {}

type Head = JournalHeads['heads'][number]

/** Hashes of the journal at what the chain bears witness of, the newest first. */
export function HeadsCard(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useInfiniteQuery({
    queryKey: keys.heads,
    queryFn: ({ pageParam, signal }) =>
      client.books.heads({ ...pageParam, limit: headsPerPage }, { signal }),
    initialPageParam: newestPage,
    getNextPageParam: (page) => pageBefore(page),
    enabled: useOpened(),
    refetchInterval: lookMs,
  })
  const heads = useMemo(() => headsIn(asked.data?.pages ?? []), [asked.data])
  return (
    <Card title={say('heads.title')}>
      <p className='small soft'>{say('heads.hint')}</p>
      <Answered asked={asked} height={320}>
        {({ pages }) => (
          <Heads
            heads={heads}
            last={pages[0]?.last}
            more={moreOf(asked)}
            all={allHeads(client)}
          />
        )}
      </Answered>
    </Card>
  )
}

/** All that the chain bears witness of, the newest first. */
const allHeads = (client: BusbarClient): ReadAll<Head> =>
  everyRow(({ signal }) => pagesBefore(client, signal), ({ heads }) => heads.toReversed())

async function* pagesBefore(client: BusbarClient, signal: AbortSignal) {
  const limit = rowsAtOnce
  for (let next: typeof newestPage | undefined = newestPage; next !== undefined; ) {
    const page: JournalHeads = await client.books.heads({ ...next, limit }, { signal })
    yield page
    next = pageBefore(page, limit)
  }
}

/** Each once, the newest first. */
function headsIn(pages: readonly JournalHeads[]): readonly Head[] {
  const found = new Map(pages.flatMap(({ heads }) => heads).map((one) => [one.sequence, one]))
  return [...found.values()].sort((a, b) => b.sequence - a.sequence)
}

function Heads(props: {
  readonly heads: readonly Head[]
  readonly last: JournalHeads['last'] | undefined
  readonly more: More
  readonly all: ReadAll<Head>
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { heads, last, more, all } = props
  const [chosen, choose] = useState<number>()
  const columns = useColumns(choose)
  const noted = useNoted(heads)
  if (heads.length === 0) {
    return <Note tone='plain' icon='wait' title={say('audit.checkpoints.none')} />
  }
  const rewritten = heads.find(({ sequence, hash }) =>
    noted.has(sequence) && noted.get(sequence)?.hash !== hash)
  return (
    <>
      <Standing heads={heads} />
      {rewritten === undefined ? null : (
        <Note
          tone='bad'
          title={say('heads.rewritten', { sequence: formats.count(rewritten.sequence) })}
          isAlert
        >
          <p>{say('heads.rewritten.next')}</p>
        </Note>
      )}
      <DataTable
        title={say('heads.title')}
        frame='plain'
        file='busbar-journal-heads'
        columns={columns}
        rows={heads}
        keyOf={({ sequence }) => sequence}
        more={more}
        all={all}
      />
      {chosen === undefined ? null : (
        <HeadCheckList key={chosen} sequence={chosen} noted={noted.get(chosen)} />
      )}
      {last === undefined || last.sequence === 0 ? null : (
        <p className='small soft'>
          {say('heads.last', { sequence: formats.count(last.sequence) })}{' '}
          <Hash value={last.hash} />
        </p>
      )}
    </>
  )
}

/** What this browser had seen before this page was opened; what it sees now is noted too. */
function useNoted(heads: readonly Head[]): ReturnType<typeof notedHeads> {
  const { market, domain } = useMarket()
  const name = `${market} ${domain.verifyingContract}`
  const [noted] = useState(() => notedHeads(localStorage, name))
  useEffect(() => noteHeads(localStorage, name, heads), [name, heads])
  return noted
}

function Standing({ heads }: { readonly heads: readonly Head[] }): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const many = (wanted: Anchored): number =>
    heads.filter(({ transactions }) => anchoredOf(transactions) === wanted).length
  const failed = many('failed')
  if (failed > 0) {
    return <Note tone='bad' title={say('heads.failed', { failed: count(failed) })} isAlert />
  }
  const values = { count: count(heads.length), anchored: count(many('anchored')) }
  return many('anchored') === heads.length ? (
    <Note tone='good' title={say('heads.whole', values)} />
  ) : (
    <Note tone='plain' icon='wait' title={say('heads.waiting', values)} />
  )
}

const tones: Readonly<Record<Anchored, Tone>> = {
  ...{ anchored: 'good', waiting: 'plain', failed: 'bad' },
}

function useColumns(choose: (sequence: number) => void): readonly Column<Head>[] {
  const { say } = useTexts()
  const formats = useFormats()
  return [
    {
      ...{ name: 'sequence', title: say('books.entry') },
      show: ({ sequence }) => formats.count(sequence),
      value: ({ sequence }) => sequence,
    },
    {
      ...{ name: 'at', title: say('heads.at') },
      show: ({ atMs }) => formats.moment(atMs),
      value: ({ atMs }) => new Date(atMs).toISOString(),
    },
    {
      ...{ name: 'parts', title: say('heads.parts') },
      show: ({ transactions }) => <Parts transactions={transactions} />,
      value: ({ transactions }) =>
        partsOf(transactions).map(({ part, zone, interval, run }) =>
          [part, zone, interval, ...(run === null ? [] : [run])].join(' ')).join('; '),
    },
    {
      ...{ name: 'state', title: say('interval.transaction.status') },
      show: ({ transactions }) => {
        const state = anchoredOf(transactions)
        return <Badge tone={tones[state]}>{say(`audit.checkpoint.${state}`)}</Badge>
      },
      value: ({ transactions }) => anchoredOf(transactions),
    },
    {
      ...{ name: 'block_number', title: say('interval.transaction.block'), isNumber: true },
      show: ({ transactions }) => {
        const block = transactions.at(-1)?.blockNumber ?? null
        return block === null ? '–' : formats.count(block)
      },
      value: ({ transactions }) => transactions.at(-1)?.blockNumber ?? null,
    },
    {
      ...{ name: 'hash', title: say('heads.hash') },
      show: ({ hash }) => <Hash value={hash} />,
      value: ({ hash }) => hash,
    },
    {
      ...{ name: 'check', title: say('heads.check') },
      show: ({ sequence }) => (
        <button type='button' className='button quiet' onClick={() => choose(sequence)}>
          {say('heads.check.run')}
        </button>
      ),
    },
  ]
}

function Parts(props: { readonly transactions: readonly CheckpointPart[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook, zones: { length: zoneCount } } = useMarket()
  const nameOf = useZoneName()
  const intervalMs = rulebook.intervalSeconds * 1_000
  return (
    <span className='head-parts'>
      {groupsOf(props.transactions).map(({ part, interval, run, zones }) => {
        const span = formats.span(interval * intervalMs, (interval + 1) * intervalMs)
        const words = `${say(`heads.part.${part}`)} ${span}`
        const key = `${part}/${interval}/${run ?? ''}`
        if (zones.includes(bilateralZone)) return <span key={key}>{words}</span>
        const linkTo = (zone: number, text: string): ReactNode => (
          <Link key={zone} to={pathOf('interval', { zone, interval })}>{text}</Link>
        )
        if (zoneCount === 1) return <span key={key}>{linkTo(zones[0] ?? 0, words)}</span>
        return (
          <span key={key} className='head-zones'>
            {words}: {zones.map((zone) => linkTo(zone, nameOf(zone)))}
          </span>
        )
      })}
    </span>
  )
}
