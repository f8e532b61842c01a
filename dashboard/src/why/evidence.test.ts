/**
 * Goal: what an explanation rests on is asked for again only where what it explains has changed.
 * Method: sample evidence, and an exchange that answers what is asked first as it is told to and
 * refuses all else: whoever asks for more is known by that.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BusbarClient } from '@busbar/client'
import type { AccountInterval, PublicInterval } from '@busbar/protocols/api'
import { sampleEvidence } from '../../testing/sample-evidence.ts'
import { readEvidence } from './evidence.ts'

const before = sampleEvidence('open')
const { answer } = before

function exchange(change: {
  readonly answer?: Partial<AccountInterval>
  readonly shown?: Partial<PublicInterval>
}) {
  const asked: string[] = []
  const copy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value
  const known = {
    accountInterval: async () => {
      asked.push('account')
      return copy({ ...answer, ...change.answer })
    },
    interval: async (of: number) => {
      asked.push(`interval ${of}`)
      return copy({ ...before.zones.get(of)?.shown, ...change.shown })
    },
  }
  const reader = new Proxy(known, {
    get: (target, name) => Reflect.get(target, name) ?? (async () => {
      throw new Error('it asks for more')
    }),
  })
  return { asked, reader: reader as unknown as BusbarClient }
}

const again = (reader: BusbarClient): ReturnType<typeof readEvidence> =>
  readEvidence(reader, answer.account, answer.interval, [], undefined, before)

describe('an explanation', () => {
  test('stands where the account and everybody are told what they were', async () => {
    const { asked, reader } = exchange({})
    const found = await again(reader)
    deepEqual(asked, ['account', ...[...before.zones.keys()].map((one) => `interval ${one}`)])
    equal(found.zones, before.zones)
    deepEqual(found.answer, answer)
  })

  test('is read anew where either is told something else', async () => {
    await rejects(again(exchange({ answer: { netMicros: 1 } }).reader), /asks for more/)
    await rejects(again(exchange({ shown: { energyWh: 1 } }).reader), /asks for more/)
  })

  test('is read whole where nothing was known before', async () => {
    const { reader } = exchange({})
    await rejects(readEvidence(reader, answer.account, answer.interval, []), /asks for more/)
  })
})
