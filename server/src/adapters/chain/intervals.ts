/** From what the interval log tells of one interval to what the port says of it. */
import { assert } from '@busbar/core/errors'
import { decodeEventLog } from 'viem'
import type { ChainClearing, ChainInterval, ChainStatus } from '../../app/ports/chain.ts'
import { intervalLogAbi } from './contracts.ts'
import type { Log } from './movements.ts'

/** In the order of `IIntervalLog.Status`. */
const statuses = [
  'none',
  'fixed',
  'cleared',
  'overdue',
  'proven',
  'reexecuted',
  'faulty',
] as const satisfies readonly (ChainStatus | 'none')[]

export function statusNamed(status: number): ChainStatus {
  const name = statuses[status]
  assert(name !== undefined && name !== 'none', 'the contract knows an interval with events')
  return name
}

type Told = Omit<ChainInterval, 'status' | 'proofDueMs'>

/** `logs`: all events of one zone and interval, in their order. Undefined before the first. */
export function intervalOf(logs: readonly Log[]): Told | undefined {
  let told: Told | undefined
  for (const { topics, data, transactionHash } of logs) {
    const event = decodeEventLog({ abi: intervalLogAbi, topics, data })
    if (event.eventName === 'OrdersFixed') {
      const { root, count, rulebookHash } = event.args.orders
      told = {
        ...{ ordersRoot: root, orderCount: count, rulebookHash },
        ...{ clearing: null, clearingRoot: null, judgedIn: null, runs: [] },
      }
      continue
    }
    assert(told !== undefined, 'nothing is told of an interval before its orders are fixed')
    if (event.eventName === 'ClearingCommitted') {
      const clearing = clearingOf(event.args.clearing)
      told = { ...told, clearing, clearingRoot: clearing.clearingRoot }
    } else if (event.eventName === 'RunRecorded') {
      const { readingsRoot, postingsRoot } = event.args
      told = { ...told, runs: [...told.runs, { readingsRoot, postingsRoot }] }
    } else if (event.eventName === 'IntervalJudged') {
      told = { ...told, judgedIn: transactionHash }
    }
  }
  return told
}

const clearingOf = (clearing: {
  readonly hasPrice: boolean
  readonly priceMicrosPerKwh: bigint
  readonly energyWh: bigint
  readonly voidCount: number
  readonly fillsRoot: string
  readonly clearingRoot: string
}): ChainClearing => ({
  price: clearing.hasPrice ? clearing.priceMicrosPerKwh : null,
  energy: clearing.energyWh,
  voidCount: clearing.voidCount,
  fillsRoot: clearing.fillsRoot,
  clearingRoot: clearing.clearingRoot,
})
