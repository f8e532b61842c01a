/**
 * Goal: `busbar bill-network` starts what it says, where it says, and stops in order.
 * Method: the real program in a process of its own, started twice in one folder and spoken to as
 * its administrator and as a customer of its bank; wrong options in others.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { busbar } from '../testing/run-busbar.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-bill-network-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const program = fileURLToPath(new URL('../main.ts', import.meta.url))

type Ready = { readonly event: string; readonly url: string; readonly credentials: string }

describe('bill-network', () => {
  test('serves until whoever started it is gone, and goes on after that', async () => {
    for (const known of [0, 1]) {
      const place = ['--data-dir', join(folder, 'kept'), '--port', '0', '--json']
      const child = spawn(process.execPath, [program, 'bill-network', ...place], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: { ...process.env, BUSBAR_STOP_WITH_STDIN: '1' },
      })
      const ended = once(child, 'exit')
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
      const { event, url, credentials } = JSON.parse(line) as Ready
      equal(event, 'ready')
      const keys = JSON.parse(readFileSync(credentials, 'utf8')) as Record<string, string>
      const ask = async (path: string, key = '', body?: object): Promise<Response> =>
        await fetch(`${url}${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { authorization: `Bearer ${key}` },
          ...(body && { body: JSON.stringify(body) }),
        })
      equal((await ask('/admin/parties')).status, 401)
      const listed = await ask('/admin/parties', keys['adminKey'])
      equal(((await listed.json()) as { parties: unknown[] }).parties.length, known)
      const party = { name: 'a', institution: 'b', pays: 'late' }
      equal((await ask('/admin/parties', keys['adminKey'], party)).status, 200)
      equal((await ask('/bank/files', keys['adminKey'])).status, 401)
      deepEqual(await (await ask('/bank/files', keys['bankKey'])).json(), { files: [] })
      equal((await ask('/messages', '', {})).status, 400)
      child.stdin.end()
      deepEqual(await ended, [0, null])
    }
  })

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--misbehave', 'explode=0.5'], /explode=0\.5; it takes timeout, .*lose.* =0 to =1/],
    [['--clock', 'sun'], /real or market/],
    [['--port', '70000'], /65535/],
    [['--name', 'a b'], /1 to 100/],
    [['extra'], /no operand/],
  ]
  for (const [args, words] of wrong) {
    test(`does not take ${args.join(' ')}`, async () => {
      const place = ['--data-dir', join(folder, 'wrong')]
      const { code, out, err } = await busbar(['bill-network', ...place, ...args])
      deepEqual([code, out], [2, ''])
      match(err, words)
    })
  }
})
