import { canonicalJson } from '@busbar/core/encoding'
import { assert, Fault } from '@busbar/core/errors'
import type { Fr } from 'mcl-wasm'
import { type Hex, textToBytes } from '../hash/index.ts'
import {
  type CeremonyMessage,
  type CeremonyRound,
  ceremonyRounds,
  type ConfirmBody,
  identityKeys,
  isSigned,
  type MemberIdentity,
  seenAfter,
  signMessage,
} from './ceremony-message.ts'
import { type CeremonyMember, type CeremonyPlan, planDigest, requirePlan } from './ceremony-plan.ts'
import {
  answeredShare,
  type CeremonyOutcome,
  type Deal,
  type Disqualification,
  failed,
  isEnvelope,
  isObject,
  joinedKeys,
  joinedShare,
  type Step,
} from './ceremony-result.ts'
import { pointToHex, scalarFromHex, scalarFromRandom } from './curve.ts'
import {
  commitmentsOf,
  drawPolynomial,
  isShareOf,
  parseCommitments,
  type Polynomial,
  provePossession,
  shareAt,
  verifyPossession,
} from './polynomial.ts'
import { openShare, sealShare } from './share-envelope.ts'
import { verificationKeyOf } from './shares.ts'

type Pending = Omit<CeremonyOutcome, 'disqualified'>

type Secrets = {
  readonly identity: MemberIdentity
  /** The member's share of the key that is dealt anew; undefined for a new key. */
  readonly share?: string
  /** Uniform bytes, each used once. */
  readonly random: (bytes: number) => Uint8Array
}

/**
 * One member's part in making a key without a dealer: each deals a secret of its own, the key is
 * the sum of those that were dealt rightly, and nobody ever knows it. Pedersen's key generation
 * with Feldman's commitments, a proof that each dealer knows what it deals, and complaints.
 *
 * Takes messages, gives messages: who carries them need not be trusted. Everything is signed,
 * shares are sealed to their receivers, and each message names all that its sender has seen, so
 * that members that were shown different things never confirm the same key.
 *
 * A dealer that deals last sees the commitments of the others and can so choose among keys. For
 * this use that is no gain: the key is an honest dealer's part plus parts whose secrets the others
 * know (they prove it), and whoever could open under the sum could open under the honest part
 * alone, because e(A + b·G, H)^r = e(A, H)^r · e(U, H)^b.
 */
export class Ceremony {
  readonly plan: CeremonyPlan
  readonly digest: Hex
  readonly #secrets: Secrets
  readonly #dealer: CeremonyMember | undefined
  readonly #receiver: CeremonyMember | undefined
  readonly #polynomial: Polynomial
  readonly #deals = new Map<number, Deal>()
  readonly #disqualified = new Map<string, Disqualification>()
  /** By dealer: this receiver's share, once it has a right one. */
  readonly #received = new Map<number, string>()
  /** Pairs of dealer and receiver whose share was complained about. */
  readonly #complaints: { readonly dealer: number; readonly receiver: number }[] = []
  #seen: string
  #next: CeremonyRound | 'over' = 'deal'
  #sent: CeremonyMessage | null = null
  #result: Pending | undefined

  /**
   * @throws Fault COMMITTEE_CONFIG_INVALID for a plan that is none, in which this member has no
   * part, or for which its share is not the one of the plan
   */
  constructor(plan: CeremonyPlan, secrets: Secrets) {
    requirePlan(plan)
    this.plan = plan
    this.digest = planDigest(plan)
    this.#seen = this.digest
    this.#secrets = secrets
    const { signingKey } = identityKeys(secrets.identity)
    const own = (member: CeremonyMember): boolean => member.signingKey === signingKey
    this.#dealer = plan.dealers.find(own)
    this.#receiver = plan.receivers.find(own)
    if (this.#dealer === undefined && this.#receiver === undefined) {
      throw new Fault('COMMITTEE_CONFIG_INVALID', { field: 'plan', why: 'we have no part in it' })
    }
    this.#polynomial =
      this.#dealer === undefined
        ? []
        : drawPolynomial(this.#constant(this.#dealer), plan.threshold, secrets.random)
  }

  #constant({ index }: CeremonyMember): Fr {
    const { previous } = this.plan
    const { share, random } = this.#secrets
    if (previous === null) return scalarFromRandom(random(48))
    const known = previous.members.find((member) => member.index === index)
    if (share === undefined || verificationKeyOf(share) !== known?.verificationKey) {
      throw new Fault('COMMITTEE_CONFIG_INVALID', { field: 'previous', why: 'we hold no share' })
    }
    return scalarFromHex(share, 'share')
  }

  /** The first message: a dealer's deal. */
  begin(): CeremonyMessage | null {
    assert(this.#next === 'deal' && this.#sent === null, 'a ceremony begins once')
    if (this.#dealer === undefined) return null
    const [constant] = this.#polynomial
    assert(constant !== undefined, 'a dealer has a polynomial')
    const { index: dealer } = this.#dealer
    const { random } = this.#secrets
    return this.#send('deal', {
      commitments: commitmentsOf(this.#polynomial),
      possession: provePossession(constant, this.#context(dealer), random(48)),
      envelopes: this.plan.receivers.map(({ index, sealingKey }) => {
        const share = shareAt(this.#polynomial, index)
        const context = this.#envelopeContext(dealer, index)
        return { index, envelope: sealShare({ share, sealingKey, context, random: random(32) }) }
      }),
    })
  }

  /**
   * Takes all messages of a round and gives the own message of the next.
   *
   * @throws Fault COMMITTEE_CEREMONY_FAILED when no key can come of it, naming who is in the way
   */
  receive(round: CeremonyRound, messages: readonly CeremonyMessage[]): Step {
    if (round !== this.#next) throw failed(`the round is ${this.#next}, not ${round}`)
    const signed = this.#signedOf(round, messages)
    switch (round) {
      case 'deal':
        return this.#after(round, signed, this.#complain(signed as CeremonyMessage<'deal'>[]))
      case 'complain':
        return this.#after(round, signed, this.#answer(signed as CeremonyMessage<'complain'>[]))
      case 'answer':
        return this.#after(round, signed, this.#confirm(signed as CeremonyMessage<'answer'>[]))
      case 'confirm':
        this.#next = 'over'
        return { message: null, outcome: this.#finish(signed as CeremonyMessage<'confirm'>[]) }
    }
  }

  /** This member's number among those that will hold shares. */
  get receiverIndex(): number | undefined {
    return this.#receiver?.index
  }

  /** The share is there before it is confirmed, so that it can be written to disk first. */
  get pending(): Pending | undefined {
    return this.#result
  }

  #after(
    round: CeremonyRound,
    messages: readonly CeremonyMessage[],
    reply: (() => CeremonyMessage) | null,
  ): Step {
    this.#seen = seenAfter(this.#seen, messages)
    this.#next = ceremonyRounds[ceremonyRounds.indexOf(round) + 1] ?? 'over'
    this.#sent = null
    return { message: reply?.() ?? null, outcome: null }
  }

  #send<Round extends CeremonyRound>(
    round: Round,
    body: CeremonyMessage<Round>['body'],
  ): CeremonyMessage<Round> {
    const head = { plan: this.digest, round, seen: this.#seen, body }
    const message = signMessage<Round>(this.#secrets.identity, head)
    this.#sent = message
    return message
  }

  /** Those of this round, of members, signed, each once; what else came was carried in vain. */
  #signedOf(
    round: CeremonyRound,
    messages: readonly CeremonyMessage[],
  ): readonly CeremonyMessage[] {
    const members = [...this.plan.dealers, ...this.plan.receivers]
    const texts = new Map<string, CeremonyMessage>()
    for (const message of messages) {
      if (message.round !== round || message.plan !== this.digest) continue
      if (!members.some(({ signingKey }) => signingKey === message.from)) continue
      if (!isObject(message.body)) continue
      if (isSigned(message)) texts.set(canonicalJson(message), message)
    }
    const own = this.#sent === null ? undefined : canonicalJson(this.#sent)
    if (own !== undefined && !texts.has(own)) throw failed('our own message was not passed on')
    const signed = [...texts.values()]
    const behind = signed.find(({ seen }) => seen !== this.#seen)
    if (behind !== undefined) {
      throw failed('members were shown different messages', this.#nameOf(behind.from))
    }
    return signed
  }

  #complain(messages: readonly CeremonyMessage<'deal'>[]): (() => CeremonyMessage) | null {
    for (const dealer of this.plan.dealers) {
      const [message, second] = messages.filter(({ from }) => from === dealer.signingKey)
      const deal =
        second === undefined ? this.#judgeDeal(dealer, message) : ('sent_two_deals' as const)
      if (typeof deal === 'string') this.#disqualified.set(dealer.name, deal)
      else this.#deals.set(dealer.index, deal)
    }
    const receiver = this.#receiver
    if (receiver === undefined) return null
    const accused: number[] = []
    for (const [dealer, { commitments, envelope }] of this.#deals) {
      const context = this.#envelopeContext(dealer, receiver.index)
      const { sealingSecret } = this.#secrets.identity
      const share =
        envelope === undefined ? undefined : openShare({ envelope, sealingSecret, context })
      if (share !== undefined && isShareOf(share, commitments, receiver.index)) {
        this.#received.set(dealer, share)
      } else accused.push(dealer)
    }
    return () => this.#send('complain', { accused })
  }

  /** What everybody can check of a deal, and so everybody judges alike. */
  #judgeDeal(
    { index }: CeremonyMember,
    message: CeremonyMessage<'deal'> | undefined,
  ): Deal | Disqualification {
    if (message === undefined) return 'absent'
    const { threshold, previous } = this.plan
    try {
      const commitments = parseCommitments(message.body.commitments, threshold)
      const [constant] = commitments
      assert(constant !== undefined, 'a threshold is at least 1')
      if (!verifyPossession(constant, this.#context(index), message.body.possession)) {
        return 'possession_unproven'
      }
      if (previous !== null) {
        const known = previous.members.find((member) => member.index === index)
        if (pointToHex(constant) !== known?.verificationKey) return 'other_share_dealt'
      }
      // All of them, not only ours: else one that is malformed would divide the members.
      const envelopes: unknown = message.body.envelopes
      if (!Array.isArray(envelopes) || !envelopes.every(isEnvelope)) return 'deal_malformed'
      const own = envelopes.find((one) => one.index === this.#receiver?.index)
      return { commitments, envelope: own?.envelope }
    } catch (error) {
      if (error instanceof Fault) return 'deal_malformed'
      throw error
    }
  }

  #answer(messages: readonly CeremonyMessage<'complain'>[]): (() => CeremonyMessage) | null {
    for (const { from, body } of messages) {
      const receiver = this.plan.receivers.find(({ signingKey }) => signingKey === from)
      const accused: unknown = body.accused
      if (receiver === undefined || !Array.isArray(accused)) continue
      for (const dealer of new Set(accused)) {
        if (!this.#deals.has(dealer as number)) continue
        this.#complaints.push({ dealer: dealer as number, receiver: receiver.index })
      }
    }
    const dealer = this.#dealer
    if (dealer === undefined) return null
    const mine = this.#complaints.filter((complaint) => complaint.dealer === dealer.index)
    const shares = mine.map(({ receiver }) => ({
      index: receiver,
      share: shareAt(this.#polynomial, receiver),
    }))
    return () => this.#send('answer', { shares })
  }

  #confirm(messages: readonly CeremonyMessage<'answer'>[]): (() => CeremonyMessage) | null {
    for (const { dealer, receiver } of this.#complaints) {
      const { name, signingKey } = this.#dealerAt(dealer)
      const deal = this.#deals.get(dealer)
      if (deal === undefined) continue
      const share = answeredShare(messages, signingKey, receiver)
      if (share !== undefined && isShareOf(share, deal.commitments, receiver)) {
        if (receiver === this.#receiver?.index) this.#received.set(dealer, share)
        continue
      }
      this.#disqualified.set(name, share === undefined ? 'complaint_unanswered' : 'share_wrong')
      this.#deals.delete(dealer)
    }
    this.#requireEnough()
    const committee = joinedKeys(this.plan, this.#deals)
    const own = this.#receiver
    const share = own && joinedShare(this.plan, this.#received, this.#qualified(), own, committee)
    this.#result = { committee, share }
    if (this.#receiver === undefined) return null
    const { publicKey, members } = committee
    const verificationKeys = members.map(({ index, verificationKey }) => ({
      index,
      verificationKey,
    }))
    const body = { publicKey, qualified: this.#qualified(), verificationKeys }
    return () => this.#send('confirm', body)
  }

  #requireEnough(): void {
    const { kind, threshold, previous, receivers } = this.plan
    const needed = previous?.threshold ?? threshold
    const names = [...this.#disqualified].map(([name, why]) => `${name} (${why})`).join(', ')
    if (this.#deals.size < needed) throw failed(`it takes ${needed} dealers`, names)
    // A member of a new committee that is not there would be appointed without a share.
    const absent = receivers.filter(({ name }) => this.#disqualified.get(name) === 'absent')
    if (kind === 'generate' && absent.length > 0) {
      throw failed('members are absent', absent.map(({ name }) => name).join(', '))
    }
  }

  #qualified = (): readonly number[] => [...this.#deals.keys()].toSorted((a, b) => a - b)

  /** All receivers but those that dealt wrongly must have come to the same. */
  #finish(messages: readonly CeremonyMessage<'confirm'>[]): CeremonyOutcome {
    assert(this.#result !== undefined, 'a result is confirmed')
    const { committee, share } = this.#result
    const { publicKey, members } = committee
    const expected: ConfirmBody = {
      publicKey,
      qualified: this.#qualified(),
      verificationKeys: members.map(({ index, verificationKey }) => ({ index, verificationKey })),
    }
    const missing = this.plan.receivers.filter(({ name, signingKey }) => {
      const said = messages.filter(({ from }) => from === signingKey)
      const agrees = said.length === 1 && canonicalJson(said[0]?.body) === canonicalJson(expected)
      return !agrees && !this.#disqualified.has(name)
    })
    if (missing.length > 0) {
      throw failed('not confirmed by all', missing.map(({ name }) => name).join(', '))
    }
    return { committee, share, disqualified: Object.fromEntries(this.#disqualified) }
  }

  #context = (dealer: number): Uint8Array => textToBytes(`${this.digest} ${dealer}`)

  #envelopeContext = (dealer: number, receiver: number): string =>
    `${this.digest} ${dealer} ${receiver}`

  #dealerAt(index: number): CeremonyMember {
    const dealer = this.plan.dealers.find((member) => member.index === index)
    assert(dealer !== undefined, 'who dealt is a dealer')
    return dealer
  }

  #nameOf(signingKey: string): string {
    const members = [...this.plan.dealers, ...this.plan.receivers]
    return members.find((member) => member.signingKey === signingKey)?.name ?? 'nobody'
  }
}
