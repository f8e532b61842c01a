import { pagesOf } from '@busbar/client'
import type { Participants } from '@busbar/protocols/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import type { Columns } from '../lib/csv.ts'
import { everyRow, type ReadAll, rowsAtOnce } from '../lib/every-row.ts'
import { keys } from '../live/keys.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
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
          const isFound = (one: Participant): boolean =>
            isWanted(one, wanted.trim().toLowerCase())
          const found = all.filter(isFound)
          const every = everyRow(
            (options) =>
              pagesOf((page) => client.participants({ ...page, limit: rowsAtOnce }, options)),
            ({ participants }) => participants.filter(isFound),
          )
          return found.length === 0 ? (
            <Note tone='plain' title={say('people.none')} />
          ) : (
            <PeopleTable
              people={found}
              all={asked.hasNextPage ? every : undefined}
              session={session}
            />
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

function PeopleTable(props: {
  readonly people: readonly Participant[]
  /** Where more are found than these. */
  readonly all: ReadAll<Participant> | undefined
  readonly session: Session
}): ReactNode {
  const { say } = useTexts()
  const [chosen, choose] = useState<number>()
  const { people, all, session } = props
  const meant = people.find(({ account }) => account === chosen)
  const columns: readonly Column<Participant>[] = [
    {
      ...{ name: 'name', title: say('people.column.name') },
      show: ({ name, account }) => (
        <>
          <Link to={`${pathOf('why')}?account=${account}`}>{name}</Link>
          <br />
          <span className='soft'>{account}</span>
        </>
      ),
    },
    {
      ...{ name: 'status', title: say('people.column.status') },
      show: ({ status }) => (
        <Badge tone={status === 'active' ? 'good' : 'bad'}>{say(`people.status.${status}`)}</Badge>
      ),
    },
    {
      ...{ name: 'roles', title: say('people.column.roles') },
      show: ({ roles }) => roles.map((role) => say(`role.${role}`)).join(', '),
    },
    {
      ...{ name: 'action', title: say('people.column.action') },
      show: (one) => (
        <Suspend
          one={one}
          session={session}
          isChosen={chosen === one.account}
          choose={() => choose(chosen === one.account ? undefined : one.account)}
        />
      ),
    },
  ]
  return (
    <>
      {meant === undefined ? null : (
        <StandingForm key={meant.account} one={meant} session={session} />
      )}
      <DataTable
        title={say('people.title')}
        frame='tall'
        columns={columns}
        rows={people}
        keyOf={({ account }) => account}
        file='participants'
        saved={savedOf}
        all={all}
      />
    </>
  )
}

function Suspend(props: {
  readonly one: Participant
  readonly session: Session
  readonly isChosen: boolean
  readonly choose: () => void
}): ReactNode {
  const { say } = useTexts()
  const { one: { name, roles, status }, session, isChosen, choose } = props
  const text = say(status === 'active' ? 'people.suspend' : 'people.lift')
  // Nobody suspends an operator: the core refuses it, so the page does not offer it.
  if (!mayDecide(session) || roles.includes('operator')) return null
  return (
    <button
      type='button'
      className='button'
      aria-expanded={isChosen}
      aria-label={`${text}: ${name}`}
      onClick={choose}
    >
      {text}
    </button>
  )
}

const savedOf = (people: readonly Participant[]): Columns => ({
  account: people.map(({ account }) => account),
  name: people.map(({ name }) => name),
  status: people.map(({ status }) => status),
  roles: people.map(({ roles }) => roles.join(' ')),
})
