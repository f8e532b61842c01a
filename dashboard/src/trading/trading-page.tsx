import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useAccount } from '../home/home-data.ts'
import { HomeHead } from '../home/home-frame.tsx'
import { Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import type { Session } from '../session/session.ts'
import { BoardCard } from './board-card.tsx'
import { MandatesCard } from './mandates-card.tsx'
import { OrderCard } from './order-card.tsx'
import { OrdersCard } from './orders-card.tsx'
import { ProposeCard } from './propose-card.tsx'
import { OwnOffersCard } from './own-offers-card.tsx'
import { TradesCard } from './trades-card.tsx'

/** What a household buys and sells by its own word: in the auction, by contract, on the board. */
export default function TradingPage(): ReactNode {
  const { say } = useTexts()
  return (
    <Mine height={480} title={say('trading.title')}>
      {(session) => <Trading session={session} />}
    </Mine>
  )
}

function Trading({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const { rulebook } = useMarket()
  const detail = useAccount(session.account)
  return (
    <>
      <HomeHead page='trading' title={say('trading.title')} />
      <Answered asked={detail} height={480}>
        {(found) => (
          <>
            <div className='grid two'>
              <OrderCard session={session} detail={found} />
              <OrdersCard session={session} />
            </div>
            <MandatesCard session={session} detail={found} />
            {rulebook.trades === undefined ? (
              <Note tone='plain' icon='coins' title={say('trades.none')}>
                <p>{say('trades.none.next')}</p>
              </Note>
            ) : (
              <>
                <TradesCard session={session} />
                <ProposeCard session={session} detail={found} />
                <div className='grid two'>
                  <OwnOffersCard session={session} detail={found} />
                  <BoardCard session={session} detail={found} />
                </div>
              </>
            )}
          </>
        )}
      </Answered>
    </>
  )
}
