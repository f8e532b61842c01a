import type { FaultSwitch } from '@busbar/protocols/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Card } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'

/** What may be broken on purpose. Only a market that was brought up to be looked at has it. */
export function FaultsCard(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const cache = useQueryClient()
  const asked = useQuery({
    queryKey: keys.faults,
    queryFn: ({ signal }) => client.operator.faults({ signal }),
  })
  const turn = useMutation({
    mutationFn: (on: readonly FaultSwitch[]) => client.operator.setFaults(on),
    onSuccess: (state) => cache.setQueryData(keys.faults, state),
  })
  // What was clicked stands at once; what the server says of it follows.
  const [wanted, want] = useState<readonly FaultSwitch[]>()
  if (asked.data === undefined) return null
  const on = wanted ?? asked.data.on
  const turnTo = (next: readonly FaultSwitch[]): void => {
    want(next)
    turn.mutate(next, { onSettled: () => want(undefined) })
  }
  const turned = (one: FaultSwitch): readonly FaultSwitch[] =>
    on.includes(one) ? on.filter((other) => other !== one) : [...on, one]
  return (
    <Card title={say('faults.title')}>
      <p className='soft'>{say('faults.hint')}</p>
      <fieldset className='rolls' disabled={turn.isPending}>
        <legend className='unseen'>{say('faults.title')}</legend>
        {asked.data.offered.map((one) => (
          <label key={one}>
            <input
              type='checkbox'
              checked={on.includes(one)}
              onChange={() => turnTo(turned(one))}
            />
            {say(`faults.${one}`)}
          </label>
        ))}
      </fieldset>
      {turn.error === null ? null : <Failed error={turn.error} retry={() => turn.reset()} />}
    </Card>
  )
}
