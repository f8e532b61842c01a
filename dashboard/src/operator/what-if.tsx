import type { RulebookDocument, WhatIfAnswer } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { WhatIfFound } from './what-if-found.tsx'
import { dateOf, type Span, spanOf } from './what-if-span.ts'

const lookMs = 700
const days = 30
const dayMs = 86_400_000

/** What these rules would have made of the past: for which days and zones, then how far it is. */
export function WhatIf({ rulebook }: { readonly rulebook: RulebookDocument }): ReactNode {
  const { say } = useTexts()
  const { display, zones, rulebook: held, clock } = useMarket()
  const [span, ask] = useState<Span>()
  const [isWrong, setWrong] = useState(false)
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const { timeZone } = display
  const send = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const market = { timeZone, intervalMs: held.intervalSeconds * 1_000 }
    const asked = spanOf(String(form.get('first')), String(form.get('last')), market)
    const zone = String(form.get('zone') ?? '')
    setWrong(asked === undefined)
    ask(asked === undefined || zone === '' ? asked : { ...asked, zone: Number(zone) })
  }
  return (
    <div className='stack'>
      <form className='acting wide stack tight' onSubmit={send}>
        <h3>{say('whatIf.title')}</h3>
        <p className='small soft'>{say('whatIf.hint')}</p>
        <div className='fields'>
          <label className='field'>
            {say('whatIf.first')}
            <input
              name='first'
              type='date'
              required
              defaultValue={dateOf(nowMs - (days - 1) * dayMs, timeZone)}
            />
          </label>
          <label className='field'>
            {say('whatIf.last')}
            <input name='last' type='date' required defaultValue={dateOf(nowMs, timeZone)} />
          </label>
          <label className='field'>
            {say('whatIf.zone')}
            <select name='zone' defaultValue=''>
              <option value=''>{say('whatIf.zone.all')}</option>
              {zones.map(({ zone, name }) => (
                <option key={zone} value={zone}>{name}</option>
              ))}
            </select>
          </label>
        </div>
        {isWrong ? <Note tone='warn' title={say('whatIf.noSpan')} isAlert /> : null}
        <div className='row'>
          <button type='submit' className='button'>{say('newRules.ask')}</button>
        </div>
      </form>
      {span === undefined ? null : (
        <Asked key={JSON.stringify(span)} rulebook={rulebook} span={span} />
      )}
    </div>
  )
}

/** Asked again and again until it is known; who stops asking ends it. */
function Asked(props: { readonly rulebook: RulebookDocument; readonly span: Span }): ReactNode {
  const { rulebook, span } = props
  const { say } = useTexts()
  const { client } = useServices()
  const [isStopped, stop] = useState(false)
  const asked = useQuery({
    queryKey: keys.whatIf([rulebook, span]),
    queryFn: ({ signal }) => client.operator.whatIf({ rulebook, ...span }, { signal }),
    refetchInterval: ({ state: { data } }) => (isGoing(data) ? lookMs : false),
    refetchIntervalInBackground: true,
    enabled: !isStopped,
    gcTime: 0,
  })
  if (isStopped) {
    return (
      <Note tone='plain' title={say('whatIf.stopped')}>
        <button type='button' className='button' onClick={() => stop(false)}>
          {say('whatIf.again')}
        </button>
      </Note>
    )
  }
  return (
    <Answered asked={asked}>
      {(answer) => {
        if (isGoing(answer)) return <Going answer={answer} stop={() => stop(true)} />
        if (answer.failure === null) return <WhatIfFound answer={answer} />
        const { code, detail } = answer.failure
        return (
          <Note tone='bad' title={say('whatIf.failed', { code })} isAlert>
            <p>{detail}</p>
            <button type='button' className='button' onClick={() => void asked.refetch()}>
              {say('state.retry')}
            </button>
          </Note>
        )
      }}
    </Answered>
  )
}

const isGoing = (answer: WhatIfAnswer | undefined): boolean =>
  answer?.state === 'running' || answer?.state === 'waiting'

function Going(props: { readonly answer: WhatIfAnswer; readonly stop: () => void }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { state, progress: { day, days: all, intervals, replayed, entries } } = props.answer
  const text = state === 'waiting'
    ? say('whatIf.waiting')
    : day === 0
      ? say('whatIf.before', {
          done: formats.count(replayed), total: formats.count(entries),
        })
      : say('whatIf.progress', { day, days: all, intervals: formats.count(intervals) })
  return (
    <div className='stack tight'>
      <label className='field' role='status'>
        {text}
        <progress value={replayed} max={Math.max(1, entries)} />
      </label>
      <div className='row'>
        <button type='button' className='button' onClick={props.stop}>{say('action.stop')}</button>
      </div>
    </div>
  )
}
