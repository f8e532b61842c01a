/**
 * Goal: each check of an audit finds what it is there to find, and finds nothing in a sound market.
 * Method: a small market that traded, settled and paid out; then one figure at a time is changed:
 * a balance, an amount of a run, a root, a signature, a key, a deposit on the chain.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { apply, type Command, emptyState } from '@busbar/core/exchange'
import type { Passkey } from '@busbar/core/registry'
import { Micros } from '@busbar/core/units'
import { bytesToHex, hexToBytes, keccak256 } from '@busbar/protocols/hash'
import { pureVerifier } from '../../adapters/signatures/index.ts'
import { accountOf, first, SmallMarket } from '../../testing/small-market.ts'
import { naiveEngine } from '../engines.ts'
import { compareWithChain } from './chain-comparison.ts'
import { Findings } from './findings.ts'
import { addPosted, ownBooks, postedIn, type PostedSums } from './own-books.ts'
import { signatureFault } from './signature-check.ts'

const tradedAndPaid = async (): Promise<SmallMarket> => {
  const market = await SmallMarket.traded()
  await market.intake.withdrawals([market.withdrawal('alice', 1_000_000)])
  await market.to(2)
  return market
}

const runOf = (market: SmallMarket) => market.state.intervals.get(0)?.get(first)?.runs[0]

describe('own books', () => {
  test('find nothing in a sound market', async () => {
    const { state } = await tradedAndPaid()
    deepEqual(ownBooks(state, postedIn(state)), [])
  })

  test('find a balance that its entries do not make', async () => {
    const { state } = await tradedAndPaid()
    const account = accountOf('bob')
    const before = state.ledger.balances.get(account) ?? Micros.zero
    state.ledger.balances.set(account, Micros.from(before + 1n))
    deepEqual(ownBooks(state, postedIn(state)), [{ account, expected: before, got: before + 1n }])
  })

  test('find an amount of a run that was changed', async () => {
    const market = await tradedAndPaid()
    const item = runOf(market)?.items.find(({ account }) => account === accountOf('alice'))
    if (item === undefined) throw new Error('alice was posted something')
    Object.assign(item, { amount: item.amount + 5n })
    const [found, ...others] = ownBooks(market.state, postedIn(market.state))
    equal(found?.account, accountOf('alice'))
    equal((found?.expected ?? 0n) - (found?.got ?? 0n), 5n)
    deepEqual(others, [])
  })

  test('find money that came from nowhere', async () => {
    const { state } = await tradedAndPaid()
    state.ledger.balances.set(77, Micros.from(1n))
    deepEqual(ownBooks(state, postedIn(state)), [{ account: 77, expected: 0n, got: 1n }])
  })
})

describe('own books of an old market', () => {
  test('find nothing where intervals have been forgotten', async () => {
    const market = await tradedAndPaid()
    for (let interval = 3; interval < 40; interval += 1) await market.to(interval)
    equal(market.state.intervals.get(0)?.has(first), false)
    const [state, posted] = [emptyState(), new Map() as PostedSums]
    for (const { sequence, at, body } of market.store.entries) {
      const command = JSON.parse(body) as Command
      const { outcome } = apply(state, { sequence, at, command }, naiveEngine)
      addPosted(posted, state, command, outcome)
    }
    deepEqual(ownBooks(state, posted), [])
    deepEqual(ownBooks(state, postedIn(state)).length > 0, true)
  })
})

describe('the signature check', () => {
  const verifier = pureVerifier()

  /** What it says of each entry, `change` applied to the commands of one kind. */
  async function faults(
    kind: string,
    change: (command: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<readonly string[]> {
    const market = await tradedAndPaid()
    const state = emptyState()
    return market.store.entries.flatMap(({ sequence, at, body }) => {
      const command = JSON.parse(body) as Command
      const shown = command.kind === kind ? change({ ...command }) : command
      const fault = signatureFault(shown as Command, state, market.domain, verifier)
      apply(state, { sequence, at, command }, naiveEngine)
      return fault === undefined ? [] : [fault]
    })
  }

  test('finds nothing in a sound journal', async () => {
    deepEqual(await faults('none', (command) => command), [])
  })

  const kinds = ['place_order', 'withdraw', 'submit_readings', 'admit_participant', 'set_tariff']
  for (const kind of kinds) {
    test(`finds a ${kind} whose signature was changed`, async () => {
      const [fault = ''] = await faults(kind, (command) => {
        const signature = String(command.signature)
        const last = signature.charAt(20) === '0' ? '1' : '0'
        return { ...command, signature: signature.slice(0, 20) + last + signature.slice(21) }
      })
      match(fault, /^not signed by (account|gateway) \d+$/)
    })

    test(`finds a ${kind} whose id was changed`, async () => {
      const found = await faults(kind, (command) => ({ ...command, id: `0x${'9'.repeat(32)}` }))
      equal(found[0], 'the digest is not that of the command')
    })
  }

  test('finds a command of an account, or of a gateway, that does not exist', async () => {
    const market = await tradedAndPaid()
    const bare = emptyState()
    for (const kind of ['place_order', 'submit_readings']) {
      const entry = market.store.entries.find((one) => one.kind === kind)
      const command = JSON.parse(entry?.body ?? '') as Command
      match(signatureFault(command, bare, market.domain, verifier) ?? '', /^no such/)
    }
  })

  test('counts the keys that were registered at the time', async () => {
    const market = await tradedAndPaid()
    const entry = market.store.entries.find(({ kind }) => kind === 'place_order')
    const command = JSON.parse(entry?.body ?? '') as Command
    const state = structuredClone(market.state)
    const index = accountOf('alice') - 3
    const alice = state.participants[index]
    const bob = state.participants[accountOf('bob') - 3]
    if (alice === undefined || bob === undefined) throw new Error('both are admitted')
    state.participants[index] = { ...alice, publicKey: bob.publicKey }
    equal(signatureFault(command, market.state, market.domain, verifier), undefined)
    match(signatureFault(command, state, market.domain, verifier) ?? '', /^not signed/)
  })
})

describe('the comparison with the chain', () => {
  async function compared(change: (market: SmallMarket) => unknown) {
    const market = await tradedAndPaid()
    change(market)
    const findings = new Findings()
    const { state, chain, store, clearings } = market
    await compareWithChain(findings, state, chain, store, clearings, () => undefined)
    return findings.report()
  }

  test('finds nothing in a sound market', async () => {
    const report = await compared(() => undefined)
    deepEqual(report.differences, [])
    deepEqual(report.checks.map(({ name, result }) => [name, result]), [
      ['chain', 'agrees'],
      ['chain roots', 'agrees'],
    ])
  })

  const passkey = `0x02${'7'.repeat(64)}`
  const hash = bytesToHex(keccak256(hexToBytes(passkey)))

  test('finds a passkey that only the chain pays by', async () => {
    const { differences } = await compared(({ chain }) => chain.passkeys.set(passkey, 3))
    const what = `pays by a passkey of hash ${hash}`
    deepEqual(differences, [{ check: 'chain', where: 'account 3', what }])
  })

  test('finds a passkey that the chain was told of and does not pay by', async () => {
    const { differences } = await compared(({ state }) => {
      const account = accountOf('alice')
      state.passkeys.set(passkey, { publicKey: passkey, account } as Passkey)
      state.passkeysOnChain.add(passkey)
    })
    const [one, ...others] = differences
    equal(one?.what, `does not pay by passkey ${passkey}`)
    deepEqual(others, [])
  })

  const other = `0x${'e'.repeat(64)}`
  const found = (what: string) => [
    { check: 'chain roots', where: `zone 0, interval ${first}`, what: `${what} is another` },
  ]
  const orders = { ordersRoot: other, orderCount: 3, rulebookHash: other }
  for (const [name, value] of Object.entries(orders)) {
    test(`finds another ${name}`, async () => {
      const change = { [name]: value }
      const { differences } = await compared(({ chain }) => chain.forge(0, first, change))
      deepEqual(differences, found(name))
    })
  }

  const clearing = { clearingRoot: other, fillsRoot: other, price: 1n, energy: 1n, voidCount: 1 }
  for (const [name, value] of Object.entries(clearing)) {
    test(`finds another ${name}`, async () => {
      const { differences } = await compared(({ chain }) => {
        chain.forgeClearing(0, first, { [name]: value })
      })
      deepEqual(differences, found(name))
    })
  }

  test('finds a clearing that is missing, or that was shown to be faulty', async () => {
    const missing = await compared(({ chain }) => chain.forge(0, first, { clearing: null }))
    match(missing.differences[0]?.what ?? '', /^is cleared in the journal and not on the chain$/)
    const faulty = await compared(({ chain }) => chain.forge(0, first, { status: 'faulty' }))
    match(faulty.differences[0]?.what ?? '', /^was shown to be faulty/)
  })

  for (const name of ['readingsRoot', 'postingsRoot'] as const) {
    test(`finds another ${name} of a run`, async () => {
      const { differences } = await compared(({ chain }) => {
        const run = { readingsRoot: other, postingsRoot: other }
        chain.forge(0, first, { runs: [run] })
      })
      equal(differences.some(({ what }) => what === `${name} is another`), true)
    })
  }

  test('finds a run too few, and an interval that was never committed', async () => {
    const few = await compared(({ chain }) => chain.forge(0, first, { runs: [] }))
    match(few.differences[0]?.what ?? '', /^0 runs on the chain, 1 in the journal$/)
    const none = await compared(({ chain }) => chain.forget(0, first))
    deepEqual(none.differences.map(({ what }) => what), ['was never committed'])
  })

  test('finds one micro too much or too little in an account, and in custody', async () => {
    const account = accountOf('bob')
    const more = await compared(({ chain }) => {
      chain.accounts.set(account, (chain.accounts.get(account) ?? 0n) + 1n)
    })
    deepEqual(more.differences.map(({ where }) => where), [`account ${account}`])
    const less = await compared(({ chain }) => {
      chain.accounts.set(account, (chain.accounts.get(account) ?? 0n) - 1n)
    })
    deepEqual(less.differences.map(({ where }) => where), [`account ${account}`, 'custody'])
  })

  test('is not run while transactions are on their way, and says so', async () => {
    const { agrees, checks } = await compared(({ store }) => {
      const [item] = store.items
      if (item !== undefined) store.items[0] = { ...item, status: 'sent' }
    })
    equal(agrees, true)
    deepEqual(checks.map(({ result }) => result), ['not run'])
  })
})

test('a check that found something is never said to agree', () => {
  const findings = new Findings()
  findings.differ('money', 'entry 1', 'one micro')
  findings.differ('money', 'entry 2', 'two micros')
  findings.agree('money', 'all is well')
  findings.agree('energy', 'all is well')
  const { agrees, checks, differences } = findings.report()
  equal(agrees, false)
  deepEqual(checks.map(({ name, result }) => [name, result]), [
    ['money', 'differs'],
    ['energy', 'agrees'],
  ])
  equal(differences.length, 2)
})
