/**
 * Compares the chain with the outbox before anything is sent.
 *
 * A chain can have gone back: an embedded node that came up with an older state, or with none, or
 * a reorganisation deeper than the confirmations that were waited for. Its nonce says how far it
 * got. What the outbox believes final and the chain does not know goes back to `sent`, and the same
 * signed bytes are sent again.
 */
import { assert } from '@busbar/core/errors'
import type { Hex } from 'viem'
import type { Outbox, OutboxItem } from '../../app/ports/outbox.ts'
import type { ChainNode } from './open-chain.ts'

/**
 * Items are signed at most so many ahead of the oldest unfinished one. So a page of twice this
 * length with signed items, of which the chain knows everything, has only such pages before it.
 * A page without signed items says nothing: a long tail of the outbox waits unsigned.
 */
export const itemsInFlightMax = 64
const pageItems = 2 * itemsInFlightMax

export type Recovery = {
  /** The nonce to sign next. */
  readonly nextNonce: number
  /** Nonces not used on the chain yet that signed items of the outbox have. */
  readonly owned: ReadonlySet<number>
  /** Unfinished items with a lower nonce than an item before them. */
  readonly overtaken: ReadonlySet<string>
  /** How many items went back to `sent`. */
  readonly lost: number
}

export async function recoverOutbox(
  { rpc, operator }: ChainNode,
  outbox: Outbox,
): Promise<Recovery> {
  const count = Number(
    await rpc.call<Hex>('eth_getTransactionCount', [operator.address, 'latest']),
  )
  const signed: (OutboxItem & { readonly nonce: number })[] = []
  let lost = 0
  for (let end = await lastPosition(outbox); end > 0; ) {
    const start = Math.max(0, end - pageItems)
    const page = (await outbox.list(start, end - start)).filter(isSigned)
    const unknown = await unknownToChain(page, count, rpc)
    for (const { id } of unknown) await outbox.update(id, backToSent)
    lost += unknown.length
    signed.push(...page)
    const isBehind = unknown.length > 0 || page.some(({ nonce }) => nonce >= count)
    if (page.length > 0 && !isBehind) break
    end = start
  }
  const ahead = signed.map(({ nonce }) => nonce).filter((nonce) => nonce >= count)
  const nextNonce = ahead.reduce((next, nonce) => Math.max(next, nonce + 1), count)
  return { nextNonce, owned: new Set(ahead), overtaken: overtakenAmong(signed), lost }
}

const backToSent = {
  status: 'sent',
  blockNumber: null,
  blockHash: null,
  gasUsed: null,
  finalAt: null,
  error: null,
} as const

const isSigned = (item: OutboxItem): item is OutboxItem & { readonly nonce: number } =>
  item.raw !== null && item.nonce !== null

/** Those that were done with, and of which the chain has no receipt. */
async function unknownToChain(
  page: readonly (OutboxItem & { readonly nonce: number })[],
  count: number,
  rpc: ChainNode['rpc'],
): Promise<readonly OutboxItem[]> {
  const done = page.filter(({ status }) => status === 'final' || status === 'failed')
  const past = done.filter(({ nonce }) => nonce < count)
  const receipts = await rpc.batch(
    past.map(({ txHash }) => ({ method: 'eth_getTransactionReceipt', params: [txHash] })),
  )
  const failure = receipts.find((receipt) => receipt instanceof Error)
  if (failure !== undefined) throw failure
  return [
    ...done.filter(({ nonce }) => nonce >= count),
    ...past.filter((_, index) => receipts[index] === null),
  ]
}

function overtakenAmong(
  signed: readonly (OutboxItem & { readonly nonce: number })[],
): ReadonlySet<string> {
  const overtaken = new Set<string>()
  let highest = -1
  for (const { id, nonce } of signed.toSorted((a, b) => a.position - b.position)) {
    if (nonce < highest) overtaken.add(id)
    highest = Math.max(highest, nonce)
  }
  return overtaken
}

/** Positions have no gaps, so the last is found by halving. */
async function lastPosition(outbox: Outbox): Promise<number> {
  const isThere = async (position: number): Promise<boolean> =>
    (await outbox.list(position - 1, 1)).length > 0
  if (!(await isThere(1))) return 0
  let low = 1
  let high = 2
  while (await isThere(high)) {
    low = high
    high *= 2
    assert(high < Number.MAX_SAFE_INTEGER, 'positions are safe integers')
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (await isThere(middle)) low = middle
    else high = middle
  }
  return low
}
