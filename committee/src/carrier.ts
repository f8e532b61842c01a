import { canonicalJson } from '@busbar/core/encoding'
import { Fault } from '@busbar/core/errors'
import {
  type CeremonyMessage,
  type CeremonyPlan,
  ceremonyRounds,
  type CommitteeKeys,
  planDigest,
  requirePlan,
} from '@busbar/protocols/timelock'

export type CarriedOutcome = {
  readonly committee: CommitteeKeys
  readonly disqualified: Readonly<Record<string, string>>
  /** Members that could not be reached. */
  readonly absent: readonly string[]
}

const timeoutMs = 60_000

/**
 * Carries the messages of a ceremony between its members. It is trusted with nothing: it sees no
 * share, and members that it shows different things do not confirm.
 *
 * @param urls where each member is reached, by name
 * @throws Fault COMMITTEE_CEREMONY_FAILED with what the members say
 */
export async function carryCeremony(
  plan: CeremonyPlan,
  urls: Readonly<Record<string, string>>,
): Promise<CarriedOutcome> {
  requirePlan(plan)
  const digest = planDigest(plan)
  const names = [...new Set([...plan.dealers, ...plan.receivers].map(({ name }) => name))]
  const absent = new Set(names.filter((name) => urls[name] === undefined))
  const ask = async (step: string, body: object): Promise<readonly Reply[]> => {
    const replies = await Promise.all(
      names
        .filter((name) => !absent.has(name))
        .map((name) => post(name, `${urls[name]}/v1/ceremonies/${digest}/${step}`, body)),
    )
    for (const reply of replies) {
      if (reply.kind === 'absent') absent.add(reply.name)
      if (reply.kind === 'refused') throw failed(reply.why, reply.name)
    }
    return replies.filter((reply) => reply.kind === 'answered')
  }
  let replies = await ask('begin', {})
  for (const round of ceremonyRounds) {
    const messages = replies.flatMap(({ message }) => (message == null ? [] : [message]))
    replies = await ask(round, { messages })
  }
  const outcomes = replies.flatMap(({ committee, disqualified }) =>
    committee === undefined ? [] : [{ committee, disqualified: disqualified ?? {} }],
  )
  const [first] = outcomes
  const areEqual = outcomes.every((one) => canonicalJson(one) === canonicalJson(first))
  const missing = plan.receivers.filter(({ name }) => absent.has(name)).map(({ name }) => name)
  if (first === undefined || !areEqual || missing.length > 0) {
    throw failed('not every member has the key', missing.join(', '))
  }
  return { ...first, absent: [...absent] }
}

type Reply = {
  readonly kind: 'answered' | 'absent' | 'refused'
  readonly name: string
  readonly why: string
  readonly message?: CeremonyMessage | null
  readonly committee?: CommitteeKeys
  readonly disqualified?: Readonly<Record<string, string>>
}

async function post(name: string, url: string, body: object): Promise<Reply> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      // Owners take their time between two ceremonies: a kept connection may be closed by then, and
      // a member would count as absent.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer = (await response.json()) as Omit<Reply, 'kind' | 'name' | 'why'> & {
      readonly code?: string
      readonly why?: string
      readonly members?: string
    }
    if (response.status === 200) return { ...answer, kind: 'answered', name, why: '' }
    const why = [answer.code, answer.why, answer.members].filter(Boolean).join(': ')
    return { kind: 'refused', name, why }
  } catch (error) {
    // Not reached or not in time: the members decide whether they can do without.
    if (error instanceof Error) return { kind: 'absent', name, why: error.message }
    throw error
  }
}

const failed = (why: string, members: string): Fault =>
  new Fault('COMMITTEE_CEREMONY_FAILED', { why, members })
