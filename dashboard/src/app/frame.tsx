import type { Market } from '@busbar/protocols/api'
import { type ReactNode, useEffect } from 'react'
import { Icon, type IconName, Mark } from '../parts/icons.tsx'
import { OfflineNote } from '../parts/states.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { TextKey } from '../texts/en.ts'
import { languageNames, languages } from '../texts/texts.ts'
import { type Theme, themes, useReading } from './language.tsx'
import { useLive, useMarketTime } from './live.tsx'
import { useServices, useSession } from './services.tsx'

const tabs: readonly (readonly [page: PageName, icon: IconName, text: TextKey])[] = [
  ['market', 'market', 'page.market'],
  ['intervals', 'intervals', 'page.intervals'],
  ['why', 'why', 'page.why'],
  ['audit', 'audit', 'page.audit'],
]

/** In which tab a page lies. */
const tabOf: Readonly<Record<PageName, PageName>> = {
  market: 'market',
  intervals: 'intervals',
  interval: 'intervals',
  why: 'why',
  whyInterval: 'why',
  audit: 'audit',
}

/** What stands around every page. */
export function Frame(props: {
  readonly page: PageName | undefined
  readonly market: Market | undefined
  readonly children: ReactNode
}): ReactNode {
  const { page, market } = props
  const { say } = useReading().texts
  const current = page === undefined ? undefined : tabOf[page]
  useEffect(() => {
    const [, , name] = tabs.find(([tab]) => tab === current) ?? []
    const title = say('app.name')
    document.title = name === undefined ? title : `${say(name)} · ${title}`
  }, [current, say])
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
          <nav className='tabs' aria-label={say('app.pages')}>
            {tabs.map(([tab, icon, text]) => (
              <Link
                key={tab}
                to={pathOf(tab)}
                className='tab'
                aria-current={tab === current ? 'page' : undefined}
              >
                <Icon name={icon} />
                {say(text)}
              </Link>
            ))}
          </nav>
          <div className='bar-end'>
            <SignedIn />
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

function SignedIn(): ReactNode {
  const { say } = useReading().texts
  const { sessions, cache } = useServices()
  const session = useSession()
  if (session === null) return null
  const leave = (): void => {
    sessions.end()
    // What only this account may see does not stay behind.
    cache.removeQueries({ predicate: ({ queryKey: [name] }) => isPrivate(name) })
  }
  return (
    <button type='button' className='button quiet small' title={session.name} onClick={leave}>
      {say('app.signOut')}
    </button>
  )
}

const isPrivate = (name: unknown): boolean =>
  ['account', 'statement', 'why', 'proving-queue'].includes(String(name))

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
          {time} {market?.display.timeZone}
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
