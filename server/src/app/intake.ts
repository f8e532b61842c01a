import { canonicalJson } from '@busbar/core/encoding'
import { Fault } from '@busbar/core/errors'
import {
  type Command,
  type Outcome,
  participantOf,
  type State,
} from '@busbar/core/exchange'
import {
  accessDigest,
  addressOf,
  cancellationDigest,
  contractDigest,
  type Domain,
  instructionDigest,
  keyApprovalDigest,
  orderDigest,
  receiptDigest,
  sealedOrderDigest,
  type SealedOrderMessage,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { isChainKey } from '@busbar/protocols/named-keys'
import { isPasskeyKey } from '@busbar/protocols/passkeys'
import { batchToSign } from '@busbar/protocols/readings'
import { ciphertextHash } from '@busbar/protocols/sealed-orders'
import { contractMessage } from '@busbar/protocols/trades'
import { agentMandate, isWordOf, mayRead, objectionBy } from './account-word.ts'
import { recordFirstWord } from './first-word.ts'
import type { Lane } from './lane.ts'
import type {
  Reader,
  Reveal,
  SignedAcceptance,
  SignedCancellation,
  SignedInstruction,
  SignedOrder,
  SignedProposal,
  SignedReadingBatch,
  SignedSealedOrder,
  SignedWithdrawal,
  Submission,
} from './ports/exchange-service.ts'
import type { ReceiptSigner } from './ports/receipts.ts'
import type { SignatureVerifier } from './ports/signatures.ts'
import { readingRoles } from './views/trading/relation.ts'

type Refused = Extract<Submission, { kind: 'rejected' }>

const refused = (reason: Refused['reason'], field?: string, limit?: string): Refused => ({
  kind: 'rejected',
  reason,
  ...(field === undefined ? {} : { field }),
  ...(limit === undefined ? {} : { limit }),
})

/**
 * Orders verified in one turn of the event loop: about five milliseconds, so that reads get
 * through.
 */
const turnSize = 100

/**
 * Checks each command's signature against its signer's registered key and hands it to the lane.
 *
 * The digest is computed here from the fields that came, never taken from the client, and so the
 * signature covers exactly what is applied.
 */
export class Intake {
  readonly #lane: Lane
  readonly #domain: Domain
  readonly #verifier: SignatureVerifier
  readonly #credentials: SignatureVerifier
  readonly #receipts: ReceiptSigner
  readonly #reserved: ReadonlySet<string>
  /**
   * Keys as bytes, by their text: parsing hex for every order would cost a tenth of verifying it.
   */
  readonly #keys = new Map<string, Uint8Array>()

  constructor(parts: {
    readonly lane: Lane
    readonly domain: Domain
    readonly verifier: SignatureVerifier
    /** For credentials, which come again and again. */
    readonly credentials?: SignatureVerifier
    readonly receipts: ReceiptSigner
    /** Addresses of the operator and the contracts: the chain admits none of them. */
    readonly reserved?: ReadonlySet<string>
  }) {
    this.#lane = parts.lane
    this.#domain = parts.domain
    this.#verifier = parts.verifier
    this.#credentials = parts.credentials ?? parts.verifier
    this.#receipts = parts.receipts
    this.#reserved = parts.reserved ?? new Set()
  }

  orders(orders: readonly SignedOrder[]): Promise<readonly Submission[]> {
    return this.#each(orders, (order) => {
      const digest = orderDigest(this.#domain, order)
      return this.#signed(order, digest, (hex) => ({ kind: 'place_order', ...order, digest: hex }))
    })
  }

  sealedOrders(orders: readonly SignedSealedOrder[]): Promise<readonly Submission[]> {
    return this.#each(orders, (order) => {
      const digest = sealedOrderDigest(this.#domain, sealedOrderMessage(order))
      const submission = this.#signed(order, digest, (hex) => ({
        kind: 'place_sealed_order',
        ...order,
        digest: hex,
      }))
      return this.#receipted(submission)
    })
  }

  /** Not signed: that it is the opening of its commitment is what only the owner could know. */
  reveals(items: readonly Reveal[]): Promise<readonly Submission[]> {
    return this.#each(items, (item) =>
      this.#apply({ kind: 'reveal_order', ...item }, item.commitment),
    )
  }

  cancellations(items: readonly SignedCancellation[]): Promise<readonly Submission[]> {
    return this.#each(items, (item) => {
      const digest = cancellationDigest(this.#domain, item)
      return this.#signed(item, digest, (hex) => ({ kind: 'cancel_order', ...item, digest: hex }))
    })
  }

  withdrawals(items: readonly SignedWithdrawal[]): Promise<readonly Submission[]> {
    return this.#each(items, (item) => {
      const digest = withdrawalDigest(this.#domain, item)
      const command = (hex: string): Command => ({ kind: 'withdraw', ...item, digest: hex })
      // The clearing house recovers the signer: what it would refuse must not leave the ledger.
      return this.#signed(item, digest, command, 'verifyRecoverable')
    })
  }

  contracts(items: readonly SignedProposal[]): Promise<readonly Submission[]> {
    return this.#each(items, (item) => {
      const digest = contractDigest(this.#domain, contractMessage(item.terms))
      const terms = asJournaled(item.terms)
      return this.#signed(item, digest, (hex) => ({
        ...{ kind: 'propose_trade' as const, ...item, terms, digest: hex },
      }))
    })
  }

  /** The other side signs the digest of a contract that is known: nothing else can be accepted. */
  acceptances(items: readonly SignedAcceptance[]): Promise<readonly Submission[]> {
    return this.#each(items, ({ contract, ...item }) => {
      const digest = hexToBytes(contract, 32, 'contract')
      return this.#signed(item, digest, (hex) => ({ kind: 'accept_trade', ...item, digest: hex }))
    })
  }

  instructions(items: readonly SignedInstruction[]): Promise<readonly Submission[]> {
    return this.#each(items, (item) => {
      const { id, account, kind } = item
      const taken = 'address' in item.content && this.#reserved.has(item.content.address)
      if (taken) return refused('name_exists', 'address')
      if (!this.#approves(item)) return refused('signature_invalid', 'content.approval')
      if (kind === 'register_passkey' && !isPasskeyKey(item.content.publicKey)) {
        return refused('field_invalid', 'publicKey', 'a point of P-256, compressed')
      }
      const isNamed = kind === 'issue_join_code' || kind === 'grant_mandate'
      if (isNamed && !isChainKey(item.content.publicKey)) {
        return refused('field_invalid', 'publicKey', 'a point of secp256k1, compressed')
      }
      if (!ownsItsAddress(item.content)) {
        return refused('field_invalid', 'address', 'that of publicKey')
      }
      const content = canonicalJson(item.content)
      const digest = instructionDigest(this.#domain, { id, account, kind, content })
      const journaled = asJournaled(item.content)
      return this.#signed(
        item,
        digest,
        (hex) => ({ ...item, content: journaled, digest: hex }) as Command,
      )
    })
  }

  readings(batches: readonly SignedReadingBatch[]): Promise<readonly Submission[]> {
    return this.#each(batches, (batch) => {
      const gateway = this.#state.gateways[batch.gateway]
      if (gateway === undefined) return refused('gateway_unknown', 'gateway')
      const { root, digest } = batchToSign(this.#domain, batch)
      const key = this.#key(gateway.publicKey)
      const signature = hexToBytes(batch.signature)
      const valid =
        gateway.curve === 'p256'
          ? this.#verifier.verifyP256(key, digest, signature)
          : this.#verifier.verifySecp256k1(key, digest, signature)
      if (!valid) return refused('signature_invalid', 'signature')
      const hex = bytesToHex(digest)
      return this.#apply({ kind: 'submit_readings', ...batch, root, digest: hex }, hex)
    })
  }

  /** Who a credential speaks for; undefined if its signature is not the registered key's. */
  authenticate(credential: {
    readonly account: number
    readonly untilMs: number
    readonly signature: string
  }): Reader | undefined {
    const participant = participantOf(this.#state, credential.account)
    if (participant === undefined) return undefined
    const { account, untilMs: until } = credential
    const digest = accessDigest(this.#domain, { account, until })
    const { signature } = credential
    if (!this.#isWordOf(account, digest, signature, { verifier: this.#credentials })) {
      return undefined
    }
    const objection = objectionBy(this.#state, account, signature)
    if (objection !== undefined) return { account, roles: [], objection }
    if (!mayRead(this.#state, account, signature)) return undefined
    recordFirstWord(this.#lane, account)
    // An agent reads what is the account's own, whatever else its owner may see.
    const isAgent = agentMandate(this.#state, signature) !== undefined
    const roles = isAgent ? [] : readingRoles(participant)
    if (participant.status === 'active') return { account, roles }
    return { account, roles, isSuspended: true }
  }

  /** Whether the approval of a new key, where one is given, is the old key's. */
  #approves({ kind, content }: SignedInstruction): boolean {
    if (kind !== 'replace_key' || content.approval === undefined) return true
    const { participant: account, publicKey, approval } = content
    const participant = participantOf(this.#state, account)
    if (participant === undefined) return false
    const digest = keyApprovalDigest(this.#domain, { account, publicKey })
    const old = this.#key(participant.publicKey)
    return this.#verifier.verifySecp256k1(old, digest, hexToBytes(approval))
  }

  get #state(): State {
    return this.#lane.state
  }

  #signed(
    item: { readonly account: number; readonly signature: string },
    digest: Uint8Array,
    command: (digest: string) => Command,
    form: 'verifySecp256k1' | 'verifyRecoverable' = 'verifySecp256k1',
  ): Submission {
    const { account, signature } = item
    if (participantOf(this.#state, account) === undefined) {
      return refused('account_unknown', 'account')
    }
    if (!this.#isWordOf(account, digest, signature, { form })) {
      return refused('signature_invalid', 'signature')
    }
    const hex = bytesToHex(digest)
    return this.#apply(command(hex), hex)
  }

  #isWordOf(
    account: number,
    digest: Uint8Array,
    signature: string,
    { form = 'verifySecp256k1', verifier = this.#verifier }: {
      readonly form?: 'verifySecp256k1' | 'verifyRecoverable'
      readonly verifier?: SignatureVerifier
    },
  ): boolean {
    const keyBytes = (text: string): Uint8Array => this.#key(text)
    const options = { keyBytes, form, named: true }
    return isWordOf(this.#state, account, digest, signature, verifier, options)
  }

  /**
   * With the operator's word that the order will be in the set: bound to its place in the journal,
   * so that the same order again gets the same receipt.
   */
  #receipted(submission: Submission): Submission {
    if (submission.kind !== 'accepted') return submission
    const { sequence, result } = submission
    if (result.kind !== 'sealed_order_placed') return submission
    const { commitment, zone, interval } = result
    const digest = receiptDigest(this.#domain, { commitment, zone, interval, sequence })
    return { ...submission, receipt: bytesToHex(this.#receipts.sign(digest)) }
  }

  #apply(command: Command, digest: string): Submission {
    return submissionOf(this.#lane.applyNow(command), digest)
  }

  /** One answer each, in order, when all of them are durable. */
  async #each<Item>(
    items: readonly Item[],
    handle: (item: Item) => Submission,
  ): Promise<readonly Submission[]> {
    const answers: Submission[] = []
    for (const item of items) {
      if (answers.length > 0 && answers.length % turnSize === 0) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      answers.push(orFieldInvalid(() => handle(item)))
    }
    await this.#lane.durable()
    return answers
  }

  #key(text: string): Uint8Array {
    let key = this.#keys.get(text)
    if (key === undefined) this.#keys.set(text, (key = hexToBytes(text)))
    return key
  }
}

/** What a trader signs of a sealed order: of the ciphertext only the hash, worked out here. */
export const sealedOrderMessage = (order: SignedSealedOrder): SealedOrderMessage => ({
  ...order,
  // Where owners reveal, none is sent.
  ciphertextHash: ciphertextHash(order.ciphertext === '' ? '0x' : order.ciphertext),
})

/**
 * Where a key and an address are registered together they must be one person's: the chain knows the
 * address, the journal the key, and a withdrawal has to satisfy both.
 */
export function ownsItsAddress(content: object): boolean {
  if (!('address' in content) || !('publicKey' in content)) return true
  return addressOf(hexToBytes(String(content.publicKey), 33, 'publicKey')) === content.address
}

/** Codes of faults that say that a field, and not we, is wrong. */
const fieldFaults = new Set([
  'UNIT_OUT_OF_RANGE',
  'HEX_MALFORMED',
  'KEY_MALFORMED',
  'TEXT_MALFORMED',
  'READING_MALFORMED',
  'JSON_UNSUPPORTED',
])

function orFieldInvalid(handle: () => Submission): Submission {
  try {
    return handle()
  } catch (error) {
    if (!(error instanceof Fault) || !fieldFaults.has(error.code)) throw error
    const { field, unit } = error.details
    return refused('field_invalid', String(field ?? unit ?? ''), error.message)
  }
}

function submissionOf(outcome: Outcome, digest: string): Submission {
  if (outcome.kind === 'rejected') return refused(outcome.reason, outcome.field, outcome.limit)
  const { sequence, repeated, result } = outcome
  return { kind: 'accepted', digest, sequence, repeated, result }
}

/**
 * What stays in the state as it came is applied with its fields in the order in which a replay will
 * read them: otherwise the same journal would come to another state, and the sender choose which.
 */
const asJournaled = <T>(value: T): T => JSON.parse(canonicalJson(value)) as T
