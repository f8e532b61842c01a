import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { tradedEnergyIntervalsMax } from '@busbar/protocols/traded-energy'
import { useEnding } from '../app/ending.ts'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { Card, Note, Switch } from '../parts/parts.tsx'
import { Failed } from '../parts/states.tsx'
import { checkBill, type Progress, readEnergies, type Span, spanOf } from './bill-check.ts'
import { BillFileError, type BillLine, parseBillLines } from './bill-lines.ts'
import { CheckResult } from './check-result.tsx'
import { takeLines } from './handed-lines.ts'
import { DaySwitch, useDay } from './day.tsx'
import type { MeterEnergy } from './energy-left.ts'
import { ProgressBar } from './progress.tsx'
import type { Signed } from './retailer-data.ts'

type Source = 'day' | 'own'

/** Whether a bill asks for energy that was already paid for where it was traded. */
export function CheckPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const [text, setText] = useState(takeLines)
  const [source, setSource] = useState<Source>(text === '' ? 'day' : 'own')
  const choice = useDay()
  const check = useCheck(signed)
  const { run, progress, stop } = check
  const start = (): void => run(source === 'day' ? choice.day : text)
  return (
    <>
      <Card title={say('retailer.check.source')}>
        <p className='soft'>{say('retailer.check.hint')}</p>
        <Switch
          label={say('retailer.check.source')}
          choices={[['day', say('retailer.check.day')], ['own', say('retailer.check.own')]]}
          chosen={source}
          choose={setSource}
        />
        <p className='small soft'>{say(`retailer.check.${source}.hint`)}</p>
        {source === 'day' ? <DaySwitch {...choice} /> : <OwnLines text={text} change={setText} />}
        <div className='row'>
          <button
            type='button'
            className='button main'
            disabled={check.isRunning || (source === 'own' && text === '')}
            onClick={start}
          >
            {say('retailer.check.run')}
          </button>
          {check.isRunning ? (
            <button type='button' className='button' onClick={stop}>
              {say('action.stop')}
            </button>
          ) : null}
        </div>
        {progress === undefined ? null : <ProgressBar {...progress} />}
        <p className='small soft'>{say('retailer.check.limit')}</p>
      </Card>
      {check.error === null ? null : <WrongFile error={check.error} retry={start} />}
      {check.findings === undefined ? null : (
        <CheckResult findings={check.findings} signed={signed} />
      )}
    </>
  )
}

class SpanError extends Error {
  override readonly name = 'SpanError'
}

/** Runs one check at a time, until the page is left. */
function useCheck(signed: Signed) {
  const market = useMarket()
  const [progress, setProgress] = useState<Progress>()
  const ending = useEnding()
  const [isStopped, setStopped] = useState(false)
  const { session: { account: retailer }, reader } = signed
  const intervalMs = market.rulebook.intervalSeconds * 1_000
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async (asked: string | Span) => {
      const signal = ending.begin()
      setStopped(false)
      try {
        const known = typeof asked === 'string' ? {} : {
          energies: await readEnergies(reader, retailer, asked, { signal }, setProgress),
        }
        const lines = typeof asked === 'string'
          ? parseBillLines(asked, intervalMs)
          : known.energies?.map(wholeLine) ?? []
        if (lines.length === 0) return []
        if (spanOf(lines).count > tradedEnergyIntervalsMax) throw new SpanError()
        const rest = { retailer, market, lines, signal, progress: setProgress }
        return await checkBill(reader, { ...rest, ...known })
      } finally {
        setProgress(undefined)
      }
    },
  })
  return {
    run: mutate,
    stop: (): void => {
      setStopped(true)
      ending.end()
    },
    progress,
    findings: data,
    error: isStopped ? null : error,
    isRunning: isPending,
  }
}

/** As if all that the meter counted were billed. */
const wholeLine = (one: MeterEnergy): BillLine => ({
  ...{ meter: one.meter, interval: one.interval },
  ...{ importWh: Math.max(0, one.importedWh - one.exportedWh) },
  ...{ exportWh: Math.max(0, one.exportedWh - one.importedWh) },
})

function OwnLines(props: {
  readonly text: string
  readonly change: (text: string) => void
}): ReactNode {
  const { say } = useTexts()
  return (
    <div className='own-lines'>
      <label className='field'>
        {say('retailer.check.file')}
        <input
          type='file'
          accept='.csv,text/csv'
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file !== undefined) void file.text().then(props.change)
          }}
        />
      </label>
      <label className='field'>
        {say('retailer.check.paste')}
        <textarea
          rows={5}
          spellCheck={false}
          value={props.text}
          placeholder='meter,start,import_wh,export_wh'
          onChange={({ target }) => props.change(target.value)}
        />
      </label>
    </div>
  )
}

function WrongFile(props: { readonly error: unknown; readonly retry: () => void }): ReactNode {
  const { say } = useTexts()
  const { error } = props
  if (error instanceof BillFileError) {
    const { reason, line, value } = error
    return <Note tone='bad' title={say(`retailer.file.${reason}`, { line, value })} isAlert />
  }
  if (error instanceof SpanError) {
    return <Note tone='bad' title={say('retailer.file.span')} isAlert />
  }
  return <Failed {...props} />
}
