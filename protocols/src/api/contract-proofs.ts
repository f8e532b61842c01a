import { type Static, Type } from 'typebox'
import { InclusionProof } from './intervals.ts'
import { closed, IntervalNumber, nullable } from './scalars.ts'
import { ContractDigest, TradeNumber } from './trades.ts'

export const ContractProof = Type.Object(
  {
    contract: ContractDigest,
    fixedWith: nullable(IntervalNumber),
    proof: nullable(InclusionProof),
  },
  {
    ...closed,
    description:
      'A contract in the set whose root the gate of the interval `fixedWith` put on the chain, ' +
      'in the zone of all trades; both are null until then.',
  },
)

export const ContractProofs = Type.Object(
  { trade: TradeNumber, contracts: Type.Array(ContractProof) },
  { ...closed, description: 'Of each contract that was in force, the first one first.' },
)

export type ContractProof = Static<typeof ContractProof>
export type ContractProofs = Static<typeof ContractProofs>
