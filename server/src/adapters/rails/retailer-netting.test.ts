/**
 * Goal: what retailers owe each other for their customers is paid once, by files that banks take,
 * and what a bank sends back or cannot hold is still owed.
 * Method: the bank's simulator in a process of its own, misbehaving in each way it can and dying at
 * every step; a caller in a process of its own, killed between every two steps; folders as another
 * way to a bank; and files of banks that do not fit.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Fault } from '@busbar/core/errors'
import { readPain001 } from '@busbar/protocols/iso20022'
import { TestNetwork } from '../../testing/network-process.ts'
import { BankFolder, BankHttp, type BankLink } from './bank-link.ts'
import { RetailerNetting } from './retailer-netting.ts'

const bank = new TestNetwork({ clock: 'market' })
const folder = mkdtempSync(join(tmpdir(), 'busbar-netting-'))
const now = Date.UTC(2026, 2, 1, 12)
const iban = 'DE89370400440532013000'

type AccountNow = { readonly account: string; readonly balanceCents: number }

const open = (account: string, more: object = {}): Promise<void> =>
  bank.tell('bank/accounts', { account, name: `of ${account}`, currency: 'EUR', ...more })

before(async () => {
  await bank.start()
  await bank.advance(now)
  for (const account of ['R-4', 'R-5', iban]) await open(account)
})
after(async () => {
  await bank.remove()
  rmSync(folder, { recursive: true, force: true })
})

const link = (deadlineMs = 5_000): BankLink =>
  new BankHttp({ url: bank.url, bankKey: bank.bankKey, deadlineMs })

let worlds = 0

/** A rail of its own, with ids of its own at the bank that all share. */
function newRail(through: BankLink = link()) {
  worlds += 1
  const prefix = `W${worlds}`
  const rail = new RetailerNetting({
    path: join(folder, `${worlds}.sqlite`),
    prefix,
    currency: 'EUR',
    initiator: 'Market',
    bankOf: (retailer) => ({
      name: `Retailer ${retailer}`,
      account: retailer === 6 ? iban : `R-${retailer}`,
    }),
    retailerOf: (account) => Math.floor(account / 10),
    bank: through,
    now: () => now,
  })
  let payments = 0
  const pay = async (payer: number, payee: number, amountMicros: bigint, dueAt = now) => {
    payments += 1
    rail.topUp(`t${payments}`, payer, amountMicros)
    const times = { dueAt, expiresAt: now + 1 }
    const payment = { payment: payments, payer, payee, amountMicros, reference: '', ...times }
    equal((await rail.collect({ key: `p${payments}`, ...payment })).state, 'captured')
  }
  const states = (): readonly string[] =>
    rail
      .transfers()
      .map(({ debtor, creditor, amountMicros, state, reason }) =>
        `${debtor}>${creditor} ${amountMicros} ${state} ${reason}`.trimEnd(),
      )
  return { rail, pay, states, prefix }
}

async function balances(): Promise<Readonly<Record<string, number>>> {
  const { accounts } = (await bank.ask('GET', 'bank/accounts')) as { accounts: AccountNow[] }
  return Object.fromEntries(accounts.map(({ account, balanceCents }) => [account, balanceCents]))
}

/** What came to each account since. */
async function changeSince(before: Readonly<Record<string, number>>): Promise<object> {
  const changes = Object.entries(await balances()).map(
    ([account, cents]) => [account, cents - (before[account] ?? 0)] as const,
  )
  return Object.fromEntries(changes.filter(([, cents]) => cents !== 0))
}

async function untilDone<Result>(act: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RAIL_UNAVAILABLE') throw error
      await wait(20)
    }
  }
}

describe('a netting', () => {
  test('pays what is due between each pair, in cents, and carries the rest', async () => {
    const { rail, pay, states } = newRail()
    const start = await balances()
    await pay(41, 51, 7_009_000n)
    await pay(51, 42, 3_000_000n)
    await pay(41, 61, 4_000n)
    await pay(42, 51, 5_000_000n, now + 1)
    equal(rail.net(now), 1)
    deepEqual(states(), ['4>5 4000000 sent'])
    deepEqual([rail.between(4, 5), rail.between(4, 6)], [5_009_000n, 4_000n])
    equal(await rail.handIn(), 1)
    equal(await rail.handIn(), 0)
    const read = await Promise.all([rail.readBank(), rail.readBank()])
    ok(read.flat().every(({ isTaken }) => isTaken))
    deepEqual(states(), ['4>5 4000000 booked'])
    await pay(41, 51, 1_000n)
    equal(rail.net(now + 1), 2)
    deepEqual(states(), ['4>5 4000000 booked', '4>5 5010000 sent'])
    deepEqual([rail.between(4, 5), rail.between(6, 4)], [0n, -4_000n])
    await rail.handIn()
    deepEqual(await rail.readBank(), [{ name: '2', isTaken: true }])
    deepEqual(await changeSince(start), { 'R-4': -901, 'R-5': 901 })
    equal(rail.net(now + 2), undefined)
    rail.close()
  })

  test('that a bank sends back is still owed, and goes into the next', async () => {
    const { rail, pay, states } = newRail()
    const start = await balances()
    await pay(41, 51, 2_005_000n)
    await open('R-5', { isClosed: true })
    rail.net(now)
    await rail.handIn()
    await rail.readBank()
    deepEqual(states(), ['4>5 2000000 returned AC04'])
    equal(rail.between(4, 5), 2_005_000n)
    deepEqual(await changeSince(start), {})
    await open('R-5')
    await pay(51, 41, 1_000_000n)
    rail.net(now)
    await rail.handIn()
    await rail.readBank()
    deepEqual(states(), ['4>5 2000000 returned AC04', '4>5 1000000 booked'])
    deepEqual(await changeSince(start), { 'R-4': -100, 'R-5': 100 })
    equal(rail.between(4, 5), 5_000n)
    rail.close()
  })

  test('that was booked and is given back later, is owed again, once', async () => {
    const { rail, pay, states, prefix } = newRail()
    await pay(51, 41, 1_000_000n)
    rail.net(now)
    await rail.handIn()
    await rail.readBank()
    await bank.tell('bank/returns', { endToEndId: `${prefix}-1-5-4`, reason: 'FOCR' })
    // The day ends: its statement says all of it again.
    await bank.advance(now + 86_400_000)
    await rail.readBank()
    deepEqual(states(), ['5>4 1000000 returned FOCR'])
    equal(rail.between(5, 4), 1_000_000n)
    rail.close()
  })
})

describe('retailers are paid once', () => {
  const faults = ['timeout', 'fail-before', 'fail-after', 'garbled'] as const
  const operations = ['takePayments', 'listFiles', 'readFile'] as const
  for (const operation of operations) {
    for (const fault of faults) {
      test(`when ${operation} meets ${fault}`, async () => {
        const { rail, pay, states } = newRail(link(fault === 'timeout' ? 400 : 5_000))
        const start = await balances()
        await pay(41, 51, 1_000_000n)
        rail.net(now)
        await bank.tell('misbehaviour', { kind: fault, what: operation })
        await untilDone(() => rail.handIn())
        await untilDone(() => rail.readBank())
        await untilDone(() => rail.readBank())
        deepEqual(states(), ['4>5 1000000 booked'])
        deepEqual(await changeSince(start), { 'R-4': -100, 'R-5': 100 })
        rail.close()
      })
    }
  }

  for (const fault of ['crash-before', 'crash-during', 'crash-after'] as const) {
    test(`when the bank dies, ${fault}, as it takes a file`, async () => {
      const { rail, pay, states } = newRail()
      const alive = bank.keepAlive()
      const start = await balances()
      await pay(41, 51, 1_000_000n)
      rail.net(now)
      await bank.tell('misbehaviour', { kind: fault, what: 'takePayments' })
      await rejects(rail.handIn(), { code: 'RAIL_UNAVAILABLE' })
      await untilDone(() => rail.handIn())
      await untilDone(() => rail.readBank())
      deepEqual(states(), ['4>5 1000000 booked'])
      deepEqual(await changeSince(start), { 'R-4': -100, 'R-5': 100 })
      equal(alive.deaths(), 1)
      alive.stop()
      rail.close()
    })
  }

  test('when the caller is killed at any point', async () => {
    const program = fileURLToPath(new URL('../../testing/netting-caller.ts', import.meta.url))
    /** Runs it to its end, through one death where there is one. The points that it passed. */
    async function run(killAt: string): Promise<readonly string[]> {
      worlds += 1
      const names = { path: join(folder, `${worlds}.sqlite`), prefix: `W${worlds}` }
      const plan = { url: bank.url, bankKey: bank.bankKey, ...names, now }
      const log = join(folder, `${worlds}.log`)
      for (const deadly of killAt === '' ? [''] : [killAt, '']) {
        const args = [program, JSON.stringify(plan), log, deadly]
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
        const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
        deepEqual([code, signal], deadly === '' ? [0, null] : [null, 'SIGKILL'])
      }
      return readFileSync(log, 'utf8').trimEnd().split('\n')
    }
    const points = await run('')
    ok(new Set(points).size >= 18, `${points.length}`)
    for (const point of new Set(points)) {
      const start = await balances()
      await run(`${point}:1`)
      deepEqual(await changeSince(start), { 'R-4': -1_900, 'R-5': 1_900 }, point)
    }
  })
})

describe('files of a bank that do not fit', () => {
  const inFolder = async () => {
    const own = join(folder, `folder-${worlds + 1}`)
    const made = newRail(new BankFolder(own))
    await made.pay(41, 51, 1_000_000n)
    await made.pay(61, 51, 2_000_000n)
    made.rail.net(now)
    await made.rail.handIn()
    const put = (name: string, text: string): void => writeFileSync(join(own, 'in', name), text)
    return { ...made, own, put }
  }

  const line = (id: string, amount: string, more = '', sign = 'DBIT') =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd>` +
    `<Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>` +
    `<Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd>${more}</TxDtls></NtryDtls></Ntry>`
  const message = (account: string, lines: string) =>
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>' +
    '<GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-02T00:00:00Z</CreDtTm></GrpHdr><Ntfctn><Id>1</Id>' +
    `<Acct><Id><Othr><Id>${account}</Id></Othr></Id></Acct>${lines}</Ntfctn>` +
    '</BkToCstmrDbtCdtNtfctn></Document>'

  test('what leaves is a file with a transfer for each pair', async () => {
    const { rail, own, prefix } = await inFolder()
    deepEqual(readdirSync(join(own, 'out')), [`${prefix}-1.xml`])
    const file = readPain001(readFileSync(join(own, 'out', `${prefix}-1.xml`)))
    deepEqual(
      file.payments.map(({ debtorAccount, transfers }) => [
        debtorAccount,
        ...transfers.map(
          ({ creditorAccount, amountMicros }) => `${creditorAccount} ${amountMicros}`,
        ),
      ]),
      [
        ['R-4', 'R-5 1000000'],
        [iban, 'R-5 2000000'],
      ],
    )
    rail.close()
  })

  test('are found, and change nothing', async () => {
    const { rail, put, states, prefix } = await inFolder()
    const id = `${prefix}-1-4-5`
    const before = states()
    put('01.xml', message('R-4', line('E-1', '1.00')))
    put('02.xml', message('R-4', line(id, '1.01')))
    put('03.xml', message('R-4', line(id, '1.00', '', 'CRDT')))
    put('04.xml', message('R-5', line(id, '1.00', '', 'CRDT')))
    put('05.xml', message('R-4', line(id, '1.00').replace('BOOK', 'PDNG')))
    put('06.xml', message('R-4', line(id, '1.00').replace('1.00', '1.10')))
    put('07.xml', '<html/>')
    put('08.txt', 'no file of a bank')
    const read = await rail.readBank()
    deepEqual(
      read.filter(({ isTaken }) => !isTaken).map(({ name }) => name),
      ['06.xml', '07.xml'],
    )
    deepEqual(states(), before)
    deepEqual(
      rail.findings().map((finding) => finding.slice(0, 40)),
      [
        '01.xml: E-1 is none of ours',
        `02.xml: ${id} has another amount`,
        `03.xml: ${id} came back without a reason`.slice(0, 40),
        '06.xml: PAYMENT_MESSAGE_INVALID: A payme',
        '07.xml: PAYMENT_MESSAGE_INVALID: A payme',
      ],
    )
    // Only what was not taken is read again, and found once.
    deepEqual(
      (await rail.readBank()).map(({ name }) => name),
      ['06.xml', '07.xml'],
    )
    equal(rail.findings().length, 5)
    put('07.xml', message('R-4', line(id, '1.00')))
    await rail.readBank()
    deepEqual(states()[0], '4>5 1000000 booked')
    rail.close()
  })
})

test('a bank that refuses a file says so, and the file waits', async () => {
  const { rail, pay } = newRail()
  await pay(71, 51, 1_000_000n)
  rail.net(now)
  for (const time of ['once', 'twice']) {
    await rejects(rail.handIn(), { code: 'RAIL_REFUSED' }, time)
  }
  rail.close()
})
