/**
 * Goal: a market with a real committee, a real prover and a real chain keeps what losers wanted to
 * themselves, does not wait for a member that is dead or orders that do not open, and proves every
 * clearing on the chain; fewer members than it takes open nothing, with all that there is.
 * Method: one short day with planted orders; everything that others could read is searched for
 * their limits and salts as text and bytes, before the gate and at the end; shares are tried out.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { KeptOrder } from '@busbar/client'
import { KeyFile } from '@busbar/committee'
import { decodeOpening } from '@busbar/protocols/sealed-orders'
import { combine, createOpener, labelOf, signShare } from '@busbar/protocols/timelock'
import { openStore } from '@busbar/server/adapters/store/open-store'
import { verifyMarket } from '@busbar/server/verify'
import { companies, type DaySummary } from '@busbar/simulator'
import { type MarketRun, startMarket } from './market-run.ts'
import { proofReport } from './proof-report.ts'
import { chainRecord } from './testing/chain-record.ts'
import { found, foundInFiles, type Needle, needlesOf, tablesOf } from './testing/leak-scan.ts'
import { intervals, plantedDay, Planter } from './testing/planted-day.ts'

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
let needles: readonly Needle[] = []
let foundBeforeGate: readonly string[] | undefined
let stateHash = ''

before(async () => {
  const hear = (line: string): void => void said.push(line)
  market = await startMarket(plantedDay, dataDir, {
    environment: { BUSBAR_PORT: '0' },
    proofs: 'each',
    hear,
    say: hear,
  })
  // Opening a share's file takes long on purpose: once, while nobody waits for an answer.
  sharesOf()
  void listen(`${market.server.url}/v1/stream`)
  planter = new Planter(market, async (losers: readonly KeptOrder[]) => {
    needles = losers.flatMap(({ opening }, i) => needlesOf(`loser ${i}`, opening))
    // And what would open them: what each member will sign, and what two of them make of it.
    const interval = losers[0]?.interval ?? 0
    const sought = [...needles, ...signatureNeedles(signaturesOf(interval))]
    foundBeforeGate = [
      ...foundInFiles(sought, dataDir),
      ...found(sought, await openAnswers(market.server.url)),
      ...found(sought, said.join('\n')),
      ...found(sought, streamed.join('')),
    ]
  })
  summary = await market.day(() => undefined, undefined, planter.around)
  proofs = await proofReport(market, () => undefined)
})

after(async () => {
  watching.abort()
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

/** All that anybody is told who asks. */
async function openAnswers(url: string): Promise<string> {
  const paths = ['market', 'intervals?zone=0', 'participants', 'conservation', 'health']
  const each = Array.from({ length: intervals }, (_, n) => `intervals/0/${first + n}`)
  const texts: string[] = []
  for (const path of [...paths, ...each, 'openapi.json', 'metrics']) {
    texts.push(await (await fetch(`${url}/v1/${path}`)).text())
  }
  texts.push(await (await fetch(`${url}/metrics`)).text())
  return texts.join('\n')
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
  test('nowhere before the gate', () => deepEqual(foundBeforeGate, []))

  test('found where it is, so that this search finds anything', async () => {
    const auditor = await planter.as(companies.auditor)
    const [{ kept } = { kept: undefined }] = planter.losers
    const openings = await auditor.auditOpenings(0, kept?.interval ?? 0)
    const names = found(needles, JSON.stringify(openings))
    deepEqual(names, [
      'loser 0: limit in decimal',
      'loser 0: salt in hex',
      'loser 1: limit in decimal',
      'loser 1: salt in hex',
    ])
    for (const needle of needles) {
      deepEqual(found([needle], Buffer.concat([Buffer.alloc(3), needle.bytes])), [needle.name])
    }
  })

  test('in no answer to anybody else', async () => {
    const { url } = market.server
    const texts = [await openAnswers(url)]
    const others = plantedDay.district.sites.slice(2, 5).map(({ name }) => name)
    for (const name of [...others, companies.retailer, companies.bank, companies.gridOperator]) {
      const client = await planter.as(name)
      const account = planter.account(name)
      texts.push(JSON.stringify(await client.account(account)))
      texts.push(JSON.stringify(await client.statement(account)))
      for (const { kept } of planter.losers) {
        const { interval, commitment } = kept
        // Who has no meter has no interval either: then the refusal is what is searched.
        const own = await client.accountInterval(account, interval).catch(String)
        texts.push(JSON.stringify(own))
        const refused = await Promise.allSettled([
          client.orderPath({ zone: 0, interval, commitment }),
          client.auditOpenings(0, interval),
          client.claimProving(),
        ])
        deepEqual(
          refused.map(({ status }) => status),
          ['rejected', 'rejected', 'rejected'],
        )
        texts.push(...refused.map((one) => String('reason' in one ? one.reason : '')))
      }
    }
    deepEqual(found(needles, texts.join('\n')), [])
  })

  test('in no event, log, file or table, and nowhere on the chain', async () => {
    const { intervalSeconds } = plantedDay.rulebook
    stateHash = await market.stop()
    ok(streamed.join('').includes('interval_proven') && said.length > 0)
    deepEqual(found(needles, streamed.join('')), [])
    deepEqual(found(needles, said.join('\n')), [])
    deepEqual(foundInFiles(needles, dataDir), [])
    const { differences } = await verifyMarket({ dataDir })
    deepEqual(differences, [])
    const tables = await tablesOf(join(dataDir, 'store'))
    ok(tables.size >= 3 && [...tables.values()].some((text) => text.includes('open_orders')))
    for (const [table, text] of tables) deepEqual(found(needles, text), [], table)
    const chain = await chainRecord(dataDir, plantedDay.name, intervalSeconds)
    ok(chain.transactions > 3 * intervals && chain.logs > 3 * intervals)
    deepEqual(found(needles, chain.text), [])
  })
})

const memberNames = ['operator', 'retailer', 'regulator'] as const

let opened: { readonly place: Place; readonly shares: readonly Held[] } | undefined

type Place = { readonly chainId: number; readonly intervalLog: string }
type Held = { readonly member: string; readonly index: number; readonly share: string }

/** The members' shares, and where the market is. */
function sharesOf(): NonNullable<typeof opened> {
  if (opened !== undefined) return opened
  const folder = join(dataDir, 'committee')
  const secret = readFileSync(join(folder, 'passphrase-development-not-secure'), 'utf8').trim()
  const file = readFileSync(join(folder, 'operator/member.json'), 'utf8')
  const place = (JSON.parse(file) as { readonly market: Place }).market
  const shares = memberNames.map((member): Held => {
    const [held] = KeyFile.open(join(folder, member), secret).secrets.shares
    if (held === undefined) throw new Error(`${member} has no share`)
    return { member, index: held.index, share: held.share }
  })
  opened = { place, shares }
  return opened
}

/** What each member signs for an interval, and the joint signature that two of them make. */
function signaturesOf(interval: number) {
  const { place, shares } = sharesOf()
  const label = labelOf({ ...place, zone: 0, interval })
  const partials = shares.map(({ member, index, share }) => ({
    ...{ member, index },
    partial: signShare(share, label),
  }))
  return { partials, joint: combine(2, partials.slice(0, 2)) }
}

const signatureNeedles = ({ partials, joint }: ReturnType<typeof signaturesOf>): Needle[] =>
  [...partials.map(({ member, partial }) => [member, partial]), ['two', joint]].flatMap(
    ([name, signature = '']) => {
      const bytes = Buffer.from(signature.slice(2), 'hex')
      return [
        { name: `signature of ${name}`, bytes },
        { name: `signature of ${name} in hex`, bytes: Buffer.from(bytes.toString('hex')) },
        {
          name: `signature of ${name} in base64`,
          bytes: Buffer.from(bytes.toString('base64').slice(0, 60)),
        },
      ]
    },
  )

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
      const { partials, joint } = signaturesOf(interval)
      // Nor does what opens another interval.
      const elsewhere = signaturesOf(interval === first ? first + 1 : first).joint
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

  test('what a member signed alone is in no table, and no signature on the chain', async () => {
    const tables = await tablesOf(join(dataDir, 'store'))
    const { intervalSeconds } = plantedDay.rulebook
    const chain = await chainRecord(dataDir, plantedDay.name, intervalSeconds)
    for (const interval of all) {
      const sought = signatureNeedles(signaturesOf(interval))
      const alone = sought.filter(({ name }) => !name.includes('of two'))
      for (const [table, text] of tables) deepEqual(found(alone, text), [], table)
      deepEqual(found(sought, chain.text), [])
    }
  })
})

type Sealed = {
  readonly interval: number
  readonly commitment: string
  readonly ciphertext: string
}
