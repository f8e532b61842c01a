/**
 * Goal: only what its signer's registered key signed, over exactly the fields that came, is
 * applied.
 * Method: real signatures on a small market; each is then made for something else than what comes.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  accessDigest,
  createDomain,
  orderDigest,
  signDigest,
  signDigestP256,
} from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { accountOf, keysOf, signedBy, SmallMarket } from '../testing/small-market.ts'
import { Intake, ownsItsAddress } from './intake.ts'
import type { SignedOrder, Submission } from './ports/exchange-service.ts'

const reasonOf = (answer: Submission | undefined): string =>
  answer?.kind === 'rejected' ? answer.reason : (answer?.kind ?? 'none')

const market = await SmallMarket.open()

async function placed(order: SignedOrder): Promise<string> {
  const [answer] = await market.intake.orders([order])
  return reasonOf(answer)
}

describe('an order', () => {
  test('is known by the digest of its fields, whatever digest comes with it', async () => {
    const order = market.order('alice')
    const named = { ...order, digest: `0x${'0'.repeat(64)}` }
    const [answer] = await market.intake.orders([named])
    const digest = bytesToHex(orderDigest(market.domain, order))
    equal(answer?.kind === 'accepted' && answer.digest, digest)
    const entry = market.store.entries.at(-1)
    equal((JSON.parse(entry?.body ?? '') as { digest: string }).digest, digest)
  })

  const changes: readonly Partial<SignedOrder>[] = [
    { id: `0x${'f'.repeat(32)}` },
    { meter: 1 },
    { interval: market.order('alice').interval + 1 },
    { side: 'buy' },
    { energyWh: 99 },
    { limitMicrosPerKwh: 99_990 },
  ]
  for (const change of changes) {
    test(`is refused with another ${Object.keys(change).join()} than was signed`, async () => {
      equal(await placed({ ...market.order('alice'), ...change }), 'signature_invalid')
    })
  }

  test('is refused where the key of another signed it', async () => {
    const order = market.order('alice')
    const signature = signedBy('bob', orderDigest(market.domain, order))
    equal(await placed({ ...order, signature }), 'signature_invalid')
    equal(await placed({ ...order, account: accountOf('bob') }), 'signature_invalid')
  })

  test('is refused where it was signed for another market, chain or contract', async () => {
    const order = market.order('alice')
    const { chainId, verifyingContract } = market.domain
    const places = [
      { market: 'other', chainId, verifyingContract },
      { market: 'small', chainId: chainId + 1, verifyingContract },
      { market: 'small', chainId, verifyingContract: `0x${'7'.repeat(40)}` },
    ]
    for (const place of places) {
      const signature = signedBy('alice', orderDigest(createDomain(place), order))
      equal(await placed({ ...order, signature }), 'signature_invalid')
    }
    equal(await placed(order), 'accepted')
  })

  test('with a field that no signature can cover is a field of its sender’s', async () => {
    const { signature } = market.order('alice')
    const order = { ...market.order('alice'), energyWh: 2 ** 70, signature }
    const [answer] = await market.intake.orders([order])
    equal(reasonOf(answer), 'field_invalid')
    equal(answer?.kind === 'rejected' && answer.field, 'energyWh')
  })
})

test('a batch has one answer for each, in order', async () => {
  const good = market.order('bob')
  const answers = await market.intake.orders([
    { ...good, energyWh: 1 },
    good,
    { ...market.order('bob'), account: 99 },
    good,
  ])
  deepEqual(answers.map(reasonOf), ['signature_invalid', 'accepted', 'account_unknown', 'accepted'])
  equal(answers[3]?.kind === 'accepted' && answers[3].repeated, true)
})

test('more orders than one turn of the event loop takes are all answered', async () => {
  const order = market.order('alice')
  const answers = await market.intake.orders(Array.from({ length: 250 }, () => order))
  deepEqual([...new Set(answers.map(reasonOf))], ['accepted'])
})

test('a withdrawal needs the v that the chain recovers the address with', async () => {
  const withdrawal = market.withdrawal('alice', 1_000)
  const other = withdrawal.signature.endsWith('1b') ? '1c' : '1b'
  const signature = withdrawal.signature.slice(0, -2) + other
  const [refused] = await market.intake.withdrawals([{ ...withdrawal, signature }])
  equal(reasonOf(refused), 'signature_invalid')
  const [accepted] = await market.intake.withdrawals([withdrawal])
  equal(reasonOf(accepted), 'accepted')
})

describe('an instruction', () => {
  test('whose address is not the key’s is refused before it is applied', async () => {
    const content = {
      ...{ name: 'eve', roles: ['prosumer' as const], retailer: null },
      ...{ ...keysOf('eve'), address: keysOf('mallory').address },
    }
    const instruction = market.instruction('operator', 'admit_participant', content)
    const [answer] = await market.intake.instructions([instruction as never])
    deepEqual(answer, {
      kind: 'rejected', reason: 'field_invalid', field: 'address', limit: 'that of publicKey',
    })
  })

  test('that registers an address of the exchange itself is refused', async () => {
    const reserved = new Set([keysOf('eve').address])
    const { lane, domain } = market
    const yes = (): boolean => true
    const receipts = { sign: () => new Uint8Array(65) }
    const verifier = {
      ...{ verifySecp256k1: yes, verifyRecoverable: yes, verifyP256: yes },
      verifyP256Message: yes,
    }
    const intake = new Intake({ lane, domain, verifier, receipts, reserved })
    const content = { name: 'eve', roles: ['prosumer' as const], retailer: null, ...keysOf('eve') }
    const instruction = market.instruction('operator', 'admit_participant', content)
    const [answer] = await intake.instructions([instruction as never])
    deepEqual(answer, { kind: 'rejected', reason: 'name_exists', field: 'address' })
  })

  test('is signed with its kind and content', async () => {
    const suspend = market.instruction('operator', 'suspend_participant', { participant: 8 })
    const turned = { ...suspend, kind: 'reinstate_participant' as const }
    const other = { ...suspend, content: { participant: 7 } }
    const answers = await market.intake.instructions([turned, other] as never)
    deepEqual(answers.map(reasonOf), ['signature_invalid', 'signature_invalid'])
  })

  test('without both address and key has nothing to compare', () => {
    equal(ownsItsAddress({ participant: 1 }), true)
    equal(ownsItsAddress(keysOf('alice')), true)
    equal(ownsItsAddress({ ...keysOf('alice'), address: keysOf('bob').address }), false)
  })
})

describe('readings of a P-256 gateway', () => {
  const registers = { alice: [0, 0], bob: [0, 0] } as const

  test('are taken with its signature over their root', async () => {
    const [answer] = await market.intake.readings([market.batch(-1, registers)])
    equal(reasonOf(answer), 'accepted')
  })

  test('are refused with one register changed, in another order, or under another id', async () => {
    const batch = market.batch(-1, registers)
    const [one, two] = batch.readings
    if (one === undefined || two === undefined) throw new Error('two meters were read')
    const answers = await market.intake.readings([
      { ...batch, readings: [one, { ...two, importWh: 1 }] },
      { ...batch, readings: [two, one] },
      { ...batch, readings: [one] },
      { ...batch, id: market.id() },
    ])
    deepEqual(new Set(answers.map(reasonOf)), new Set(['signature_invalid']))
  })

  test('are refused with a signature of the other curve, or of another key', async () => {
    const batch = market.batch(-1, registers)
    const secret = keccak256(textToBytes('somebody'))
    const digest = keccak256(textToBytes('anything'))
    const answers = await market.intake.readings([
      { ...batch, signature: bytesToHex(signDigest(secret, digest)) },
      { ...batch, signature: bytesToHex(signDigestP256(secret, digest)) },
      { ...batch, gateway: 9 },
    ])
    deepEqual(answers.map(reasonOf), ['signature_invalid', 'signature_invalid', 'gateway_unknown'])
  })
})

test('a credential speaks for the account whose key signed it, and no other', () => {
  const untilMs = 2_000_000_000_000
  const signatureOf = (name: string, account: number): string =>
    signedBy(name, accessDigest(market.domain, { account, until: untilMs }))
  const account = accountOf('alice')
  const signature = signatureOf('alice', account)
  deepEqual(market.intake.authenticate({ account, untilMs, signature }), {
    account,
    roles: ['prosumer'],
  })
  equal(market.intake.authenticate({ account, untilMs: untilMs + 1, signature }), undefined)
  const bobs = signatureOf('bob', account)
  equal(market.intake.authenticate({ account, untilMs, signature: bobs }), undefined)
  equal(market.intake.authenticate({ account: 999, untilMs, signature }), undefined)
})

test('a credential is worth nothing once another key speaks for its account', async () => {
  const market = await SmallMarket.open()
  const account = accountOf('bob')
  const untilMs = 2_000_000_000_000
  const signature = signedBy('bob', accessDigest(market.domain, { account, until: untilMs }))
  const reads = () => market.intake.authenticate({ account, untilMs, signature }) !== undefined
  deepEqual([reads(), reads()], [true, true])
  const content = { participant: account, ...keysOf('eve') }
  await market.instruct('bob', 'replace_key', content)
  equal(reads(), false)
})

test('a credential of a suspended account is for what is its own alone', async () => {
  const market = await SmallMarket.open()
  const untilMs = 2_000_000_000_000
  const roles = (name: string) => {
    const account = accountOf(name)
    const signature = signedBy(name, accessDigest(market.domain, { account, until: untilMs }))
    return market.intake.authenticate({ account, untilMs, signature })?.roles
  }
  const auditor = {
    ...{ name: 'eve', roles: ['trader' as const, 'auditor' as const], retailer: null },
    ...keysOf('eve'),
  }
  await market.instruct('operator', 'admit_participant', auditor)
  const eve = market.lane.state.participants.length + 2
  const signature = signedBy('eve', accessDigest(market.domain, { account: eve, until: untilMs }))
  const eves = () => market.intake.authenticate({ account: eve, untilMs, signature })?.roles
  deepEqual([eves(), roles('retailer')], [['trader', 'auditor'], ['retailer']])
  for (const participant of [eve, accountOf('retailer'), accountOf('alice')]) {
    await market.instruct('operator', 'suspend_participant', { participant })
  }
  deepEqual([eves(), roles('retailer'), roles('alice')], [['trader'], [], ['prosumer']])
  await market.instruct('operator', 'reinstate_participant', { participant: eve })
  deepEqual(eves(), ['trader', 'auditor'])
})
