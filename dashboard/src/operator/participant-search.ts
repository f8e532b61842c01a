import { roles } from '@busbar/core/registry'
import type { ParticipantQuery } from '@busbar/protocols/api'

export const standings = ['active', 'suspended'] as const

/** What somebody has typed and chosen; empty is anybody. */
export type Wanted = { readonly text: string; readonly role: string; readonly status: string }

export const anybody: Wanted = { text: '', role: '', status: '' }

/** As the interface asks it; null for a text that no name or account can have in it. */
export function queryOf({ text, role, status }: Wanted): ParticipantQuery | null {
  const find = text.trim().toLowerCase()
  if (find !== '' && !/^[a-z0-9-]{1,32}$/.test(find)) return null
  const [foundRole, foundStatus] = [
    roles.find((one) => one === role), standings.find((one) => one === status),
  ]
  return {
    ...(find === '' ? {} : { find }),
    ...(foundRole === undefined ? {} : { role: foundRole }),
    ...(foundStatus === undefined ? {} : { status: foundStatus }),
  }
}
