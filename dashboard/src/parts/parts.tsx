import { type ReactNode, useId, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { Icon, type IconName } from './icons.tsx'

export type Tone = 'plain' | 'good' | 'warn' | 'bad'

/** One matter of a page, with its heading. */
export function Card(props: {
  readonly title: string
  readonly beside?: ReactNode
  readonly children: ReactNode
}): ReactNode {
  const id = useId()
  return (
    <section className='card' aria-labelledby={id}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.beside}
      </header>
      {props.children}
    </section>
  )
}

export function Badge(props: {
  readonly tone: Tone
  readonly icon?: IconName
  readonly children: ReactNode
}): ReactNode {
  return (
    <span className={`badge ${props.tone}`}>
      {props.icon === undefined ? null : <Icon name={props.icon} size={14} />}
      {props.children}
    </span>
  )
}

/** A figure with what it is, and perhaps how it was made. */
export function Figure(props: {
  readonly label: string
  readonly value: ReactNode
  readonly unit?: string
  readonly hint?: string
  readonly tone?: string
}): ReactNode {
  return (
    <div>
      <dt className='eyebrow'>{props.label}</dt>
      <dd>
        <div className={`value figure ${props.tone ?? ''}`}>
          {props.value}
          {props.unit === undefined ? null : <span className='unit'> {props.unit}</span>}
        </div>
        {props.hint === undefined ? null : <div className='small soft'>{props.hint}</div>}
      </dd>
    </div>
  )
}

const noteIcons: Readonly<Record<Tone, IconName>> = {
  plain: 'why',
  good: 'check',
  warn: 'warn',
  bad: 'cross',
}

/** What is the case, and what to do next. */
export function Note(props: {
  readonly tone: Tone
  readonly icon?: IconName
  readonly title: string
  readonly isAlert?: boolean
  readonly children?: ReactNode
}): ReactNode {
  return (
    <div className={`note ${props.tone}`} role={props.isAlert === true ? 'alert' : undefined}>
      <Icon name={props.icon ?? noteIcons[props.tone]} />
      <div>
        <strong>{props.title}</strong>
        {props.children}
      </div>
    </div>
  )
}

/** Whether it was just copied, and how that is done. */
function useCopy(value: string): readonly [isCopied: boolean, copy: () => Promise<void>] {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value)
    } catch {
      // At a bare address there is no clipboard, or it was refused: nothing is said to be in it.
      return
    }
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return [isCopied, copy]
}

/** Long hexadecimal, shortened to the eye and whole to the clipboard. */
export function Hash({ value }: { readonly value: string }): ReactNode {
  const shown = value.length > 22 ? `${value.slice(0, 10)}…${value.slice(-8)}` : value
  return (
    <span className='hash'>
      <code title={value}>{shown}</code>
      <CopyMark value={value} named={shown} />
    </span>
  )
}

/** Takes the whole of what stands beside it in short. */
export function CopyMark(props: {
  readonly value: string
  /** As somebody hears it, where the whole would be long. */
  readonly named?: string
}): ReactNode {
  const { value, named = value } = props
  const { say } = useTexts()
  const [isCopied, copy] = useCopy(value)
  return (
    <button
      type='button'
      className='copy'
      title={value}
      aria-label={`${say(isCopied ? 'action.copied' : 'action.copy')}: ${named}`}
      onClick={() => void copy()}
    >
      <Icon name={isCopied ? 'check' : 'copy'} size={16} />
    </button>
  )
}

/** Beside what is shown whole. */
export function CopyButton({ value }: { readonly value: string }): ReactNode {
  const { say } = useTexts()
  const [isCopied, copy] = useCopy(value)
  return (
    <button type='button' className='button' onClick={() => void copy()}>
      <Icon name={isCopied ? 'check' : 'copy'} size={18} />
      {say(isCopied ? 'action.copied' : 'action.copy')}
    </button>
  )
}

/** Choices of which one holds. */
export function Switch<Choice extends string>(props: {
  readonly label: string
  readonly choices: readonly (readonly [value: Choice, text: string])[]
  readonly chosen: Choice
  readonly choose: (value: Choice) => void
}): ReactNode {
  return (
    <div className='switch' role='group' aria-label={props.label}>
      {props.choices.map(([value, text]) => (
        <button
          key={value}
          type='button'
          aria-pressed={value === props.chosen}
          onClick={() => props.choose(value)}
        >
          {text}
        </button>
      ))}
    </div>
  )
}

/** Where something will stand that is on its way. */
export function Bone({ height }: { readonly height: number }): ReactNode {
  return <div className='bone' style={{ height }} />
}
