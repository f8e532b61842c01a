import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import {
  type BillRun,
  billRun,
  billTable,
  daysOfMonth,
  type Evidence,
  intervalTable,
  lastOf,
  type NamedEvidence,
  parseRecord,
  parseTariff,
  recordText,
  runTable,
} from '@busbar/client/bills'
import { isHex } from '@busbar/protocols/hash'
import { readTradedRoots } from '@busbar/server/own-node/traded-roots'
import type { Values } from '../arguments.ts'
import { exitCodes, UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { keyIn } from '../desk/keys.ts'
import { findAccount } from '../desk/participants.ts'
import { collectEvidence } from './collect.ts'
import { customerFile } from './customer-file.ts'
import { addEvidence, readEvidence, textOf, writeFolder } from './folder.ts'
import { parseReadings } from './readings-file.ts'

const wanted = (values: Values, name: string, means: string): string => {
  const text = values.text(name)
  if (text === undefined) throw new UsageError(`--${name} is ${means}`)
  return text
}

/** Asks the exchange for what is final and not collected yet, and keeps it. */
export async function collect(values: Values, output: Output): Promise<number> {
  const folder = wanted(values, 'evidence', 'the folder that the evidence is kept in')
  const known = await readEvidence(folder)
  const client = new BusbarClient({ baseUrl: values.text('server') ?? 'http://127.0.0.1:8420' })
  const { contracts } = await client.market()
  const intervalLog = (values.text('contract') ?? contracts?.intervalLog ?? '').toLowerCase()
  if (!isHex(intervalLog, 20)) throw new UsageError('--contract is 0x and 40 hex digits')
  const node = wanted(values, 'node', 'the URL of a node of the chain')
  const retailer = await accountOf(client, wanted(values, 'retailer', 'an account or a name'))
  const key = await keyIn(wanted(values, 'key', 'the file with the retailer’s key'))
  const domain = await client.domain()
  const signer = new Signer({ domain, account: retailer, sign: withPrivateKey(key) })
  const last = known.at(-1)?.evidence
  const from = values.integer('from', last === undefined ? -1 : lastOf(last) + 1, 0, 2 ** 40)
  const evidence = await collectEvidence({
    client: client.as(credentialOf(signer)),
    ...{ intervalLog, retailer, from: from < 0 ? undefined : from },
    rootsOf: (fromInterval, count) => {
      const { chainId, verifyingContract } = domain
      const where = { chainId: Number(chainId), intervalLog, clearingHouse: verifyingContract }
      return readTradedRoots(node, where, { fromInterval, count })
    },
    secrets: secretsIn(known),
  })
  if (evidence === undefined) {
    if (values.flag('json')) output.print(JSON.stringify({ file: null, intervals: 0 }))
    else output.print('Nothing is final that was not collected before.')
    return exitCodes.ok
  }
  const file = await addEvidence(folder, known, evidence)
  const { fromInterval, count, meters } = evidence
  if (values.flag('json')) {
    const found = { file, from_interval: fromInterval, intervals: count, meters: meters.length }
    output.print(JSON.stringify(found))
  } else {
    const words = `${count} intervals from ${fromInterval} on, of ${meters.length} meters`
    output.print(`${words}, each proven by the chain: ${file}`)
  }
  return exitCodes.ok
}

async function accountOf(client: BusbarClient, who: string): Promise<number> {
  if (/^\d{1,9}$/.test(who)) return Number(who)
  const account = await findAccount(client, who)
  if (account === undefined) throw new UsageError(`no participant is called ${who}`)
  return account
}

function secretsIn(files: readonly NamedEvidence[]): ReadonlyMap<number, string> {
  const secrets = new Map<number, string>()
  for (const { evidence } of files) {
    for (const { meter, secret } of evidence.meters) {
      if (!secrets.has(meter)) secrets.set(meter, secret)
    }
  }
  return secrets
}

/** Makes the bills of a period from what was collected: all of them, or none. */
export async function make(values: Values, output: Output): Promise<number> {
  const folder = wanted(values, 'evidence', 'the folder that the evidence is kept in')
  const out = wanted(values, 'out', 'the folder that is made for the bills')
  const tariffFile = wanted(values, 'tariff', 'the file with the tariff')
  const files = await readEvidence(folder)
  const first = files[0]?.evidence
  if (first === undefined) throw new UsageError(`${folder} has no evidence: collect it first`)
  const { intervalSeconds } = first
  const [from, through] = daysFrom(values)
  const readingsFile = values.text('readings')
  const previousFile = values.text('previous')
  const node = values.text('node')
  const run = billRun({
    ...{ files, tariffFile, from, through },
    tariff: parseTariff(await textOf(tariffFile), tariffFile, intervalSeconds),
    readings:
      readingsFile === undefined
        ? undefined
        : parseReadings(await textOf(readingsFile), readingsFile, intervalSeconds),
    previous:
      previousFile === undefined
        ? undefined
        : parseRecord(await textOf(previousFile), previousFile),
    rootsNow: node === undefined ? undefined : await rootsNow(node, files, first),
  })
  await writeFolder(out, filesOf(run))
  output.print(values.flag('json') ? JSON.stringify(reportOf(run)) : textOfRun(run, out))
  return exitCodes.ok
}

function daysFrom(values: Values): readonly [from: string, through: string] {
  const month = values.text('month')
  const [from, through] = [values.text('from-day'), values.text('through-day')]
  if (month !== undefined && from === undefined && through === undefined) {
    const days = daysOfMonth(month)
    if (days !== undefined) return days
    throw new UsageError(`--month is ${month}; it takes a month as 2026-03`)
  }
  if (month === undefined && from !== undefined && through !== undefined) return [from, through]
  throw new UsageError('a period is --month, or --from-day and --through-day')
}

async function rootsNow(
  node: string,
  files: readonly NamedEvidence[],
  { chainId, intervalLog, verifyingContract }: Evidence,
): Promise<ReadonlyMap<number, string>> {
  const fromInterval = Math.min(...files.map(({ evidence }) => evidence.fromInterval))
  const last = Math.max(...files.map(({ evidence }) => lastOf(evidence)))
  const where = { chainId, intervalLog, clearingHouse: verifyingContract }
  const count = last - fromInterval + 1
  return (await readTradedRoots(node, where, { fromInterval, count })).roots
}

/** What is written, by path. The same evidence and tariff give the same bytes. */
function filesOf(run: BillRun): ReadonlyMap<string, string> {
  const files = new Map([
    ['bills.csv', runTable(run)],
    ['run.json', recordText(run.record)],
  ])
  for (const bill of run.bills) {
    const own = `${bill.account}-${bill.name}`
    files.set(`${own}/bill.csv`, billTable(bill))
    files.set(`${own}/intervals.csv`, intervalTable(bill, run))
    if (bill.intervals.length > 0) files.set(`${own}/green-button.xml`, customerFile(bill, run))
  }
  return files
}

const sumsOf = ({ bills }: BillRun) => {
  const all = bills.flatMap(({ intervals }) => intervals)
  const sum = (of: (one: (typeof all)[number]) => bigint): number =>
    Number(all.reduce((whole, one) => whole + of(one), 0n))
  return {
    imported_wh: sum(({ imported }) => imported),
    exported_wh: sum(({ exported }) => exported),
    traded_bought_wh: sum(({ bought }) => bought),
    traded_sold_wh: sum(({ sold }) => sold),
    billed_import_wh: sum(({ billed }) => billed.imported),
    billed_export_wh: sum(({ billed }) => billed.exported),
  }
}

const reportOf = (run: BillRun) => ({
  from: run.period.from,
  through: run.period.through,
  intervals: run.period.untilInterval - run.period.fromInterval,
  ...sumsOf(run),
  bills: run.bills.map(({ account, name, sum, payableCents, carriedOut }) => ({
    account,
    name,
    lines_micros: Number(sum),
    payable_cents: Number(payableCents),
    carried_micros: Number(carriedOut),
  })),
})

function textOfRun(run: BillRun, out: string): string {
  const { bills, period, tariff } = run
  const cents = bills.reduce((sum, { payableCents }) => sum + payableCents, 0n)
  const money = (Number(cents) / 100).toLocaleString('en', { minimumFractionDigits: 2 })
  const { imported_wh: imported, traded_bought_wh: bought } = sumsOf(run)
  return [
    `${bills.length} bills of ${period.from} to ${period.through} in ${out}: ` +
      `${money} ${tariff.currency} to be paid.`,
    `Of ${imported} Wh that meters took in, ${bought} Wh were bought by contract: they are on no ` +
      'bill.',
  ].join('\n')
}
