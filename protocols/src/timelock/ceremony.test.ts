/**
 * Goal: members make a key that none of them knows, and hand it on; who cheats is named and left
 * out, and nobody ends with a key that the others do not have.
 * Method: whole ceremonies in memory with one member who breaks one rule, a table of such breaches;
 * the keys that come out must sign by threshold and by nothing less. Plans that are none, by table.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { CeremonyMessage, DealBody } from './ceremony-message.ts'
import {
  type CeremonyOutcome,
  type CeremonyPlan,
  type CommitteeKeys,
  combine,
  requirePlan,
  signShare,
  timelockReady,
  verificationKeyOf,
  verifyShare,
  verifySignature,
} from './index.ts'
import { sealShare } from './share-envelope.ts'
import {
  generatePlan,
  people,
  type Person,
  person,
  resigned,
  runCeremony,
} from './testing/ceremony-run.ts'

const label = `busbar/1/31337/0x${'ab'.repeat(20)}/0/7`
const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)

const failed = (text: RegExp) => (error: unknown) =>
  error instanceof Error &&
  error.message.startsWith('COMMITTEE_CEREMONY_FAILED') &&
  text.test(error.message)

await timelockReady()

/** Every member ended with the same committee; gives it and the shares by name. */
function agreed(outcomes: ReadonlyMap<string, CeremonyOutcome>) {
  const [first] = outcomes.values()
  ok(first !== undefined)
  const shares: Record<string, string> = {}
  for (const [name, { committee, disqualified, share }] of outcomes) {
    deepEqual(committee, first.committee)
    deepEqual(disqualified, first.disqualified)
    if (share !== undefined) shares[name] = share
  }
  return { committee: first.committee, disqualified: first.disqualified, shares }
}

/** Signatures of those named, each checked by the key of its number. */
function partials(
  { members }: CommitteeKeys,
  shares: Readonly<Record<string, string>>,
  names: readonly string[],
) {
  return names.map((name) => {
    const member = members.find((one) => one.name === name)
    const share = shares[name]
    ok(member !== undefined && share !== undefined)
    equal(verificationKeyOf(share), member.verificationKey)
    const partial = signShare(share, label)
    ok(verifyShare(member.verificationKey, label, partial))
    return { index: member.index, partial }
  })
}

function signs(
  committee: CommitteeKeys,
  shares: Readonly<Record<string, string>>,
  names: readonly string[],
): boolean {
  const signature = combine(committee.threshold, partials(committee, shares, names))
  return verifySignature(committee.publicKey, label, signature)
}

type Deal = CeremonyMessage<'deal'>
const isFrom =
  ({ member }: Person) =>
  ({ from }: CeremonyMessage): boolean =>
    from === member.signingKey

describe('a new key', () => {
  test('is made by all, known to none, and signs by any threshold of them', () => {
    const sizes = fc
      .integer({ min: 1, max: 4 })
      .chain((members) => fc.tuple(fc.constant(members), fc.integer({ min: 1, max: members })))
      .chain(([members, threshold]) => {
        const names = people(members).map(({ member }) => member.name)
        const chosen = fc.shuffledSubarray(names, { minLength: threshold, maxLength: threshold })
        return fc.record({
          members: fc.constant(members),
          threshold: fc.constant(threshold),
          chosen,
        })
      })
    fc.assert(
      fc.property(sizes, ({ members, threshold, chosen }) => {
        const present = people(members)
        const outcomes = runCeremony(generatePlan(present, threshold), present)
        const { committee, shares, disqualified } = agreed(outcomes)
        deepEqual(disqualified, {})
        equal(outcomes.size, members)
        ok(signs(committee, shares, chosen))
        if (threshold === 1) return
        const fewer = partials(committee, shares, chosen.slice(1))
        const short = combine(threshold - 1, fewer)
        equal(verifySignature(committee.publicKey, label, short), false)
      }),
      { numRuns: 8, ...(seed === undefined ? {} : { seed }) },
    )
  })

  test('two ceremonies of the same members make two keys', () => {
    const present = people(2)
    const [one, two] = [1, 2].map((id) => runCeremony(generatePlan(present, 2, id), present))
    ok(one !== undefined && two !== undefined)
    notEqual(agreed(one).committee.publicKey, agreed(two).committee.publicKey)
  })
})

describe('a dealer that cheats', () => {
  const present = people(4)
  const [cheat, victim] = present as readonly [Person, Person, ...Person[]]
  const plan = generatePlan(present, 2)
  const honest = agreed(runCeremony(plan, present)).committee

  /** The deal of the cheat, changed; what all others are handed. */
  const cheating =
    (change: (body: DealBody, message: Deal) => DealBody) =>
    (messages: readonly CeremonyMessage[]): readonly CeremonyMessage[] =>
      messages.map((message) =>
        isFrom(cheat)(message)
          ? resigned(cheat, message as Deal, change((message as Deal).body, message as Deal))
          : message,
      )

  /** An envelope that opens for the victim and holds a share of nothing. */
  const wrongShare = (body: DealBody, { plan: digest }: Deal): DealBody => ({
    ...body,
    envelopes: body.envelopes.map((one) =>
      one.index === victim.member.index
        ? {
            index: one.index,
            envelope: sealShare({
              share: `0x${'07'.repeat(32)}`,
              sealingKey: victim.member.sealingKey,
              context: `${digest} ${cheat.member.index} ${victim.member.index}`,
              random: new Uint8Array(32).fill(9),
            }),
          }
        : one,
    ),
  })

  /** The others with the cheat among them, and what became of it. */
  function runWith(change: (body: DealBody, message: Deal) => DealBody, answer: 'none' | 'wrong') {
    const rest = present.filter((one) => one !== cheat)
    // The cheat runs no ceremony of ours: its messages are made beside, signed with its key.
    const outcomes = runCeremony(plan, rest, {
      sent: (round, messages) => {
        if (round === 'deal') {
          const own = dealOf(cheat)
          return [...messages, ...cheating(change)([own])]
        }
        if (round === 'answer' && answer === 'wrong') {
          const [other] = messages
          ok(other !== undefined)
          const shares = [{ index: victim.member.index, share: `0x${'08'.repeat(32)}` }]
          return [...messages, resigned(cheat, other as CeremonyMessage<'answer'>, { shares })]
        }
        return messages
      },
    })
    return agreed(outcomes)
  }

  /** What the cheat would have dealt, and to whom. */
  function dealOf(who: Person): Deal {
    let found: Deal | undefined
    runCeremony(plan, present, {
      sent: (round, messages) => {
        if (round === 'deal') found = messages.find(isFrom(who)) as Deal
        return messages
      },
    })
    ok(found !== undefined)
    return found
  }

  const breaches: readonly (readonly [
    name: string,
    change: (body: DealBody, message: Deal) => DealBody,
    why: string,
    answer?: 'none' | 'wrong',
  ])[] = [
    ['deals a wrong share and keeps silent', wrongShare, 'complaint_unanswered', 'none'],
    ['deals a wrong share and shows another', wrongShare, 'share_wrong', 'wrong'],
    [
      'deals nothing to a member',
      (body) => ({ ...body, envelopes: body.envelopes.slice(2) }),
      'complaint_unanswered',
      'none',
    ],
    [
      'does not prove that it knows its secret',
      (body) => ({ ...body, possession: `0x${'00'.repeat(80)}` }),
      'possession_unproven',
    ],
    [
      'commits to a key of others',
      (body) => ({ ...body, commitments: [honest.publicKey, ...body.commitments.slice(1)] }),
      'possession_unproven',
    ],
    [
      'commits to too few coefficients',
      (body) => ({ ...body, commitments: body.commitments.slice(1) }),
      'deal_malformed',
    ],
    [
      'commits to what is no point',
      (body) => ({ ...body, commitments: body.commitments.map(() => `0x${'11'.repeat(48)}`) }),
      'deal_malformed',
    ],
    [
      'sends a deal without envelopes',
      (body) => ({ commitments: body.commitments, possession: body.possession }) as DealBody,
      'deal_malformed',
    ],
  ]
  for (const [name, change, why, answer = 'none'] of breaches) {
    test(`that ${name} is named and left out, and the key is made`, () => {
      const { committee, shares, disqualified } = runWith(change, answer)
      deepEqual(disqualified, { [cheat.member.name]: why })
      notEqual(committee.publicKey, honest.publicKey)
      ok(signs(committee, shares, ['member-2', 'member-4']))
      ok(signs(committee, shares, ['member-3', 'member-2']))
    })
  }

  test('is not who is accused falsely: it shows the share, and stays in', () => {
    const rest = present.filter((one) => one !== victim)
    const outcomes = runCeremony(plan, rest, {
      sent: (round, messages) => {
        const [other] = messages
        ok(other !== undefined)
        if (round === 'deal') return [...messages, dealOf(victim)]
        if (round === 'answer') {
          const shown = messages.find(isFrom(cheat)) as CeremonyMessage<'answer'>
          deepEqual(
            shown.body.shares.map(({ index }) => index),
            [victim.member.index],
          )
          return messages
        }
        const body = round === 'complain' ? { accused: [1, 1, 99, null as never] } : other.body
        return [...messages, resigned(victim, other, body)]
      },
    })
    const { committee, disqualified } = agreed(outcomes)
    deepEqual(disqualified, {})
    deepEqual(committee, honest)
  })

  test('two deals from one dealer leave it out', () => {
    const other = (messages: readonly CeremonyMessage[]) =>
      cheating((body) => ({ ...body, possession: `0x${'01'.repeat(80)}` }))(
        messages.filter(isFrom(cheat)),
      )
    const { disqualified } = agreed(
      runCeremony(
        plan,
        present.filter((one) => one !== cheat),
        {
          sent: (round, messages) =>
            round === 'deal' ? [...messages, dealOf(cheat), ...other([dealOf(cheat)])] : messages,
        },
      ),
    )
    deepEqual(disqualified, { 'member-1': 'sent_two_deals' })
  })
})

describe('a carrier that cheats', () => {
  const present = people(3)
  const plan = generatePlan(present, 2)
  const [first, second] = present as readonly [Person, Person, Person]

  test('cannot show members different messages', () => {
    const tamper = (round: string, messages: readonly CeremonyMessage[], to: string) =>
      round === 'deal' && to === second.member.name
        ? messages.filter((message) => !isFrom(first)(message))
        : messages
    throws(() => runCeremony(plan, present, { tamper }), failed(/shown different messages/))
  })

  test('cannot keep a member’s message from the others', () => {
    const sent = (round: string, messages: readonly CeremonyMessage[]) =>
      round === 'complain' ? messages.slice(1) : messages
    throws(() => runCeremony(plan, present, { sent }), failed(/not passed on/))
  })

  test('cannot keep a confirmation back', () => {
    const tamper = (round: string, messages: readonly CeremonyMessage[], to: string) =>
      round === 'confirm' && to !== first.member.name
        ? messages.filter((message) => !isFrom(first)(message))
        : messages
    throws(() => runCeremony(plan, present, { tamper }), failed(/not confirmed.*member-1/))
  })

  test('changes nothing by adding messages of strangers, of other ceremonies, or unsigned', () => {
    const honest = agreed(runCeremony(plan, present)).committee
    const stranger = person('stranger', 9)
    const sent = (_round: string, messages: readonly CeremonyMessage[]) => {
      const [one] = messages
      ok(one !== undefined)
      return [
        ...messages,
        ...messages,
        resigned(stranger, one, one.body),
        resigned(first, { ...one, plan: `0x${'00'.repeat(32)}` }, one.body),
        { ...one, signature: `0x${'00'.repeat(64)}` },
        { ...one, body: { accused: [2] } } as CeremonyMessage,
      ]
    }
    deepEqual(agreed(runCeremony(plan, present, { sent })).committee, honest)
  })

  test('an absent member is named, and there is no key', () => {
    throws(() => runCeremony(plan, present.slice(1)), failed(/absent.*member-1/))
    throws(() => runCeremony(plan, present.slice(2)), failed(/it takes 2 dealers.*member-1/))
  })
})

describe('resharing', () => {
  const old = people(3)
  const next = [person('member-2', 1), ...people(5, 'new').slice(1)]
  let before3: ReturnType<typeof agreed>
  let plan: CeremonyPlan
  before(() => {
    before3 = agreed(runCeremony(generatePlan(old, 2), old))
    plan = {
      id: `0x${'02'.repeat(32)}`,
      kind: 'reshare',
      threshold: 3,
      dealers: old.map(({ member }) => member),
      receivers: next.map(({ member }) => member),
      previous: before3.committee,
    }
  })
  const everybody = [...old, ...next.slice(1)]

  test('keeps the key for other members and another threshold, with an old one dead', () => {
    const outcomes = runCeremony(plan, everybody.slice(1), { shares: before3.shares })
    const { committee, shares, disqualified } = agreed(outcomes)
    deepEqual(disqualified, { 'member-1': 'absent' })
    equal(committee.publicKey, before3.committee.publicKey)
    equal(committee.threshold, 3)
    deepEqual(Object.keys(shares).sort(), ['member-2', 'new-2', 'new-3', 'new-4', 'new-5'])
    ok(signs(committee, shares, ['member-2', 'new-3', 'new-5']))
    ok(signs(committee, shares, ['new-4', 'new-2', 'new-5']))
  })

  test('makes shares that are of no use together with old ones', () => {
    const outcomes = runCeremony(plan, everybody, { shares: before3.shares })
    const { committee, shares } = agreed(outcomes)
    const fresh = partials(committee, shares, ['new-3', 'new-4'])
    const stale = partials(before3.committee, before3.shares, ['member-1'])
    for (const threshold of [2, 3]) {
      const signature = combine(threshold, [...stale, ...fresh])
      equal(verifySignature(committee.publicKey, label, signature), false)
    }
    const two = combine(2, fresh)
    equal(verifySignature(committee.publicKey, label, two), false)
  })

  test('too few of the old members are a failure that names the absent', () => {
    const shares = before3.shares
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
      runCeremony(plan, everybody.slice(1), { shares: before3.shares, sent }),
    )
    // The proof of possession was made for the other ceremony.
    deepEqual(disqualified, { 'member-1': 'possession_unproven' })
  })

  test('a member without the share of its number takes no part', () => {
    const shares = { ...before3.shares, 'member-1': before3.shares['member-3'] }
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
        previous: { ...before3.committee, publicKey: verificationKeyOf(`0x${'01'.repeat(32)}`) },
      }),
    ],
    [
      'a member’s key that is not on the polynomial',
      () => ({
        previous: {
          ...before3.committee,
          members: before3.committee.members.map((one, i) =>
            i === 2 ? { ...one, verificationKey: before3.committee.publicKey } : one,
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
