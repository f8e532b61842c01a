/**
 * Goal: a market with a real committee, a real prover and a real chain keeps what losers wanted to
 * themselves, does not wait for a member that is dead or orders that do not open, and proves every
 * clearing on the chain; fewer members than it takes open nothing, with all that there is.
 * Method: one short day with planted orders. Before the gate and at the end everything that anybody
 * could read is searched for their limits, energies and salts, as text and bytes: files and every
 * row of every table, logs, events, each route's answer to each role, pages in a browser, calldata,
 * logs and storage of the chain. Shares are tried out on all that is stored.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { KeptOrder } from '@busbar/client'
import { builtPages } from '@busbar/dashboard/build'
import { browserOrWhy } from '@busbar/dashboard/testing/browser'
import { decodeOpening } from '@busbar/protocols/sealed-orders'
import { createOpener } from '@busbar/protocols/timelock'
import { openStore } from '@busbar/server/adapters/store/open-store'
import { verifyMarket } from '@busbar/server/verify'
import { companies, type DaySummary } from '@busbar/simulator'
import { type MarketRun, startMarket } from '../market/market-run.ts'
import { proofReport } from './proof-report.ts'
import { chainRecord } from '../testing/chain-record.ts'
import {
  commitmentNeedles,
  found,
  foundInFiles,
  type Needle,
  needlesOf,
  tablesOf,
} from '../testing/leak-scan.ts'
import {
  type Asked,
  chainRecordOf,
  everyAnswer,
  liveNode,
  liveTables,
} from '../testing/leak-sources.ts'
import { pagesSeen } from '../testing/page-scan.ts'
import { intervals, plantedDay, Planter, siteCount } from '../testing/planted-day.ts'
import {
  openedWith,
  sharesOf,
  signatureNeedles,
  signaturesOf,
} from '../testing/planted-shares.ts'

const directory = mkdtempSync(join(tmpdir(), 'busbar-sealed-day-'))
const dataDir = join(directory, 'market')
const said: string[] = []
const streamed: string[] = []
const first = plantedDay.district.startMs / plantedDay.district.intervalMs
const watching = new AbortController()
let market: MarketRun
let planter: Planter
let summary: DaySummary
let proofs: Awaited<ReturnType<typeof proofReport>>
/** What each loser wanted, and what the public may not know of it besides. */
let needles: readonly Needle[] = []
let commitments: readonly Needle[] = []
let foundBeforeGate: readonly string[] | undefined
/** What the search finds that has to be there: the exchange's own rows of sealed orders. */
let knownBeforeGate: readonly string[] = []
let stateHash = ''

const browser = await browserOrWhy()
const skip = typeof browser === 'string' ? browser : false

before(async () => {
  const hear = (line: string): void => void said.push(line)
  market = await startMarket(plantedDay, dataDir, {
    environment: {
      BUSBAR_PORT: '0',
      ...(skip === false ? { BUSBAR_DASHBOARD: await builtPages(hear) } : {}),
    },
    proofs: 'each',
    hear,
    say: hear,
  })
  // Opening a share's file takes long on purpose: once, while nobody waits for an answer.
  sharesOf(dataDir)
  void listen(`${market.server.url}/v1/stream`)
  planter = new Planter(market, async (losers: readonly KeptOrder[]) => {
    needles = losers.flatMap(({ opening }, i) => needlesOf(`loser ${i}`, opening))
    commitments = losers.flatMap(({ commitment }, i) => commitmentNeedles(`loser ${i}`, commitment))
    foundBeforeGate = await searchedBeforeGate(losers[0]?.interval ?? 0)
  })
  summary = await market.day(() => undefined, undefined, planter.around)
  proofs = await proofReport(market, () => undefined)
})

after(async () => {
  watching.abort()
  if (typeof browser !== 'string') await browser.close()
  if (stateHash === '') await market.stop()
  rmSync(directory, { recursive: true, force: true })
})

async function listen(url: string): Promise<void> {
  try {
    const { body } = await fetch(url, { signal: watching.signal })
    for await (const chunk of body ?? []) streamed.push(Buffer.from(chunk as Uint8Array).toString())
  } catch (error) {
    // The server has stopped, or nobody listens any more.
    if (!(error instanceof Error)) throw error
  }
}

/** All that is there while the losers' orders are in the journal and nobody has opened them. */
async function searchedBeforeGate(interval: number): Promise<readonly string[]> {
  // And what would open them: what each member will sign, and what two of them make of it.
  const sought = [...needles, ...signatureNeedles(signaturesOf(dataDir, interval))]
  const hidden = [...sought, ...commitments]
  const chain = await chainRecordOf(liveNode(dataDir))
  const tables = await liveTables(join(dataDir, 'store'))
  ok(chain.transactions > 0 && [...tables.values()].some((text) => text.includes('sealed_order')))
  const rows = [...tables.values()].join('\n')
  knownBeforeGate = found(commitments, rows)
  const all = [
    ...foundInFiles(sought, dataDir),
    ...[...tables].flatMap(([table, text]) => named(table, found(sought, text))),
    ...named('the log', found(hidden, said.join('\n'))),
    ...named('the stream', found(hidden, streamed.join(''))),
    ...named('the chain', found(hidden, chain.text)),
  ]
  const answers = await answersTo(interval, [undefined, ...planter.names])
  for (const { name, path, text } of answers) {
    all.push(...named(`${path} to ${name}`, found(mayKnowOrders(name) ? sought : hidden, text)))
  }
  return all
}

const named = (where: string, names: readonly string[]): readonly string[] =>
  names.map((name) => `${where}: ${name}`)

/** Who knows of an order that there is one: the exchange, its auditor, and its owner. */
const mayKnowOrders = (name: string): boolean =>
  name === companies.operator ||
  name === companies.auditor ||
  planter.losers.some(({ site }) => site === name)

type Answer = { readonly name: string; readonly path: string; readonly text: string }

/** What everybody named is told who asks for all that there is. */
async function answersTo(
  interval: number,
  names: readonly (string | undefined)[],
): Promise<readonly Answer[]> {
  const losers = planter.losers.map(({ site }) => site)
  const answers: Answer[] = []
  for (const name of names) {
    const accounts = [...losers, ...(name === undefined ? [] : [name])]
    const asked: Asked = {
      accounts: [...new Set(accounts.map((one) => planter.account(one)))],
      meters: losers.map((one) => planter.meter(one)),
      commitments: planter.losers.map(({ kept }) => kept.commitment),
      interval,
    }
    const until = Date.now() + 600_000
    const header = name === undefined ? undefined : await planter.signer(name).credential(until)
    for (const [path, text] of await everyAnswer(market.server.url, asked, header)) {
      answers.push({ name: name ?? 'anybody', path, text })
    }
  }
  return answers
}

describe('a sealed day', () => {
  test('is exact, and every clearing is proven on the chain', async () => {
    deepEqual([proofs?.unproven, proofs?.proven], [[], proofs?.batches])
    ok((proofs?.batches ?? 0) >= intervals && (proofs?.made ?? 0) >= intervals)
    const { money, energy } = await market.client.conservation()
    deepEqual([money.unexplainedMicros, energy.unexplainedWh], [0, 0])
    // The auditor knows the receipts of the simulated traders, and finds what we planted.
    const strange = summary.audit.differences
    ok(
      strange.every(({ about }) => about === 'receipt'),
      JSON.stringify(strange),
    )
    const planted = [...planter.losers.map(({ kept }) => kept.commitment), ...planter.unopenable]
    deepEqual(strange.map(({ subject }) => subject).sort(), planted.sort())
  })

  test('does not wait for a member that is dead, nor for orders that do not open', async () => {
    const last = await market.client.interval(0, first + intervals - 1)
    equal(last.proof.state, 'proven')
    ok(planter.unopenable.length >= 0.3 * planter.lastCount)
    deepEqual(summary.voids, { not_opened: planter.unopenable.length })
    equal(last.voidCount, planter.unopenable.length)
    const { checks } = await market.client.health()
    const committee = checks.find(({ name }) => name === 'committee')
    match(committee?.detail ?? '', /regulator/)
  })

  test('lets losers lose, and tells them', async () => {
    for (const { site, kept } of planter.losers) {
      const owner = await planter.as(site)
      const { zones } = await owner.accountInterval(planter.account(site), kept.interval)
      const own = zones[0]?.sealedOrders.find(({ commitment }) => commitment === kept.commitment)
      deepEqual([own?.outcome, own?.filledWh], ['unfilled', 0])
    }
  })
})

describe('what a losing order wanted is', () => {
  test('nowhere before the gate', () => {
    deepEqual(foundBeforeGate, [])
    deepEqual(knownBeforeGate, [0, 1].map((i) => `loser ${i}: commitment in hex`))
  })

  test('found where it is, so that this search finds anything', async () => {
    const auditor = await planter.as(companies.auditor)
    const [{ kept } = { kept: undefined }] = planter.losers
    const openings = await auditor.auditOpenings(0, kept?.interval ?? 0)
    const names = found(needles, JSON.stringify(openings))
    deepEqual(names, [0, 1].flatMap((i) =>
      ['limit in decimal', 'energy', 'salt in hex'].map((one) => `loser ${i}: ${one}`),
    ))
    for (const needle of needles) {
      deepEqual(found([needle], Buffer.concat([Buffer.alloc(3), needle.bytes])), [needle.name])
    }
  })

  test('in no answer to anybody else', async () => {
    const interval = planter.losers[0]?.kept.interval ?? 0
    const answers = await answersTo(interval, [undefined, ...planter.names])
    ok(answers.length > 20 * siteCount && answers.some(({ text }) => text.startsWith('200')))
    for (const { name, path, text } of answers) {
      // Whom the page on who learns what names: owners of their own, exchange and auditor of all.
      if (path.startsWith('/v1/audit/openings/') && mayKnowOrders(name)) continue
      const own = planter.losers.findIndex(({ site }) => site === name)
      const others = needles.filter(({ name: needle }) => !needle.startsWith(`loser ${own}:`))
      const sought = mayKnowOrders(name) ? others : [...needles, ...commitments]
      deepEqual(found(sought, text), [], `${path} to ${name}`)
    }
    for (const name of planter.names.filter((one) => one !== companies.operator)) {
      if (name === companies.auditor) continue
      const client = await planter.as(name)
      await rejects(client.auditOpenings(0, interval), /access_denied/, name)
      if (name !== companies.prover) await rejects(client.claimProving(), /access_denied/, name)
    }
  })

  test('on no page of anybody else', { skip }, async () => {
    const interval = planter.losers[0]?.kept.interval ?? 0
    const [neighbour = ''] = plantedDay.district.sites.slice(2).map(({ name }) => name)
    const paths = ['/', '/?span=week', '/intervals', `/intervals/0/${interval}`, '/audit', '/why']
    const chromium = browser as Exclude<typeof browser, string>
    const { url } = market.server
    for (const name of [undefined, neighbour, companies.retailer]) {
      const own = name === undefined ? [] : [`/why/${planter.account(name)}/${interval}`]
      for (const [path, text] of await pagesSeen(chromium, url, [...paths, ...own], name)) {
        ok(text.includes('<main'), path)
        // Who has an order beside a loser's is shown its commitment, in the path to the root.
        const sought = name === undefined ? [...needles, ...commitments] : needles
        deepEqual(found(sought, text), [], `${path} to ${name}`)
      }
    }
    const [{ site } = { site: '' }] = planter.losers
    const other = [`/why/${planter.account(site)}/${interval}`]
    const [refused = ''] = (await pagesSeen(chromium, url, other, neighbour)).values()
    match(refused, /access_denied/)
    deepEqual(found([...needles, ...commitments], refused), [])
  })

  test('in no event, log, file or table, and nowhere on the chain', async () => {
    const { intervalSeconds } = plantedDay.rulebook
    stateHash = await market.stop()
    ok(streamed.join('').includes('interval_proven') && said.length > 0)
    const hidden = [...needles, ...commitments]
    deepEqual(found(hidden, streamed.join('')), [])
    deepEqual(found(hidden, said.join('\n')), [])
    deepEqual(foundInFiles(needles, dataDir), [])
    const { differences } = await verifyMarket({ dataDir })
    deepEqual(differences, [])
    const tables = await tablesOf(join(dataDir, 'store'))
    ok(tables.size >= 3 && [...tables.values()].some((text) => text.includes('open_orders')))
    for (const [table, text] of tables) deepEqual(found(needles, text), [], table)
    const chain = await chainRecord(dataDir, plantedDay.name, intervalSeconds)
    ok(chain.transactions > 3 * intervals && chain.logs > 3 * intervals)
    deepEqual(found(hidden, chain.text), [])
  })
})

async function journal() {
  const store = await openStore(plantedDay.name, { dataDir: join(dataDir, 'store') })
  const entries = await store.read(0, 10_000)
  await store.close()
  return entries
}

describe('with everything but the shares', () => {
  const all = Array.from({ length: intervals }, (_, n) => first + n)

  test('one member opens no order of any interval, and two open each', async () => {
    const entries = await journal()
    let limits: readonly (number | undefined)[] = []
    for (const interval of all) {
      const sealed = entries
        .filter(({ kind }) => kind === 'place_sealed_order')
        .map(({ body }) => JSON.parse(body) as Sealed)
        .filter((order) => order.interval === interval)
      ok(sealed.length > 0, String(interval))
      const { partials, joint } = signaturesOf(dataDir, interval)
      // Nor does what opens another interval.
      const elsewhere = signaturesOf(dataDir, interval === first ? first + 1 : first).joint
      for (const signature of [...partials.map(({ partial }) => partial), elsewhere]) {
        const opener = createOpener(signature)
        for (const { commitment, ciphertext } of sealed) {
          equal(opener.open(commitment, ciphertext), null)
        }
        opener.close()
      }
      const opener = createOpener(joint)
      limits = [
        ...limits,
        ...sealed.map(
          ({ commitment, ciphertext }) =>
            decodeOpening(opener.open(commitment, ciphertext) ?? new Uint8Array())
              ?.limitMicrosPerKwh,
        ),
      ]
      opener.close()
    }
    const losing = planter.losers.map(({ kept }) => kept.opening.limitMicrosPerKwh)
    ok(losing.every((limit) => limits.includes(limit)))
    // Those that were planted so that nothing opens them.
    const closed = limits.filter((limit) => limit === undefined).length
    equal(closed, planter.unopenable.length)
  })

  test('no signature is in a table or on the chain, nor what makes up for one', async () => {
    const tables = await tablesOf(join(dataDir, 'store'))
    const { intervalSeconds } = plantedDay.rulebook
    const chain = await chainRecord(dataDir, plantedDay.name, intervalSeconds)
    const texts = [...tables, ['the chain', chain.text] as const]
    for (const interval of all) {
      const sought = signatureNeedles(signaturesOf(dataDir, interval))
      for (const [where, text] of texts) deepEqual(found(sought, text), [], where)
    }
    // Whatever is stored and as long as a signature, in place of the member that is missing.
    const long = /(?<![0-9a-f])[0-9a-f]{192}(?![0-9a-f])/g
    const stored = texts.flatMap(([, text]) => text.match(long) ?? [])
    const { partials } = signaturesOf(dataDir, first)
    const sealed = (await journal()).filter(({ kind }) => kind === 'place_sealed_order')
    const [{ commitment, ciphertext } = { commitment: '', ciphertext: '' }] = sealed.map(
      ({ body }) => JSON.parse(body) as Sealed,
    )
    equal(commitment.length, 66)
    for (const bytes of new Set(stored)) {
      for (const [k, { index }] of partials.entries()) {
        const other = { index, partial: `0x${bytes}` }
        equal(openedWith([partials[(k + 1) % 3], other], { commitment, ciphertext }), null)
      }
    }
  })
})

type Sealed = {
  readonly interval: number
  readonly commitment: string
  readonly ciphertext: string
}
