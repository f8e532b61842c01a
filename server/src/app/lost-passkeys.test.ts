/**
 * Goal: a device that the desk was told is lost reads what waits in its place and objects to it,
 * and by the same signatures nothing else; who decides about it is told.
 * Method: devices in software on a small market with real signatures, its journal judged again.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalJson } from '@busbar/core/encoding'
import { apply, type Command, deskDelaySeconds, emptyState } from '@busbar/core/exchange'
import { passkeyIn } from '@busbar/core/registry'
import {
  accessDigest,
  instructionDigest,
  orderDigest,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { contentOf, said } from '../testing/passkey-words.ts'
import { accountOf, SmallMarket } from '../testing/small-market.ts'
import { signatureFault } from './audit/signature-check.ts'

const account = accountOf('alice')
const phone = new TestDevice(1)

/** How many words by passkeys an audit of the journal finds, each of them right. */
function checked(market: SmallMarket): number {
  const state = emptyState()
  let found = 0
  for (const { body, sequence, at } of market.store.entries) {
    const command = JSON.parse(body) as Command
    equal(signatureFault(command, state, market.domain, pureVerifier()), undefined)
    if ('signature' in command && passkeyIn(command.signature) !== undefined) found += 1
    equal(apply(state, { sequence, at, command }, market.engine).outcome.kind, 'accepted')
  }
  deepEqual(state, market.state)
  return found
}

describe('a passkey that the desk was told is lost', () => {
  const untilMs = 2_000_000_000_000
  const publicKey = bytesToHex(phone.publicKey)
  const another = new TestDevice(2)

  /** The desk is told that alice's phone is lost, and registers another device. */
  async function lost(): Promise<SmallMarket> {
    const market = await SmallMarket.open()
    await market.instruct('alice', 'register_passkey', contentOf(phone))
    await market.instruct('retailer', 'revoke_passkey', { publicKey })
    await market.instruct('retailer', 'register_passkey', contentOf(another, { label: 'another' }))
    return market
  }

  const reads = (market: SmallMarket) => {
    const digest = accessDigest(market.domain, { account, until: untilMs })
    return market.intake.authenticate({
      account, untilMs, signature: bytesToHex(phone.sign(digest)),
    })
  }

  async function objected(market: SmallMarket, device = another): Promise<string> {
    const kind = 'revoke_passkey' as const
    const content = { publicKey: bytesToHex(device.publicKey) }
    const instruction = { id: market.id(), account, kind, content }
    const text = { ...instruction, content: canonicalJson(content) }
    const signature = bytesToHex(phone.sign(instructionDigest(market.domain, text)))
    return said(await market.intake.instructions([{ ...instruction, signature }]))
  }

  test('reads what it may object to, and signs nothing more', async () => {
    const market = await lost()
    const { roles, objection } = reads(market) ?? {}
    deepEqual([roles, objection?.until], [[], market.now + deskDelaySeconds * 1_000])
    deepEqual(objection?.passkeys.map(({ label }) => label), ['another'])
    const order = market.order('alice')
    const ordered = bytesToHex(phone.sign(orderDigest(market.domain, order)))
    const answer = await market.intake.orders([{ ...order, signature: ordered }])
    equal(said(answer), 'passkey_unknown signature')
    const money = market.withdrawal('alice', 1_000)
    const asked = bytesToHex(phone.sign(withdrawalDigest(market.domain, money)))
    const paid = await market.intake.withdrawals([{ ...money, signature: asked }])
    equal(said(paid), 'passkey_unknown signature')
    equal(await objected(market, phone), 'passkey_unknown signature')
  })

  test('objects, as a journal that is checked shows, until an authority ends it', async () => {
    const market = await lost()
    equal(await objected(market), 'accepted')
    equal(reads(market)?.objection?.until, null)
    equal(checked(market), 1)
    await market.instruct('operator', 'revoke_passkey', { publicKey })
    equal(reads(market), undefined)
    equal(await objected(market), 'signature_invalid signature')
  })

  test('is told of what the desk asked, and of its own objection those who decide', async () => {
    const market = await lost()
    await objected(market)
    const told = async (name: Parameters<typeof accountOf>[0]) =>
      (await market.store.notices.list(accountOf(name), 0, 100))
        .filter(({ kind }) => /passkey|objection/.test(kind))
        .map(({ kind, body }) => (body.includes('"mayObject":true') ? `${kind}, may object` : kind))
    deepEqual(await told('alice'), [
      ...['passkey_registered', 'passkey_revoked, may object', 'passkey_registered'],
      ...['objection_raised', 'passkey_revoked'],
    ])
    deepEqual(await told('retailer'), ['objection_raised'])
    deepEqual(await told('operator'), ['objection_raised'])
  })
})
