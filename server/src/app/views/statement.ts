import type { State } from '@busbar/core/exchange'
import { balanceOf } from '@busbar/core/ledger'
import type { Run } from '@busbar/core/settlement'
import { Micros } from '@busbar/core/units'
import type { StatementQuery } from '../ports/exchange-service.ts'
import type { StatementLineView, StatementPageView } from '../ports/exchange-views.ts'
import type { Outbox } from '../ports/outbox.ts'
import { ownerOf } from './accounts.ts'
import { withdrawalTransaction } from './transactions.ts'

/** Every entry that moved the account's money, oldest first, with the balance after it. */
export function statementLines(state: State, account: number): readonly StatementLineView[] {
  const moves = movesOf(state, account).sort((a, b) => a.sequence - b.sequence)
  // Counted back from the balance now, so that it is right even where older entries were forgotten.
  let balance: bigint = balanceOf(state.ledger, account)
  const lines: StatementLineView[] = []
  for (const move of moves.reverse()) {
    lines.push({ ...move, balance: Micros.from(balance) })
    balance -= move.amount
  }
  return lines.reverse()
}

/**
 * The lines of a page, with how far the chain is with those withdrawals that the exchange pays by
 * it. Undefined where there is no such account.
 */
export async function statementPage(
  state: State,
  account: number,
  { from, kind, order, limit }: StatementQuery,
  outbox: Outbox,
): Promise<StatementPageView | undefined> {
  if (ownerOf(state, account) === undefined) return undefined
  const isDown = order === 'desc'
  const first = from ?? (isDown ? Infinity : 0)
  const all = statementLines(state, account).filter((line) =>
    (isDown ? line.sequence <= first : line.sequence >= first) &&
    (kind === undefined || line.kind === kind))
  const wanted = isDown ? all.reverse() : all
  const end = endOfPage(wanted, limit)
  const lines = await Promise.all(
    wanted.slice(0, end).map(async (line) => {
      if (line.kind !== 'withdrawal') return line
      return { ...line, transaction: await withdrawalTransaction(outbox, line.sequence, account) }
    }),
  )
  return { lines, nextFrom: wanted[end]?.sequence ?? null }
}

/**
 * How many lines a page has: those of one sequence stand together, even if they are more than
 * `limit`, so that the next page begins with another.
 */
export function endOfPage(
  lines: readonly Pick<StatementLineView, 'sequence'>[],
  limit: number,
): number {
  const isWithin = (end: number): boolean =>
    end < lines.length && lines[end]?.sequence === lines[end - 1]?.sequence
  let end = Math.min(limit, lines.length)
  while (end > 0 && isWithin(end)) end -= 1
  if (end > 0 || lines.length === 0) return end
  for (end = Math.min(limit, lines.length); isWithin(end); ) end += 1
  return end
}

function movesOf(state: State, account: number): Omit<StatementLineView, 'balance'>[] {
  const moves: Omit<StatementLineView, 'balance'>[] = []
  const paid = { transaction: null }
  const outside = { zone: null, interval: null, run: null, runKind: null, ...paid }
  for (const { account: owner, amountMicros, sequence, at } of state.deposits.values()) {
    if (owner !== account) continue
    const amount = Micros.from(BigInt(amountMicros))
    moves.push({ sequence, atMs: at, kind: 'deposit', amount, ...outside })
  }
  for (const { account: owner, amountMicros, sequence, at } of state.withdrawals) {
    if (owner !== account) continue
    const amount = Micros.from(-BigInt(amountMicros))
    moves.push({ sequence, atMs: at, kind: 'withdrawal', amount, ...outside })
  }
  for (const zoneIntervals of state.intervals.values()) {
    for (const { zone, interval, runs } of zoneIntervals.values()) {
      for (const { run, kind: runKind, sequence, at, net } of runs) {
        const amount = amountIn(net, account)
        if (amount === undefined) continue
        const of = { zone, interval, run, runKind, ...paid }
        moves.push({ sequence, atMs: at, kind: 'run', amount, ...of })
      }
    }
  }
  return moves
}

/** Accounts are ascending there: a statement of many runs asks for one account of each. */
function amountIn(net: Run['net'], account: number): Micros | undefined {
  let [low, high] = [0, net.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((net[middle]?.account ?? Infinity) < account) low = middle + 1
    else high = middle
  }
  const found = net[low]
  return found?.account === account ? found.amount : undefined
}
