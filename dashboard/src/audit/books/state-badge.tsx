import type { ReactNode } from 'react'
import { useTexts } from '../../app/language.tsx'
import type { IconName } from '../../parts/icons.tsx'
import { Badge, type Tone } from '../../parts/parts.tsx'
import type { BookState } from './history.ts'

export const stateTones: Readonly<Record<BookState, Tone>> = {
  ...{ holds: 'good', waiting: 'plain', wrong: 'bad' },
}

export const stateIcons: Readonly<Record<BookState, IconName>> = {
  ...{ holds: 'check', waiting: 'wait', wrong: 'cross' },
}

export function StateBadge({ state }: { readonly state: BookState }): ReactNode {
  const { say } = useTexts()
  return (
    <Badge tone={stateTones[state]} icon={stateIcons[state]}>
      {say(`books.state.${state}`)}
    </Badge>
  )
}
