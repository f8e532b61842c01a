/**
 * Goal: with the command line alone an account reads what it was told, has it brought to a server
 * of its own, sees that the operator has signed it, and has it brought again; and what is forged,
 * or asked in the wrong words, is refused and changes nothing.
 * Method: a real server; what is brought comes to `busbar webhook listen` in a process of its own,
 * and to a caller that forges.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { addressOf, publicKeyOf } from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { noticeSignatureHeader } from '@busbar/protocols/notices'
import { RunningBusbar } from '../testing/running-busbar.ts'
import { startMs, TradeWorld } from '../testing/trade-world.ts'

const world = new TradeWorld()
const running: RunningBusbar[] = []

type Told = {
  readonly sequence: number
  readonly subject: string
  readonly kind: string
  readonly data: { readonly what?: string; readonly relation?: string }
}
type List = { readonly last_sequence: number; readonly notices: readonly Told[] }
type Line = { readonly event: string; readonly again: boolean; readonly notice: Told }
type Shown = Readonly<Record<'url' | 'last_error', string>> &
  Readonly<Record<'after' | 'last_sequence' | 'waiting' | 'failures', number>>

const at = (interval: number): string => new Date(startMs + interval * 900_000).toISOString()
const terms = ['--energy', '100Wh', '--price', '0.30', '--from', at(4), '--intervals', '4']

function start(...args: readonly string[]): RunningBusbar {
  const made = new RunningBusbar([...args, '--server', world.url, '--json'])
  running.push(made)
  return made
}

const linesOf = (lines: readonly string[]): readonly Line[] =>
  lines.map((line) => JSON.parse(line) as Line)

const shown = (): Promise<Shown> => world.json<Shown>('south', 'webhook', 'show')

before(async () => {
  await world.start()
  await world.agreed('alice', 'bob', ...terms)
})
after(async () => {
  for (const one of running) await one.stop()
  await world.end()
})

describe('notices', () => {
  test('are read by each as far as it is told', async () => {
    const south = await world.json<List>('south', 'notices')
    deepEqual(
      south.notices.map(({ sequence, subject, kind, data }) => [
        sequence, subject, kind, data.what, data.relation,
      ]),
      [
        [1, 'agreement/1', 'agreement_recorded', undefined, undefined],
        [2, 'trade/1', 'trade_changed', 'agreed', 'retailer'],
      ],
    )
    equal(south.last_sequence, 2)
    const { out } = await world.as('south', 'notices', '--last', '2')
    match(out, /a bilateral agreement binds north \(5\) and south \(6\) from 1970-01-01T00:00Z on/)
    match(out, /agreed; a customer of yours is a side of it$/)
    const bob = await world.as('bob', 'notices')
    match(bob.out, /notice +at +about +what\n +1 .+Z +trade\/1 +invited; you are a side of it\n/)
    match(bob.out, / +2 .+Z +trade\/1 +agreed; you are a side of it$/)
    match((await world.as('grid', 'notices')).out, /agreed; it goes over your wires/)
    match((await world.as('bank', 'notices')).out, /There is no notice for bank behind notice 0/)
  })

  test('are read from one on, or the newest of them', async () => {
    const sequences = async (...args: readonly string[]) =>
      (await world.json<List>('bob', 'notices', ...args)).notices.map(({ sequence }) => sequence)
    deepEqual(await sequences('--after', '0'), [1, 2])
    deepEqual(await sequences('--after', '1'), [2])
    deepEqual(await sequences('--after', '2'), [])
    deepEqual(await sequences('--last', '1'), [2])
    const both = await world.as('bob', 'notices', '--after', '1', '--last', '1')
    deepEqual([both.code, /one of them is enough/.test(both.err)], [2, true])
  })

  test('are followed as they come', async () => {
    const key = ['--as', 'grid', '--key', world.file('grid.key')]
    const follow = start('notices', ...key, '--follow', '--after', '0')
    await follow.until((lines) => lines.length === 1)
    await world.agreed('alice', 'carol', ...terms)
    const lines = await follow.until((found) => found.length === 2)
    const subjects = lines.map((line) => (JSON.parse(line) as Told).subject)
    deepEqual(subjects, ['trade/1', 'trade/2'])
    equal(await follow.stop(), 0)
  })
})

describe('a webhook', () => {
  test('is nowhere before it is set', async () => {
    equal((await shown()).url, '')
    match((await world.as('south', 'webhook', 'show')).out, /are brought nowhere/)
    const { code, err } = await world.as('south', 'webhook', 'replay', '1')
    deepEqual([code, /there is no webhook/.test(err)], [2, true])
  })

  test('brings what was told before and what comes, signed, and once more', async () => {
    const listening = start('webhook', 'listen', '--as', 'south', '--port', '0')
    const [ready = ''] = await listening.until((lines) => lines.length === 1)
    const { url, operator } = JSON.parse(ready) as { readonly url: string; operator: string }
    const key = hexToBytes(readFileSync(world.file('chain.key'), 'utf8').trim(), 32, 'key')
    equal(operator, addressOf(publicKeyOf(key)))
    deepEqual((await world.json('south', 'webhook', 'set', url, '--after', '0')).after, 0)
    await listening.until((lines) => lines.length === 4)
    await world.agreed('alice', 'bob', ...terms)
    const lines = await listening.until((found) => found.length === 5)
    const brought = (some: readonly string[]) =>
      linesOf(some).map(({ event, again, notice }) => [event, again, notice.sequence]).sort()
    const of = (again: boolean, ...sequences: readonly number[]) =>
      sequences.map((sequence) => ['notice', again, sequence])
    // Of different subjects, in any sequence.
    deepEqual(brought(lines.slice(1)), of(false, 1, 2, 3, 4))
    const told = await world.as('south', 'webhook', 'replay', '3')
    match(told.out, /Notices 3 to 4 are brought to http:.+ again/)
    const more = await listening.until((found) => found.length === 7)
    deepEqual(brought(more.slice(5)), of(true, 3, 4))
    for (let turn = 0; (await shown()).waiting > 0 && turn < 100; turn += 1) await pause()
    const { url: to, after: behind, waiting, failures } = await shown()
    deepEqual([to, behind, waiting, failures], [url, 2, 0, 0])
    equal(await listening.stop(), 0)
  })

  test('that leads nowhere says what is wrong, and ends by its word', async () => {
    await world.json('south', 'webhook', 'set', 'http://127.0.0.1:9/', '--after', '3')
    for (let turn = 0; (await shown()).failures === 0 && turn < 200; turn += 1) await pause()
    const text = (await world.as('south', 'webhook', 'show')).out
    match(text, /brought to +http:\/\/127\.0\.0\.1:9\/\n[\s\S]+waiting +1\n/)
    match(text, /what is wrong +\S/)
    const ended = await world.json('south', 'webhook', 'remove')
    deepEqual([ended.url, ended.was], ['', 'http://127.0.0.1:9/'])
    equal((await shown()).url, '')
    equal((await world.json('south', 'webhook', 'remove')).was, '')
  })

  const rows: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['an address that is none', ['set', 'ftp://127.0.0.1/'], 3, /field_invalid: url/],
    ['no address', ['set'], 2, /URL is missing/],
    ['an empty one', ['set', ''], 2, /webhook remove/],
    ['behind what is not told yet', ['set', 'http://127.0.0.1:9/', '--after', '99'], 3, /after/],
    ['a notice that is none', ['replay', '0'], 2, /there is no webhook/],
    ['another task', ['send'], 2, /takes one of show, set, remove, replay, listen/],
    ['a port that is none', ['listen', '--port', '70000'], 2, /--port is 70000/],
    ['an operator that is none', ['listen', '--operator', '0x12'], 2, /--operator is the address/],
  ]
  for (const [what, args, code, told] of rows) {
    test(`is refused with ${what}`, async () => {
      const before = await shown()
      const answer = await world.as('south', 'webhook', ...args)
      deepEqual([answer.code, told.test(answer.err)], [code, true], answer.err)
      deepEqual(await shown(), before)
    })
  }

  test('is set by nobody else’s key', async () => {
    const key = ['--as', 'south', '--key', world.file('north.key'), '--server', world.url]
    const { code, err } = await world.busbar('webhook', 'set', 'http://127.0.0.1:9/', ...key)
    deepEqual([code, /is not the key of south/.test(err)], [2, true])
  })

  test('is no place to forge: what the operator has not signed is refused', async () => {
    const listening = start('webhook', 'listen', '--as', 'bob', '--port', '0', '--count', '1')
    const [ready = ''] = await listening.until((lines) => lines.length === 1)
    const { url } = JSON.parse(ready) as { readonly url: string }
    const signature = `t=${Date.now()},v1=0x${'11'.repeat(64)}1b`
    const post = async (body: string, header?: string): Promise<number> => {
      const headers = header === undefined ? {} : { [noticeSignatureHeader]: header }
      return (await fetch(url, { method: 'POST', body, headers })).status
    }
    equal((await fetch(url)).status, 405)
    equal(await post('{}'), 401)
    equal(await post('{}', signature), 401)
    equal(await post('{}', 't=1'), 401)
    equal(await post('x'.repeat(70_000), signature), 400)
    await world.json('bob', 'webhook', 'set', url, '--after', '0')
    equal(await listening.ended(), 1)
    const events = linesOf(listening.lines).map(({ event }) => event)
    deepEqual(events.slice(0, 5), ['ready', 'refused', 'refused', 'refused', 'refused'])
    ok(events.slice(5).includes('notice'))
    await world.json('bob', 'webhook', 'remove')
  })
})

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))
