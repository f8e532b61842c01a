/**
 * Goal: what an explanation rests on is asked for again only where what it explains has changed;
 * and it rests on the rules of its interval, whichever rules are those of now.
 * Method: sample evidence, and an exchange that answers what is asked first as it is told to and
 * refuses all else: whoever asks for more is known by that. And one that answers all that is asked
 * from the sample.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BusbarClient } from '@busbar/client'
import type { AccountInterval, PublicInterval } from '@busbar/protocols/api'
import { failing } from '../../testing/byte-changes.ts'
import { marketOf, sampleEvidence } from '../../testing/sample-evidence.ts'
import { checksOf } from './checks.ts'
import { readEvidence, readingKey, signedKey } from './evidence.ts'

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

const asked = {
  ...{ account: answer.account, interval: answer.interval, kept: [], market: marketOf('open') },
}

const again = (reader: BusbarClient): ReturnType<typeof readEvidence> =>
  readEvidence(reader, asked, undefined, before)

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
    await rejects(readEvidence(reader, asked), /asks for more/)
  })
})

/** Answers whatever an explanation of the sample asks for. */
function wholeExchange() {
  const { participant, gateways } = before.known
  const zone = before.zones.get(0)
  const { rulebook, rulebookHash: hash } = marketOf('open')
  let rulebooksAsked = 0
  const reader = {
    accountInterval: async () => answer,
    interval: async () => zone?.shown,
    participants: async () => ({ participants: [participant] }),
    meters: async () => ({
      meters: [...gateways].map(([meter, gateway]) => ({ meter, gateway })), nextFrom: null,
    }),
    orderProof: async ({ digest }: { digest: string }) => zone?.orderProofs.get(digest),
    postingProof: async (_: unknown, { run }: { run: number }) => zone?.postings.get(run),
    readingProof: async ({ meter }: { meter: number }, { run }: { run: number }) =>
      zone?.readings.get(readingKey(run, meter)),
    signatures: {
      order: async ({ digest }: { digest: string }) => zone?.words.get(digest),
      reading: async ({ meter, boundary }: { meter: number; boundary: number }) =>
        zone?.signed.get(signedKey(meter, boundary)),
    },
    operator: {
      rulebooks: async () => {
        rulebooksAsked += 1
        return { rulebooks: [{ fromInterval: 0, hash, rulebook }] }
      },
    },
  }
  return { reader: reader as unknown as BusbarClient, rulebooksAsked: () => rulebooksAsked }
}

describe('the rules of an interval', () => {
  test('are at hand while they are those of now', async () => {
    const { reader, rulebooksAsked } = wholeExchange()
    const found = await readEvidence(reader, asked)
    deepEqual(found, before)
    equal(rulebooksAsked(), 0)
  })

  test('are asked for when others have begun, and show the same', async () => {
    const { reader, rulebooksAsked } = wholeExchange()
    const market = marketOf('sealed')
    const found = await readEvidence(reader, { ...asked, market })
    equal(rulebooksAsked(), 1)
    deepEqual(found.known.rulebooks, before.known.rulebooks)
    deepEqual(checksOf(found, market), checksOf(before, marketOf('open')))
    deepEqual(failing(checksOf(found, market)), [])
  })

  test('that the exchange has never named are no rules', async () => {
    const { reader } = wholeExchange()
    const none = { operator: { rulebooks: async () => ({ rulebooks: [] }) } }
    const found = await readEvidence({ ...reader, ...none } as unknown as BusbarClient, {
      ...asked, market: marketOf('sealed'),
    })
    deepEqual(failing(checksOf(found, marketOf('sealed'))), ['rules-are-hash'])
  })
})
