import { pagesOf } from '@busbar/client'
import { roles } from '@busbar/core/registry'
import type { Participants } from '@busbar/protocols/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import type { Columns } from '../lib/csv.ts'
import { everyRow, type ReadAll, rowsAtOnce } from '../lib/every-row.ts'
import { keys } from '../live/keys.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { type More, moreOf } from '../parts/more.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { Session } from '../session/session.ts'
import { AdmitForm } from './admit-form.tsx'
import { mayDecide, OperatorFrame } from './operator-frame.tsx'
import { anybody, queryOf, standings, type Wanted } from './participant-search.ts'
import { ProposalsCard } from './proposals-card.tsx'
import { StandingForm } from './standing-form.tsx'

type Participant = Participants['participants'][number]

const pageSize = 200
const settledMs = 200

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
  const [wanted, setWanted] = useState(anybody)
  const query = queryOf(useSettled(wanted))
  const asked = useInfiniteQuery({
    queryKey: [...keys.participants, query],
    queryFn: ({ pageParam, signal }) =>
      client.participants({ ...query, from: pageParam, limit: pageSize }, { signal }),
    initialPageParam: 0,
    getNextPageParam: ({ nextFrom }) => nextFrom,
    enabled: query !== null,
    // While others are looked for, those who were found stay; of nobody nothing is said.
    placeholderData: (before) =>
      before?.pages.some(({ participants }) => participants.length > 0) ? before : undefined,
  })
  const all = everyRow(
    (options) =>
      pagesOf((page) => client.participants({ ...query, ...page, limit: rowsAtOnce }, options)),
    ({ participants }) => participants,
  )
  return (
    <Card title={say('people.title')}>
      <Search wanted={wanted} setWanted={setWanted} />
      {query === null ? (
        <Note tone='plain' title={say('people.none')} />
      ) : (
        <Answered asked={asked}>
          {({ pages }) => {
            const people = pages.flatMap(({ participants }) => participants)
            return people.length === 0 ? (
              <Note tone='plain' title={say('people.none')} />
            ) : (
              <PeopleTable
                people={people}
                session={session}
                more={moreOf(asked)}
                all={all}
              />
            )
          }}
        </Answered>
      )}
    </Card>
  )
}

function Search(props: {
  readonly wanted: Wanted
  readonly setWanted: (wanted: Wanted) => void
}): ReactNode {
  const { say } = useTexts()
  const { wanted, setWanted } = props
  const { text, role, status } = wanted
  return (
    <div className='fields'>
      <label className='field'>
        {say('people.find')}
        <input
          type='search'
          value={text}
          autoComplete='off'
          onChange={({ target }) => setWanted({ ...wanted, text: target.value })}
        />
      </label>
      <label className='field'>
        {say('people.find.role')}
        <select
          value={role}
          onChange={({ target }) => setWanted({ ...wanted, role: target.value })}
        >
          <option value=''>{say('meters.any')}</option>
          {roles.map((one) => (
            <option key={one} value={one}>{say(`role.${one}`)}</option>
          ))}
        </select>
      </label>
      <label className='field'>
        {say('people.column.status')}
        <select
          value={status}
          onChange={({ target }) => setWanted({ ...wanted, status: target.value })}
        >
          <option value=''>{say('meters.any')}</option>
          {standings.map((one) => (
            <option key={one} value={one}>{say(`people.status.${one}`)}</option>
          ))}
        </select>
      </label>
    </div>
  )
}

/** What stays the same for a moment: whoever types is not asked for letter by letter. */
function useSettled<Value>(value: Value): Value {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), settledMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

function PeopleTable(props: {
  readonly people: readonly Participant[]
  readonly session: Session
  readonly more: More
  /** Who is found, also those who are not shown yet. */
  readonly all: ReadAll<Participant>
}): ReactNode {
  const { say } = useTexts()
  const [chosen, choose] = useState<number>()
  const { people, session, more, all } = props
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
        more={more}
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
