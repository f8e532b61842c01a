import { type BusbarClient, pagesOf } from '@busbar/client'
import type { StatementLine } from '@busbar/protocols/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { everyRow, type ReadAll, rowsAtOnce } from '../lib/every-row.ts'
import { statementColumns } from '../lib/tables.ts'
import { DataTable } from '../parts/data-table.tsx'
import { type More, moreOf } from '../parts/more.tsx'
import { Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { goTo, Link, useSearch } from '../route/router.tsx'
import { mayAudit, type Session } from '../session/session.ts'

/** So many lines are read at a time, the newest first. */
const pageSize = 40

/** What moved an account's money: where one begins to ask why. */
export default function StatementPage(): ReactNode {
  const { say } = useTexts()
  return (
    <>
      <h1>{say('why.title')}</h1>
      <Mine>{(session) => <Statement session={session} />}</Mine>
    </>
  )
}

function Statement({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = new URLSearchParams(useSearch()).get('account') ?? ''
  const isAuditor = mayAudit(session)
  const account = isAuditor && /^\d{1,10}$/.test(asked) ? Number(asked) : session.account
  const found = useInfiniteQuery({
    queryKey: keys.statement(account),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) => {
      const from = pageParam === null ? {} : { from: pageParam }
      return client.statement(account, { ...from, order: 'desc', limit: pageSize }, { signal })
    },
    getNextPageParam: ({ nextFrom }) => nextFrom,
    enabled: useOpened(),
  })
  return (
    <>
      <div className='row apart'>
        <p className='soft'>{say('why.hint', { account })}</p>
        {isAuditor ? <AskAccount key={account} account={account} /> : null}
      </div>
      <Answered asked={found} height={400}>
        {({ pages }) => (
          <Lines
            lines={pages.flatMap(({ lines }) => lines)}
            account={account}
            more={moreOf(found)}
            all={allLines(client, account)}
          />
        )}
      </Answered>
    </>
  )
}

/** The newest first, as they are read. */
const allLines = (client: BusbarClient, account: number): ReadAll<StatementLine> =>
  everyRow(
    (options) => {
      const rest = { order: 'desc', limit: rowsAtOnce } as const
      return pagesOf((page) => client.statement(account, { ...page, ...rest }, options))
    },
    ({ lines }) => lines,
  )

/** Auditors and operators look at any account. */
function AskAccount({ account }: { readonly account: number }): ReactNode {
  const { say } = useTexts()
  return (
    <form
      className='ask'
      onSubmit={(event) => {
        event.preventDefault()
        const wanted = new FormData(event.currentTarget).get('account')
        goTo(`${pathOf('why')}?account=${String(wanted)}`)
      }}
    >
      <label>
        {say('why.account')}
        <input
          name='account'
          inputMode='numeric'
          pattern='[0-9]+'
          required
          defaultValue={account}
        />
      </label>
      <button type='submit' className='button'>
        {say('why.account.show')}
      </button>
    </form>
  )
}

function Lines(props: {
  readonly lines: readonly StatementLine[]
  readonly account: number
  readonly more: More
  readonly all: ReadAll<StatementLine>
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { lines, account, ...rest } = props
  if (lines.length === 0) {
    return (
      <Note tone='plain' icon='wait' title={say('why.empty')}>
        <p>{say('why.empty.next')}</p>
      </Note>
    )
  }
  return (
    <DataTable
      title={say('why.title')}
      columns={[
        {
          ...{ name: 'what', title: say('why.column.what') },
          show: (line) => (
            <>
              <What line={line} account={account} />
              <time className='small soft factors'>{formats.moment(line.atMs)}</time>
            </>
          ),
        },
        {
          ...{ name: 'amount', title: say('why.column.amount'), isNumber: true },
          show: ({ amountMicros, balanceMicros }) => (
            <>
              <span className={amountMicros < 0 ? 'amount-out' : 'amount-in'}>
                {formats.exactMoney(amountMicros)}
              </span>
              <span className='small soft factors'>
                {say('why.balance', { balance: formats.money(balanceMicros) })}
              </span>
            </>
          ),
        },
      ]}
      rows={lines}
      keyOf={({ sequence, zone, run }) => `${sequence}/${zone}/${run}`}
      frame='surface'
      file={`busbar-statement-${account}`}
      saved={(held) => statementColumns(held.toReversed())}
      {...rest}
    />
  )
}

function What({ line, account }: { readonly line: StatementLine; readonly account: number }) {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { kind, interval, runKind } = line
  if (kind !== 'run' || interval === null) {
    return say(kind === 'deposit' ? 'why.line.deposit' : 'why.line.withdrawal')
  }
  const intervalMs = rulebook.intervalSeconds * 1_000
  const span = formats.span(interval * intervalMs, (interval + 1) * intervalMs)
  return (
    <Link to={pathOf('whyInterval', { account, interval })}>
      {say('why.line.run', { interval: span, kind: say(`run.${runKind ?? 'provisional'}`) })}
    </Link>
  )
}
