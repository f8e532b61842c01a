import { type Static, Type } from 'typebox'
import {
  Account,
  closed,
  Hash,
  InstantMs,
  IntervalNumber,
  MoneyMicros,
  nullable,
} from './scalars.ts'

const AgreementNumber = Type.Integer({
  minimum: 1,
  maximum: 2 ** 32 - 1,
  description: 'An agreement of two retailers, by number.',
})

const NettingNumber = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'A transfer between two retailers, by number.',
})

export const AgreementView = Type.Object(
  {
    agreement: AgreementNumber,
    retailers: Type.Array(Account, {
      minItems: 2,
      maxItems: 2,
      description: 'Two accounts, the lower first.',
    }),
    basis: Type.Enum(['bilateral', 'regulatory']),
    documentHash: Hash,
    fromInterval: IntervalNumber,
    untilInterval: nullable(IntervalNumber),
  },
  {
    ...closed,
    description: 'What binds two retailers; `untilInterval` is the first that it is not of.',
  },
)

export const Agreements = Type.Object(
  { agreements: Type.Array(AgreementView), nextFrom: nullable(AgreementNumber) },
  { ...closed, description: 'Those that the reader is bound by; to operators and auditors all.' },
)

export const NettingView = Type.Object(
  {
    netting: NettingNumber,
    batch: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Transfers with the same go to the banks in one file.',
    }),
    debtor: Account,
    creditor: Account,
    amountMicros: MoneyMicros,
    state: Type.Enum(['ordered', 'paid', 'returned']),
    reference: Type.String({ description: 'What the bank calls it; empty before it has a word.' }),
    orderedAtMs: InstantMs,
  },
  {
    ...closed,
    description: 'One transfer for all that two retailers’ customers paid each other, prepaid.',
  },
)

const Owed = Type.Object(
  { debtor: Account, creditor: Account, amountMicros: MoneyMicros },
  { ...closed, description: 'What waits for the next netting of a pair.' },
)

export const Nettings = Type.Object(
  {
    nettings: Type.Array(NettingView),
    owed: Type.Array(Owed),
    nextFrom: nullable(NettingNumber),
  },
  {
    ...closed,
    description:
      'Those that the reader pays or is paid by, and what it owes and is owed beside them; to ' +
      'operators and auditors all.',
  },
)

export type AgreementView = Static<typeof AgreementView>
export type NettingView = Static<typeof NettingView>
export type OwedView = Static<typeof Owed>
