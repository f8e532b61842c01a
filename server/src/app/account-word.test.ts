/**
 * Goal: what a passkey signed is taken as its account's word, on the pages that it was registered
 * for, and by an audit of the journal as well; nothing else is. Money leaves by it to its account's
 * own address, if the account itself wanted it.
 * Method: a device in software on a small market with real signatures; the journal is replayed and
 * each signature in it is checked again, with one byte changed too.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { apply, type Command, deskDelaySeconds, emptyState } from '@busbar/core/exchange'
import { namedKeyIn, passkeyIn } from '@busbar/core/registry'
import {
  accessDigest,
  cancellationDigest,
  instructionDigest,
  orderDigest,
  publicKeyOf,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { canonicalJson } from '@busbar/core/encoding'
import { bytesToHex } from '@busbar/protocols/hash'
import { signNamed } from '@busbar/protocols/named-keys'
import { type AskedFor, TestDevice } from '@busbar/protocols/passkeys/testing'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { contentOf, said } from '../testing/passkey-words.ts'
import { accountOf, SmallMarket } from '../testing/small-market.ts'
import { isWordOf } from './account-word.ts'
import { signatureFault } from './audit/signature-check.ts'
import { mandateViews } from './views/keys.ts'
import type { ChainEffect } from './ports/chain.ts'

const account = accountOf('alice')
const phone = new TestDevice(1)

/** Alice's market, in which she has a passkey. */
async function open(): Promise<SmallMarket> {
  const market = await SmallMarket.open()
  await market.instruct('alice', 'register_passkey', contentOf(phone))
  return market
}

/** What alice's order is answered when `device` signed it so. */
async function ordered(
  market: SmallMarket,
  device = phone,
  asked: Partial<AskedFor> = {},
): Promise<string> {
  const order = market.order('alice')
  const signature = bytesToHex(device.sign(orderDigest(market.domain, order), asked))
  return said(await market.intake.orders([{ ...order, signature }]))
}

/** What alice's withdrawal is answered when her phone signed it so. */
async function withdrawn(
  market: SmallMarket,
  change: object = {},
  asked: Partial<AskedFor> = {},
): Promise<string> {
  const withdrawal = { ...market.withdrawal('alice', 1_000), ...change }
  const signature = bytesToHex(phone.sign(withdrawalDigest(market.domain, withdrawal), asked))
  return said(await market.intake.withdrawals([{ ...withdrawal, signature }]))
}

/** What the chain was told of passkeys and withdrawals, in order. */
const toldOfKeys = (market: SmallMarket): readonly (ChainEffect | 'pay')[] =>
  market.chain.effects.flatMap((effect): readonly (ChainEffect | 'pay')[] => {
    if (effect.kind === 'withdraw') return ['pay']
    return effect.kind === 'admit_passkey' || effect.kind === 'revoke_passkey' ? [effect] : []
  })

test('its owner is told of it, whoever asked, and when it is gone', async () => {
  const market = await SmallMarket.open()
  const { publicKey } = contentOf(phone)
  await market.instruct('retailer', 'register_passkey', contentOf(phone))
  await market.instruct('alice', 'revoke_passkey', { publicKey })
  const told = (await market.store.notices.list(account, 0, 100)).filter(({ kind }) =>
    kind.startsWith('passkey'),
  )
  deepEqual(told.map(({ kind }) => kind), ['passkey_registered', 'passkey_revoked'])
  type Told = { readonly registeredBy: number; readonly signsFromMs: number }
  const { registeredBy, signsFromMs } = JSON.parse(told[0]?.body ?? '') as Told
  equal(registeredBy, accountOf('retailer'))
  equal(signsFromMs, market.now + deskDelaySeconds * 1_000)
  const kept = market.store.notices.kept.filter(({ notice }) => notice.kind.startsWith('passkey'))
  equal(kept.length, 2)
})

describe('a passkey', () => {
  test('places an order, takes it back, and gives another its word', async () => {
    const market = await open()
    const { domain, intake } = market
    const order = market.order('alice')
    const signature = bytesToHex(phone.sign(orderDigest(domain, order)))
    equal(said(await intake.orders([{ ...order, signature }])), 'accepted')
    equal(passkeyIn(signature), bytesToHex(phone.publicKey))
    const cancellation = { id: market.id(), account, order: order.id }
    const taken = bytesToHex(phone.sign(cancellationDigest(domain, cancellation)))
    equal(said(await intake.cancellations([{ ...cancellation, signature: taken }])), 'accepted')
    const laptop = new TestDevice(2)
    equal(await ordered(market, laptop), 'signature_invalid signature')
    const content = contentOf(laptop, { label: 'laptop' })
    const instruction = { id: market.id(), account, kind: 'register_passkey' as const, content }
    const text = { ...instruction, content: canonicalJson(content) }
    const given = bytesToHex(phone.sign(instructionDigest(domain, text)))
    equal(said(await intake.instructions([{ ...instruction, signature: given }])), 'accepted')
    equal(await ordered(market, laptop), 'accepted')
  })

  test('speaks on the pages of its host, and for its account, alone', async () => {
    const market = await open()
    const elsewhere = { host: 'evil.example', origin: 'https://evil.example' }
    equal(await ordered(market, phone, elsewhere), 'signature_invalid signature')
    equal(await ordered(market, new TestDevice(2)), 'signature_invalid signature')
    const order = market.order('bob')
    const signature = bytesToHex(phone.sign(orderDigest(market.domain, order)))
    const asBob = await market.intake.orders([{ ...order, signature }])
    equal(said(asBob), 'signature_invalid signature')
    const changed = { ...market.order('alice'), energyWh: 1 }
    const over = bytesToHex(phone.sign(orderDigest(market.domain, market.order('alice'))))
    const answer = await market.intake.orders([{ ...changed, signature: over }])
    equal(said(answer), 'signature_invalid signature')
  })

  test('lets money leave to its account’s address, and the chain is told of it first', async () => {
    const market = await open()
    equal(await withdrawn(market), 'accepted')
    equal(await withdrawn(market), 'accepted')
    const publicKey = bytesToHex(phone.publicKey)
    const host = 'busbar.example'
    const admitted = { kind: 'admit_passkey', account, publicKey, host } as const
    deepEqual(toldOfKeys(market), [admitted, 'pay', 'pay'])
    const { address } = market.state.participants[accountOf('bob') - 3]!
    equal(await withdrawn(market, { to: address }), 'address_foreign to')
    await market.instruct('alice', 'revoke_passkey', { publicKey })
    deepEqual(toldOfKeys(market).at(-1), { kind: 'revoke_passkey', account, publicKey })
    equal(await withdrawn(market), 'signature_invalid signature')
    deepEqual(await market.chain.admittedPasskeys(), [])
  })

  test('of the retailer’s word lets none leave, and its owner’s word for it does', async () => {
    const market = await SmallMarket.open()
    await market.instruct('retailer', 'register_passkey', contentOf(phone))
    equal(await withdrawn(market), 'registered_key_needed signature')
    deepEqual(toldOfKeys(market), [])
    await market.instruct('alice', 'register_passkey', contentOf(phone))
    equal(await withdrawn(market), 'accepted')
  })

  test('lets none leave on the pages of another host', async () => {
    const market = await open()
    const elsewhere = { host: 'evil.example', origin: 'https://evil.example' }
    equal(await withdrawn(market, {}, elsewhere), 'signature_invalid signature')
  })

  test('that sent money stands in a journal that is checked', async () => {
    const market = await open()
    equal(await withdrawn(market), 'accepted')
    equal(await replayed(market, (signature) => passkeyIn(signature) !== undefined), 1)
  })

  test('is a key of its curve', async () => {
    const market = await SmallMarket.open()
    const none = contentOf(phone, { publicKey: `0x02${'ff'.repeat(32)}` })
    const instruction = market.instruction('alice', 'register_passkey', none)
    const answer = await market.intake.instructions([instruction as never])
    equal(said(answer), 'field_invalid publicKey')
  })

  test('reads from its time on until it is revoked', async () => {
    const market = await SmallMarket.open()
    const untilMs = 2_000_000_000_000
    const digest = accessDigest(market.domain, { account, until: untilMs })
    const signature = bytesToHex(phone.sign(digest))
    const reads = () => market.intake.authenticate({ account, untilMs, signature })
    equal(reads(), undefined)
    await market.instruct('retailer', 'register_passkey', contentOf(phone))
    equal(reads(), undefined)
    await market.instruct('alice', 'register_passkey', contentOf(phone))
    deepEqual(reads(), { account, roles: ['prosumer'] })
    await market.instruct('operator', 'revoke_passkey', {
      publicKey: bytesToHex(phone.publicKey),
    })
    equal(reads(), undefined)
  })
})

describe('a join code', () => {
  const secret = new Uint8Array(32).fill(9)
  const publicKey = bytesToHex(publicKeyOf(secret))
  const untilMs = 2_000_000_000_000

  async function issued(): Promise<SmallMarket> {
    const market = await SmallMarket.open()
    const until = market.now + 3_600_000
    await market.instruct('retailer', 'issue_join_code', {
      participant: account, publicKey, host: 'busbar.example', untilMs: until,
    })
    return market
  }

  /** The registration of alice's phone, signed by the code over what `over` says. */
  function joined(market: SmallMarket, over: object = {}) {
    const content = contentOf(phone)
    const kind = 'register_passkey' as const
    const instruction = { id: market.id(), account, kind, content }
    const text = { ...instruction, content: canonicalJson({ ...content, ...over }) }
    const signed = signNamed('join', secret, instructionDigest(market.domain, text))
    return { ...instruction, signature: bytesToHex(signed) }
  }

  test('registers a passkey once, and is answered the same if that answer was lost', async () => {
    const market = await issued()
    const instruction = joined(market)
    equal(said(await market.intake.instructions([joined(market, { label: 'other' })])),
      'signature_invalid signature')
    equal(said(await market.intake.instructions([instruction])), 'accepted')
    const [again] = await market.intake.instructions([instruction])
    equal(again?.kind === 'accepted' && again.repeated, true)
    equal(said(await market.intake.instructions([joined(market)])), 'join_code_unknown signature')
    equal(await ordered(market), 'accepted')
    const told = (await market.store.notices.list(account, 0, 100)).map(({ kind }) => kind)
    deepEqual(told.filter((kind) => /join|passkey/.test(kind)), [
      'join_code_issued', 'passkey_registered',
    ])
  })

  test('signs nothing else and reads nothing', async () => {
    const market = await issued()
    const order = market.order('alice')
    const signature = bytesToHex(signNamed('join', secret, orderDigest(market.domain, order)))
    const answer = await market.intake.orders([{ ...order, signature }])
    equal(said(answer), 'registered_key_needed signature')
    const digest = accessDigest(market.domain, { account, until: untilMs })
    const credential = bytesToHex(signNamed('join', secret, digest))
    equal(market.intake.authenticate({ account, untilMs, signature: credential }), undefined)
  })

  test('is a key of the chain’s curve', async () => {
    const market = await SmallMarket.open()
    const instruction = market.instruction('retailer', 'issue_join_code', {
      ...{ participant: account, publicKey: `0x02${'ff'.repeat(32)}`, host: 'busbar.example' },
      untilMs: market.now + 1_000,
    })
    const answer = await market.intake.instructions([instruction as never])
    equal(said(answer), 'field_invalid publicKey')
  })

  test('and what it registered stand in a journal that is checked', async () => {
    const market = await issued()
    await market.intake.instructions([joined(market)])
    equal(await replayed(market, (signature) => namedKeyIn('join', signature) !== undefined), 1)
  })
})

describe('an agent', () => {
  const secret = new Uint8Array(32).fill(11)
  const publicKey = bytesToHex(publicKeyOf(secret))
  const untilMs = 2_000_000_000_000
  const sign = (digest: Uint8Array): string => bytesToHex(signNamed('agent', secret, digest))

  async function granted(change: object = {}): Promise<SmallMarket> {
    const market = await SmallMarket.open()
    await market.instruct('alice', 'grant_mandate', {
      ...{ publicKey, meters: [0], buyMaxMicrosPerKwh: null, sellMinMicrosPerKwh: 100_000 },
      ...{ orderEnergyMaxWh: 400, dayEnergyMaxWh: 500, fromMs: 0, label: 'battery' },
      ...{ untilMs: market.now + 3_600_000, ...change },
    })
    return market
  }

  async function orders(market: SmallMarket, energyWh: number): Promise<string> {
    const order = { ...market.order('alice'), side: 'sell' as const, energyWh }
    const signature = sign(orderDigest(market.domain, order))
    return said(await market.intake.orders([{ ...order, signature }]))
  }

  test('orders within its mandate, and its owner sees what is left', async () => {
    const market = await granted()
    equal(await orders(market, 401), 'mandate_exceeded energyWh')
    equal(await orders(market, 400), 'accepted')
    equal(await orders(market, 101), 'mandate_used_up energyWh')
    const [view] = mandateViews(market.state, market.now, account)
    deepEqual([view?.usedToday, view?.leftToday], [400n, 100n])
    await market.instruct('retailer', 'revoke_mandate', { publicKey })
    equal(await orders(market, 1), 'mandate_unknown signature')
    deepEqual(mandateViews(market.state, market.now, account), [])
    const told = (await market.store.notices.list(account, 0, 100)).map(({ kind }) => kind)
    deepEqual(told.filter((kind) => kind.startsWith('mandate')), [
      'mandate_granted', 'mandate_revoked',
    ])
  })

  test('lets no money leave, gives nobody a word and binds to no contract', async () => {
    const market = await granted()
    const withdrawal = market.withdrawal('alice', 1_000)
    const signature = sign(withdrawalDigest(market.domain, withdrawal))
    const answer = await market.intake.withdrawals([{ ...withdrawal, signature }])
    equal(said(answer), 'registered_key_needed signature')
    const content = contentOf(phone)
    const instruction = { id: market.id(), account, kind: 'register_passkey' as const, content }
    const text = { ...instruction, content: canonicalJson(content) }
    const given = sign(instructionDigest(market.domain, text))
    const passkey = await market.intake.instructions([{ ...instruction, signature: given }])
    equal(said(passkey), 'registered_key_needed signature')
  })

  test('reads the account while its mandate is in force, as nothing but its owner', async () => {
    const reads = (market: SmallMarket, of = account) => {
      const digest = accessDigest(market.domain, { account: of, until: untilMs })
      return market.intake.authenticate({ account: of, untilMs, signature: sign(digest) })
    }
    const market = await granted()
    deepEqual(reads(market), { account, roles: [] })
    equal(reads(market, accountOf('bob')), undefined)
    await market.instruct('alice', 'revoke_mandate', { publicKey })
    equal(reads(market), undefined)
    const later = SmallMarket.open()
    equal(reads(await later), undefined)
    const { now } = await later
    equal(reads(await granted({ fromMs: now + 1_000 })), undefined)
  })

  test('speaks where commands are taken and credentials read, and nowhere else', async () => {
    const market = await granted()
    const digest = new Uint8Array(32).fill(3)
    const speaks = (named: boolean): boolean =>
      isWordOf(market.state, account, digest, sign(digest), pureVerifier(), { named })
    deepEqual([speaks(false), speaks(true)], [false, true])
    equal(isWordOf(market.state, account, digest, sign(digest), pureVerifier()), false)
  })

  test('stands in a journal that is checked', async () => {
    const market = await granted()
    equal(await orders(market, 400), 'accepted')
    equal(await replayed(market, (signature) => namedKeyIn('agent', signature) !== undefined), 1)
  })
})

test('a journal with words of passkeys is checked, and none of them can be another', async () => {
  const market = await open()
  equal(await ordered(market), 'accepted')
  await market.instruct('alice', 'revoke_passkey', { publicKey: bytesToHex(phone.publicKey) })
  equal(await replayed(market, (signature) => passkeyIn(signature) !== undefined), 1)
})

/** Audits the journal, and each signature that `isMeant` also with digits changed: how many. */
async function replayed(
  market: SmallMarket,
  isMeant: (signature: string) => boolean,
): Promise<number> {
  const state = emptyState()
  const verifier = pureVerifier()
  let found = 0
  for (const { body, sequence, at } of market.store.entries) {
    const command = JSON.parse(body) as Command
    equal(signatureFault(command, state, market.domain, verifier), undefined)
    if ('signature' in command && isMeant(command.signature)) {
      found += 1
      const { signature } = command
      for (const at of [100, 150, signature.length - 3]) {
        const digit = signature[at] === '0' ? '1' : '0'
        const other = signature.slice(0, at) + digit + signature.slice(at + 1)
        const bent = { ...command, signature: other } as Command
        equal(
          signatureFault(bent, state, market.domain, verifier),
          `not signed by account ${account}`,
        )
      }
    }
    equal(apply(state, { sequence, at, command }, market.engine).outcome.kind, 'accepted')
  }
  return found
}
