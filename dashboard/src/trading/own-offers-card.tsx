import type { AccountDetail } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useNames } from '../app/names.ts'
import { ActNote, useAct } from '../app/signing.tsx'
import { moreOf, MoreButton } from '../parts/more.tsx'
import { Card } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { OfferHead } from './board-card.tsx'
import { LadderSteps, writtenOf } from './ladder-steps.tsx'
import { worthOf } from './ladder-worth.ts'
import { OfferForm } from './offer-form.tsx'
import { useOwnOffers } from './trading-data.ts'

type Props = { readonly session: Session; readonly detail: AccountDetail }

/** What the account has on the board itself, with every step. */
export function OwnOffersCard({ session, detail }: Props): ReactNode {
  const { say } = useTexts()
  const asked = useOwnOffers(session.account)
  const offers = asked.data ?? []
  const names = useNames(offers.flatMap(({ content }) =>
    content.ladder.flatMap((one) => (one.with === 'participant' ? (one.number ?? []) : []))))
  return (
    <Card title={say('offers.title')}>
      <p className='soft'>{say('offers.hint')}</p>
      <Answered asked={asked} height={120}>
        {() =>
          offers.length === 0 ? (
            <p className='soft'>{say('offers.empty')}</p>
          ) : (
            <ul className='orders'>
              {offers.map((offer) => {
                const { content } = offer
                const steps = content.ladder.map(writtenOf)
                const energyWh = content.energyWhPerInterval * content.intervals
                const worths = worthOf(steps, content.side, energyWh, detail.tariff)
                return (
                  <li key={offer.offer} className='order' data-own-offer={offer.offer}>
                    <OfferHead offer={offer} name={session.name} />
                    <LadderSteps
                      steps={steps}
                      names={names}
                      worths={worths.map(({ worthMicros }) => worthMicros)}
                    />
                    <Withdraw offer={offer.offer} session={session} />
                  </li>
                )
              })}
            </ul>
          )
        }
      </Answered>
      <MoreButton {...moreOf(asked)} />
      <OfferForm session={session} detail={detail} tariff={detail.tariff} />
    </Card>
  )
}

function Withdraw(props: { readonly offer: number; readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(props.session)
  const withdraw = (): void => {
    void act.act(
      (signer) => signer.instruction('withdraw_offer', { offer: props.offer }),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <div className='row'>
      <button type='button' className='button' onClick={withdraw}>
        {say('offers.withdraw')}
      </button>
      <ActNote of={act} done={say('offers.withdrawn')} />
    </div>
  )
}
