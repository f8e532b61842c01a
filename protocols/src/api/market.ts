import { Type, type Static } from 'typebox'
import { CommitteeMember } from './instructions.ts'
import { RulebookDocument } from './rulebook.ts'
import {
  Account,
  Address,
  closed,
  CommitteeKey,
  Hash,
  Host,
  InstantMs,
  IntervalNumber,
  Name,
  nullable,
  PublicKey,
  RoleName,
  ZoneNumber,
} from './scalars.ts'

/** What every signature is bound to: one market, one chain, one contract. */
export const SigningDomain = Type.Object(
  {
    name: Type.String(),
    version: Type.String(),
    chainId: Type.Integer({ minimum: 1 }),
    verifyingContract: Address,
  },
  closed,
)

export const ScheduledRulebook = Type.Object(
  { fromInterval: IntervalNumber, hash: Hash, rulebook: RulebookDocument },
  closed,
)

export const ClockState = Type.Object(
  {
    mode: Type.Enum(['real', 'accelerated', 'manual'], {
      description: 'manual: time moves by POST /v1/clock only.',
    }),
    nowMs: InstantMs,
    speed: Type.Number({ minimum: 0, description: 'Market time per time outside; 0 if manual.' }),
  },
  closed,
)

export const Zone = Type.Object(
  {
    zone: ZoneNumber,
    name: Name,
    parent: nullable(ZoneNumber),
    bridgeWatts: Type.Integer({ minimum: 0, description: 'Of the bridge to the parent.' }),
  },
  closed,
)

/** Who opens sealed orders, and the key that orders are encrypted to. */
export const Committee = Type.Object(
  {
    fromInterval: IntervalNumber,
    publicKey: CommitteeKey,
    threshold: Type.Integer({ minimum: 1 }),
    members: Type.Array(CommitteeMember),
  },
  closed,
)

export const Market = Type.Object(
  {
    market: Type.String({ description: 'The market’s id.' }),
    domain: SigningDomain,
    rulebook: RulebookDocument,
    rulebookHash: Hash,
    scheduledRulebooks: Type.Array(ScheduledRulebook),
    clock: ClockState,
    interval: Type.Object(
      {
        now: IntervalNumber,
        openFrom: IntervalNumber,
        openThrough: IntervalNumber,
        nextGate: Type.Object({ interval: IntervalNumber, atMs: InstantMs }, closed),
        clearedThrough: nullable(IntervalNumber),
      },
      closed,
    ),
    contracts: nullable(
      Type.Object(
        {
          participantRegistry: Address,
          fiatToken: Address,
          clearingHouse: Address,
          intervalLog: Address,
          tradeHolds: Address,
          accountKeys: Address,
          clearingProofs: Address,
          clearingVerifier: nullable(Address),
        },
        closed,
      ),
    ),
    zones: Type.Array(Zone),
    display: Type.Object(
      {
        timeZone: Type.String({ description: 'IANA name: by which times are shown.' }),
        currency: nullable(
          Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code of the money.' }),
        ),
      },
      { ...closed, description: 'How to show what is exact: nothing is computed from it.' },
    ),
    committees: Type.Array(Committee, { description: 'Ascending by their first interval.' }),
    receiptSigner: nullable(Address),
  },
  closed,
)

export const Participant = Type.Object(
  {
    account: Account,
    name: Name,
    roles: Type.Array(RoleName),
    status: Type.Enum(['active', 'suspended']),
    address: Address,
    publicKey: PublicKey,
    passkeys: Type.Array(
      Type.Object({ publicKey: PublicKey, host: Host, signsFromMs: InstantMs }, closed),
      { description: 'Further keys, that live in devices.' },
    ),
  },
  closed,
)

export const Participants = Type.Object(
  {
    participants: Type.Array(Participant),
    nextFrom: nullable(Account),
  },
  closed,
)

export type SigningDomain = Static<typeof SigningDomain>
export type Market = Static<typeof Market>
export type Committee = Static<typeof Committee>
export type ClockState = Static<typeof ClockState>
export type Zone = Static<typeof Zone>
export type Participant = Static<typeof Participant>
export type Participants = Static<typeof Participants>
