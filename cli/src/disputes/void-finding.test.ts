/**
 * Goal: each reason that an exchange gives for a void is found to be so where it is, by what was
 * signed, and not to be so where it is not, whatever the exchange shows.
 * Method: a real market in which every reason comes up; the reasons as the core gave them are one
 * judge, what the auditor finds in the exchange's answer is the other. Then the answer is changed,
 * one lie at a time.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  joining,
  newJoinCode,
  type Seal,
  type SignDigest,
  Signer,
  sealingTerms,
  timelockSeal,
  withMandate,
  withPrivateKey,
} from '@busbar/client'
import {
  type InstructionContent,
  type Opening,
  type VoidReason,
  voidReasons,
} from '@busbar/core/exchange'
import type { Openings } from '@busbar/protocols/api'
import { publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex } from '@busbar/protocols/hash'
import { encodeOpening } from '@busbar/protocols/sealed-orders'
import { TestDevice } from '@busbar/protocols/passkeys/testing'
import { labelOf, signShare, timelockReady, verificationKeyOf } from '@busbar/protocols/timelock'
import { type Challenger, openChallenger } from '@busbar/server/own-node/challenger'
import {
  accountOf,
  first,
  liveKeyOf,
  liveRulebook as rulebook,
} from '@busbar/server/testing/live-market'
import { type DisputedMarket, keys, startDisputedMarket } from '../testing/disputed-market.ts'
import { accountsIn, provenGrounds } from './grounds.ts'
import { type OpenedOrder, type VoidFinding, voidFinding } from './void-finding.ts'

let disputed: DisputedMarket
let chain: Challenger
/** What the auditor is told, by interval. */
const answers = new Map<number, Openings>()
const [busy, short, suspended, reinstated] = [first, first + 1, first + 3, first + 5]

before(async () => {
  await timelockReady()
  disputed = await startDisputedMarket()
  const { client, anvil } = disputed
  const clearingProofs = (await client.market()).contracts?.clearingProofs ?? ''
  const key = bytesToHex(keys.auditor)
  chain = await openChallenger({ nodeUrl: anvil.url, key, clearingProofs })
})
after(() => disputed.stop())

type Order = Partial<Opening> & {
  readonly collateralMicros?: number
  readonly seal?: Seal
  readonly sign?: SignDigest
}

/** Places an order and tells its id. */
async function place(name: 'alice' | 'bob', interval: number, order: Order): Promise<string> {
  const { client } = disputed
  const { collateralMicros = 3_000_000, seal = timelockSeal(), ...given } = order
  const { sign = withPrivateKey(liveKeyOf(name)), ...fields } = given
  const domain = await client.domain()
  const signer = new Signer({ domain, account: accountOf(name), sign, seal })
  const terms = sealingTerms(await client.market(), { zone: 0, interval })
  const side = name === 'alice' ? 'sell' : 'buy'
  const plain = { side, meter: side === 'sell' ? 0 : 1, energyWh: 100, collateralMicros } as const
  const limitMicrosPerKwh = side === 'sell' ? 100_000 : 200_000
  const sealed = await signer.sealedOrder(terms, { ...plain, limitMicrosPerKwh, ...fields })
  await client.placeSealedOrder(sealed.order)
  return sealed.order.id
}

/** Seals something else than was committed to. */
const other = (change: Partial<Opening>, commitment?: string): Seal => async (request) => {
  const opening = { account: accountOf('alice'), meter: 0, side: 'sell', energyWh: 100 } as const
  const rest = { limitMicrosPerKwh: 100_000, salt: `0x${'77'.repeat(32)}`, ...change }
  const plaintext = encodeOpening({ ...opening, ...rest })
  const sealed = { ...request, plaintext, commitment: commitment ?? request.commitment }
  return await timelockSeal()(sealed)
}

const phone = new TestDevice(1)

/** Alice's, by a passkey that a join code of hers has registered. */
async function cancelByPhone(order: string): Promise<void> {
  const { client } = disputed
  const sign: SignDigest = (digest) => phone.sign(digest)
  const signer = new Signer({ domain: await client.domain(), account: accountOf('alice'), sign })
  await client.cancelOrder(await signer.cancellation({ order }))
}

const agent = new Uint8Array(32).fill(0xa6)

/** Alice's mandate for her agent, to sell for no less than she does. */
async function grantByPhone(): Promise<void> {
  const { client } = disputed
  const sign: SignDigest = (digest) => phone.sign(digest)
  const signer = new Signer({ domain: await client.domain(), account: accountOf('alice'), sign })
  const { nowMs } = (await client.market()).clock
  await client.instruct(await signer.instruction('grant_mandate', {
    ...{ publicKey: bytesToHex(publicKeyOf(agent)), meters: [0], label: 'battery' },
    ...{ buyMaxMicrosPerKwh: null, sellMinMicrosPerKwh: 100_000 },
    ...{ orderEnergyMaxWh: 500, dayEnergyMaxWh: 5_000, fromMs: 0, untilMs: nowMs + 86_400_000 },
  }))
}

async function read(interval: number): Promise<void> {
  const auditor = await disputed.market.as('auditor')
  for (let turn = 0; turn < 200; turn += 1) {
    if ((await chain.interval(0, interval))?.clearing !== undefined) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  answers.set(interval, await auditor.auditOpenings(0, interval))
}

/** What is found of `answer`, for orders as they are in it. */
async function judge(answer: Openings) {
  const { zone, interval, context, orders } = answer
  const participants = await chain.participants(accountsIn(answer.grounds), { zone, interval })
  const { domain, contracts } = await disputed.client.market()
  const label = labelOf({
    chainId: domain.chainId, intervalLog: contracts?.intervalLog ?? '', zone, interval,
  })
  const grounds = provenGrounds(answer, await disputed.client.domain(), label, participants)
  const judged = { zone, interval, context, rulebook, orders, grounds }
  const findings = orders.map((order) => ({ order, finding: voidFinding(order, judged) }))
  return { findings, judged, differences: grounds.differences }
}

const answerOf = (interval: number): Openings => {
  const answer = answers.get(interval)
  ok(answer)
  return answer
}

async function findingsOf(answer: Openings): Promise<Partial<Record<VoidReason, VoidFinding>>> {
  const { findings } = await judge(answer)
  return Object.fromEntries(
    findings.flatMap(({ order, finding }) => (order.void === null ? [] : [[order.void, finding]])),
  )
}

describe('the reasons of voids', () => {
  test('all come up', async () => {
    const { market } = disputed
    await place('alice', busy, { energyWh: 800 })
    await place('bob', busy, { energyWh: 600 })
    await place('alice', busy, { energyWh: 300 })
    await place('alice', busy, { limitMicrosPerKwh: 100_003 })
    await place('alice', busy, { limitMicrosPerKwh: 2_000_000 })
    await place('alice', busy, { energyWh: 200_000_000 })
    await place('alice', busy, { meter: 1 })
    await place('alice', busy, { seal: other({ energyWh: 101 }) })
    await place('alice', busy, { seal: other({}, `0x${'05'.repeat(32)}`) })
    const participant = accountOf('alice')
    const { credentialId } = phone
    const passkey = { participant, publicKey: bytesToHex(phone.publicKey), credentialId }
    const host = 'busbar.example'
    const code = newJoinCode(participant)
    const untilMs = (await disputed.client.market()).clock.nowMs + 60_000
    const issued = { participant, publicKey: code.publicKey, host, untilMs }
    await market.instruct('alice', 'issue_join_code', issued)
    await disputed.client.instruct(
      await joining(await disputed.client.domain(), code, { ...passkey, host, label: 'phone' }),
    )
    await cancelByPhone(await place('alice', busy, {}))
    await grantByPhone()
    const sign = withMandate(agent)
    await place('alice', busy, { limitMicrosPerKwh: 90_000, sign })
    await place('alice', short, {})
    await place('bob', short, { collateralMicros: 1_000 })
    await market.to(1)
    await read(busy)
    await read(short)
    await place('bob', suspended, {})
    await market.instruct('operator', 'suspend_participant', { participant: accountOf('bob') })
    await market.to(3)
    await read(suspended)
    const given = [busy, short, suspended].flatMap((interval) =>
      answerOf(interval).orders.flatMap((order) => order.void ?? []),
    )
    deepEqual(given.sort(), [...voidReasons].sort())
  })

  test('are all founded', async () => {
    for (const interval of [busy, short, suspended]) {
      const { findings, differences } = await judge(answerOf(interval))
      deepEqual(differences, [])
      for (const { order, finding } of findings) {
        if (order.void !== null) equal(finding, 'founded', order.void)
      }
    }
  })

  test('are judged without opening what was taken back before the gate', () => {
    for (const [interval, reason] of [[busy, 'cancelled'], [suspended, 'suspended']] as const) {
      const { orders, grounds } = answerOf(interval)
      for (const { commitment, void: given } of orders) {
        const shown = grounds.received.find((one) => one.commitment === commitment)
        if (shown !== undefined) equal(shown.ciphertext === null, given === reason)
      }
    }
  })

  test('are all unfounded of an order that trades', async () => {
    const { judged } = await judge(answerOf(busy))
    // Of bob, who has no void order there, nothing is shown.
    const isGood = (one: OpenedOrder) => one.void === null && one.account === accountOf('alice')
    const good = judged.orders.filter(isGood)
    equal(good.length, 1)
    for (const order of good) {
      for (const reason of voidReasons) {
        equal(voidFinding({ ...order, void: reason }, judged), 'unfounded', reason)
        // As an exchange would that wants to be rid of it.
        const hidden = { ...order, void: reason, opening: null }
        equal(voidFinding(hidden, judged), 'unfounded', `${reason}, not shown`)
        const opening = { ...(order.opening as Opening), limitMicrosPerKwh: 100_003 }
        const falsified = { ...order, void: reason, opening }
        equal(voidFinding(falsified, judged), 'unfounded', `${reason}, shown otherwise`)
      }
    }
  })

  test('of an agent’s order rest on what it was granted, and on nothing wider', async () => {
    const { judged } = await judge(answerOf(busy))
    const order = isOf(answerOf(busy), 'mandate_exceeded')
    const found = (change: object) => {
      const mandates = [...judged.grounds.mandates].map(([key, one]) =>
        [key, { ...one, ...change }] as const)
      const grounds = { ...judged.grounds, mandates: new Map(mandates) }
      return voidFinding(order, { ...judged, grounds })
    }
    deepEqual([found({}), found({ sellMinMicrosPerKwh: 90_000 })], ['founded', 'unfounded'])
    const wide = { sellMinMicrosPerKwh: 0 }
    for (const narrower of [{ meters: [1] }, { orderEnergyMaxWh: 99 }]) {
      deepEqual([found(wide), found({ ...wide, ...narrower })], ['unfounded', 'founded'])
    }
  })

  test('are as unfounded where the exchange shows nothing', async () => {
    const answer = answerOf(busy)
    const none = { received: [], cancellations: [], instructions: [], requests: [] }
    const findings = await findingsOf({ ...answer, grounds: { ...answer.grounds, ...none } })
    const { meter_foreign: foreign, ...others } = findings
    // What the commitment itself tells stays founded.
    const told = ['energy_exceeded', 'price_out_of_bounds', 'price_off_tick']
    for (const [reason, finding] of Object.entries(others)) {
      equal(finding, told.includes(reason) ? 'founded' : 'unfounded', reason)
    }
    equal(foreign, 'unchecked')
  })
})

type Grounds = Openings['grounds']
const isOf = (answer: Openings, reason: VoidReason): OpenedOrder => {
  const order = answer.orders.find((one) => one.void === reason)
  ok(order)
  return order
}

const without = (left: string) => ({ instructions }: Grounds): Partial<Grounds> => ({
  instructions: instructions.filter(({ kind }) => kind !== left),
})

const saying = (signed: string, other: string) => ({ instructions }: Grounds) => ({
  instructions: instructions.map((one) => ({
    ...one, content: one.content.replace(signed, other),
  })),
})

describe('an exchange that shows', () => {
  const lies: readonly (readonly [
    string,
    VoidReason,
    (grounds: Grounds, answer: Openings) => Partial<Grounds>,
  ])[] = [
    [
      'another ciphertext than was signed', 'mismatch',
      ({ received }, answer) => ({
        received: received.map((one) =>
          one.commitment === isOf(answer, 'mismatch').commitment
            ? { ...one, ciphertext: received[0]?.ciphertext?.replace(/..$/, '00') ?? '' }
            : one,
        ),
      }),
    ],
    [
      'no ciphertext of what does not open', 'not_opened',
      ({ received }, answer) => ({
        received: received.map((one) =>
          one.commitment === isOf(answer, 'not_opened').commitment
            ? { ...one, ciphertext: null, ciphertextHash: `0x${'cc'.repeat(32)}` }
            : one,
        ),
      }),
    ],
    [
      'a cancellation of another order', 'cancelled',
      ({ cancellations }) => ({
        cancellations: cancellations.map((one) => ({ ...one, order: `0x${'aa'.repeat(16)}` })),
      }),
    ],
    [
      'nobody who gave a passkey its word', 'cancelled',
      without('register_passkey'),
    ],
    [
      'nobody who issued the join code of a passkey', 'cancelled',
      without('issue_join_code'),
    ],
    [
      'nobody who granted an agent its mandate', 'mandate_exceeded',
      without('grant_mandate'),
    ],
    [
      'a narrower mandate than was granted', 'mandate_exceeded',
      saying('"orderEnergyMaxWh":500', '"orderEnergyMaxWh":50'),
    ],
    [
      'another host for a passkey', 'cancelled',
      saying('busbar.example', 'evil.example'),
    ],
    [
      'a smaller connection', 'capacity_exceeded',
      saying('12000', '11000'),
    ],
  ]
  for (const [name, reason, lie] of lies) {
    test(`${name} is told of it, and its reason is unfounded`, async () => {
      const answer = answerOf(busy)
      const grounds = { ...answer.grounds, ...lie(answer.grounds, answer) }
      const { differences } = await judge({ ...answer, grounds })
      ok(differences.length > 0 && differences.every((one) => /is not signed by/.test(one)))
      equal((await findingsOf({ ...answer, grounds }))[reason], 'unfounded')
    })
  }

  test('a passkey that the operator gave its word is told of it', async () => {
    const answer = answerOf(busy)
    const { grounds } = answer
    const operator = await disputed.market.signerOf('operator')
    const instructions = await Promise.all(grounds.instructions.map(async (one) => {
      if (one.kind !== 'register_passkey') return one
      const content: InstructionContent['register_passkey'] = JSON.parse(one.content)
      const { id, account, signature } = await operator.instruction('register_passkey', content)
      return { ...one, id, account, signature }
    }))
    const { differences } = await judge({ ...answer, grounds: { ...grounds, instructions } })
    const [alice, by] = [accountOf('alice'), accountOf('operator')]
    equal(differences[0], `a key of account ${alice} was given by account ${by}`)
    const findings = await findingsOf({ ...answer, grounds: { ...grounds, instructions } })
    equal(findings.cancelled, 'unfounded')
  })

  test('less collateral than was declared is told of it', async () => {
    const answer = answerOf(short)
    const received = answer.grounds.received.map((one) => ({ ...one, collateralMicros: 1 }))
    const { differences } = await judge({ ...answer, grounds: { ...answer.grounds, received } })
    equal(differences.length, received.length)
  })

  test('the signature of another committee finds nothing founded by it', async () => {
    const answer = answerOf(busy)
    const { zone, interval, grounds } = answer
    const { domain, contracts } = await disputed.client.market()
    const place = { chainId: domain.chainId, intervalLog: contracts?.intervalLog ?? '' }
    const share = `0x${'5'.repeat(64)}`
    const evidence = signShare(share, labelOf({ ...place, zone, interval }))
    const { differences } = await judge({ ...answer, evidence })
    deepEqual(differences, ['the evidence is not the signature of the committee'])
    equal((await findingsOf({ ...answer, evidence })).not_opened, 'unfounded')
    // With a key to it, it is another committee: which one it was is in the report.
    const committeeKey = verificationKeyOf(share)
    const named = { ...answer, evidence, grounds: { ...grounds, committeeKey } }
    equal((await findingsOf(named)).mismatch, 'unfounded')
  })

  test('a suspension that was lifted leaves a person to decide', async () => {
    const { market } = disputed
    await market.instruct('operator', 'reinstate_participant', { participant: accountOf('bob') })
    await place('bob', reinstated, { limitMicrosPerKwh: 100_003 })
    await market.to(5)
    await read(reinstated)
    const answer = answerOf(reinstated)
    const orders = answer.orders.map((one) => ({ ...one, void: 'suspended' as const }))
    equal((await findingsOf({ ...answer, orders })).suspended, 'unchecked')
  })
})
