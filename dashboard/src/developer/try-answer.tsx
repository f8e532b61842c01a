import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Badge, CopyButton } from '../parts/parts.tsx'
import { type Answer, shownMax } from './request.ts'

/** The same request on a command line. */
export function Command(props: {
  readonly text: string
  readonly isPrivate: boolean
}): ReactNode {
  const { say } = useTexts()
  const { text, isPrivate } = props
  return (
    <details className='command'>
      <summary>{say('developer.curl')}</summary>
      <div className='stack'>
        <pre className='code' tabIndex={0} role='region' aria-label={say('developer.curl')}>
          <code>{text}</code>
        </pre>
        <div className='row'>
          <CopyButton value={text} />
          {isPrivate ? (
            <span className='small soft'>{say('developer.curl.credential')}</span>
          ) : null}
        </div>
      </div>
    </details>
  )
}

/** Status, time, headers and body of what came back. */
export function AnswerShown(props: {
  readonly answer: Answer
  readonly address: string
}): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const { status, tookMs, headers, text, isRedirect } = props.answer
  if (isRedirect) {
    return (
      <p role='status'>
        {say('developer.redirect')} <a href={props.address}>{say('developer.redirect.open')}</a>
      </p>
    )
  }
  const isGood = status >= 200 && status < 300
  return (
    <div className='stack' role='status'>
      <p className='row small'>
        <Badge tone={isGood ? 'good' : 'warn'} icon={isGood ? 'check' : 'warn'}>
          {status === 0 ? say('state.offline') : String(status)}
        </Badge>
        <span className='soft figure'>{say('developer.took', { ms: count(tookMs) })}</span>
      </p>
      {headers.length === 0 ? null : (
        <dl className='headers small'>
          {headers.map(([name, value]) => (
            <div key={name}>
              <dt><code>{name}</code></dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <pre className='code' tabIndex={0} role='region' aria-label={say('developer.answer')}>
        <code>{text.length > shownMax ? `${text.slice(0, shownMax)}\n…` : text}</code>
      </pre>
    </div>
  )
}
