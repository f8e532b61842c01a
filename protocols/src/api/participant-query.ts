import { Type, type Static } from 'typebox'
import { limit } from './route.ts'
import { Account, closed, Name, RoleName } from './scalars.ts'

/** Whom to find in the registry: who meets all of it. */
export const ParticipantQuery = Type.Object(
  {
    from: Type.Optional(Account),
    name: Type.Optional(Name),
    find: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9-]{1,32}$', description: 'A part of its name, or its account.',
      }),
    ),
    role: Type.Optional(RoleName),
    status: Type.Optional(Type.Enum(['active', 'suspended'])),
    limit,
  },
  closed,
)

export type ParticipantQuery = Static<typeof ParticipantQuery>
