import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Note, type Tone } from '../parts/parts.tsx'
import { type Check, notInForm, worstOf } from './checks.ts'

const tones: Readonly<Record<Check['state'], Tone>> = {
  ...{ holds: 'good', told: 'plain', open: 'plain', fails: 'bad' },
}

const icons: Readonly<Record<Check['state'], IconName>> = {
  ...{ holds: 'check', told: 'person', open: 'wait', fails: 'cross' },
}

/** What all checks come to. */
export function Verdict({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const numberOf = (state: Check['state']): number =>
    checks.filter((check) => check.state === state).length
  const [fails, open, told] = [numberOf('fails'), numberOf('open'), numberOf('told')]
  const state = worstOf(checks)
  return (
    <div role='status' data-verdict={state}>
      <Note
        tone={tones[state]}
        icon={icons[state]}
        title={say(`verdict.${state}`)}
        isAlert={state === 'fails'}
      >
        <p>
          {say(`verdict.${state}.more`, {
            count: count(checks.length - told - open),
            fails: count(fails),
            open: count(open),
            told: count(told),
          })}
        </p>
      </Note>
    </div>
  )
}

/** One by one. */
export function Checks({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  const { say } = useTexts()
  if (checks.length === 0) return null
  return (
    <ul className='checks'>
      {checks.map(({ name, state, of = '', run = '' }, index) => (
        <li key={`${name}/${of}/${index}`} className={state}>
          <Icon name={icons[state]} size={17} />
          <span>
            <span className={state === 'told' ? 'word' : 'unseen'}>{say(`check.${state}`)}: </span>
            {say(`check.${name}`, { of, run })}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** In the place of an answer that cannot even be shown. */
export function Unreadable(): ReactNode {
  const { say } = useTexts()
  return (
    <>
      <h1>{say('why.title')}</h1>
      <Verdict checks={notInForm} />
      <Checks checks={notInForm} />
    </>
  )
}
