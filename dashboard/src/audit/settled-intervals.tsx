import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket, usePlaces } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { newestSeries } from '../live/newest.ts'
import { Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { ZoneField } from '../parts/zone-field.tsx'

const choicesMax = 48

/** The newest settled intervals of a zone, or of contracts, that is chosen here. */
export function SettledIntervals(props: {
  /** Newest first, and never none. */
  readonly children: (zone: number, intervals: readonly number[]) => ReactNode
}): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const places = usePlaces()
  const [zone, setZone] = useState(places[0]?.[0] ?? 0)
  const asked = useQuery({
    queryKey: keys.intervals(zone, -1),
    ...newestSeries(client, zone, choicesMax),
    enabled: useOpened(),
  })
  return (
    <>
      <ZoneField title={say('replay.zone')} places={places} zone={zone} choose={setZone} />
      <Answered asked={asked}>
        {({ interval, status }) => {
          const settled = interval.filter((_one, i) =>
            status[i] === 'provisional' || status[i] === 'final')
          return settled.length === 0 ? (
            <Note tone='plain' icon='wait' title={say('replay.none')} />
          ) : (
            props.children(zone, settled.toReversed())
          )
        }}
      </Answered>
    </>
  )
}

/** One of these intervals, by its time. */
export function IntervalField(props: {
  readonly intervals: readonly number[]
  readonly interval: number
  readonly choose: (interval: number) => void
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  return (
    <label className='field'>
      {say('replay.interval')}
      <select
        value={props.interval}
        onChange={({ target }) => props.choose(Number(target.value))}
      >
        {props.intervals.map((one) => (
          <option key={one} value={one}>
            {formats.moment(one * intervalMs)}
          </option>
        ))}
      </select>
    </label>
  )
}
