/** The ClearingHouse's events that move money, or will, as the port names them. Pure. */
import { assert } from '@busbar/core/errors'
import { Micros } from '@busbar/core/units'
import { decodeEventLog, encodeEventTopics, type Hex } from 'viem'
import type { ChainMovement } from '../../app/ports/chain.ts'
import { clearingHouseAbi } from './contracts.ts'

export type Log = {
  readonly topics: [Hex, ...Hex[]]
  readonly data: Hex
  readonly blockNumber: Hex
  readonly logIndex: Hex
  readonly transactionHash: Hex
}

const names = ['Deposited', 'WithdrawalRequested', 'WithdrawalClaimed', 'Exited'] as const

/** For one query, so that everything comes in the order of the chain. */
export const movementTopics: readonly unknown[] = [
  names.flatMap((eventName) => encodeEventTopics({ abi: clearingHouseAbi, eventName })),
]

/** More than any account can have is asked for as all: the journal's numbers are safe integers. */
const amountMax = BigInt(Number.MAX_SAFE_INTEGER)

export type FoundMovement = {
  readonly movement: ChainMovement
  /** Who paid it in; undefined for what an owner did. */
  readonly payer: Hex | undefined
  readonly log: Log
}

/** `logs` in the order of the chain, whole transactions only. Nothing held is known from them. */
export function movementsOf(logs: readonly Log[]): readonly FoundMovement[] {
  const places = new Map<string, number>()
  return logs.map((log) => {
    const { topics, data, transactionHash } = log
    const event = decodeEventLog({ abi: clearingHouseAbi, topics, data })
    const isDeposit = event.eventName === 'Deposited'
    const counted = `${transactionHash}/${isDeposit ? 'deposit' : 'other'}`
    const place = places.get(counted) ?? 0
    places.set(counted, place + 1)
    const reference = `${transactionHash}:${place}`
    switch (event.eventName) {
      case 'Deposited': {
        const { account, amountMicros, payer } = event.args
        assert(amountMicros > 0n, 'the ClearingHouse takes no empty deposit')
        const amount = Micros.from(amountMicros)
        return { movement: { kind: 'deposit', reference, account, amount }, payer, log }
      }
      case 'WithdrawalRequested': {
        const { account, amountMicros, claimableAt } = event.args
        const amount = Micros.from(amountMicros < amountMax ? amountMicros : amountMax)
        const claimableAtMs = Number(claimableAt) * 1_000
        const request = { kind: 'request', reference, account, amount, claimableAtMs } as const
        return { movement: { ...request, held: Micros.zero }, payer: undefined, log }
      }
      case 'WithdrawalClaimed':
      case 'Exited': {
        const { account, amountMicros } = event.args
        const amount = Micros.from(amountMicros)
        return { movement: { kind: 'payment', reference, account, amount }, payer: undefined, log }
      }
      default:
        throw new TypeError(`${event.eventName} moves no money`)
    }
  })
}
