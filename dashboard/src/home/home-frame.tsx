import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'

const parts = [
  ['home', 'page.home'],
  ['trading', 'page.trading'],
  ['notices', 'page.notices'],
] as const satisfies readonly (readonly [PageName, string])[]

/** The heading of a household's pages, and the ways between them. */
export function HomeHead(props: {
  readonly page: (typeof parts)[number][0]
  readonly title: string
  readonly beside?: ReactNode
}): ReactNode {
  const { say } = useTexts()
  return (
    <div className='stack tight home-head'>
      <nav className='sections' aria-label={say('home.sections')}>
        {parts.map(([page, text]) => (
          <Link
            key={page}
            to={pathOf(page)}
            aria-current={page === props.page ? 'page' : undefined}
          >
            {say(text)}
          </Link>
        ))}
      </nav>
      <div className='row apart whole'>
        <h1>{props.title}</h1>
        {props.beside}
      </div>
    </div>
  )
}
