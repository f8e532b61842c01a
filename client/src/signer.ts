import { canonicalJson } from '@busbar/core/encoding'
import type { InstructionContent, InstructionKind } from '@busbar/core/exchange'
import { type ContractTerms, noContract } from '@busbar/core/trades'
import { grantMessage } from '@busbar/protocols/access'
import type {
  DeviceReadingItem,
  ReadingItem,
  SignedAccessGrant,
  SignedAccessRevocation,
  SignedAcceptance,
  SignedCancellation,
  SignedDeviceReadingBatch,
  SignedInstruction,
  SignedOrder,
  SignedProposal,
  SignedReadingBatch,
  SignedSealedOrder,
  SignedWebhook,
  SignedWithdrawal,
} from '@busbar/protocols/api'
import { deviceBatchToSign } from '@busbar/protocols/device-readings'
import {
  accessDigest,
  accessGrantDigest,
  accessRevocationDigest,
  cancellationDigest,
  contractDigest,
  type DigestSigner,
  type Domain,
  instructionDigest,
  keyApprovalDigest,
  orderDigest,
  sealedOrderDigest,
  signDigest,
  webhookDigest,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { batchToSign } from '@busbar/protocols/readings'
import {
  ciphertextHash,
  commitmentOf,
  encodeOpening,
  newSalt,
  type Opening,
} from '@busbar/protocols/sealed-orders'
import { contractMessage } from '@busbar/protocols/trades'
import { newId, platformRandom, type RandomBytes } from './ids.ts'
import type { KeptOrder } from './kept-order.ts'
import { type Seal, type SealingTerms, timelockSeal } from './sealing.ts'

/** Signs a 32-byte digest: a key in memory, a wallet, a hardware module. */
export type SignDigest = (digest: Uint8Array) => Uint8Array | Promise<Uint8Array>

/**
 * Signs with a key in memory, `0x` hex or 32 bytes.
 *
 * @param sign the curve's: `signDigest` of secp256k1 by default, `signDigestP256`, or a native one
 * @throws Fault KEY_MALFORMED, HEX_MALFORMED
 */
export function withPrivateKey(
  key: Uint8Array | string,
  sign: DigestSigner = signDigest,
): SignDigest {
  const bytes = typeof key === 'string' ? hexToBytes(key, 32, 'privateKey') : key
  return (digest) => sign(bytes, digest)
}

type Unsigned<Signed> = Omit<Signed, 'account' | 'signature' | 'id'> & { readonly id?: string }

export type SignerOptions = {
  readonly domain: Domain
  readonly account: number
  readonly sign: SignDigest
  readonly newId?: () => string
  /** Where salts come from, and what sealed orders are encrypted with. */
  readonly random?: RandomBytes
  /** Encrypts sealed orders; by default to the committee's key, see `timelockSeal`. */
  readonly seal?: Seal
}

/** What a sealed order is before it is sealed. */
export type SealedOrderFields = Omit<Opening, 'account' | 'salt'> & {
  readonly id?: string
  /** What it can cost at most, held back like any collateral; see `declaredCollateral`. */
  readonly collateralMicros: number
}

/** The terms of a contract; see `Signer.proposal` for what may be left out. */
export type ProposedTerms = Omit<ContractTerms, 'id' | 'replaces'> &
  Partial<Pick<ContractTerms, 'id' | 'replaces'>>

/** What is sent, and what is kept: see `KeptOrder`. */
export type SealedOrder = { readonly order: SignedSealedOrder; readonly kept: KeptOrder }

/**
 * Makes the signed commands of one account. Without an `id` a command gets a new one; to send it
 * again, send the same signed command.
 */
export class Signer {
  readonly account: number
  readonly domain: Domain
  readonly #sign: SignDigest
  readonly #newId: () => string
  readonly #random: RandomBytes
  readonly #seal: Seal

  constructor(options: SignerOptions) {
    this.account = options.account
    this.domain = options.domain
    this.#sign = options.sign
    this.#newId = options.newId ?? (() => newId())
    this.#random = options.random ?? platformRandom
    this.#seal = options.seal ?? timelockSeal(this.#random)
  }

  async order(fields: Unsigned<SignedOrder>): Promise<SignedOrder> {
    const order = { id: this.#newId(), account: this.account, ...fields }
    return { ...order, signature: await this.#signed(orderDigest(this.domain, order)) }
  }

  /**
   * An order that nobody can read before its gate, with a salt of its own. Keep `kept` before
   * `order` is sent; to send it again, send the same signed order.
   *
   * @param terms of the zone and interval, see `sealingTerms`
   * @throws Fault OPENING_INVALID for an order that cannot be sealed, UNIT_OUT_OF_RANGE
   */
  async sealedOrder(terms: SealingTerms, fields: SealedOrderFields): Promise<SealedOrder> {
    const { account } = this
    const { zone, interval, context, chainId, intervalLog, publicKey } = terms
    const { meter, side, energyWh, limitMicrosPerKwh, collateralMicros } = fields
    const salt = newSalt(this.#random)
    const opening = { account, meter, side, energyWh, limitMicrosPerKwh, salt }
    const commitment = commitmentOf(context, opening)
    const plaintext = encodeOpening(opening)
    const label = { chainId, intervalLog, zone, interval }
    const ciphertext = publicKey === null
      ? '0x'
      : await this.#seal({ label, publicKey, commitment, plaintext })
    const id = fields.id ?? this.#newId()
    const order = { id, account, zone, interval, commitment, collateralMicros, ciphertext }
    const message = { ...order, ciphertextHash: ciphertextHash(ciphertext) }
    const signature = await this.#signed(sealedOrderDigest(this.domain, message))
    const kept = { id, zone, interval, context, commitment, opening }
    return { order: { ...order, signature }, kept }
  }

  async cancellation(fields: Unsigned<SignedCancellation>): Promise<SignedCancellation> {
    const cancellation = { id: this.#newId(), account: this.account, ...fields }
    const digest = cancellationDigest(this.domain, cancellation)
    return { ...cancellation, signature: await this.#signed(digest) }
  }

  async withdrawal(fields: Unsigned<SignedWithdrawal>): Promise<SignedWithdrawal> {
    const withdrawal = { id: this.#newId(), account: this.account, ...fields }
    const digest = withdrawalDigest(this.domain, withdrawal)
    return { ...withdrawal, signature: await this.#signed(digest) }
  }

  async instruction<Kind extends InstructionKind>(
    kind: Kind,
    content: InstructionContent[Kind],
    id: string = this.#newId(),
  ): Promise<SignedInstruction> {
    const { account } = this
    const text = canonicalJson(content)
    const digest = instructionDigest(this.domain, { id, account, kind, content: text })
    const signature = await this.#signed(digest)
    // Kind and content belong together by the type of this method.
    return { id, account, kind, content, signature } as SignedInstruction
  }

  /**
   * One side's signature under a contract. Without an `id` in its terms it gets a new one, and
   * without `replaces` it is an invitation; see `ContractTerms` for a counter-offer or a change.
   */
  async proposal(terms: ProposedTerms, id: string = this.#newId()): Promise<SignedProposal> {
    const whole = { id: this.#newId(), replaces: noContract, ...terms }
    const { account } = this
    return { id, account, terms: sent(whole), signature: await this.#underContract(whole) }
  }

  /** The other side's: of the terms themselves, not of a digest that somebody says is theirs. */
  async acceptance(terms: ContractTerms, id: string = this.#newId()): Promise<SignedAcceptance> {
    const { account } = this
    const contract = bytesToHex(contractDigest(this.domain, contractMessage(terms)))
    return { id, account, contract, signature: await this.#underContract(terms) }
  }

  /** The word of this key for the one that takes its place, so that it signs contracts at once. */
  async keyApproval(publicKey: string): Promise<string> {
    return this.#signed(keyApprovalDigest(this.domain, { account: this.account, publicKey }))
  }

  #underContract(terms: ContractTerms): Promise<string> {
    return this.#signed(contractDigest(this.domain, contractMessage(terms)))
  }

  /**
   * Where the account's notices are to be brought; an empty `url` ends it.
   *
   * @param issuedAt UTC milliseconds of the time outside: of two webhooks the later one counts
   */
  async webhook(
    fields: { readonly url: string; readonly after: number; readonly id?: string },
    issuedAt: number,
  ): Promise<SignedWebhook> {
    const webhook = { id: this.#newId(), account: this.account, issuedAt, ...fields }
    return { ...webhook, signature: await this.#signed(webhookDigest(this.domain, webhook)) }
  }

  /**
   * That somebody reads for the account; see `newApiKey` for what goes into one of an API key.
   *
   * @param issuedAt UTC milliseconds of the time outside
   */
  async accessGrant(
    fields: Omit<Unsigned<SignedAccessGrant>, 'issuedAt'>,
    issuedAt: number,
  ): Promise<SignedAccessGrant> {
    const grant = { id: this.#newId(), account: this.account, issuedAt, ...fields }
    const digest = accessGrantDigest(this.domain, grantMessage(grant))
    return { ...grant, signature: await this.#signed(digest) }
  }

  async accessRevocation(grant: string): Promise<SignedAccessRevocation> {
    const revocation = { account: this.account, grant }
    const digest = accessRevocationDigest(this.domain, revocation)
    return { ...revocation, signature: await this.#signed(digest) }
  }

  /** The `Authorization` header for private reads, good until `untilMs` (time outside, UTC). */
  async credential(untilMs: number): Promise<string> {
    const digest = accessDigest(this.domain, { account: this.account, until: untilMs })
    return `Busbar ${this.account}.${untilMs}.${await this.#signed(digest)}`
  }

  async #signed(digest: Uint8Array): Promise<string> {
    return bytesToHex(await this.#sign(digest))
  }
}

/** As it is sent: the same terms, in arrays that a body may hold. */
function sent(terms: ContractTerms): SignedProposal['terms'] {
  const { profile } = terms
  return profile.kind === 'per-interval'
    ? { ...terms, profile }
    : { ...terms, profile: { ...profile, weights: [...profile.weights] } }
}

/** Makes the signed batches of one gateway, by the curve that it is registered with. */
export class GatewaySigner {
  readonly gateway: number
  readonly domain: Domain
  readonly #sign: SignDigest
  readonly #newId: () => string
  readonly #random: RandomBytes

  constructor(options: Omit<SignerOptions, 'account'> & { readonly gateway: number }) {
    this.gateway = options.gateway
    this.domain = options.domain
    this.#sign = options.sign
    this.#newId = options.newId ?? (() => newId())
    this.#random = options.random ?? platformRandom
  }

  /**
   * A batch with a new blind, so that each owner can be shown that its reading was signed. To send
   * it again, send the same signed batch.
   */
  async readings(
    readings: readonly ReadingItem[],
    id: string = this.#newId(),
  ): Promise<SignedReadingBatch> {
    const { gateway } = this
    const blind = bytesToHex(this.#random(new Uint8Array(32)))
    const { digest } = batchToSign(this.domain, { id, gateway, readings, blind })
    const signature = bytesToHex(await this.#sign(digest))
    return { id, gateway, readings: [...readings], blind, signature }
  }

  /** What devices behind its meters did. Another type than readings: it settles nothing. */
  async deviceReadings(
    readings: readonly DeviceReadingItem[],
    id: string = this.#newId(),
  ): Promise<SignedDeviceReadingBatch> {
    const { gateway } = this
    const { digest } = deviceBatchToSign(this.domain, { id, gateway, readings })
    return { id, gateway, readings: [...readings], signature: bytesToHex(await this.#sign(digest)) }
  }
}

/** Gives the `Authorization` header of private reads, made again before it ends. */
export type Credential = () => Promise<string>

export function credentialOf(
  signer: Signer,
  options: { readonly lifetimeMs?: number; readonly now?: () => number } = {},
): Credential {
  const { lifetimeMs = 3_600_000, now = Date.now } = options
  let untilMs = 0
  let header: Promise<string> | undefined
  return () => {
    if (header === undefined || untilMs - now() < lifetimeMs / 2) {
      untilMs = now() + lifetimeMs
      header = signer.credential(untilMs)
      // A signature that failed must not be remembered: the next read asks for another.
      header.catch(() => {
        header = undefined
      })
    }
    return header
  }
}
