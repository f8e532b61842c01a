import type { DefaultView } from '@busbar/protocols/api'
import { bytesToHex, keccak256 } from '@busbar/protocols/hash'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { microsOf } from '../lib/amounts.ts'
import type { Session } from '../session/session.ts'
import { stillOwed, unshownSteps } from './rungs.ts'

type Props = { readonly one: DefaultView; readonly session: Session }

/** What the debtor's retailer may record: that it took a step, and what it got. */
export function DefaultActions(props: Props): ReactNode {
  const { one } = props
  const [step] = unshownSteps(one)
  const isOwed = stillOwed(one) > 0 && ['open', 'appealed', 'exhausted'].includes(one.status)
  if (one.account === null) return null
  return (
    <>
      {step === undefined ? null : <RecordStep {...props} step={step.step} />}
      {isOwed ? <RecordRecovery {...props} /> : null}
    </>
  )
}

function RecordStep(
  { one, session, step }: Props & { readonly step: DefaultView['steps'][number]['step'] },
): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(session)
  const [evidence, setEvidence] = useState('')
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    await act.act(
      (signer) =>
        signer.instruction('record_enforcement', { default: one.default, step, evidence }),
      (signed, client) => client.instruct(signed),
    )
  }
  const read = async (file: File): Promise<void> =>
    setEvidence(bytesToHex(keccak256(new Uint8Array(await file.arrayBuffer()))))
  return (
    <form className='fields' onSubmit={(event) => void send(event)}>
      <label className='field'>
        {say('retailer.record.file', { step: say(`retailer.step.${step}`) })}
        <input
          type='file'
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file !== undefined) void read(file)
          }}
        />
      </label>
      <button type='submit' className='button' disabled={evidence === '' || act.state === 'asking'}>
        {say('retailer.record')}
      </button>
      <p className='small soft wide'>{say('retailer.record.hint')}</p>
      <ActNote of={act} done={say('retailer.record.done')} />
    </form>
  )
}

function RecordRecovery({ one, session }: Props): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(session)
  const [amount, setAmount] = useState('')
  const [reference, setReference] = useState('')
  const amountMicros = microsOf(amount) ?? 0
  const isWrong = amountMicros === 0 || amountMicros > stillOwed(one) || reference.trim() === ''
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const content = { default: one.default, amountMicros, reference }
    await act.act(
      (signer) => signer.instruction('record_recovery', content),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <form className='fields' onSubmit={(event) => void send(event)}>
      <label className='field'>
        {say('retailer.recover.amount')}
        <input
          inputMode='decimal'
          value={amount}
          onChange={({ target }) => setAmount(target.value)}
        />
      </label>
      <label className='field'>
        {say('retailer.reference')}
        <input
          maxLength={64}
          value={reference}
          onChange={({ target }) => setReference(target.value)}
        />
      </label>
      <button type='submit' className='button' disabled={isWrong || act.state === 'asking'}>
        {say('retailer.recover')}
      </button>
      <ActNote of={act} done={say('retailer.recover.done')} />
    </form>
  )
}
