import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Note } from '../parts/parts.tsx'
import { forgetDevice } from '../session/forget-device.ts'
import type { Session } from '../session/session.ts'
import { unopenedOf } from '../trading/order-track.ts'
import { placedOrders, useOwnIntervals, usePlaced } from '../trading/trading-data.ts'

/** Intervals that may not be opened yet: what is placed further ahead is not over either. */
const lookedAt = 12

/** The way out: leaving this browser as one's own, or with nothing of the account in it. */
export function SignOut({ session }: { readonly session: Session }): ReactNode {
  const { say } = useTexts()
  const { sessions } = useServices()
  const [failed, setFailed] = useState(false)
  const [isForgetting, setForgetting] = useState(false)
  const leave = async (): Promise<void> => {
    setFailed(false)
    try {
      await sessions.close()
    } catch {
      // The cookie is the browser's to keep until the exchange takes it away: it must be said.
      setFailed(true)
    }
  }
  return (
    <div className='stack'>
      <div className='row'>
        <button type='button' className='button' onClick={() => void leave()}>
          {say('app.signOut')}
        </button>
        <button
          type='button'
          className='button quiet'
          aria-expanded={isForgetting}
          onClick={() => setForgetting(!isForgetting)}
        >
          {say('account.forget')}
        </button>
      </div>
      {isForgetting ? (
        <Forget session={session} leave={leave} keep={() => setForgetting(false)} />
      ) : null}
      {failed ? <Note tone='bad' title={say('account.signOut.failed')} isAlert /> : null}
    </div>
  )
}

/** What will not be there afterwards, in words, before it is gone. */
function Forget(props: {
  readonly session: Session
  readonly leave: () => Promise<void>
  readonly keep: () => void
}): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const { market } = useMarket()
  const cache = useQueryClient()
  const { session: { account }, leave, keep } = props
  const placed = usePlaced(account)
  const [failed, setFailed] = useState(false)
  const orders = placed.data?.length ?? 0
  const forget = async (): Promise<void> => {
    setFailed(false)
    try {
      await forgetDevice({ orders: placedOrders(), storage: localStorage }, market, account)
    } catch {
      setFailed(true)
      return
    }
    cache.removeQueries({ queryKey: keys.placed(account) })
    await leave()
  }
  return (
    <section className='inset' aria-label={say('account.forget')}>
      <p>{say('account.forget.what')}</p>
      <ul className='plain-list'>
        <li>
          {orders === 0
            ? say('account.forget.noOrders')
            : count('account.forget.orders', orders, formats.count(orders))}
        </li>
        <li>{say('account.forget.name')}</li>
        <li>{say('account.forget.passkey')}</li>
      </ul>
      <Unopened account={account} />
      <div className='row'>
        <button type='button' className='button main' onClick={() => void forget()}>
          {say('account.forget.sure')}
        </button>
        <button type='button' className='button' onClick={keep}>
          {say('account.forget.keep')}
        </button>
      </div>
      {failed ? <Note tone='bad' title={say('account.forget.failed')} isAlert /> : null}
    </section>
  )
}

/** A word of warning, only where something is lost that is still needed. */
function Unopened({ account }: { readonly account: number }): ReactNode {
  const { say, count } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const nowMs = useMarketTime(10_000) ?? 0
  const delivering = Math.floor(nowMs / (rulebook.intervalSeconds * 1_000))
  const sealed = (usePlaced(account).data ?? []).filter(({ kept }) => kept !== null)
  const intervals = [...new Set(sealed.map(({ interval }) => interval))].slice(0, lookedAt)
  const found = useOwnIntervals(account, intervals)
  const many = unopenedOf(sealed, found, delivering)
  if (many === 0) return null
  const isRevealed = rulebook.orderBook === 'sealed-reveal'
  return (
    <Note
      tone='warn'
      title={count('account.forget.unopened', many, formats.count(many))}
      isAlert
    >
      <p>{say(isRevealed ? 'account.forget.reveal' : 'account.forget.committee')}</p>
    </Note>
  )
}
