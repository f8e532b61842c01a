/**
 * Goal: `leave` does one thing at a time, for one account, by the contract that it was told.
 * Method: command lines that are wrong; what it does on a chain is tried with a market of disputes.
 */
import { deepEqual } from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { busbar } from '../testing/run-busbar.ts'

const folder = mkdtempSync(join(tmpdir(), 'busbar-leave-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const key = join(folder, 'my.key')
writeFileSync(key, `0x${'11'.repeat(32)}`)

const chain = ['--node', 'http://127.0.0.1:1', '--key', key]

const wrong: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [[], /the number of one ACCOUNT/],
  [['2', ...chain], /the number of one ACCOUNT/],
  [['17', '18', ...chain], /the number of one ACCOUNT/],
  [['17', '--key', key], /--node is the URL/],
  [['17', '--node', 'http://127.0.0.1:1'], /--key names the file/],
  [['17', ...chain, '--house', '0x12'], /--house is 0x and 40 hex digits/],
  [['17', ...chain, '--claim', '--exit'], /one of --amount, --claim and --exit/],
  [['17', ...chain, '--amount', 'much'], /--amount is much/],
]
for (const [args, says] of wrong) {
  test(`is refused: leave ${args.join(' ').replaceAll(folder, '')}`, async () => {
    const { code, err } = await busbar(['leave', ...args])
    deepEqual([code, says.test(err)], [2, true], err)
  })
}
