/**
 * Goal: a key goes to other members or another threshold and stays the same; nobody can deal what
 * is not its share, and old shares are of no use with new ones. A plan that is none is refused.
 * Method: whole ceremonies in memory over a committee that was made the same way; tables of plans.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { textToBytes } from '../hash/index.ts'
import type { CeremonyMessage } from './ceremony-message.ts'
import { scalarFromRandom } from './curve.ts'
import {
  type CeremonyPlan,
  combine,
  planDigest,
  requirePlan,
  timelockReady,
  verificationKeyOf,
  verifySignature,
} from './index.ts'
import { commitmentsOf, drawPolynomial, provePossession } from './polynomial.ts'
import {
  agreed,
  bytesFrom,
  failed,
  generatePlan,
  isFrom,
  label,
  partials,
  people,
  type Person,
  person,
  resigned,
  runCeremony,
  signs,
} from './testing/ceremony-run.ts'

await timelockReady()

type Deal = CeremonyMessage<'deal'>

describe('resharing', () => {
  const old = people(3)
  const next = [person('member-2', 1), ...people(5, 'new').slice(1)]
  let made: ReturnType<typeof agreed>
  let plan: CeremonyPlan
  before(() => {
    made = agreed(runCeremony(generatePlan(old, 2), old))
    plan = {
      id: `0x${'02'.repeat(32)}`,
      kind: 'reshare',
      threshold: 3,
      dealers: old.map(({ member }) => member),
      receivers: next.map(({ member }) => member),
      previous: made.committee,
    }
  })
  const everybody = [...old, ...next.slice(1)]

  test('keeps the key for other members and another threshold, with an old one dead', () => {
    const outcomes = runCeremony(plan, everybody.slice(1), { shares: made.shares })
    const { committee, shares, disqualified } = agreed(outcomes)
    deepEqual(disqualified, { 'member-1': 'absent' })
    equal(committee.publicKey, made.committee.publicKey)
    equal(committee.threshold, 3)
    deepEqual(Object.keys(shares).sort(), ['member-2', 'new-2', 'new-3', 'new-4', 'new-5'])
    ok(signs(committee, shares, ['member-2', 'new-3', 'new-5']))
    ok(signs(committee, shares, ['new-4', 'new-2', 'new-5']))
  })

  test('makes shares that are of no use together with old ones', () => {
    const outcomes = runCeremony(plan, everybody, { shares: made.shares })
    const { committee, shares } = agreed(outcomes)
    const fresh = partials(committee, shares, ['new-3', 'new-4'])
    const stale = partials(made.committee, made.shares, ['member-1'])
    for (const threshold of [2, 3]) {
      const signature = combine(threshold, [...stale, ...fresh])
      equal(verifySignature(committee.publicKey, label, signature), false)
    }
    const two = combine(2, fresh)
    equal(verifySignature(committee.publicKey, label, two), false)
  })

  test('too few of the old members are a failure that names the absent', () => {
    const shares = made.shares
    const rest = everybody.filter(({ member: { name } }) => !/^member-[12]$/.test(name))
    const withSecond = [...rest]
    throws(() => runCeremony(plan, withSecond, { shares }), failed(/it takes 2 dealers/))
  })

  test('a dealer cannot deal another secret than its share', () => {
    const [cheat] = old as readonly [Person, ...Person[]]
    const foreign = generatePlan(old, 3, 9)
    const sent = (round: string, messages: readonly CeremonyMessage[]) => {
      if (round !== 'deal') return messages
      let own: Deal | undefined
      runCeremony(foreign, old, {
        sent: (step, all) => {
          if (step === 'deal') own = all.find(isFrom(cheat)) as Deal
          return all
        },
      })
      ok(own !== undefined && messages[0] !== undefined)
      return [...messages, resigned(cheat, messages[0] as Deal, own.body)]
    }
    const { disqualified } = agreed(
      runCeremony(plan, everybody.slice(1), { shares: made.shares, sent }),
    )
    // The proof of possession was made for the other ceremony.
    deepEqual(disqualified, { 'member-1': 'possession_unproven' })
  })

  test('nor prove that it knows it, and have it counted', () => {
    const [cheat] = old as readonly [Person, ...Person[]]
    const random = bytesFrom('another secret')
    const constant = scalarFromRandom(random(48))
    const sent = (round: string, messages: readonly CeremonyMessage[]) => {
      const [other] = messages as readonly Deal[]
      if (round !== 'deal' || other === undefined) return messages
      const context = textToBytes(`${planDigest(plan)} ${cheat.member.index}`)
      const body = {
        commitments: commitmentsOf(drawPolynomial(constant, plan.threshold, random)),
        possession: provePossession(constant, context, random(48)),
        envelopes: [],
      }
      return [...messages, resigned(cheat, other, body)]
    }
    const rest = everybody.slice(1)
    const { disqualified } = agreed(runCeremony(plan, rest, { shares: made.shares, sent }))
    deepEqual(disqualified, { 'member-1': 'other_share_dealt' })
  })

  test('a member without the share of its number takes no part', () => {
    const shares = { ...made.shares, 'member-1': made.shares['member-3'] }
    throws(() => runCeremony(plan, everybody, { shares }), /COMMITTEE_CONFIG_INVALID.*no share/)
    throws(() => runCeremony(plan, [person('stranger', 9)]), /COMMITTEE_CONFIG_INVALID.*no part/)
  })

  const plans: readonly (readonly [name: string, change: () => object])[] = [
    ['a threshold of 0', () => ({ threshold: 0 })],
    ['a threshold above the members', () => ({ threshold: 6 })],
    ['an id that is none', () => ({ id: '0x00' })],
    ['no members', () => ({ receivers: [] })],
    ['a member twice', () => ({ receivers: [next[0]?.member, next[0]?.member] })],
    ['a number above 255', () => ({ receivers: [{ ...next[0]?.member, index: 256 }] })],
    ['a name that is none', () => ({ receivers: [{ ...next[0]?.member, name: 'A b' }] })],
    ['a key that is none', () => ({ receivers: [{ ...next[0]?.member, sealingKey: '0x' }] })],
    ['another kind', () => ({ kind: 'renew' })],
    ['no key to reshare', () => ({ previous: null })],
    ['a new key with an old one', () => ({ kind: 'generate', dealers: plan.receivers })],
    ['a new key dealt by others', () => ({ kind: 'generate', previous: null })],
    ['too few dealers', () => ({ dealers: plan.dealers.slice(2) })],
    ['a dealer without a share', () => ({ dealers: next.map(({ member }) => member) })],
    [
      'keys that are not of the public key',
      () => ({
        previous: { ...made.committee, publicKey: verificationKeyOf(`0x${'01'.repeat(32)}`) },
      }),
    ],
    [
      'a member’s key that is not on the polynomial',
      () => ({
        previous: {
          ...made.committee,
          members: made.committee.members.map((one, i) =>
            i === 2 ? { ...one, verificationKey: made.committee.publicKey } : one,
          ),
        },
      }),
    ],
  ]
  for (const [name, change] of plans) {
    test(`refuses a plan with ${name}`, () => {
      throws(() => requirePlan({ ...plan, ...change() }), /COMMITTEE_CONFIG_INVALID/)
    })
  }
})
