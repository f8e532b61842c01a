import type { BusbarClient, CallOptions } from '@busbar/client'
import type { JournalHead, PublicInterval } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useFormats, useMarket } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import { saveFile } from '../../lib/csv.ts'
import { nullIfMissing } from '../../lib/missing.ts'
import { keys } from '../../live/keys.ts'
import { Icon, type IconName } from '../../parts/icons.tsx'
import { Note } from '../../parts/parts.tsx'
import { Answered } from '../../parts/states.tsx'
import { type HeadCheck, headChecks, type NotedHead } from './head-checks.ts'
import '../../style/why.css'

const icons: Readonly<Record<HeadCheck['state'], IconName>> = {
  ...{ holds: 'check', fails: 'cross', open: 'wait' },
}

/** One head of the journal, checked in this browser. */
export function HeadCheckList(props: {
  readonly sequence: number
  readonly noted: NotedHead | undefined
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { client } = useServices()
  const { sequence, noted } = props
  const asked = useQuery({
    queryKey: keys.head(sequence),
    queryFn: async ({ signal }) => {
      const head = await client.books.head(sequence, { signal })
      return { head, intervals: await intervalsOf(client, head, { signal }) }
    },
    gcTime: 0,
  })
  return (
    <section className='inset' aria-live='polite' data-head={sequence}>
      <h3>{say('heads.checked', { sequence: formats.count(sequence) })}</h3>
      <Answered asked={asked} height={120}>
        {({ head, intervals }) => <Checked head={head} intervals={intervals} noted={noted} />}
      </Answered>
    </section>
  )
}

/** Those of the head that are still shown: old ones are in the journal alone. */
async function intervalsOf(
  client: BusbarClient,
  { transactions }: JournalHead,
  options: CallOptions,
): Promise<readonly PublicInterval[]> {
  const places = new Map(
    transactions.map(({ zone, interval }) => [`${zone}/${interval}`, { zone, interval }]),
  )
  const found = await Promise.all(
    [...places.values()].map(({ zone, interval }) =>
      nullIfMissing(client.interval(zone, interval, options))),
  )
  return found.filter((one) => one !== null)
}

function Checked(props: {
  readonly head: JournalHead
  readonly intervals: readonly PublicInterval[]
  readonly noted: NotedHead | undefined
}): ReactNode {
  const { say } = useTexts()
  const market = useMarket()
  const { head, intervals, noted } = props
  const checks = headChecks(head, intervals, noted, market)
  const isWrong = checks.some(({ state }) => state === 'fails')
  const save = (): void =>
    saveFile(
      `journal-head-${head.sequence}.json`,
      'application/json',
      JSON.stringify({ head, intervals, noted: noted ?? null }),
    )
  return (
    <div className='stack' data-head-verdict={isWrong ? 'fails' : 'holds'}>
      <ul className='checks'>
        {checks.map(({ name, state }) => (
          <li key={name} className={state}>
            <Icon name={icons[state]} />
            <span>
              {say(`head.check.${name}`)} {state === 'open' ? say(`head.open.${name}`) : null}
            </span>
          </li>
        ))}
      </ul>
      {isWrong ? <Note tone='bad' title={say('heads.wrong')} isAlert /> : null}
      <div className='row'>
        <button type='button' className='button' onClick={save}>
          <Icon name='save' size={18} />
          {say('heads.save')}
        </button>
      </div>
    </div>
  )
}
