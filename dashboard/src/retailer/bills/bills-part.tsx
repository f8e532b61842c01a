import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useMarket } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import type { InIntervals } from '../../live/cache-follower.ts'
import { keys } from '../../live/keys.ts'
import { Card, Note } from '../../parts/parts.tsx'
import { Answered } from '../../parts/states.tsx'
import type { Progress } from '../bill-check.ts'
import { ProgressBar } from '../progress.tsx'
import type { Signed } from '../retailer-data.ts'
import { BillTable } from './bill-table.tsx'
import { BillingDays, useBillingDays } from './billing-days.tsx'
import {
  type BillSources,
  type Days,
  draftOf,
  type OwnFiles,
  readIntervals,
  readSources,
} from './bills-data.ts'
import { FaultNote } from './fault-note.tsx'

/** A retailer's bills of a month or of any days, as `busbar bills` makes them. */
export function BillsPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const market = useMarket()
  const choice = useBillingDays()
  const [own, setOwn] = useState<OwnFiles>({ tariff: '', previous: '', collected: [] })
  const { session: { account } } = signed
  const { days } = choice
  const isWhole = days.from <= days.through
  const asked = useSources(signed, days)
  const isTheirs = market.rulebook.reconciliation.policy === 'retailer-bill'
  return (
    <>
      <Card title={say('bills.title')}>
        <p className='small soft'>{say('bills.hint')}</p>
        <BillingDays {...choice} />
        <Files own={own} change={setOwn} />
      </Card>
      {!isTheirs ? (
        <Note tone='plain' title={say('bills.market')}>
          <p>{say('bills.market.next')}</p>
        </Note>
      ) : !isWhole ? (
        <Note tone='warn' title={say('bills.days.wrong')} isAlert />
      ) : (
        <>
          <Reading {...asked} />
          {asked.isStopped ? null : (
            <Answered asked={asked.found} height={420}>
              {(sources) => <Drafted sources={sources} days={days} own={own} account={account} />}
            </Answered>
          )}
        </>
      )}
      <Card title={say('bills.command')}>
        <p className='small soft'>{say('bills.command.hint')}</p>
        <pre className='command' tabIndex={0}>
          <code>
            busbar bills collect --retailer {signed.session.name} …{'\n'}
            busbar bills make --evidence evidence --tariff tariff.json …
          </code>
        </pre>
      </Card>
    </>
  )
}

/** What is read of some days, until somebody stops it. */
function useSources({ session: { account }, reader }: Signed, days: Days) {
  const market = useMarket()
  const { cache } = useServices()
  const [progress, setProgress] = useState<Progress>()
  const [stopped, setStopped] = useState<Days>()
  const { from, through } = days
  const isStopped = stopped?.from === from && stopped.through === through
  const queryKey = keys.company(account, 'bills', from, through)
  const found = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      readSources(reader, market, account, days, { signal }, setProgress),
    enabled: from <= through && !isStopped,
    meta: {
      readIntervals: (intervals) => readIntervals(reader, market, account, days, intervals),
    } satisfies InIntervals<BillSources>,
  })
  return {
    found,
    progress: found.data === undefined && found.isFetching ? progress : undefined,
    isStopped,
    stop: (): void => {
      setStopped(days)
      void cache.cancelQueries({ queryKey })
    },
    again: (): void => setStopped(undefined),
  }
}

/** A month is many pages: how far they are, and a way to stop, or to begin again. */
function Reading(props: {
  readonly progress: Progress | undefined
  readonly isStopped: boolean
  readonly stop: () => void
  readonly again: () => void
}): ReactNode {
  const { say } = useTexts()
  const { progress, isStopped, stop, again } = props
  if (isStopped) {
    return (
      <Note tone='plain' title={say('bills.stopped')}>
        <p>{say('bills.stopped.next')}</p>
        <button type='button' className='button' onClick={again}>
          {say('bills.again')}
        </button>
      </Note>
    )
  }
  if (progress === undefined) return null
  return (
    <Card title={say('bills.all')}>
      <ProgressBar {...progress} />
      <div className='row'>
        <button type='button' className='button' onClick={stop}>
          {say('action.stop')}
        </button>
      </div>
    </Card>
  )
}

/** Files of the retailer's own: with them the bills are the command's to the cent. */
function Files(props: {
  readonly own: OwnFiles
  readonly change: (own: OwnFiles) => void
}): ReactNode {
  const { say } = useTexts()
  const { own, change } = props
  return (
    <>
      <div className='fields'>
        {(['tariff', 'previous'] as const).map((name) => (
          <label key={name} className='field'>
            {say(`bills.file.${name}`)}
            <input
              type='file'
              accept='.json,application/json'
              onChange={({ target }) => {
                const [file] = target.files ?? []
                if (file === undefined) change({ ...own, [name]: '' })
                else void file.text().then((text) => change({ ...own, [name]: text }))
              }}
            />
          </label>
        ))}
        <label className='field'>
          {say('bills.file.collected')}
          <input
            type='file'
            accept='.json,application/json'
            multiple
            onChange={({ target }) => {
              const files = [...(target.files ?? [])]
              void collectedIn(files).then((collected) => change({ ...own, collected }))
            }}
          />
        </label>
      </div>
      <p className='small soft'>
        {say(own.tariff === '' ? 'bills.tariff.set' : 'bills.tariff.own')}
      </p>
    </>
  )
}

/** By their names, as they were collected. */
const collectedIn = async (files: readonly File[]): Promise<OwnFiles['collected']> =>
  Promise.all(
    files
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (file) => ({ name: file.name, text: await file.text() })),
  )

function Drafted(props: {
  readonly sources: BillSources
  readonly days: Days
  readonly own: OwnFiles
  readonly account: number
}): ReactNode {
  const { say } = useTexts()
  const market = useMarket()
  const { sources, days, own, account } = props
  const { from, through } = days
  // Of a month these are thousands of intervals: they are reckoned once.
  const drafted = useMemo(
    () => draftOf(sources, market, account, { from, through }, own),
    [sources, market, account, from, through, own],
  )
  switch (drafted.kind) {
    case 'fault':
      return <FaultNote fault={drafted.fault} />
    case 'no-tariff':
      return (
        <Note tone='warn' title={say('bills.tariff.none')}>
          <p>{say('bills.tariff.none.next')}</p>
        </Note>
      )
    case 'draft':
      return drafted.draft.run.bills.length === 0 ? (
        <Note tone='plain' icon='wait' title={say('bills.empty')}>
          <p>{say('bills.empty.next')}</p>
        </Note>
      ) : (
        <BillTable draft={drafted.draft} />
      )
  }
}
