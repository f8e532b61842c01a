/** What is held of accounts' money for their trades, as the contract is told and says it. Pure. */
import { Micros } from '@busbar/core/units'
import { decodeEventLog, encodeEventTopics, encodeFunctionData } from 'viem'
import type { ChainCall, ChainDeployment, ChainEffect } from '../../app/ports/chain.ts'
import { tradeHoldsAbi } from './contracts.ts'
import { effectInvalid } from './effect-fields.ts'
import type { Log } from './movements.ts'

/** Faults: CHAIN_EFFECT_INVALID for an amount below zero. */
export function holdCall(
  { list, holds }: Extract<ChainEffect, { kind: 'hold' }>,
  { tradeHolds }: ChainDeployment,
): ChainCall {
  for (const { amount } of holds) {
    if (amount < 0n) throw effectInvalid('amount', String(amount))
  }
  const accounts = holds.map(({ account }) => account)
  const amounts = holds.map(({ amount }) => amount)
  return {
    id: `hold/${list}`,
    description: `hold money of ${holds.length} accounts for their trades`,
    toAddress: tradeHolds,
    calldata: encodeFunctionData({
      abi: tradeHoldsAbi,
      functionName: 'hold',
      args: [BigInt(list), accounts, amounts],
    }),
  }
}

/** For a query of all that was held of an account. */
export const holdTopics = (account: number): readonly unknown[] =>
  encodeEventTopics({ abi: tradeHoldsAbi, eventName: 'HoldSet', args: { account } })

/**
 * What was held before `log`, the request of an owner, and is then: what lapses before the request
 * can be claimed counts as nothing.
 *
 * @param holds in the order of the chain, of the account
 */
export function heldBefore(holds: readonly Log[], log: Log, claimableAtMs: number): Micros {
  const placeOf = ({ blockNumber, logIndex }: Log): readonly [number, number] =>
    [Number(blockNumber), Number(logIndex)]
  const [block, index] = placeOf(log)
  const last = holds.findLast((one) => {
    const [otherBlock, otherIndex] = placeOf(one)
    return otherBlock < block || (otherBlock === block && otherIndex < index)
  })
  if (last === undefined) return Micros.zero
  const { topics, data } = last
  const { args } = decodeEventLog({ abi: tradeHoldsAbi, eventName: 'HoldSet', topics, data })
  return Number(args.until) * 1_000 > claimableAtMs ? Micros.from(args.amountMicros) : Micros.zero
}
