import type { DefaultView } from '@busbar/protocols/api'
import { bytesToHex, keccak256 } from '@busbar/protocols/hash'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useAct } from '../app/signing.tsx'
import { microsOf } from '../lib/amounts.ts'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
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
  const send = async (): Promise<void> => {
    await act.act(
      (signer) =>
        signer.instruction('record_enforcement', { default: one.default, step, evidence }),
      (signed, client) => client.instruct(signed),
    )
  }
  const read = async (file: File): Promise<void> =>
    setEvidence(bytesToHex(keccak256(new Uint8Array(await file.arrayBuffer()))))
  return (
    <SignForm
      of={act}
      isWhole={evidence !== ''}
      send={send}
      button={say('retailer.record')}
      hint={<p className='small soft wide'>{say('retailer.record.hint')}</p>}
      done={say('retailer.record.done')}
    >
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
    </SignForm>
  )
}

function RecordRecovery({ one, session }: Props): ReactNode {
  const { say } = useTexts()
  const act = useAct<unknown>(session)
  const [amount, setAmount] = useState('')
  const [reference, setReference] = useState('')
  const amountMicros = microsOf(amount) ?? 0
  const isWhole =
    amountMicros !== 0 && amountMicros <= stillOwed(one) && reference.trim() !== ''
  const send = async (): Promise<void> => {
    const content = { default: one.default, amountMicros, reference }
    await act.act(
      (signer) => signer.instruction('record_recovery', content),
      (signed, client) => client.instruct(signed),
    )
  }
  return (
    <SignForm
      of={act}
      isWhole={isWhole}
      send={send}
      button={say('retailer.recover')}
      done={say('retailer.recover.done')}
    >
      <TypedField
        title={say('retailer.recover.amount')}
        value={amount}
        change={setAmount}
        mode='decimal'
      />
      <TypedField
        title={say('retailer.reference')}
        value={reference}
        change={setReference}
        maxLength={64}
      />
    </SignForm>
  )
}
