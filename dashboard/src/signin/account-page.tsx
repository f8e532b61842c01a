import type { AccountDetail } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useNames } from '../app/names.ts'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Card, Hash } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { SwitchAccount } from './choose-account.tsx'
import { GrantsCard } from './grants-card.tsx'
import { PasskeysCard } from './passkeys-card.tsx'
import { SignOut } from './sign-out.tsx'

/** Who one is here, which devices sign for one, and the way out. */
export default function AccountPage(): ReactNode {
  const { say } = useTexts()
  return (
    <>
      <h1>{say('account.title')}</h1>
      <Mine>{(session) => <Account session={session} />}</Mine>
    </>
  )
}

function Account({ session }: { readonly session: Session }): ReactNode {
  const { client } = useServices()
  const { account } = session
  const asked = useQuery({
    queryKey: keys.account(account),
    queryFn: ({ signal }) => client.account(account, { signal }),
  })
  return (
    <Answered asked={asked} height={420}>
      {(detail) => (
        <>
          <Who session={session} detail={detail} />
          <SwitchAccount />
          <PasskeysCard session={session} detail={detail} />
          <GrantsCard session={session} />
        </>
      )}
    </Answered>
  )
}

function Who(props: {
  readonly session: Session
  readonly detail: AccountDetail
}): ReactNode {
  const { session, detail } = props
  const { say } = useTexts()
  const formats = useFormats()
  const { account, name, roles, retailer, publicKey, address } = detail
  const names = useNames(retailer === null ? [] : [retailer])
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [say('account.roles'), roles.map((role) => say(`role.${role}`)).join(', ')],
    ...(retailer === null
      ? []
      : [[say('account.retailer'), names.get(retailer) ?? String(retailer)] as const]),
    [say('account.key'), <Hash value={publicKey} />],
    [say('account.address'), <Hash value={address} />],
    [say('account.until'), formats.moment(session.untilMs)],
  ]
  return (
    <Card title={say('account.who', { name, account })} beside={<SignOut session={session} />}>
      <dl className='facts'>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
