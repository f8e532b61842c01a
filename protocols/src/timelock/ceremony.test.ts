/**
 * Goal: members make a key that none of them knows; who cheats is named and left
 * out, and nobody ends with a key that the others do not have.
 * Method: whole ceremonies in memory with one member who breaks one rule, a table of such breaches;
 * the keys that come out must sign by threshold and by nothing less.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { CeremonyMessage, DealBody } from './ceremony-message.ts'
import { combine, timelockReady, verifySignature } from './index.ts'
import { sealShare } from './share-envelope.ts'
import {
  agreed,
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

const seed = process.env.SEED === undefined ? undefined : Number(process.env.SEED)

await timelockReady()

type Deal = CeremonyMessage<'deal'>
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
  function dealOf(who: Person, own = plan, all: readonly Person[] = present): Deal {
    let found: Deal | undefined
    runCeremony(own, all, {
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
  test('whatever it sends, the others agree on what it was, and have a key', () => {
    const three = present.slice(0, 3)
    const small = generatePlan(three, 2, 3)
    const honestDeal = dealOf(cheat, small, three)
    const parts = ['commitments', 'possession', 'envelopes'] as const
    const breach = fc.record({
      part: fc.constantFrom(...parts),
      value: fc.oneof(
        fc.constantFrom(null, [], {}, '', '0x', 0),
        fc.array(fc.constantFrom(null, [], 'x', 7, ...honestDeal.body.envelopes)),
        fc.array(fc.constantFrom(null, {}, ...honestDeal.body.commitments), { maxLength: 3 }),
      ),
      rounds: fc.constantFrom(
        null,
        [],
        {},
        { accused: null },
        { accused: [null, 'x'] },
        { shares: [null] },
      ),
    })
    fc.assert(
      fc.property(breach, ({ part, value, rounds }) => {
        const body = { ...honestDeal.body, [part]: value } as DealBody
        const outcomes = runCeremony(small, three.slice(1), {
          sent: (round, messages) => {
            const [other] = messages
            ok(other !== undefined)
            const sent = round === 'deal' ? body : (rounds as unknown as DealBody)
            return [...messages, resigned(cheat, other, sent)]
          },
        })
        const { committee, shares } = agreed(outcomes)
        ok(signs(committee, shares, ['member-2', 'member-3']))
      }),
      { numRuns: 25, ...(seed === undefined ? {} : { seed }) },
    )
  })

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
        resigned(stranger, { ...one, seen: `0x${'00'.repeat(32)}` }, one.body),
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
