import { Type, type Static } from 'typebox'
import { EnergyBalance } from './intervals.ts'
import { AmountMicros, closed, Count, InstantMs, MoneyMicros, nullable } from './scalars.ts'

/** What must always hold, as figures: every `unexplained…` is 0 and the chain equals the ledger. */
export const Conservation = Type.Object(
  {
    money: Type.Object(
      {
        depositedMicros: MoneyMicros,
        withdrawnMicros: MoneyMicros,
        balancesMicros: MoneyMicros,
        unexplainedMicros: AmountMicros,
      },
      closed,
    ),
    energy: EnergyBalance,
    intervalCount: Type.Integer({
      minimum: 0,
      description: 'Settled intervals that the energy is a sum over.',
    }),
    chain: nullable(
      Type.Object(
        {
          custodyMicros: Type.Integer({
            minimum: 0,
            description: 'Tokens that the clearing house holds on the chain.',
          }),
          ledgerMicros: MoneyMicros,
          pendingMicros: Type.Integer({
            description: 'What is on its way: in the ledger and not yet final on the chain.',
          }),
          differingAccounts: Type.Integer({ minimum: 0 }),
          unexplainedMicros: AmountMicros,
          equal: Type.Boolean(),
        },
        closed,
      ),
    ),
    sequence: Type.Integer({ minimum: 0, description: 'Of the journal, when this was computed.' }),
    snapshot: nullable(
      Type.Object(
        {
          sequence: Type.Integer({ minimum: 1, description: 'The entry that it is of.' }),
          stateHash: Type.String({
            pattern: '^[0-9a-f]{64}$',
            description: 'SHA-256 of the state after that entry, as whoever replays it has it.',
          }),
        },
        { ...closed, description: 'The newest that was written; null before the first.' },
      ),
    ),
  },
  closed,
)

export const Health = Type.Object(
  {
    live: Type.Boolean(),
    ready: Type.Boolean(),
    status: Type.Enum(['starting', 'ready', 'degraded', 'stopping']),
    checks: Type.Array(
      Type.Object({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() }, closed),
    ),
    journalSequence: Count,
    uptimeMs: Count,
    streams: Count,
  },
  closed,
)

export const ClockBody = Type.Object({ nowMs: InstantMs }, closed)
export const ClockMoved = Type.Object({ nowMs: InstantMs }, closed)

export type Conservation = Static<typeof Conservation>
export type Health = Static<typeof Health>
export type ClockBody = Static<typeof ClockBody>
