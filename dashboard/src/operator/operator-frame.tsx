import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { Mine } from '../app/mine.tsx'
import { Ways } from '../parts/ways.tsx'
import type { PageName } from '../route/pages.ts'
import type { Session } from '../session/session.ts'
import '../style/companies.css'
import './operator.css'

const inner = [
  ['operator', 'operator.tab.overview'],
  ['operatorParticipants', 'operator.tab.participants'],
  ['operatorMeters', 'operator.tab.meters'],
  ['operatorRulebooks', 'operator.tab.rulebooks'],
  ['operatorRuns', 'operator.tab.runs'],
] as const satisfies readonly (readonly [PageName, string])[]

/** Whether somebody's word counts as an authority's. */
export const mayDecide = ({ roles }: Pick<Session, 'roles'>): boolean =>
  roles.includes('operator') || roles.includes('authority')

/** What stands around the pages of those who run the market; nobody else gets in. */
export function OperatorFrame(props: {
  readonly page: (typeof inner)[number][0]
  readonly children: (session: Session) => ReactNode
}): ReactNode {
  const { say } = useTexts()
  return (
    <>
      <h1>{say('operator.title')}</h1>
      <Mine roles={['operator', 'authority', 'auditor']} height={520}>
        {(session) => (
          <>
            <Ways label={say('operator.title')} ways={inner} page={props.page} />
            {props.children(session)}
          </>
        )}
      </Mine>
    </>
  )
}
