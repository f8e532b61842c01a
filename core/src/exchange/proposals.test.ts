/**
 * Goal: where the rulebook says so, what moves money or rules takes effect by two different people
 * of the authorities within a deadline, once, and nothing of it before; elsewhere by one, as ever.
 * Method: the small market with three authorities, each guarded instruction proposed and approved
 * there and compared with the market in which one is enough; and histories by chance beside a judge
 * that reads the list of what happened. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  apply,
  type Command,
  decodeState,
  emptyState,
  encodeState,
  type GuardedKind,
  guardedKinds,
  participantOf,
  type State,
} from './index.ts'
import {
  accountOf,
  fastEngine,
  firstInterval,
  hex,
  type Market,
  meterContent,
  meters,
  newcomer,
  testRulebook,
} from './testing/market.ts'
import { committeeContent } from './testing/sealed-market.ts'
import {
  answerOf,
  approving,
  asked,
  deadlineSeconds,
  type Decider,
  deciders,
  guardedRulebook,
  openGuardedMarket,
  proposed,
  refusing,
  suspending,
} from './testing/two-people-case.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }
const deadlineMs = deadlineSeconds * 1_000
const statusOf = (market: Market, account: number): string | undefined =>
  participantOf(market.state, account)?.status

/** What an authority asks for of each kind, in the guarded market. */
const guarded: Readonly<Record<GuardedKind, (m: Market) => Command>> = {
  admit_participant: (m) => m.instruction('admit_participant', 'operator', newcomer(99, {
    roles: ['prosumer', 'bank'],
  })),
  suspend_participant: (m) => suspending(m, 'operator', accountOf('bob')),
  reinstate_participant: (m) =>
    m.instruction('reinstate_participant', 'operator', { participant: accountOf('bob') }),
  replace_key: (m) => {
    const { address, publicKey } = newcomer(99)
    const content = { participant: accountOf('bob'), address, publicKey }
    return m.instruction('replace_key', 'operator', content)
  },
  schedule_rulebook: (m) => m.instruction('schedule_rulebook', 'operator', {
    fromInterval: firstInterval + 100, rulebook: { ...testRulebook, version: 2 },
  }),
  appoint_committee: (m) => m.instruction('appoint_committee', 'operator', committeeContent()),
  assign_utility: (m) =>
    m.instruction('assign_utility', 'operator', { zone: 0, utility: accountOf('grid') }),
  record_agreement: (m) => {
    m.must(approveNext(m, newcomer(98, { name: 'other', roles: ['retailer'], retailer: null })))
    return m.instruction('record_agreement', 'operator', {
      retailers: [accountOf('retailer'), 12], basis: 'bilateral', documentHash: hex(7, 64),
      fromInterval: firstInterval + 200, untilInterval: null,
    })
  },
  register_gateway: (m) => m.instruction('register_gateway', 'operator', gatewayContent),
  register_meter: (m) => m.instruction('register_meter', 'operator', meterContent('another')),
  replace_meter: (m) => {
    m.toGate(0).closeGate(0)
    m.toStart(0, 30).read('alice', 0, 0, 0)
    m.toStart(1, 30).read('bob', 0, 0, 0)
    return replacing(m, deciders.operator)
  },
  decide_appeal: (m) => m.instruction('decide_appeal', 'operator', { default: 1, upheld: true }),
}

const gatewayContent = {
  name: 'another', curve: 'p256', publicKey: newcomer(96).publicKey, owner: accountOf('grid'),
} as const

/** What the old device of Alice’s meter is said to have shown at last. */
const replacing = (m: Market, by: number): Command => asked(m, by, 'replace_meter', {
  ...{ meter: meters.alice, boundary: firstInterval + 1, digits: 9 },
  ...{ finalImportWh: 0, finalExportWh: 900, initialImportWh: 0, initialExportWh: 0 },
})

function approveNext(m: Market, content: ReturnType<typeof newcomer>): Command {
  m.must(m.instruction('admit_participant', 'operator', content))
  return approving(m, 'second', m.state.lastProposal)
}

/** The state without what is only about proposals and the journal. */
function effectsOf(state: State): object {
  const { proposals: _one, lastProposal: _two, sequence: _three, remembered: _four, ...rest } =
    decodeState(encodeState(state))
  const trading = { ...rest.trading, keys: [...rest.trading.keys].map(([account, keys]) =>
    [account, keys.map(({ sequence: _sequence, ...key }) => key)]) }
  return { ...rest, trading }
}

describe('what moves money or rules', () => {
  for (const kind of guardedKinds.filter((one) => one !== 'decide_appeal')) {
    test(`${kind} does nothing by one person, and by two what it does by one elsewhere`, () => {
      const market = openGuardedMarket()
      const command = guarded[kind](market)
      const before = effectsOf(market.state)
      const { outcome, effects } = market.apply(command)
      equal(answerOf(outcome), 'proposal_made')
      const proposal = market.state.lastProposal
      deepEqual(effects, [{ kind: 'proposal_changed', proposal, status: 'open' }])
      deepEqual(effectsOf(market.state), before)

      const alone = decodeState(encodeState(market.state))
      for (const one of alone.rulebooks) Object.assign(one.rulebook, { fourEyes: undefined })
      const again = { ...command, id: market.id(), digest: hex(1, 64) } as Command
      const envelope = { sequence: alone.sequence + 1, at: market.at, command: again }
      const byOne = apply(alone, envelope, fastEngine)
      equal(byOne.outcome.kind, 'accepted')

      const byTwo = market.apply(approving(market, 'second', proposal))
      equal(answerOf(byTwo.outcome), 'proposal_decided')
      deepEqual(byTwo.effects.slice(1), byOne.effects)
      for (const one of alone.rulebooks) {
        if (one.rulebook.version === 1) Object.assign(one.rulebook, guardedRulebook)
      }
      deepEqual(effectsOf(market.state), effectsOf(alone))
    })
  }

  test('is asked for as before where the rulebook has no such rule', () => {
    const market = openGuardedMarket()
    const { rulebook: _left, ...first } = market.state.rulebooks[0] ?? { from: 0, rulebook: null }
    market.state.rulebooks[0] = { ...first, rulebook: testRulebook } as never
    equal(answerOf(market.submit(suspending(market, 'operator', 9))), 'participant_changed')
  })

  test('is one person’s as long as there is no second', () => {
    const market = openGuardedMarket()
    const { participants } = market.state
    participants.splice(7)
    equal(answerOf(market.submit(suspending(market, 'operator', 9))), 'participant_changed')
  })

  test('does not become one person’s by suspending the others', () => {
    const market = openGuardedMarket()
    market.must(suspending(market, 'operator', deciders.deputy))
    market.must(approving(market, 'second', market.state.lastProposal))
    equal(answerOf(market.submit(suspending(market, 'operator', 9))), 'proposal_made')
  })

  test('is not who trades for itself, one’s own key, nor a meter that one runs', () => {
    const market = openGuardedMarket()
    const roles = ['prosumer', 'trader', 'aggregator'] as const
    const content = newcomer(99, { roles })
    equal(
      answerOf(market.submit(market.instruction('admit_participant', 'operator', content))),
      'participant_admitted',
    )
    guarded.replace_meter(market)
    const replaced = market.submit(replacing(market, accountOf('retailer')))
    equal(answerOf(replaced), 'meter_replaced')
    const gateway = market.submit(market.instruction('register_gateway', 'grid', gatewayContent))
    equal(answerOf(gateway), 'gateway_registered')
    const meter = market.submit(market.instruction('register_meter', 'grid', meterContent('n')))
    equal(answerOf(meter), 'meter_registered')
    const { address, publicKey } = newcomer(97)
    const own = { participant: deciders.operator, address, publicKey }
    equal(
      answerOf(market.submit(market.instruction('replace_key', 'operator', own))),
      'participant_changed',
    )
  })
})

describe('a proposal', () => {
  test('says what it waits for, and what became of it', () => {
    const market = openGuardedMarket()
    const proposal = proposed(market)
    const kept = market.state.proposals.get(proposal)
    equal(kept?.expiresAt, market.at + deadlineMs)
    equal(kept?.instruction.kind, 'suspend_participant')
    market.must(refusing(market, 'second', proposal))
    const { status, decided, reason } = market.state.proposals.get(proposal) ?? {}
    deepEqual({ status, account: decided?.account, reason }, {
      status: 'refused', account: deciders.second, reason: 'no',
    })
    equal(statusOf(market, accountOf('alice')), 'active')
  })

  test('is taken back by who made it', () => {
    const market = openGuardedMarket()
    market.must(refusing(market, 'operator', proposed(market)))
  })

  test('lapses at its deadline to the millisecond, and the next gate says so', () => {
    const market = openGuardedMarket()
    const early = proposed(market)
    market.at += 1
    const late = proposed(market)
    market.at += deadlineMs - 1
    equal(answerOf(market.submit(approving(market, 'second', early))), 'proposal_not_open')
    equal(answerOf(market.submit(approving(market, 'second', late))), 'proposal_decided')
    const { outcome, effects } = market.apply({ kind: 'close_gate', interval: firstInterval })
    equal(outcome.kind, 'accepted')
    deepEqual(effects.filter(({ kind }) => kind === 'proposal_changed'), [
      { kind: 'proposal_changed', proposal: early, status: 'expired' },
    ])
  })

  test('of which another takes the place of the waiting ones makes room', () => {
    const market = openGuardedMarket()
    for (let i = 0; i < 20; i += 1) proposed(market)
    equal(answerOf(market.submit(suspending(market, 'operator', 9))), 'proposals_exceeded')
    equal(answerOf(market.submit(suspending(market, 'second', 9))), 'proposal_made')
    market.must(refusing(market, 'second', market.state.lastProposal - 3))
    equal(answerOf(market.submit(suspending(market, 'operator', 9))), 'proposal_made')
  })

  test('that is over stays as long as a hundred newer ones have come', () => {
    const market = openGuardedMarket()
    for (let i = 0; i < 120; i += 1) market.must(refusing(market, 'second', proposed(market)))
    const open = proposed(market)
    for (let i = 0; i < 120; i += 1) market.must(refusing(market, 'second', proposed(market)))
    equal(market.state.proposals.size, 101)
    ok(market.state.proposals.has(open))
  })

  test('that waited long is among the newest when it is decided', () => {
    const market = openGuardedMarket()
    const early = [proposed(market), proposed(market)]
    for (let i = 0; i < 120; i += 1) market.must(refusing(market, 'second', proposed(market)))
    const [approved = 0, refused = 0] = early
    market.must(approving(market, 'second', approved))
    market.must(refusing(market, 'second', refused))
    deepEqual(early.map((one) => market.state.proposals.get(one)?.status), ['approved', 'refused'])
    equal(market.state.proposals.size, 100)
  })

  test('is in a snapshot, whatever its reason begins with', () => {
    const market = openGuardedMarket()
    market.must(asked(market, deciders.operator, 'suspend_participant', {
      participant: accountOf('alice'), reason: '#12 was not paid',
    }))
    deepEqual(decodeState(encodeState(market.state)), market.state)
  })
})

type Step =
  | { readonly do: 'suspend' | 'lift'; readonly by: Who; readonly whom: number }
  | { readonly do: 'approve' | 'refuse'; readonly by: Who; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'gate' }
type Who = Decider | 'alice'

/**
 * Judges each step from the list of those before it and what it found of them: nothing is kept but
 * its answers. The market's first proposal was decided before.
 */
function answersOf(steps: readonly Step[], times: readonly number[]): string[] {
  const answers: string[] = []
  const madeBy = (which: number): number => {
    const made = answers.flatMap((answer, i) => (answer === 'proposal_made' ? [i] : []))
    return made[which] ?? -1
  }
  /** Which approval, the last one, decided about somebody. */
  const isSuspended = (account: number): boolean => {
    const word = steps.slice(0, answers.length).findLast((step, i) => {
      if (step.do !== 'approve' || answers[i] !== 'proposal_decided') return false
      const meant = steps[madeBy(step.which)]
      return meant !== undefined && 'whom' in meant && meant.whom === account
    })
    return word?.do === 'approve' && steps[madeBy(word.which)]?.do === 'suspend'
  }
  const barred = (who: Who): string | undefined => {
    if (isSuspended(who === 'alice' ? accountOf('alice') : deciders[who])) {
      return 'account_suspended'
    }
    return who === 'alice' ? 'role_missing' : undefined
  }
  const judged = (step: Step, now: number): string => {
    if (step.do === 'wait' || step.do === 'gate') return 'passed'
    const not = barred(step.by)
    if (not !== undefined) return not
    if ('whom' in step) {
      return step.whom === deciders.second ? 'field_invalid' : 'proposal_made'
    }
    const made = madeBy(step.which)
    const meant = steps[made]
    if (meant === undefined || !('whom' in meant)) return 'proposal_unknown'
    if (step.do === 'approve' && meant.by === step.by) return 'proposal_own'
    const before = steps.findIndex((other, i) =>
      i < answers.length && 'which' in other && other.which === step.which &&
      answers[i] === 'proposal_decided')
    if (before !== -1 || now - (times[made] ?? 0) >= deadlineMs) return 'proposal_not_open'
    return (step.do === 'approve' ? barred(meant.by) : undefined) ?? 'proposal_decided'
  }
  for (const [i, step] of steps.entries()) answers.push(judged(step, times[i] ?? 0))
  return answers
}

const by = fc.constantFrom<Who>('operator', 'second', 'deputy', 'deputy', 'alice')
const whom = fc.constantFrom(accountOf('alice'), accountOf('bob'), deciders.deputy, deciders.second)
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('suspend', 'lift'), by, whom }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constantFrom('approve', 'approve', 'refuse'), by, which: fc.nat(5),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('wait'), ms: fc.constantFrom(1, deadlineMs / 2, deadlineMs - 1, deadlineMs),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gate') }) },
) as fc.Arbitrary<Step>

const actor = (who: Who): number => (who === 'alice' ? accountOf('alice') : deciders[who])

function commandOf(market: Market, step: Exclude<Step, { do: 'wait' | 'gate' }>): Command {
  if ('whom' in step) {
    const kind = step.do === 'suspend' ? 'suspend_participant' : 'reinstate_participant'
    return asked(market, actor(step.by), kind, { participant: step.whom })
  }
  // The first of the history is the second of the market.
  const proposal = step.which + 2
  const command = step.do === 'approve'
    ? approving(market, 'second', proposal)
    : refusing(market, 'second', proposal)
  return { ...command, account: actor(step.by) } as Command
}

function play(market: Market, step: Step, gates: { next: number }): string {
  if (step.do === 'wait') {
    market.at += step.ms
    return 'passed'
  }
  if (step.do === 'gate') {
    if (market.at >= (firstInterval + gates.next) * 300_000 - 60_000) {
      equal(market.closeGate(gates.next).kind, 'accepted')
      gates.next += 1
    }
    return 'passed'
  }
  return answerOf(market.submit(commandOf(market, step)))
}

test('is done when a judge who reads the history says so, whatever the history', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(stepArbitrary, { maxLength: 30, size: 'max' }), (steps) => {
      const market = openGuardedMarket()
      const gates = { next: 0 }
      const times: number[] = []
      const found = steps.map((step) => {
        times.push(market.at)
        return play(market, step, gates)
      })
      const expected = answersOf(steps, times)
      deepEqual(found, expected)
      for (const answer of found) seen.set(answer, (seen.get(answer) ?? 0) + 1)
      let state = emptyState()
      for (const [i, envelope] of market.journal.entries()) {
        if (i === market.journal.length - 3) state = decodeState(encodeState(state))
        apply(state, envelope, fastEngine)
      }
      equal(encodeState(state), encodeState(market.state))
    }),
    { ...replay, numRuns: 300 },
  )
  const answers = [
    'passed', 'proposal_made', 'proposal_decided', 'proposal_unknown', 'proposal_own',
    'proposal_not_open', 'account_suspended', 'role_missing', 'field_invalid',
  ]
  for (const answer of answers) ok((seen.get(answer) ?? 0) > 20, `${answer} was seen`)
})
