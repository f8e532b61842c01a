import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered, Failed } from '../parts/states.tsx'
import { lastChosen, noteChosen, suggestedFirst } from '../session/chosen-account.ts'
import type { Session } from '../session/session.ts'

type Choose = {
  readonly isWorking: boolean
  readonly error: unknown
  readonly by: (account: number) => Promise<void>
}

/** Reads for another account; `done` with the session that then is. */
function useChoose(done: (session: Session) => void): Choose {
  const { client, sessions } = useServices()
  const { market } = useMarket()
  const [isWorking, setWorking] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const by = async (account: number): Promise<void> => {
    setWorking(true)
    setError(null)
    try {
      const session = await client.sessions.choose(account)
      if (session === null) return
      noteChosen(localStorage, market, account)
      sessions.begin(session)
      done(session)
    } catch (failure) {
      setError(failure)
    } finally {
      setWorking(false)
    }
  }
  return { isWorking, error, by }
}

/** For which account somebody of a company comes in, whom several have named. */
export function ChooseAccount(props: {
  readonly done: (session: Session) => void
}): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const { market } = useMarket()
  const choose = useChoose(props.done)
  const asked = useQuery({
    queryKey: keys.choices,
    queryFn: ({ signal }) => client.sessions.choices({ signal }),
    gcTime: 0,
  })
  const suggested = lastChosen(localStorage, market)
  return (
    <Card title={say('choice.title')}>
      <Answered asked={asked}>
        {(accounts) =>
          accounts.length === 0 ? (
            <Note tone='warn' title={say('choice.over')} isAlert />
          ) : (
            <>
              <p className='small soft'>{say('choice.hint')}</p>
              <Accounts
                accounts={suggestedFirst(accounts, suggested)}
                suggested={suggested}
                choose={choose}
              />
            </>
          )
        }
      </Answered>
    </Card>
  )
}

/** Where the reader may change to another account; nothing where there is no choice. */
export function SwitchAccount(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const choose = useChoose(() => undefined)
  const { data = [] } = useQuery({
    queryKey: keys.choices,
    queryFn: ({ signal }) => client.sessions.choices({ signal }),
  })
  const others = data.filter(({ isCurrent }) => !isCurrent)
  if (others.length === 0) return null
  return (
    <Card title={say('choice.switch')}>
      <p className='small soft'>{say('choice.switch.hint')}</p>
      <Accounts accounts={others} suggested={undefined} choose={choose} />
    </Card>
  )
}

type Offered = {
  readonly account: number
  readonly name: string
  readonly roles: readonly Session['roles'][number][]
}

function Accounts(props: {
  readonly accounts: readonly Offered[]
  readonly suggested: number | undefined
  readonly choose: Choose
}): ReactNode {
  const { say } = useTexts()
  const { accounts, suggested, choose } = props
  return (
    <>
      <ul className='people'>
        {accounts.map(({ account, name, roles }) => (
          <li key={account} className='row'>
            <button
              type='button'
              className={account === suggested ? 'button main' : 'button'}
              disabled={choose.isWorking}
              onClick={() => void choose.by(account)}
            >
              <Icon name='person' />
              {say('choice.as', { name })}
            </button>
            <span className='small soft'>
              {roles.map((role) => say(`role.${role}`)).join(', ')}
            </span>
            {account === suggested ? <Badge tone='plain'>{say('choice.last')}</Badge> : null}
          </li>
        ))}
      </ul>
      {choose.error === null ? null : <Failed error={choose.error} retry={() => undefined} />}
    </>
  )
}
