/**
 * Goal: `busbar provider-simulator` starts what it says, where it says, and stops in order.
 * Method: the real program in a process of its own; the command alone for options that are wrong.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Credentials } from '@busbar/simulator/payments'
import { parse } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import type { Output } from '../command.ts'
import { providerSimulator } from '../commands/provider-simulator.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-provider-simulator-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

const silent: Output = {
  print: () => undefined,
  note: () => undefined,
  progress: () => undefined,
}

type Ready = { readonly event: string; readonly url: string; readonly credentials: string }

describe('provider-simulator', () => {
  test('serves payments until whoever started it is gone, and goes on after that', async () => {
    for (const status of [404, 200]) {
      const place = ['--data-dir', join(folder, 'kept'), '--port', '0', '--json']
      const child = spawn(process.execPath, [program, 'provider-simulator', ...place], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
      })
      const ended = once(child, 'exit')
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
      const { event, url, credentials } = JSON.parse(line) as Ready
      equal(event, 'ready')
      const { apiKey } = JSON.parse(readFileSync(credentials, 'utf8')) as Credentials
      const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': 'once' }
      equal((await fetch(`${url}/v1/holds/hold_1`, { headers })).status, status)
      const body = { amountMicros: 1, payer: 'a', payee: 'b', reference: 'r', expiresAt: 1 }
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      equal((await fetch(`${url}/v1/holds`, request)).status, 201)
      child.stdin.end()
      deepEqual(await ended, [0, null])
    }
  })

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--misbehave', 'explode=0.5'], /explode=0\.5; it takes timeout, .*lose.* =0 to =1/],
    [['--misbehave', 'timeout=2'], /timeout=2/],
    [['--misbehave', 'timeout'], /timeout; it takes/],
    [['--clock', 'sun'], /real or market/],
    [['--port', '70000'], /65535/],
    [['--webhook-url', 'http://example.org/'], /this machine only/],
    [['extra'], /no operand/],
  ]
  for (const [args, words] of wrong) {
    test(`does not take ${args.join(' ')}`, async () => {
      const place = ['--data-dir', join(folder, 'wrong'), '--port', '0']
      const values = parse([...place, ...args], providerSimulator.options)
      await rejects(providerSimulator.run(values, silent), (error) => {
        ok(error instanceof UsageError || error instanceof RangeError)
        return words.test(error.message)
      })
    })
  }
})
