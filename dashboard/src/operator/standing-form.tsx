import type { InstructionItemResult, Participants } from '@busbar/protocols/api'
import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import type { Session } from '../session/session.ts'

type Participant = Participants['participants'][number]
export type Taken = Extract<InstructionItemResult, { readonly kind: 'accepted' }>

/** Suspends somebody, or lets somebody in again, with a reason. */
export function StandingForm(props: {
  readonly one: Participant
  readonly session: Session
}): ReactNode {
  const { one, session } = props
  const { say } = useTexts()
  const act = useAct<Taken>(session)
  const isActive = one.status === 'active'
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason'))
    const kind = isActive ? 'suspend_participant' : 'reinstate_participant'
    const content = { participant: one.account, reason }
    await act.act(
      (signer) => signer.instruction(kind, content),
      (signed, client) => client.instruct(signed),
    )
  }
  const isBusy = act.state === 'asking' || act.state === 'sending'
  const { name } = one
  return (
    <form className='acting stack tight' onSubmit={(event) => void send(event)}>
      <h3>{say(isActive ? 'people.suspend.who' : 'people.lift.who', { name })}</h3>
      <p className='small soft'>{say(isActive ? 'people.suspend.hint' : 'people.lift.hint')}</p>
      <label className='field'>
        {say('people.reason')}
        <input name='reason' required maxLength={200} autoComplete='off' />
        <span>{say('people.reason.hint')}</span>
      </label>
      <button type='submit' className='button main' disabled={isBusy}>
        {say(isActive ? 'people.suspend' : 'people.lift')}
      </button>
      <ActNote of={act} done={<Became result={act.result} />} />
    </form>
  )
}

/** Whether it is done, or waits for somebody else. */
export function Became({ result }: { readonly result: Taken | undefined }): ReactNode {
  const { say } = useTexts()
  if (result?.result.kind !== 'proposal_made') return <p>{say('people.done')}</p>
  const { proposal } = result.result
  return <p>{say('people.proposed', { proposal })}</p>
}
