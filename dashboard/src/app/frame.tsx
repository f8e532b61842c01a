import type { Market } from '@busbar/protocols/api'
import { type ReactNode, useEffect } from 'react'
import { Icon, Mark } from '../parts/icons.tsx'
import { OfflineNote } from '../parts/states.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { languageNames, languages } from '../texts/texts.ts'
import { nameOf } from './destinations.ts'
import { type Theme, themes, useReading } from './language.tsx'
import { useLive, useMarketTime } from './live.tsx'
import { Bell, Navigation } from './navigation.tsx'
import { useSession } from './services.tsx'

/** What stands around every page. */
export function Frame(props: {
  readonly page: PageName | undefined
  readonly market: Market | undefined
  readonly children: ReactNode
}): ReactNode {
  const { page, market } = props
  const { say } = useReading().texts
  useEffect(() => {
    const name = page === undefined ? 'app.name' : nameOf(page)
    const title = say('app.name')
    document.title = name === 'app.name' ? title : `${say(name)} · ${title}`
  }, [page, say])
  return (
    <>
      <a className='skip' href='#content'>
        {say('app.skip')}
      </a>
      <header className='bar'>
        <div className='bar-inner'>
          <Link to='/' className='brand'>
            <Mark />
            {say('app.name')}
          </Link>
          <Navigation page={page} />
          <div className='bar-end'>
            <Person page={page} market={market} />
            <LiveMark market={market} />
          </div>
        </div>
      </header>
      <main id='content' tabIndex={-1}>
        <div className='stack'>
          <OfflineNote />
          {props.children}
        </div>
      </main>
      <Foot market={market} />
    </>
  )
}

function Person(props: {
  readonly page: PageName | undefined
  readonly market: Market | undefined
}): ReactNode {
  const { say } = useReading().texts
  const session = useSession()
  if (session === undefined) return null
  if (session === null) {
    return (
      <Link to={pathOf('signin')} className='button small'>
        {say('app.signIn')}
      </Link>
    )
  }
  const { page, market } = props
  const { account, name } = session
  return (
    <>
      {market === undefined ? null : (
        <Bell account={account} market={market} isHere={page === 'notices'} />
      )}
      <Link to={pathOf('account')} className='person' title={say('page.account')}>
        <Icon name='person' />
        <span>{name}</span>
      </Link>
    </>
  )
}

const connectionTones = { live: 'good', connecting: '', offline: 'bad' } as const

function LiveMark({ market }: { readonly market: Market | undefined }): ReactNode {
  const { texts, formatsFor } = useReading()
  const { connection } = useLive()
  const nowMs = useMarketTime(1_000)
  const name = texts.say(`live.${connection}`)
  const isTold = market !== undefined && nowMs !== undefined
  const time = isTold ? formatsFor(market.display).time(nowMs) : undefined
  return (
    <span className='live'>
      <span className={`dot ${connectionTones[connection]}`} />
      <span className={connection === 'live' ? 'unseen' : ''} role='status'>
        {name}
      </span>
      {time === undefined ? null : (
        <time title={texts.say('live.at', { time })} className='figure'>
          {time} <span className='time-zone'>{market?.display.timeZone}</span>
        </time>
      )}
    </span>
  )
}

function Foot({ market }: { readonly market: Market | undefined }): ReactNode {
  const { texts, theme, setLanguage, setTheme } = useReading()
  const { say, language } = texts
  return (
    <footer className='foot'>
      <div className='foot-inner'>
        <label>
          {say('app.language')}
          <select
            value={language}
            onChange={({ target }) => {
              const chosen = languages.find((one) => one === target.value)
              if (chosen !== undefined) setLanguage(chosen)
            }}
          >
            {languages.map((one) => (
              <option key={one} value={one} lang={one}>
                {languageNames[one]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say('app.theme')}
          <select
            value={theme}
            onChange={({ target }) => setTheme(target.value as Theme)}
          >
            {themes.map((one) => (
              <option key={one} value={one}>
                {say(`app.theme.${one}`)}
              </option>
            ))}
          </select>
        </label>
        {market === undefined ? null : (
          <span>{say('app.timeZone', { zone: market.display.timeZone })}</span>
        )}
        <a href='/v1/openapi.json'>{say('app.interface')}</a>
      </div>
    </footer>
  )
}
