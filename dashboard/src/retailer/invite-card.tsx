import { joinCodeText, newJoinCode } from '@busbar/client'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Card, CopyButton, Note } from '../parts/parts.tsx'
import { SignForm } from '../parts/sign-form.tsx'
import { type CustomerChoice, CustomerField } from './customer-field.tsx'

const validMs = 7 * 86_400_000

type Made = { readonly link: string; readonly name: string; readonly untilMs: number }

/**
 * A link by which a customer registers a passkey: for who comes in first, or has lost a device. It
 * is drawn here and shown once; the exchange knows the public half alone.
 */
export function InviteCard(choice: CustomerChoice): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { clock } = useMarket()
  const nowMs = useMarketTime(60_000) ?? clock.nowMs
  const { signed: { session }, customers } = choice
  const act = useAct<unknown>(session)
  const [customer, setCustomer] = useState(customers[0])
  const account = customer?.account ?? 0
  const [made, setMade] = useState<Made>()
  const send = async (): Promise<void> => {
    setMade(undefined)
    const code = newJoinCode(account)
    const { hostname: host, origin } = window.location
    const untilMs = Math.floor(nowMs) + validMs
    const content = { participant: account, publicKey: code.publicKey, host, untilMs }
    const result = await act.act(
      (signer) => signer.instruction('issue_join_code', content),
      (signed, client) => client.instruct(signed),
    )
    const name = customer?.name ?? ''
    const link = `${origin}/join#${joinCodeText(code)}`
    if (result !== undefined) setMade({ link, name, untilMs })
  }
  return (
    <Card title={say('retailer.invite')}>
      <p className='small soft'>{say('retailer.invite.hint')}</p>
      <SignForm of={act} isWhole send={send} button={say('retailer.invite.make')}>
        <CustomerField
          {...choice}
          title={say('retailer.invite.who')}
          chosen={customer}
          choose={setCustomer}
        />
      </SignForm>
      {made === undefined ? (
        <ActNote of={act} done={null} />
      ) : (
        <Note tone='good' title={say('retailer.invite.made', { name: made.name })}>
          <p>{say('retailer.invite.next', { time: formats.moment(made.untilMs) })}</p>
          <label className='field'>
            {say('retailer.invite.link')}
            <input readOnly value={made.link} onFocus={({ target }) => target.select()} />
          </label>
          <CopyButton value={made.link} />
        </Note>
      )}
    </Card>
  )
}
