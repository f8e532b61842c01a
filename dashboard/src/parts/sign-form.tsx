import type { FormEvent, ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { type Act, ActNote } from '../app/signing.tsx'

/** Fields, and the button by which somebody signs what stands in them. */
export function SignForm(props: {
  readonly of: Pick<Act<unknown>, 'state' | 'error' | 'again'>
  /** Whether what stands in the fields can be signed. */
  readonly isWhole: boolean
  readonly send: () => Promise<void>
  /** What the button says; that it signs and sends, where nothing is said. */
  readonly button?: string
  readonly isMain?: boolean
  /** After the button, before what became of it. */
  readonly hint?: ReactNode
  /** What became of it, once it is done; without it the form says nothing of it. */
  readonly done?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  const { say } = useTexts()
  const { of, isWhole, send, button, isMain = false, hint, done, children } = props
  const isBusy = of.state === 'asking' || of.state === 'sending'
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void send()
  }
  return (
    <form className='fields' onSubmit={submit}>
      {children}
      <button
        type='submit'
        className={isMain ? 'button main' : 'button'}
        disabled={!isWhole || isBusy}
      >
        {button ?? say('action.sign')}
      </button>
      {hint}
      {done === undefined ? null : <ActNote of={of} done={done} />}
    </form>
  )
}

/** A field for a text or a figure, as it was typed. */
export function TypedField(props: {
  readonly title: string
  readonly value: string
  readonly change: (value: string) => void
  readonly mode?: 'numeric' | 'decimal' | 'text'
  readonly maxLength?: number
  readonly placeholder?: string
}): ReactNode {
  const formats = useFormats()
  const { title, value, change, mode, maxLength = 200, placeholder } = props
  return (
    <label className='field'>
      {title}
      <input
        inputMode={mode}
        maxLength={maxLength}
        placeholder={placeholder === undefined ? undefined : formats.typed(placeholder)}
        value={value}
        onChange={({ target }) => change(target.value)}
      />
    </label>
  )
}
