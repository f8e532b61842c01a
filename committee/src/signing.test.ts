/**
 * Goal: a label is signed from its gate on and never before, for any timing of a market, by shares
 * that all members have confirmed, and not before it stands in the log.
 * Method: the signer alone with a clock that the test sets; a property over timings and moments;
 * a log whose last line a power cut has halved. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { labelOf, timelockReady, verificationKeyOf, verifyShare } from '@busbar/protocols/timelock'
import fc from 'fast-check'
import { marketClock } from './clock.ts'
import { configFrom } from './config.ts'
import { type HeldShare, KeyFile } from './key-file.ts'
import { LabelSigner, signingLogName } from './signing.ts'

await timelockReady()

const folder = mkdtempSync(join(tmpdir(), 'busbar-signing-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const share = `0x${'44'.repeat(32)}`
const key = verificationKeyOf(share)
const held: HeldShare = {
  plan: `0x${'33'.repeat(32)}`,
  index: 1,
  share,
  committee: {
    publicKey: key,
    threshold: 1,
    members: [{ index: 1, name: 'one', verificationKey: key }],
  },
  isConfirmed: true,
}
const keys = KeyFile.create(folder, 'a passphrase of some length', {
  signingSecret: `0x${'11'.repeat(32)}`,
  sealingSecret: `0x${'22'.repeat(32)}`,
})
const intervalLog = `0x${'ab'.repeat(20)}`

function signerWith(nowMs: number, intervalSeconds = 300, gateLeadSeconds = 60) {
  const market = { chainId: 31_337, intervalLog, intervalSeconds, gateLeadSeconds }
  const config = configFrom({ name: 'one', dataDir: folder, market, clock: 'market' })
  return new LabelSigner(config, keys, marketClock(nowMs), undefined)
}

const label = (interval: number): string =>
  labelOf({ chainId: 31_337, intervalLog, zone: 0, interval })

describe('a signer', () => {
  test('does not sign by a share that was not confirmed', async () => {
    keys.addShare({ ...held, isConfirmed: false })
    const refused = { kind: 'refused', reason: 'share_unknown' } as const
    deepEqual(await signerWith(10 ** 12).sign(label(1), key), refused)
    keys.addShare(held)
    const answer = await signerWith(10 ** 12).sign(label(1), key)
    equal(answer.kind === 'signed' && verifyShare(key, label(1), answer.partial), true)
  })

  test('signs from the gate on and not a millisecond before, for any timing', async () => {
    keys.addShare(held)
    const moments = fc.record({
      interval: fc.nat(10_000_000),
      intervalSeconds: fc.integer({ min: 1, max: 86_400 }),
      gateLeadSeconds: fc.integer({ min: 0, max: 86_400 }),
      offsetMs: fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -(10 ** 9), max: 10 ** 9 })),
    })
    await fc.assert(
      fc.asyncProperty(moments, async (moment) => {
        const { interval, intervalSeconds, gateLeadSeconds, offsetMs } = moment
        const gateMs = (interval * intervalSeconds - gateLeadSeconds) * 1_000
        const signer = signerWith(gateMs + offsetMs, intervalSeconds, gateLeadSeconds)
        const { kind, ...answer } = await signer.sign(label(interval), key)
        if (offsetMs >= 0) equal(kind, 'signed')
        else deepEqual(answer, { reason: 'gate_open', opensAtMs: gateMs })
      }),
      { numRuns: 60, ...seed },
    )
  })

  test('goes on with a log whose last line was halved, and logs each label once', async () => {
    // Beyond what the property before, which shares the log, may draw.
    const [seventh, eighth] = [10_000_007, 10_000_008]
    const path = join(folder, signingLogName)
    const first = signerWith(10 ** 15)
    await first.sign(label(seventh), key)
    await first.sign(label(seventh), key)
    const lines = readFileSync(path, 'utf8').split('\n').length
    appendFileSync(path, '{"at_ms":1,"clock":"market","label":"busbar/1/31337/')
    const second = signerWith(10 ** 15)
    equal(second.signedCount, first.signedCount)
    await second.sign(label(seventh), key)
    equal(readFileSync(path, 'utf8').split('\n').length, lines + 1)
    await second.sign(label(eighth), key)
    const [last = ''] = readFileSync(path, 'utf8').trim().split('\n').slice(-1)
    equal((JSON.parse(last) as { readonly label: string }).label, label(eighth))
    const third = signerWith(10 ** 15)
    equal(third.signedCount, second.signedCount)
  })
})
