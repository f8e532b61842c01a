import { Fault } from '@busbar/core/errors'
import {
  keccak256,
  textToBytes,
  writeHex,
  writeInt64,
  writeUint32,
  writeUint64,
  writeUint8,
} from '../hash/index.ts'
import type { Domain } from './domain.ts'
import {
  type AccessGrantMessage,
  type AccessMessage,
  type AccessRevocationMessage,
  type CancellationMessage,
  type ContractMessage,
  type InstructionMessage,
  type KeyApprovalMessage,
  type Messages,
  type NoticeMessage,
  type OrderMessage,
  type ReadingBatchMessage,
  type ReceiptMessage,
  type SealedOrderMessage,
  sideCodes,
  type StructName,
  structs,
  structType,
  type TradedEnergyAnswerMessage,
  type WebhookMessage,
  type WithdrawalMessage,
} from './messages.ts'

/*
 * Digests by fixed template. Every struct is a buffer of 32-byte slots, allocated once: slot 0
 * holds the type's hash for ever, each call overwrites the fields, and what pads them stays zero.
 * Two hashes and no other work, where a general encoder spends its time on reading types again.
 *
 * A digest is complete before anything else can run, so one buffer per struct is enough. A call
 * that throws leaves fields half written, and the next call overwrites all of them.
 */
const templates = {
  Order: template('Order'),
  SealedOrder: template('SealedOrder'),
  Receipt: template('Receipt'),
  Cancellation: template('Cancellation'),
  Withdrawal: template('Withdrawal'),
  Instruction: template('Instruction'),
  Contract: template('Contract'),
  ReadingBatch: template('ReadingBatch'),
  KeyApproval: template('KeyApproval'),
  Access: template('Access'),
  TradedEnergyAnswer: template('TradedEnergyAnswer'),
  Webhook: template('Webhook'),
  AccessGrant: template('AccessGrant'),
  AccessRevocation: template('AccessRevocation'),
  Notice: template('Notice'),
  DeviceReadingBatch: template('DeviceReadingBatch'),
}

/** 0x19 0x01, the domain's separator, the struct's hash. */
const envelope = new Uint8Array(2 + 32 + 32)
envelope[0] = 0x19
envelope[1] = 0x01

/** @throws Fault UNIT_OUT_OF_RANGE or HEX_MALFORMED, naming the field; so do all of these */
export function orderDigest(domain: Domain, order: OrderMessage): Uint8Array {
  const { bytes, view } = templates.Order
  writeHex(bytes, slot(1), order.id, 16, 'id')
  writeUint32(view, low32(2), order.account, 'account')
  writeUint32(view, low32(3), order.meter, 'meter')
  writeUint64(view, low64(4), order.interval, 'interval')
  writeUint8(view, low8(5), sideCode(order.side), 'side')
  writeUint64(view, low64(6), order.energyWh, 'energyWh')
  const negative = writeInt64(view, low64(7), order.limitMicrosPerKwh, 'limitMicrosPerKwh')
  bytes.fill(negative ? 0xff : 0, slot(7), low64(7))
  return digest(domain, bytes)
}

export function sealedOrderDigest(domain: Domain, order: SealedOrderMessage): Uint8Array {
  const { bytes, view } = templates.SealedOrder
  writeHex(bytes, slot(1), order.id, 16, 'id')
  writeUint32(view, low32(2), order.account, 'account')
  writeUint32(view, low32(3), order.zone, 'zone')
  writeUint64(view, low64(4), order.interval, 'interval')
  writeHex(bytes, slot(5), order.commitment, 32, 'commitment')
  writeUint64(view, low64(6), order.collateralMicros, 'collateralMicros')
  writeHex(bytes, slot(7), order.ciphertextHash, 32, 'ciphertextHash')
  return digest(domain, bytes)
}

/** The contract that judges challenges computes this one as well. */
export function receiptDigest(domain: Domain, receipt: ReceiptMessage): Uint8Array {
  const { bytes, view } = templates.Receipt
  writeHex(bytes, slot(1), receipt.commitment, 32, 'commitment')
  writeUint32(view, low32(2), receipt.zone, 'zone')
  writeUint64(view, low64(3), receipt.interval, 'interval')
  writeUint64(view, low64(4), receipt.sequence, 'sequence')
  return digest(domain, bytes)
}

export function cancellationDigest(domain: Domain, cancellation: CancellationMessage): Uint8Array {
  const { bytes, view } = templates.Cancellation
  writeHex(bytes, slot(1), cancellation.id, 16, 'id')
  writeUint32(view, low32(2), cancellation.account, 'account')
  writeHex(bytes, slot(3), cancellation.order, 16, 'order')
  return digest(domain, bytes)
}

/** The ClearingHouse computes this one as well, before it pays. */
export function withdrawalDigest(domain: Domain, withdrawal: WithdrawalMessage): Uint8Array {
  const { bytes, view } = templates.Withdrawal
  writeHex(bytes, slot(1), withdrawal.id, 16, 'id')
  writeUint32(view, low32(2), withdrawal.account, 'account')
  writeUint64(view, low64(3), withdrawal.amountMicros, 'amountMicros')
  writeHex(bytes, slot(4) + 12, withdrawal.to, 20, 'to')
  return digest(domain, bytes)
}

/** @throws Fault TEXT_MALFORMED as well */
export function instructionDigest(domain: Domain, instruction: InstructionMessage): Uint8Array {
  const { bytes, view } = templates.Instruction
  const kind = keccak256(textToBytes(instruction.kind, 'kind'))
  const content = keccak256(textToBytes(instruction.content, 'content'))
  writeHex(bytes, slot(1), instruction.id, 16, 'id')
  writeUint32(view, low32(2), instruction.account, 'account')
  bytes.set(kind, slot(3))
  bytes.set(content, slot(4))
  return digest(domain, bytes)
}

/** @throws Fault TEXT_MALFORMED as well */
export function contractDigest(domain: Domain, contract: ContractMessage): Uint8Array {
  const { bytes, view } = templates.Contract
  const texts = (['profile', 'buyerShort', 'exitFee', 'rail'] as const).map((field) =>
    keccak256(textToBytes(contract[field], field)),
  )
  const [profile = none, buyerShort = none, exitFee = none, rail = none] = texts
  writeHex(bytes, slot(1), contract.id, 16, 'id')
  parties.forEach((field, index) => writeUint32(view, low32(2 + index), contract[field], field))
  writeUint64(view, low64(8), contract.fromInterval, 'fromInterval')
  writeUint32(view, low32(9), contract.intervals, 'intervals')
  bytes.set(profile, slot(10))
  const negative = writeInt64(view, low64(11), contract.priceMicrosPerKwh, 'priceMicrosPerKwh')
  bytes.fill(negative ? 0xff : 0, slot(11), low64(11))
  writeUint32(view, low32(12), contract.toleranceBasisPoints, 'toleranceBasisPoints')
  writeUint32(view, low32(13), contract.penaltyBasisPoints, 'penaltyBasisPoints')
  bytes.set(buyerShort, slot(14))
  bytes.set(exitFee, slot(15))
  bytes.set(rail, slot(16))
  writeUint32(view, low32(17), contract.platform, 'platform')
  writeUint64(view, low64(18), contract.platformFeeMicrosPerKwh, 'platformFeeMicrosPerKwh')
  writeUint64(view, low64(19), contract.expiresAt, 'expiresAt')
  writeHex(bytes, slot(20), contract.replaces, 32, 'replaces')
  return digest(domain, bytes)
}

const none = new Uint8Array(32)

const parties = [
  'seller',
  'buyer',
  'sellerMeter',
  'buyerMeter',
  'sellerRetailer',
  'buyerRetailer',
] as const

export const readingBatchDigest = (domain: Domain, batch: ReadingBatchMessage): Uint8Array =>
  batchDigest('ReadingBatch', domain, batch)

export const deviceReadingBatchDigest = (
  domain: Domain,
  batch: ReadingBatchMessage,
): Uint8Array => batchDigest('DeviceReadingBatch', domain, batch)

function batchDigest(
  name: 'ReadingBatch' | 'DeviceReadingBatch',
  domain: Domain,
  batch: ReadingBatchMessage,
): Uint8Array {
  const { bytes, view } = templates[name]
  writeHex(bytes, slot(1), batch.id, 16, 'id')
  writeUint32(view, low32(2), batch.gateway, 'gateway')
  writeHex(bytes, slot(3), batch.root, 32, 'root')
  writeUint32(view, low32(4), batch.count, 'count')
  return digest(domain, bytes)
}

/** @throws Fault TEXT_MALFORMED as well */
export function keyApprovalDigest(domain: Domain, approval: KeyApprovalMessage): Uint8Array {
  const { bytes, view } = templates.KeyApproval
  const publicKey = keccak256(textToBytes(approval.publicKey, 'publicKey'))
  writeUint32(view, low32(1), approval.account, 'account')
  bytes.set(publicKey, slot(2))
  return digest(domain, bytes)
}

export function accessDigest(domain: Domain, access: AccessMessage): Uint8Array {
  const { bytes, view } = templates.Access
  writeUint32(view, low32(1), access.account, 'account')
  writeUint64(view, low64(2), access.until, 'until')
  return digest(domain, bytes)
}

export function tradedEnergyAnswerDigest(
  domain: Domain,
  answer: TradedEnergyAnswerMessage,
): Uint8Array {
  const { bytes, view } = templates.TradedEnergyAnswer
  writeUint32(view, low32(1), answer.meter, 'meter')
  writeUint64(view, low64(2), answer.fromInterval, 'fromInterval')
  writeUint32(view, low32(3), answer.count, 'count')
  writeHex(bytes, slot(4), answer.secretHash, 32, 'secretHash')
  writeHex(bytes, slot(5), answer.answer, 32, 'answer')
  writeUint64(view, low64(6), answer.sequence, 'sequence')
  return digest(domain, bytes)
}

/** @throws Fault TEXT_MALFORMED as well */
export function webhookDigest(domain: Domain, webhook: WebhookMessage): Uint8Array {
  const { bytes, view } = templates.Webhook
  const url = keccak256(textToBytes(webhook.url, 'url'))
  writeHex(bytes, slot(1), webhook.id, 16, 'id')
  writeUint32(view, low32(2), webhook.account, 'account')
  bytes.set(url, slot(3))
  writeUint64(view, low64(4), webhook.after, 'after')
  writeUint64(view, low64(5), webhook.issuedAt, 'issuedAt')
  return digest(domain, bytes)
}

/** @throws Fault TEXT_MALFORMED as well */
export function accessGrantDigest(domain: Domain, grant: AccessGrantMessage): Uint8Array {
  const { bytes, view } = templates.AccessGrant
  writeHex(bytes, slot(1), grant.id, 16, 'id')
  writeUint32(view, low32(2), grant.account, 'account')
  grantTexts.forEach((field, index) => {
    bytes.set(keccak256(textToBytes(grant[field], field)), slot(3 + index))
  })
  writeUint64(view, low64(8), grant.until, 'until')
  writeUint64(view, low64(9), grant.issuedAt, 'issuedAt')
  return digest(domain, bytes)
}

const grantTexts = ['kind', 'subject', 'scopes', 'networks', 'label'] as const

export function accessRevocationDigest(
  domain: Domain,
  revocation: AccessRevocationMessage,
): Uint8Array {
  const { bytes, view } = templates.AccessRevocation
  writeUint32(view, low32(1), revocation.account, 'account')
  writeHex(bytes, slot(2), revocation.grant, 16, 'grant')
  return digest(domain, bytes)
}

export function noticeDigest(domain: Domain, notice: NoticeMessage): Uint8Array {
  const { bytes, view } = templates.Notice
  writeUint32(view, low32(1), notice.account, 'account')
  writeUint64(view, low64(2), notice.sentAt, 'sentAt')
  writeHex(bytes, slot(3), notice.bodyHash, 32, 'bodyHash')
  return digest(domain, bytes)
}

const digests: { [Name in StructName]: (domain: Domain, message: Messages[Name]) => Uint8Array } = {
  Order: orderDigest,
  SealedOrder: sealedOrderDigest,
  Receipt: receiptDigest,
  Cancellation: cancellationDigest,
  Withdrawal: withdrawalDigest,
  Instruction: instructionDigest,
  Contract: contractDigest,
  KeyApproval: keyApprovalDigest,
  ReadingBatch: readingBatchDigest,
  Access: accessDigest,
  TradedEnergyAnswer: tradedEnergyAnswerDigest,
  Webhook: webhookDigest,
  AccessGrant: accessGrantDigest,
  AccessRevocation: accessRevocationDigest,
  Notice: noticeDigest,
  DeviceReadingBatch: deviceReadingBatchDigest,
}

/** The digest of any of them, for those who have the struct's name in a variable. */
export const messageDigest = <Name extends StructName>(
  domain: Domain,
  name: Name,
  message: Messages[Name],
): Uint8Array => digests[name](domain, message)

/** @throws Fault UNIT_OUT_OF_RANGE for what is neither `buy` nor `sell` */
export function sideCode(side: OrderMessage['side']): 0 | 1 {
  // Not an index into the table: `toString` and the like are keys of every object.
  if (side === 'buy') return sideCodes.buy
  if (side === 'sell') return sideCodes.sell
  throw new Fault('UNIT_OUT_OF_RANGE', { field: 'side', unit: 'buy or sell', value: String(side) })
}

function template(name: StructName): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(32 * (1 + structs[name].length))
  bytes.set(keccak256(textToBytes(structType(name))), 0)
  return { bytes, view: new DataView(bytes.buffer) }
}

function digest(domain: Domain, struct: Uint8Array): Uint8Array {
  envelope.set(domain.separator, 2)
  envelope.set(keccak256(struct), 34)
  return keccak256(envelope)
}

const slot = (index: number): number => 32 * index

/** Where an integer begins in a slot: at its end, because the slot is one big-endian word. */
const low64 = (index: number): number => 32 * index + 24
const low32 = (index: number): number => 32 * index + 28
const low8 = (index: number): number => 32 * index + 31
