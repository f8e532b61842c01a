import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { Ways } from '../parts/ways.tsx'
import type { PageName } from '../route/pages.ts'

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
      <Ways label={say('home.sections')} ways={parts} page={props.page} />
      <div className='row apart whole'>
        <h1>{props.title}</h1>
        {props.beside}
      </div>
    </div>
  )
}
