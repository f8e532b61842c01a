import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import type { Progress } from './bill-check.ts'

/** How far something is that asks for much. */
export function ProgressBar({ of, done, all }: Progress): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  return (
    <div className='stack' role='status'>
      <div className='progress'>
        <span style={{ width: `${(100 * done) / Math.max(1, all)}%` }} />
      </div>
      <p className='small soft'>
        {say(`retailer.progress.${of}`, { done: formats.count(done), all: formats.count(all) })}
      </p>
    </div>
  )
}
