/**
 * Goal: an account that has signed anything at all is never taken for one that nobody is behind,
 * whether the journal has that word or not.
 * Method: a small market with real signatures; each kind of word that stands in no journal, and
 * then a link of the retailer's desk.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import { deskDelaySeconds } from '@busbar/core/exchange'
import {
  accessDigest,
  instructionDigest,
  publicKeyOf,
  webhookDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { signNamed } from '@busbar/protocols/named-keys'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { accountOf, signedBy, SmallMarket } from '../testing/small-market.ts'
import { recordFirstWord } from './first-word.ts'
import type { NoticeDelivery } from './notices/notice-delivery.ts'
import { WebhookDesk } from './notices/webhook-desk.ts'

const account = accountOf('alice')
const untilMs = 2_000_000_000_000
const secret = new Uint8Array(32).fill(9)
const phone = new TestDevice(1)

function reads(market: SmallMarket, name: 'alice' | 'retailer', by: string = name): void {
  const digest = accessDigest(market.domain, { account: accountOf(name), until: untilMs })
  const signature = signedBy(by, digest)
  market.intake.authenticate({ account: accountOf(name), untilMs, signature })
}

/** What the desk's link registers for alice: how long it waits, and whether money leaves by it. */
async function joined(market: SmallMarket): Promise<readonly [waits: number, money: boolean]> {
  const host = 'busbar.example'
  await market.instruct('retailer', 'issue_join_code', {
    ...{ participant: account, publicKey: bytesToHex(publicKeyOf(secret)), host },
    untilMs: market.now + 3_600_000,
  })
  const content = {
    ...{ participant: account, publicKey: bytesToHex(phone.publicKey), host, label: 'phone' },
    credentialId: phone.credentialId,
  }
  const instruction = { id: market.id(), account, kind: 'register_passkey' as const, content }
  const text = { ...instruction, content: canonicalJson(content) }
  const signed = signNamed('join', secret, instructionDigest(market.domain, text))
  await market.intake.instructions([{ ...instruction, signature: bytesToHex(signed) }])
  const passkey = market.state.passkeys.get(content.publicKey)
  return [((passkey?.signsFrom ?? 0) - market.now) / 1_000, passkey?.ownWord ?? false]
}

/** Alice says where her notices are to be brought, by her registered key. */
async function webhook(market: SmallMarket): Promise<void> {
  const desk = new WebhookDesk({
    ...{ stateOf: () => market.state, domain: market.domain, market: 'small' },
    ...{ verifier: pureVerifier(), book: market.store.notices, wallClock: () => market.now },
    sender: { objection: () => undefined, send: async () => ({ status: 204 }) } as never,
    delivery: { lineOf: () => undefined, set: () => undefined } as unknown as NoticeDelivery,
    onWord: (heard) => recordFirstWord(market.lane, heard),
  })
  const url = 'https://alice.example/'
  const word = { id: market.id(), account, url, after: 0, issuedAt: market.now }
  const answer = await desk.submit({
    ...word, signature: signedBy('alice', webhookDigest(market.domain, word)),
  })
  equal(answer.kind, 'taken')
}

type Row = readonly [what: string, arrange: (market: SmallMarket) => unknown, isNew: boolean]

const rows: readonly Row[] = [
  ['nothing', () => undefined, true],
  ['a credential that another key signed', (m) => reads(m, 'alice', 'bob'), true],
  ['a credential', (m) => reads(m, 'alice'), false],
  ['a webhook', webhook, false],
]

describe('the desk’s link, where the account has signed', () => {
  for (const [what, arrange, isNew] of rows) {
    test(`${what}: ${isNew ? 'speaks at once' : 'waits, and lets no money leave'}`, async () => {
      const market = await SmallMarket.open()
      await arrange(market)
      deepEqual(await joined(market), isNew ? [0, true] : [deskDelaySeconds, false])
    })
  }
})

test('the journal says so once, of accounts that have a desk', async () => {
  const market = await SmallMarket.open()
  const { sequence } = market.state
  for (const name of ['alice', 'alice', 'retailer'] as const) reads(market, name)
  equal(market.state.sequence, sequence + 1)
})
