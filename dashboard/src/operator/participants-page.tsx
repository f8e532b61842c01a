import type { Participants } from '@busbar/protocols/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import type { Columns } from '../lib/csv.ts'
import { keys } from '../live/keys.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { AdmitForm } from './admit-form.tsx'
import { mayDecide, OperatorFrame } from './operator-frame.tsx'
import { ProposalsCard } from './proposals-card.tsx'
import { StandingForm } from './standing-form.tsx'

type Participant = Participants['participants'][number]

const pageSize = 200

/** Who takes part: to find, to admit, to suspend and to let in again. */
export default function ParticipantsPage(): ReactNode {
  return (
    <OperatorFrame page='operatorParticipants'>
      {(session) => (
        <>
          <People session={session} />
          {mayDecide(session) ? <AdmitForm session={session} /> : null}
          <ProposalsCard session={session} />
        </>
      )}
    </OperatorFrame>
  )
}

function People({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const [wanted, setWanted] = useState('')
  const asked = useInfiniteQuery({
    queryKey: keys.participants,
    queryFn: ({ pageParam, signal }) =>
      client.participants({ from: pageParam, limit: pageSize }, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ nextFrom }) => nextFrom,
  })
  return (
    <Card title={say('people.title')}>
      <label className='field'>
        {say('people.find')}
        <input
          type='search'
          value={wanted}
          autoComplete='off'
          onChange={({ target }) => setWanted(target.value)}
        />
      </label>
      <Answered asked={asked}>
        {({ pages }) => {
          const all = pages.flatMap(({ participants }) => participants)
          const found = all.filter((one) => isWanted(one, wanted.trim().toLowerCase()))
          return found.length === 0 ? (
            <Note tone='plain' title={say('people.none')} />
          ) : (
            <Table people={found} session={session} />
          )
        }}
      </Answered>
      {asked.hasNextPage ? (
        <button
          type='button'
          className='button'
          disabled={asked.isFetchingNextPage}
          onClick={() => void asked.fetchNextPage()}
        >
          {say('people.more')}
        </button>
      ) : null}
    </Card>
  )
}

const isWanted = ({ name, account, roles, status }: Participant, wanted: string): boolean =>
  wanted === '' || name.includes(wanted) || String(account) === wanted || status === wanted ||
  roles.some((role) => role.includes(wanted))

function Table(props: {
  readonly people: readonly Participant[]
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const [chosen, choose] = useState<number>()
  const meant = props.people.find(({ account }) => account === chosen)
  return (
    <>
      {meant === undefined ? null : (
        <StandingForm key={meant.account} one={meant} session={props.session} />
      )}
      <div className='table-frame tall' tabIndex={0} role='region' aria-label={say('people.title')}>
        <table>
          <thead>
            <tr>
              <th scope='col'>{say('people.column.name')}</th>
              <th scope='col'>{say('people.column.status')}</th>
              <th scope='col'>{say('people.column.roles')}</th>
              <th scope='col'>{say('people.column.action')}</th>
            </tr>
          </thead>
          <tbody>
            {props.people.map((one) => (
              <Row
                key={one.account}
                one={one}
                session={props.session}
                isChosen={chosen === one.account}
                choose={() => choose(chosen === one.account ? undefined : one.account)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className='row'>
        <CsvButton name='participants' columns={() => columnsOf(props.people)} />
      </div>
    </>
  )
}

function Row(props: {
  readonly one: Participant
  readonly session: Session
  readonly isChosen: boolean
  readonly choose: () => void
}): ReactNode {
  const { say } = useTexts()
  const { one, session, isChosen, choose } = props
  const { name, account, roles, status } = one
  const isActive = status === 'active'
  // Nobody suspends an operator: the core refuses it, so the page does not offer it.
  const mayBe = mayDecide(session) && !roles.includes('operator')
  return (
    <tr>
      <th scope='row'>
        <Link to={`${pathOf('why')}?account=${account}`}>{name}</Link>
        <br />
        <span className='soft'>{account}</span>
      </th>
      <td>
        <Badge tone={isActive ? 'good' : 'bad'}>{say(`people.status.${status}`)}</Badge>
      </td>
      <td>{roles.map((role) => say(`role.${role}`)).join(', ')}</td>
      <td>
        {mayBe ? (
          <button
            type='button'
            className='button'
            aria-expanded={isChosen}
            aria-label={`${say(isActive ? 'people.suspend' : 'people.lift')}: ${name}`}
            onClick={choose}
          >
            {say(isActive ? 'people.suspend' : 'people.lift')}
          </button>
        ) : null}
      </td>
    </tr>
  )
}

const columnsOf = (people: readonly Participant[]): Columns => ({
  account: people.map(({ account }) => account),
  name: people.map(({ name }) => name),
  status: people.map(({ status }) => status),
  roles: people.map(({ roles }) => roles.join(' ')),
})
