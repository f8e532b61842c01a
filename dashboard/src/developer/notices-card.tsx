import { Notice, noticeKinds, webhookDelivery } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { Card } from '../parts/parts.tsx'
import { Catalogue } from './events-card.tsx'
import { type Schema, typeOf } from './openapi.ts'

/** Whatever the kind, a notice has these fields; `data` is of its kind. */
const shape: Readonly<Record<string, string>> = (() => {
  const [first] = (Notice as unknown as { readonly anyOf: readonly Schema[] }).anyOf
  const fields = Object.entries(first?.properties ?? {})
  return Object.fromEntries(fields.map(([name, schema]) =>
    [name, name === 'kind' || name === 'data' ? '…' : typeOf(schema)]))
})()

/** What a webhook is brought, by kind; how it is known to be true, and how often it comes. */
export function NoticesCard(): ReactNode {
  const { say } = useTexts()
  const title = say('developer.notices')
  const { method, headers } = webhookDelivery
  const fields = Object.entries(shape).map(([name, type]) => `  "${name}": ${type}`).join(',\n')
  return (
    <Card title={title}>
      <p className='small soft'>{say('developer.notices.hint', { method })}</p>
      <h3>{say('developer.webhook.shape')}</h3>
      <pre
        className='code' tabIndex={0} role='region' aria-label={say('developer.webhook.shape')}
      >
        <code>{`{\n${fields}\n}`}</code>
      </pre>
      <h3>{say('developer.webhook.headers')}</h3>
      <dl className='headers small'>
        {Object.entries(headers).map(([name, about]) => (
          <div key={name}>
            <dt><code>{name}</code></dt>
            <dd>{about.replaceAll('`', '')}</dd>
          </div>
        ))}
      </dl>
      <Rules />
      <Catalogue
        title={title}
        first={say('developer.notice')}
        file='busbar-notices'
        of={noticeKinds}
      />
    </Card>
  )
}

function Rules(): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const { answerMsMax, pauseMs, attemptsMax, concurrencyMax, busyStatuses, toleranceMs } =
    webhookDelivery
  const seconds = (ms: number): string => count(ms / 1_000)
  const rules = [
    say('developer.webhook.answer', { seconds: seconds(answerMsMax) }),
    say('developer.webhook.pause', {
      first: seconds(pauseMs.first), most: seconds(pauseMs.most),
    }),
    say('developer.webhook.attempts', { attempts: count(attemptsMax) }),
    say('developer.webhook.order', {
      many: count(concurrencyMax), statuses: busyStatuses.join(', '),
    }),
    say('developer.webhook.age', { seconds: seconds(toleranceMs) }),
  ]
  return (
    <>
      <h3>{say('developer.webhook.rules')}</h3>
      <ul className='small'>
        {rules.map((rule) => <li key={rule}>{rule}</li>)}
      </ul>
    </>
  )
}
