import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import {
  combine,
  type PartialSignature,
  timelockReady,
  verifySignature,
} from '@busbar/protocols/timelock'
import type { Opened, OpeningRequest, OrderOpening } from '../../app/ports/opening.ts'
import { askMember, type Member, type MemberAnswer, type Patience } from './member-request.ts'
import { OpeningPool } from './opening-pool.ts'

export type CommitteeOptions = {
  /** Where a member is reached, by its name; a member that is not among them counts as absent. */
  readonly urls: Readonly<Record<string, string>>
  /** Threads that open; as many as there are cores, up to 8, if not given. */
  readonly threads?: number
  readonly patience?: Partial<Patience> & {
    /** Without enough members for so long, the opening ends with a fault and may be asked again. */
    readonly deadlineMs?: number
    /** Once there are enough, how long others may still show that they are not absent. */
    readonly graceMs?: number
  }
}

/** Beyond that, memory and the server's own work count for more than the opening's time. */
const threadsMax = 8

const defaults = {
  requestTimeoutMs: 2_000,
  retryMs: [50, 1_000],
  deadlineMs: 30_000,
  graceMs: 250,
} as const

/** What is known of each member while the answers come in. */
type Answers = {
  readonly valid: PartialSignature[]
  readonly wrong: Set<Member>
  readonly heard: Set<Member>
}

/**
 * Opens orders with the committee's joint signature: all members are asked at once, each partial
 * signature is verified by its member's key, and as soon as there are enough nobody is waited for.
 */
export function createCommitteeOpening(options: CommitteeOptions): OrderOpening {
  const patience = { ...defaults, ...options.patience }
  const pool = new OpeningPool(options.threads ?? Math.min(threadsMax, availableParallelism()))
  const closing = new AbortController()

  /** Asks all until `signal` ends it. `enough` and `all` also resolve when no more is to come. */
  function gather(
    request: OpeningRequest,
    answers: Answers,
    signal: AbortSignal,
  ): { readonly enough: Promise<void>; readonly all: Promise<void> } {
    const { committee, label } = request
    const { threshold, members } = committee
    const all = Promise.withResolvers<void>()
    const enough = new Promise<void>((resolve, reject) => {
      const hear = (member: Member, answer: MemberAnswer): void => {
        answers.heard.add(member)
        if (answer.kind === 'wrong') answers.wrong.add(member)
        else answers.valid.push({ index: member.index, partial: answer.partial })
        if (answers.valid.length >= threshold) resolve()
      }
      const asked = members.map(async (member) => {
        const url = options.urls[member.name]
        if (url === undefined) return
        try {
          hear(member, await askMember({ url, member, label }, patience, signal))
        } catch (error) {
          // Ended by `signal`: then the member is absent. Anything else is a key of ours.
          if (!signal.aborted) reject(error)
        }
      })
      // All have answered, or time is over: whether it was enough is asked by the caller.
      void Promise.all(asked).then(() => {
        all.resolve()
        resolve()
      })
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    return { enough, all: all.promise }
  }

  async function open(request: OpeningRequest): Promise<Opened> {
    const { committee, label, orders } = request
    if (orders.length === 0) return { openings: [], signature: '', absent: [], wrong: [] }
    await timelockReady()
    pool.warm()
    closing.signal.throwIfAborted()
    const answers: Answers = { valid: [], wrong: new Set(), heard: new Set() }
    const stop = new AbortController()
    const deadline = setTimeout(() => stop.abort(), patience.deadlineMs)
    const end = (): void => stop.abort()
    closing.signal.addEventListener('abort', end, { once: true })
    try {
      const { enough, all } = gather(request, answers, stop.signal)
      await enough
      closing.signal.throwIfAborted()
      clearTimeout(deadline)
      if (answers.valid.length < committee.threshold) throw tooFew(request, answers)
      const signature = combine(committee.threshold, answers.valid)
      if (!verifySignature(committee.publicKey, label, signature)) {
        // Each share fits its key, so the keys do not fit each other: a wrong appointment.
        throw new Fault('COMMITTEE_CONFIG_INVALID', {
          field: 'verificationKey',
          why: 'the keys of the members are not those of the public key',
        })
      }
      // What the others send meanwhile only decides who is named; opening mostly takes longer.
      const grace = Promise.race([all, wait(patience.graceMs, undefined, { ref: false })])
      const [openings] = await Promise.all([pool.open(signature, orders), grace])
      return { openings, signature, ...named(request, answers) }
    } finally {
      clearTimeout(deadline)
      closing.signal.removeEventListener('abort', end)
      stop.abort()
    }
  }

  return {
    open,
    async close() {
      closing.abort(new Error('the opening was stopped'))
      await pool.close()
    },
  }
}

function named(request: OpeningRequest, { wrong, heard }: Answers) {
  const names = (members: readonly Member[]): readonly string[] => members.map(({ name }) => name)
  const { members } = request.committee
  return {
    absent: names(members.filter((member) => !heard.has(member))),
    wrong: names(members.filter((member) => wrong.has(member))),
  }
}

function tooFew(request: OpeningRequest, answers: Answers): Fault {
  const { absent, wrong } = named(request, answers)
  return new Fault('COMMITTEE_BELOW_THRESHOLD', {
    valid: answers.valid.length,
    threshold: request.committee.threshold,
    absent: absent.join(', '),
    wrong: wrong.join(', '),
  })
}
