import type { RulebookDocument } from '@busbar/protocols/api'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { usePhases } from '../app/phases.ts'
import { ActNote, useAct } from '../app/signing.tsx'
import { Card, Note } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { Comparison } from './comparison.tsx'
import { mayDecide } from './operator-frame.tsx'
import { Became, type Taken } from './standing-form.tsx'
import { WhatIf } from './what-if.tsx'

/** Rules that nobody has signed yet: how they differ, what they would have done, and signing. */
export function NewRules(props: {
  readonly session: Session
  /** The newest that is known. */
  readonly last: RulebookDocument | undefined
}): ReactNode {
  const { session, last } = props
  const { say } = useTexts()
  const { rulebook: held } = useMarket()
  const newest = last ?? held
  const draft = JSON.stringify({ ...newest, version: newest.version + 1 }, null, 2)
  const [text, setText] = useState(draft)
  const read = rulebookIn(text)
  return (
    <Card title={say('newRules.title')}>
      <p className='soft'>{say('newRules.hint')}</p>
      <label className='field'>
        {say('newRules.text')}
        <textarea
          rows={12}
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      {read === undefined ? (
        <Note tone='warn' title={say('newRules.noJson')} />
      ) : (
        <>
          <Comparison one={newest} other={read} />
          <WhatIf key={JSON.stringify(read)} rulebook={read} />
          {mayDecide(session) ? <Schedule session={session} rulebook={read} /> : null}
        </>
      )}
    </Card>
  )
}

/** An object with the two fields by which it is called; the exchange judges the others. */
function rulebookIn(text: string): RulebookDocument | undefined {
  try {
    const value = JSON.parse(text) as Partial<RulebookDocument> | null
    const isOne = typeof value?.name === 'string' && typeof value.version === 'number'
    return isOne ? (value as RulebookDocument) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Whether a calendar has it: whatever somebody types while it is typed. */
const isMoment = (ms: number): boolean => ms >= 0 && !Number.isNaN(new Date(ms).getTime())

function Schedule(props: {
  readonly session: Session
  readonly rulebook: RulebookDocument
}): ReactNode {
  const { session, rulebook } = props
  const { say } = useTexts()
  const formats = useFormats()
  const { openThrough, intervalMs } = usePhases()
  const act = useAct<Taken>(session)
  const [chosen, setChosen] = useState<number>()
  const first = chosen ?? openThrough + 12
  const timeOf = (one: number): string => formats.moment(one * intervalMs)
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const fromInterval = Number(new FormData(event.currentTarget).get('fromInterval'))
    await act.act(
      (signer) => signer.instruction('schedule_rulebook', { fromInterval, rulebook }),
      (signed, client) => client.instruct(signed),
    )
  }
  const isBusy = act.state === 'asking' || act.state === 'sending'
  return (
    <form className='acting stack tight' onSubmit={(event) => void send(event)}>
      <h3>{say('newRules.sign')}</h3>
      <p className='small soft'>{say('newRules.sign.hint')}</p>
      <label className='field'>
        {say('newRules.from')}
        <input
          name='fromInterval'
          type='number'
          required
          min={0}
          step={1}
          value={Number.isNaN(first) ? '' : first}
          onChange={({ target }) => setChosen(target.valueAsNumber)}
        />
        {isMoment(first * intervalMs)
          ? <span>{say('newRules.from.is', { time: timeOf(first) })}</span>
          : null}
        <span>
          {say('newRules.from.rule', {
            first: openThrough + 1, time: timeOf(openThrough + 1),
          })}
        </span>
      </label>
      <button type='submit' className='button main' disabled={isBusy}>
        {say('newRules.send')}
      </button>
      <ActNote of={act} done={<Became result={act.result} />} />
    </form>
  )
}
