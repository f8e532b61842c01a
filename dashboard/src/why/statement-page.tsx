import type { StatementLine } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { statementColumns } from '../lib/tables.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { goTo, Link, useSearch } from '../route/router.tsx'
import { mayAudit, type Session } from '../session/session.ts'

const shown = 40

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
  const found = useQuery({
    queryKey: keys.statement(account),
    queryFn: async ({ signal }) => {
      // Ascending, a page at a time: the newest stand on the last one.
      let lines: readonly StatementLine[] = []
      let from: number | null = 1
      while (from !== null) {
        const page = await client.statement(account, { from, limit: 500 }, { signal })
        lines = [...lines, ...page.lines].slice(-shown)
        from = page.nextFrom
      }
      return lines
    },
    enabled: useOpened(),
  })
  return (
    <>
      <div className='row apart'>
        <p className='soft'>{say('why.hint', { account })}</p>
        {isAuditor ? <AskAccount key={account} account={account} /> : null}
      </div>
      <Answered asked={found} height={400}>
        {(lines) => <Lines lines={lines} account={account} />}
      </Answered>
    </>
  )
}

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
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { lines, account } = props
  if (lines.length === 0) {
    return (
      <Note tone='plain' icon='wait' title={say('why.empty')}>
        <p>{say('why.empty.next')}</p>
      </Note>
    )
  }
  return (
    <>
      <div
        className='table-frame surface'
        tabIndex={0}
        role='region'
        aria-label={say('why.title')}
      >
        <table className='lines'>
          <thead>
            <tr>
              <th scope='col'>{say('why.column.what')}</th>
              <th scope='col' className='number'>{say('why.column.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.toReversed().map((line) => (
              <tr key={`${line.sequence}/${line.zone}/${line.run}`}>
                <th scope='row'>
                  <What line={line} account={account} />
                  <time className='small soft factors'>{formats.moment(line.atMs)}</time>
                </th>
                <td className='number'>
                  <span className={line.amountMicros < 0 ? 'amount-out' : 'amount-in'}>
                    {formats.exactMoney(line.amountMicros)}
                  </span>
                  <span className='small soft factors'>
                    {say('why.balance', { balance: formats.money(line.balanceMicros) })}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className='row'>
        <CsvButton
          name={`busbar-statement-${account}`}
          columns={() => statementColumns(lines)}
        />
      </div>
    </>
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
