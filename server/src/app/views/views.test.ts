/**
 * Goal: what people are shown adds up: statements to balances, items to runs and to the interval,
 * proofs to the roots that everybody sees; and what is nobody's business is not shown.
 * Method: a small market with trades, a deviation and a correction after the final run.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { balanceOf } from '@busbar/core/ledger'
import { lastOpen, rulebookFor } from '@busbar/core/exchange'
import { hexToBytes } from '@busbar/protocols/hash'
import { verifyInclusion } from '@busbar/protocols/merkle'
import { accountOf, first, meters, SmallMarket } from '../../testing/small-market.ts'
import type { ParticipantsAsked, StatementQuery } from '../ports/exchange-service.ts'
import type { InclusionProofView, StatementLineView } from '../ports/exchange-views.ts'
import { accountIntervalView, accountView, registryView } from './accounts.ts'
import { auditBalances, auditIntervalView } from './audit.ts'
import { intervalView } from './intervals.ts'
import { marketView } from './market.ts'
import { orderProof, postingProof, readingProof } from './proofs.ts'
import { endOfPage, statementLines, statementPage } from './statement.ts'

let market: SmallMarket
const accounts = [0, 1, 2, 3, 4, 5, 6, 7, 8]

before(async () => {
  market = await SmallMarket.traded()
  await market.intake.withdrawals([market.withdrawal('alice', 1_000_000)])
  await market.to(5)
  await market.read(1, { alice: [0, 600] }, 1)
  await market.to(5)
})

const record = () => {
  const found = market.state.intervals.get(0)?.get(first)
  if (found === undefined) throw new Error('the interval was traded')
  return found
}

test('a statement ends in the balance, line by line', () => {
  for (const account of accounts) {
    const lines = statementLines(market.state, account)
    let balance = 0n
    for (const line of lines) {
      balance += line.amount
      equal(line.balance, balance)
    }
    equal(balance, balanceOf(market.state.ledger, account))
    const sequences = lines.map(({ sequence }) => sequence)
    deepEqual(sequences, sequences.toSorted((a, b) => a - b))
  }
})

test('a statement shows deposits, withdrawals and runs as what they are', () => {
  const kinds = statementLines(market.state, accountOf('alice')).map(({ kind }) => kind)
  deepEqual([...new Set(kinds)], ['deposit', 'run', 'withdrawal'])
})

test('a statement says how far the chain is with a withdrawal, and with nothing else', async () => {
  const account = accountOf('alice')
  const { lines } = await statementOf(account, {})
  for (const { kind, transaction } of lines) {
    equal(transaction?.description, kind === 'withdrawal' ? 'withdraw' : undefined)
  }
  ok(lines.some(({ transaction }) => transaction?.status === 'final'))
  equal(await page(99, {}), undefined)
})

const page = (account: number, query: Partial<StatementQuery>) =>
  statementPage(
    market.state,
    account,
    { from: undefined, kind: undefined, order: 'asc', limit: 500, ...query },
    market.store,
  )

const statementOf = async (account: number, query: Partial<StatementQuery>) =>
  (await page(account, query)) ?? { lines: [], nextFrom: null }

test('pages of a statement hold each line once, from either end, and one kind alone', async () => {
  for (const account of accounts) {
    const { lines } = await statementOf(account, {})
    for (const order of ['asc', 'desc'] as const) {
      for (const kind of [undefined, 'run', 'deposit', 'withdrawal'] as const) {
        for (const limit of [1, 2, 3, 7]) {
          const found: StatementLineView[] = []
          let from: number | null | undefined
          while (from !== null) {
            const read = await statementOf(account, { from, order, kind, limit })
            found.push(...read.lines)
            from = read.nextFrom
          }
          const wanted = lines.filter((line) => (kind ?? line.kind) === line.kind)
          const bySequence = order === 'asc' ? wanted : wanted.toReversed()
          deepEqual(found, bySequence, `${account} ${order} ${kind} ${limit}`)
        }
      }
    }
  }
})

test('what one entry moved stands on one page, even if it is more than was asked for', () => {
  const lines = [1, 5, 5, 5, 8].map((sequence) => ({ sequence }))
  deepEqual([1, 2, 3, 4, 5, 9].map((limit) => endOfPage(lines, limit)), [1, 1, 1, 4, 5, 5])
  deepEqual([1, 2, 3].map((limit) => endOfPage(lines.slice(1), limit)), [3, 3, 3])
  equal(endOfPage([], 3), 0)
})

test('the registry is read from an account on, or by what is asked for', () => {
  const all = registryView(market.state, { from: undefined, limit: 500 })
  const [, second] = all
  const page = registryView(market.state, { from: second?.account, limit: 1 })
  deepEqual(page, [second])
  const found = (asked: ParticipantsAsked, limit = 9): readonly string[] =>
    registryView(market.state, { from: undefined, limit }, asked).map(({ name }) => name)
  const cases: readonly (readonly [ParticipantsAsked, readonly string[]])[] = [
    [{ name: 'retailer' }, ['retailer']], [{ name: 'retail' }, []],
    [{ find: 'ali' }, ['alice']], [{ find: 'al' }, ['balance', 'alice']],
    [{ find: `${accountOf('bob')}` }, ['bob']], [{ role: 'prosumer' }, ['alice', 'bob']],
    [{ role: 'prosumer', find: 'bob' }, ['bob']], [{ role: 'retailer', find: 'bob' }, []],
    [{ status: 'suspended' }, []], [{ status: 'active', find: 'grid' }, ['grid']],
  ]
  for (const [asked, names] of cases) deepEqual(found(asked), names, JSON.stringify(asked))
  deepEqual(found({ role: 'prosumer' }, 1), ['alice'])
})

test('items make runs, runs make the interval, and all accounts make nothing', async () => {
  ok(record().runs.length >= 3)
  let all = 0n
  for (const account of accounts) {
    const view = await accountIntervalView(market.state, account, first, market.store)
    for (const zone of view?.zones ?? []) {
      for (const run of zone.runs) {
        equal(run.items.reduce((sum, { amount }) => sum + amount, 0n), run.net)
        const posted = record().runs[run.run]?.net.find((net) => net.account === account)
        equal(posted?.amount ?? 0n, run.net)
      }
      equal(zone.runs.reduce((sum, { net }) => sum + net, 0n), zone.net)
    }
    equal((view?.zones ?? []).reduce((sum, { net }) => sum + net, 0n), view?.net ?? 0n)
    all += view?.net ?? 0n
  }
  equal(all, 0n)
})

test('an account interval shows registers, energy and contract of each meter', async () => {
  const view = await accountIntervalView(market.state, accountOf('alice'), first, market.store)
  const [meter] = view?.zones[0]?.meters ?? []
  deepEqual(meter, {
    ...{ meter: meters.alice, bought: 0n, sold: 600n, imported: 0n, exported: 600n },
    ...{ tradeBought: 0n, tradeSold: 0n },
    opening: { version: 0, importWh: 0n, exportWh: 0n },
    closing: { version: 1, importWh: 0n, exportWh: 600n },
    assurance: 'metered',
  })
  deepEqual(view?.zones[0]?.orders.map(({ filled }) => filled), [600n])
})

test('an interval shows no order, no account and no meter', async () => {
  const view = await intervalView(market.state, record(), market.store, market.clearings)
  const text = JSON.stringify(view, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  for (const orders of record().orders.values()) {
    for (const { digest, id } of orders) ok(!text.includes(digest) && !text.includes(id))
  }
  equal(view.orderCount, 2)
  ok(!/"(account|meter)"/.test(text))
})

test('the audit sees every fill and every sum, and the ledger without the world outside', () => {
  const view = auditIntervalView(record(), [])
  deepEqual(view.fills.map(({ energy }) => energy), [600n, 600n])
  equal(view.nets.reduce((sum, { amount }) => sum + amount, 0n), 0n)
  const balances = auditBalances(market.state)
  ok(balances.every(({ account }) => account >= 0))
  const { deposited, withdrawn } = market.state.totals
  equal(balances.reduce((sum, { balance }) => sum + balance, 0n), deposited - withdrawn)
})

test('system accounts are shown, and speak for nobody', () => {
  deepEqual([0, 1, 2].map((account) => accountView(market.state, account)?.name), [
    'rounding',
    'fees',
    'guarantee',
  ])
  deepEqual(accountView(market.state, 1)?.roles, [])
  equal(accountView(market.state, 999), undefined)
})

test('an account shows what a withdrawal takes, to the micro', async () => {
  const account = accountOf('bob')
  const view = accountView(market.state, account)
  ok(view !== undefined && view.withdrawable > 0n)
  equal(view.withdrawable, view.balance - view.held)
  const most = Number(view.withdrawable)
  const [refused] = await market.intake.withdrawals([market.withdrawal('bob', most + 1)])
  equal(refused?.kind === 'rejected' && refused.reason, 'funds_insufficient')
  const [taken] = await market.intake.withdrawals([market.withdrawal('bob', most)])
  equal(taken?.kind, 'accepted')
  equal(accountView(market.state, account)?.withdrawable, 0n)
  equal(accountView(market.state, 1)?.withdrawable, 0n, 'nobody withdraws for a system account')
})

test('orders are open through the interval that the core takes them for', () => {
  for (const seconds of [0, 239, 240, 299]) {
    const now = market.now + seconds * 1_000
    const view = marketView(market.state, now, market.domain, market.chain.deployment, '0x')
    ok(view !== undefined)
    equal(view.openThrough, lastOpen(market.state, now, rulebookFor(market.state, view.openFrom)))
    equal(view.openFrom, view.intervalNow + (seconds >= 240 ? 2 : 1))
  }
})

describe('a proof', () => {
  const holds = (proof: InclusionProofView | undefined, root: string | null | undefined): void => {
    ok(proof !== undefined)
    equal(proof.root, root)
    const path = proof.path.map((node) => hexToBytes(node))
    const { index, count } = proof
    ok(verifyInclusion(hexToBytes(proof.root), hexToBytes(proof.data), index, count, path))
  }

  test('leads from every order, posting and reading of every run to the public roots', async () => {
    const { state, store } = market
    const view = await intervalView(state, record(), store, market.clearings)
    for (const [owner, orders] of record().orders) {
      for (const { digest } of orders) {
        const proof = await orderProof(state, 0, first, digest, store)
        holds(proof, view.ordersRoot)
        equal(proof?.owner, owner)
      }
    }
    for (const { run, postingsRoot, readingsRoot } of view.runs) {
      for (const account of [accountOf('alice'), accountOf('bob')]) {
        const proof = await postingProof(state, 0, first, account, run, store)
        if (proof !== undefined) holds(proof, postingsRoot)
      }
      for (const meter of Object.values(meters)) {
        holds(await readingProof(state, 0, first, meter, run, store), readingsRoot)
      }
    }
  })

  test('of the last run is given where none is named', async () => {
    const last = record().runs.at(-1)?.run
    const { state, store } = market
    deepEqual(
      await readingProof(state, 0, first, meters.alice, undefined, store),
      await readingProof(state, 0, first, meters.alice, last, store),
    )
  })

  test('is not there before the gate, for a stranger, or for a run that was not', async () => {
    const { state, store } = market
    const order = market.order('bob', { interval: first + 7 })
    const [answer] = await market.intake.orders([order])
    const digest = answer?.kind === 'accepted' ? answer.digest : ''
    equal(await orderProof(state, 0, first + 7, digest, store), undefined)
    equal(await orderProof(state, 0, first, digest, store), undefined)
    equal(await postingProof(state, 0, first, accountOf('grid'), undefined, store), undefined)
    equal(await readingProof(state, 0, first, 99, undefined, store), undefined)
    equal(await readingProof(state, 0, first, 0, 9, store), undefined)
  })
})
