import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { type PageName, pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { TextKey } from '../texts/en.ts'

/** The ways between the pages of one area. */
export function Ways<Page extends PageName>(props: {
  readonly label: string
  readonly ways: readonly (readonly [Page, TextKey])[]
  readonly page: Page
}): ReactNode {
  const { say } = useTexts()
  const { label, ways, page } = props
  return (
    <nav key={page} ref={bringIntoView} className='ways' aria-label={label}>
      {ways.map(([one, text]) => (
        <Link key={one} to={pathOf(one)} aria-current={one === page ? 'page' : undefined}>
          {say(text)}
        </Link>
      ))}
    </nav>
  )
}

/** On a phone there may be more than fit beside each other. */
function bringIntoView(ways: HTMLElement | null): void {
  const here = ways?.querySelector<HTMLElement>('[aria-current]')
  if (ways == null || here == null) return
  ways.scrollLeft = here.offsetLeft - (ways.clientWidth - here.offsetWidth) / 2
}
