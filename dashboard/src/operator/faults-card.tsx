import type { FaultOrder, FaultSwitch } from '@busbar/protocols/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Card } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'

/**
 * What may be broken on purpose. Only a market that was brought up to be looked at has it, and its
 * operators alone turn it.
 */
export function FaultsCard({ mayTurn }: { readonly mayTurn: boolean }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const cache = useQueryClient()
  const asked = useQuery({
    queryKey: keys.faults,
    queryFn: ({ signal }) => client.operator.faults({ signal }),
  })
  const turn = useMutation({
    mutationFn: ({ fault, isOn }: FaultOrder) => client.operator.setFault(fault, isOn),
    onSuccess: (state) => cache.setQueryData(keys.faults, state),
  })
  // What was clicked stands at once; what the server says of it follows.
  const [wanted, want] = useState<FaultOrder>()
  if (asked.data === undefined) return null
  const { on, offered } = asked.data
  const isOn = (one: FaultSwitch): boolean =>
    wanted?.fault === one ? wanted.isOn : on.includes(one)
  const turnTo = (next: FaultOrder): void => {
    want(next)
    turn.mutate(next, { onSettled: () => want(undefined) })
  }
  return (
    <Card title={say('faults.title')}>
      <p className='soft'>{say('faults.hint')}</p>
      <fieldset className='rolls' disabled={!mayTurn || turn.isPending}>
        <legend className='unseen'>{say('faults.title')}</legend>
        {offered.map((one) => (
          <label key={one}>
            <input
              type='checkbox'
              checked={isOn(one)}
              onChange={() => turnTo({ fault: one, isOn: !isOn(one) })}
            />
            {say(`faults.${one}`)}
          </label>
        ))}
      </fieldset>
      {turn.error === null ? null : <Failed error={turn.error} retry={() => turn.reset()} />}
    </Card>
  )
}
