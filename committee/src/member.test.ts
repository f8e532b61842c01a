/**
 * Goal: members, as processes of their own, sign the labels of their market after the gate and
 * nothing else, make keys among them only with their owners' word, and survive being killed.
 * Method: a local committee on loopback with a market clock that the test sets; tables of labels
 * that are refused; SIGKILL and a start from the same disk; a node that says what is fixed.
 */
import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  combine,
  labelOf,
  planDigest,
  timelockReady,
  verifyShare,
  verifySignature,
} from '@busbar/protocols/timelock'
import {
  approvePlan,
  carryCeremony,
  createMember,
  KeyFile,
  type LocalCommittee,
  type LocalOptions,
  type MemberCard,
  planKey,
  planResharing,
  startLocalCommittee,
  startMember,
} from './index.ts'
import { signingLogName } from './signing.ts'

await timelockReady()

const folder = mkdtempSync(join(tmpdir(), 'busbar-committee-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const market = {
  chainId: 31_337,
  intervalLog: `0x${'ab'.repeat(20)}`,
  intervalSeconds: 300,
  gateLeadSeconds: 60,
}
const interval = 1_000
const gateMs = interval * 300_000 - 60_000
const parts = { chainId: 31_337, intervalLog: market.intervalLog, zone: 4, interval }
const label = labelOf(parts)

const passphrase = 'a passphrase of some length'
const names = ['operator', 'retailers', 'regulator'] as const

async function asked(url: string, path: string, body: object, headers = {}) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Readonly<Record<string, unknown>>
  return { status: response.status, answer }
}

/** Signatures of all members on a label. */
async function signed({ committee, urls }: LocalCommittee, text: string) {
  return Promise.all(
    committee.members.map(async ({ index, name, verificationKey }) => {
      const body = { label: text, verification_key: verificationKey }
      const { status, answer } = await asked(urls[name] ?? '', '/v1/partials', body)
      equal(status, 200)
      const partial = String(answer.partial)
      ok(verifyShare(verificationKey, text, partial))
      return { index, partial }
    }),
  )
}

describe('a committee of three processes', () => {
  const options: LocalOptions = {
    directory: join(folder, 'three'),
    names,
    threshold: 2,
    market,
    clock: 'market',
  }
  let local: LocalCommittee
  before(async () => {
    local = await startLocalCommittee(options)
  })
  after(() => local.stop())

  const keyOf = (name: string): string =>
    local.committee.members.find((member) => member.name === name)?.verificationKey ?? ''

  test('refuses a label before its gate, and signs it from the gate on', async () => {
    await local.advance(gateMs - 1)
    const body = { label, verification_key: keyOf('operator') }
    const early = await asked(local.urls.operator ?? '', '/v1/partials', body)
    deepEqual(early, { status: 409, answer: { code: 'gate_open', opens_at_ms: gateMs } })
    await local.advance(gateMs)
    const partials = await signed(local, label)
    const signature = combine(2, partials)
    ok(verifySignature(local.committee.publicKey, label, signature))
    equal(combine(2, partials.slice(1)), signature)
  })

  const refused: readonly (readonly [name: string, label: string, status: number, code: string])[] =
    [
      ['of another chain', labelOf({ ...parts, chainId: 1 }), 422, 'market_foreign'],
      [
        'of another contract',
        labelOf({ ...parts, intervalLog: `0x${'ac'.repeat(20)}` }),
        422,
        'market_foreign',
      ],
      ['of a later interval', labelOf({ ...parts, interval: interval + 1 }), 409, 'gate_open'],
      ['of the end of time', labelOf({ ...parts, interval: 2n ** 64n - 1n }), 409, 'gate_open'],
      ['that is another text', 'pay 100 to mallory', 400, 'label_malformed'],
      ['with a second spelling', label.replace('/4/', '/04/'), 400, 'label_malformed'],
      ['of another version', label.replace('busbar/1', 'busbar/2'), 400, 'label_malformed'],
    ]
  for (const [name, text, status, code] of refused) {
    test(`refuses a label ${name}`, async () => {
      await local.advance(gateMs)
      const body = { label: text, verification_key: keyOf('operator') }
      const reply = await asked(local.urls.operator ?? '', '/v1/partials', body)
      equal(reply.status, status)
      equal(reply.answer.code, code)
    })
  }

  test('signs by its own shares only', async () => {
    const body = { label, verification_key: keyOf('regulator') }
    const reply = await asked(local.urls.operator ?? '', '/v1/partials', body)
    deepEqual(reply, { status: 404, answer: { code: 'share_unknown' } })
  })

  test('lets nobody without the token set its clock, and says that it is not secure', async () => {
    const url = local.urls.operator ?? ''
    for (const authorization of ['', 'Bearer', `Bearer ${'0'.repeat(48)}`]) {
      const body = { now_ms: gateMs * 2 }
      equal((await asked(url, '/v1/clock', body, { authorization })).status, 401)
    }
    const health = (await (await fetch(`${url}/v1/health`)).json()) as Record<string, unknown>
    equal(health.now_ms, gateMs)
    match(String(health.warning), /not secure/)
  })

  test('answers what is no request with a code', async () => {
    const url = local.urls.operator ?? ''
    equal((await asked(url, '/v1/partials', {})).answer.code, 'body_malformed')
    equal((await asked(url, '/v1/partials', [])).answer.code, 'body_malformed')
    equal((await asked(url, '/v1/nothing', {})).status, 404)
    const unknown = `/v1/ceremonies/0x${'00'.repeat(32)}`
    equal((await asked(url, `${unknown}/begin`, {})).answer.code, 'plan_not_approved')
    equal((await asked(url, `${unknown}/deal`, { messages: [] })).answer.code, 'ceremony_unknown')
    const text = await fetch(`${url}/v1/partials`, { method: 'POST', body: '{' })
    equal(text.status, 400)
  })

  test('goes on from its disks after all were killed', async () => {
    await local.advance(gateMs)
    const before = await signed(local, label)
    const { committee } = local
    await Promise.all(local.members.map((member) => member.kill()))
    local = await startLocalCommittee(options)
    deepEqual(local.committee, committee)
    await local.advance(gateMs)
    deepEqual(await signed(local, label), before)
    const log = readFileSync(join(options.directory, 'operator', signingLogName), 'utf8')
    const lines = log.trim().split('\n')
    equal(lines.length, 1)
    match(lines[0] ?? '', new RegExp(`"clock":"market","label":"${label}"`))
  })

  test('does not start with another passphrase, and says so', async () => {
    const program = fileURLToPath(new URL('./main.ts', import.meta.url))
    const config = join(options.directory, 'operator', 'member.json')
    const child = spawn(process.execPath, [program, config], {
      env: {
        ...process.env,
        BUSBAR_COMMITTEE_PASSPHRASE: 'not the passphrase',
        BUSBAR_COMMITTEE_CLOCK_TOKEN: '0'.repeat(32),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()))
    const [code] = await once(child, 'close')
    equal(code, 2)
    match(words, /COMMITTEE_SHARE_LOCKED/)
  })
})

describe('a local committee', () => {
  test('that was killed before it had its key makes one at the next start', async () => {
    const directory = join(folder, 'early')
    const options: LocalOptions = { directory, names, threshold: 3, market, clock: 'real' }
    const first = await startLocalCommittee(options)
    await Promise.all(first.members.map((member) => member.kill()))
    // As if the last step of the first start had not happened.
    rmSync(join(directory, 'committee.json'))
    const second = await startLocalCommittee(options)
    notEqual(second.committee.publicKey, first.committee.publicKey)
    ok(verifySignature(second.committee.publicKey, label, combine(3, await signed(second, label))))
    await second.stop()
  })
})

describe('ceremonies between members', () => {
  type Started = { readonly card: MemberCard; readonly dataDir: string; readonly url: string }
  const stops: (() => Promise<void>)[] = []
  after(async () => {
    for (const stop of stops) await stop()
  })

  async function started(name: string): Promise<Started & { stop: () => Promise<void> }> {
    const dataDir = join(folder, name)
    const card = createMember(dataDir, name, passphrase)
    const config = { name, host: '127.0.0.1', port: 0, dataDir, market, chainUrl: null }
    const member = await startMember({ ...config, clock: 'real' }, { passphrase })
    stops.push(member.stop)
    const stop = async (): Promise<void> => {
      stops.splice(stops.indexOf(member.stop), 1)
      await member.stop()
    }
    return { card, dataDir, url: member.url, stop }
  }

  const urlsOf = (some: readonly Started[]): Record<string, string> =>
    Object.fromEntries(some.map(({ card, url }) => [card.name, url]))

  test('make, hand on and replace a key, each with the word of its owner', async () => {
    const first = [await started('a'), await started('b'), await started('c')]
    const plan = planKey(
      first.map(({ card }) => card),
      2,
    )
    const urls = urlsOf(first)
    await rejects(carryCeremony(plan, urls), /COMMITTEE_CEREMONY_FAILED.*plan_not_approved/)
    for (const { dataDir } of first) equal(approvePlan(dataDir, plan), planDigest(plan))
    const made = await carryCeremony(plan, urls)
    deepEqual([made.disqualified, made.absent], [{}, []])
    await rejects(carryCeremony(plan, urls), /ceremony_over/)

    const fresh = [await started('d'), await started('e')]
    const next = [first[1]!, ...fresh]
    const handing = planResharing(
      made.committee,
      first.map(({ card }) => card),
      next.map(({ card }) => card),
      3,
    )
    for (const { dataDir } of [...first, ...fresh]) approvePlan(dataDir, handing)
    await first[0]!.stop()
    const handed = await carryCeremony(handing, urlsOf([...first, ...fresh]))
    deepEqual(handed.absent, ['a'])
    deepEqual(handed.disqualified, { a: 'absent' })
    equal(handed.committee.publicKey, made.committee.publicKey)
    equal(handed.committee.threshold, 3)

    // Real clocks, so an interval of long ago: the member that stays signs by both of its shares.
    const sign = async (url: string, key: string) =>
      (await asked(url, '/v1/partials', { label, verification_key: key })).answer
    const partials = await Promise.all(
      handed.committee.members.map(async ({ index, name, verificationKey }) => {
        const url = urlsOf(next)[name] ?? ''
        return { index, partial: String((await sign(url, verificationKey)).partial) }
      }),
    )
    ok(verifySignature(made.committee.publicKey, label, combine(3, partials)))
    const stale = made.committee.members[1]?.verificationKey ?? ''
    notEqual((await sign(first[1]!.url, stale)).partial, undefined)

    const again = planKey(
      next.map(({ card }) => card),
      2,
    )
    for (const { dataDir } of next) approvePlan(dataDir, again)
    await fresh[0]!.stop()
    await rejects(carryCeremony(again, urlsOf(next)), /COMMITTEE_CEREMONY_FAILED.*absent/)

    await first[1]!.stop()
    const keys = KeyFile.open(first[1]!.dataDir, passphrase)
    equal(keys.retire(handed.committee.members.map(({ verificationKey }) => verificationKey)), 1)
  })
})

describe('a member that looks at the chain', () => {
  test('signs only what is fixed there, and nothing without its node', async () => {
    let status = 0
    let chainId = 31_337
    const calls: string[] = []
    const node = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => {
        const { method, params } = JSON.parse(chunk.toString()) as {
          method: string
          params: readonly { readonly to: string; readonly data: string }[]
        }
        if (method === 'eth_call') calls.push(`${params[0]?.to} ${params[0]?.data}`)
        const result = method === 'eth_chainId' ? chainId : status
        response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result: `0x${result.toString(16)}` }))
      })
    })
    node.listen(0, '127.0.0.1')
    await once(node, 'listening')
    const chainUrl = `http://127.0.0.1:${(node.address() as AddressInfo).port}`
    const dataDir = join(folder, 'alone')
    const card = createMember(dataDir, 'alone', passphrase)
    const config = { name: 'alone', host: '127.0.0.1', port: 0, dataDir, market, chainUrl }
    const member = await startMember({ ...config, clock: 'real' }, { passphrase })
    const plan = planKey([card], 1)
    approvePlan(dataDir, plan)
    const { committee } = await carryCeremony(plan, { alone: member.url })
    const body = { label, verification_key: committee.publicKey }
    const reply = () => asked(member.url, '/v1/partials', body)

    deepEqual(await reply(), { status: 409, answer: { code: 'orders_not_fixed' } })
    const data = `${'4'.padStart(64, '0')}${(1_000).toString(16).padStart(64, '0')}`
    match(calls[0] ?? '', new RegExp(`^${market.intervalLog} 0x[0-9a-f]{8}${data}$`))
    chainId = 1
    deepEqual(await reply(), { status: 503, answer: { code: 'chain_unreachable' } })
    chainId = 31_337
    status = 1
    const { status: http, answer } = await reply()
    equal(http, 200)
    ok(verifySignature(committee.publicKey, label, String(answer.partial)))
    node.close()
    node.closeAllConnections()
    equal((await reply()).status, 200)
    const next = { ...body, label: labelOf({ ...parts, interval: 999 }) }
    equal((await asked(member.url, '/v1/partials', next)).answer.code, 'chain_unreachable')
    await member.stop()
  })
})
