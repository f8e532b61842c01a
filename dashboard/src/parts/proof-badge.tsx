import type { PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import type { IconName } from './icons.tsx'
import { Badge, type Tone } from './parts.tsx'

export type ProofState = PublicInterval['proof']['state']

export const proofIcons: Readonly<Record<ProofState, IconName>> = {
  none: 'none',
  awaited: 'wait',
  proven: 'check',
  overdue: 'warn',
  faulty: 'cross',
}

const tones: Readonly<Record<ProofState, Tone>> = {
  none: 'plain',
  awaited: 'plain',
  proven: 'good',
  overdue: 'warn',
  faulty: 'bad',
}

export function ProofBadge({ state }: { readonly state: ProofState }): ReactNode {
  const { say } = useTexts()
  return (
    <Badge tone={tones[state]} icon={proofIcons[state]}>
      {say(`proof.${state}`)}
    </Badge>
  )
}
