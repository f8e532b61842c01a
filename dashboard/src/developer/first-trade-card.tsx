import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { Icon } from '../parts/icons.tsx'
import { Card } from '../parts/parts.tsx'
import code from './first-trade.ts?raw'

/** A program that trades, as it stands in a file that is run by a test. */
export function FirstTradeCard(): ReactNode {
  const { say } = useTexts()
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code)
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <Card
      title={say('developer.first')}
      beside={
        <button type='button' className='button quiet' onClick={() => void copy()}>
          <Icon name={copied ? 'check' : 'copy'} size={18} />
          {say(copied ? 'action.copied' : 'action.copy')}
        </button>
      }
    >
      <pre className='code' tabIndex={0} role='region' aria-label={say('developer.first')}>
        <code>{code.trimEnd()}</code>
      </pre>
      <p className='small soft'>{say('developer.first.hint')}</p>
    </Card>
  )
}
