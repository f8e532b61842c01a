import type { Fault } from '@busbar/core/errors'
import type { ReactNode } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useFormats, useMarket } from '../../app/market.tsx'
import { Note } from '../../parts/parts.tsx'

/** Why there are no bills: which file, or which meter and interval, and what is the matter. */
export function FaultNote({ fault }: { readonly fault: Fault }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const details: Readonly<Record<string, unknown>> = { ...fault.details }
  const detail = (name: string): string => String(details[name] ?? '–')
  if (fault.code === 'BILLS_INPUT_INVALID') {
    return (
      <Note tone='bad' title={say('bills.fault.file', { file: detail('file') })} isAlert>
        <p>{say('bills.fault.field', { field: detail('field'), limit: detail('limit') })}</p>
      </Note>
    )
  }
  const { interval } = details
  const time = typeof interval === 'number' ? formats.moment(interval * intervalMs) : '–'
  return (
    <Note tone='bad' title={say('bills.fault.meter', { meter: detail('meter'), time })} isAlert>
      <p>{say('bills.fault.reason', { reason: detail('reason'), code: fault.code })}</p>
    </Note>
  )
}
