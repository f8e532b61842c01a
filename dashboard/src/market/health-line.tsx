import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useLive } from '../app/live.tsx'
import { checkSaid } from '../lib/sentences.ts'
import { useFormats } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'

const lookMs = 30_000
const tones = { ready: 'good', degraded: 'warn', starting: 'warn', stopping: 'warn' } as const

/** How the exchange is, in one line; what is not in order by its name. */
export function HealthLine(): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const { client } = useServices()
  const { connection } = useLive()
  const { data: health, error } = useQuery({
    queryKey: keys.health,
    queryFn: ({ signal }) => client.health({ signal }),
    refetchInterval: lookMs,
  })
  // What was the case before nobody answered need not be the case now.
  const isUnknown = error !== null || connection === 'offline'
  if (health === undefined || isUnknown) {
    return <p className='health'>{say(isUnknown ? 'health.unknown' : 'state.loading')}</p>
  }
  const nameOf = ({ name }: { readonly name: string }): string => {
    const found = checkSaid(name)
    return found === undefined ? name : say(`health.name.${found.name}`, found.values)
  }
  const failing = health.checks.filter(({ ok }) => !ok)
  const status = failing.length > 0 && health.status === 'ready' ? 'degraded' : health.status
  return (
    <p className='health'>
      <span className={`dot still ${tones[status]}`} />
      <strong>{say(`health.${status}`)}</strong>
      {failing.length === 0 ? null : (
        <span>{say('health.failing', { names: failing.map(nameOf).join(', ') })}</span>
      )}
      <span>{say('health.journal', { count: count(health.journalSequence) })}</span>
    </p>
  )
}
