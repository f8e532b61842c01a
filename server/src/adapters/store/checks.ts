/** What must hold of every argument of the store, before any SQL. */
import { Fault, type FaultCode } from '@busbar/core/errors'
import { deviceKinds } from '@busbar/protocols/device-readings'
import { isExactText } from '../../app/journal-chain.ts'
import type { StoredDeviceReading } from '../../app/ports/devices.ts'
import type { StoredGrant } from '../../app/ports/grants.ts'
import type { JournalEntry, Snapshot } from '../../app/ports/journal.ts'
import type { JournalledNotice, StoredWebhook } from '../../app/ports/notices.ts'
import { type OutboxChanges, type OutboxDraft, outboxStatuses } from '../../app/ports/outbox.ts'
import type { SignedOutCredential, StoredSession } from '../../app/ports/sign-in.ts'
import type { Tally, TallyAnchor } from '../../app/ports/tallies.ts'
import { limits } from './limits.ts'

export function checkEntries(entries: readonly JournalEntry[]): void {
  for (const { sequence, at, kind, body } of entries) {
    const refuse = refusal('JOURNAL_ENTRY_INVALID', { sequence })
    if (!isCount(at)) refuse('at')
    if (!isJournalText(kind, limits.entryKindBytesMax)) refuse('kind')
    if (!isJournalText(body, limits.entryBodyBytesMax)) refuse('body')
  }
}

export function checkSnapshot({ sequence, stateHash, body }: Snapshot, lastSequence: number): void {
  const refuse = refusal('SNAPSHOT_INVALID', { sequence })
  if (!isCount(sequence) || sequence > lastSequence) refuse('sequence')
  if (!/^[0-9a-f]{64}$/.test(stateHash)) refuse('stateHash')
  if (!isTextWithin(body, limits.snapshotBytesMax)) refuse('body')
}

export function checkDrafts(drafts: readonly OutboxDraft[], lastSequence: number): void {
  for (const draft of drafts) {
    const shown = draft.id.slice(0, limits.outboxIdBytesMax)
    const refuse = refusal('OUTBOX_ITEM_INVALID', { id: shown })
    if (draft.id === '' || !isTextWithin(draft.id, limits.outboxIdBytesMax)) refuse('id')
    if (!isCount(draft.journalSequence) || draft.journalSequence > lastSequence) {
      refuse('journalSequence')
    }
    if (!isTextWithin(draft.description, limits.outboxTextBytesMax)) refuse('description')
    if (!/^0x[0-9a-fA-F]{40}$/.test(draft.toAddress)) refuse('toAddress')
    if (!isHex(draft.calldata)) refuse('calldata')
    if (!isCount(draft.queuedAt)) refuse('queuedAt')
  }
}

export function checkChanges(id: string, changes: OutboxChanges): void {
  const refuse = refusal('OUTBOX_ITEM_INVALID', { id: id.slice(0, limits.outboxIdBytesMax) })
  if (!outboxStatuses.includes(changes.status ?? 'queued')) refuse('status')
  for (const field of ['gas', 'nonce', 'blockNumber', 'gasUsed', 'finalAt'] as const) {
    const value = changes[field] ?? 0
    if (!isCount(value)) refuse(field)
  }
  for (const field of ['raw', 'txHash', 'blockHash'] as const) {
    if (!isHex(changes[field] ?? '0x')) refuse(field)
  }
  if (!isTextWithin(changes.error ?? '', limits.outboxTextBytesMax)) refuse('error')
}

export function checkNotices(notices: readonly JournalledNotice[], lastSequence: number): void {
  for (const { account, journalSequence, at, subject, kind, body } of notices) {
    const refuse = refusal('NOTICE_INVALID', { account })
    if (!isCount(account)) refuse('account')
    if (!isCount(journalSequence) || journalSequence > lastSequence || journalSequence === 0) {
      refuse('journalSequence')
    }
    if (!isCount(at)) refuse('at')
    if (!isJournalText(subject, limits.noticeNameBytesMax)) refuse('subject')
    if (!isJournalText(kind, limits.noticeNameBytesMax)) refuse('kind')
    if (!isJournalText(body, limits.noticeBodyBytesMax)) refuse('body')
  }
}

export function checkTallies(tallies: readonly Tally[], lastSequence: number): void {
  for (const tally of tallies) {
    const { journalSequence } = tally
    const refuse = refusal('TALLY_INVALID', { journalSequence })
    for (const field of ['journalSequence', 'zone', 'interval', 'run', 'at'] as const) {
      if (!isCount(tally[field])) refuse(field)
    }
    if (journalSequence === 0 || journalSequence > lastSequence) refuse('journalSequence')
    for (const field of ['readingsRoot', 'postingsRoot'] as const) {
      if (!/^0x[0-9a-f]{64}$/.test(tally[field])) refuse(field)
    }
  }
}

export function checkAnchors(anchors: readonly TallyAnchor[]): void {
  for (const { journalSequence, at } of anchors) {
    const refuse = refusal('TALLY_INVALID', { journalSequence })
    if (!isCount(journalSequence) || journalSequence === 0) refuse('journalSequence')
    if (!isCount(at)) refuse('at')
  }
}

export function checkWebhook({ account, url, after, issuedAt, digest }: StoredWebhook): void {
  const refuse = refusal('NOTICE_INVALID', { account })
  if (!isCount(account)) refuse('account')
  if (!isTextWithin(url, limits.webhookUrlBytesMax) || url.includes('\0')) refuse('url')
  if (!isCount(after)) refuse('after')
  if (!isCount(issuedAt)) refuse('issuedAt')
  if (!/^0x[0-9a-f]{64}$/.test(digest)) refuse('digest')
}

export function checkGrant(grant: StoredGrant): void {
  const refuse = refusal('GRANT_INVALID', { account: grant.account })
  for (const field of ['account', 'until', 'issuedAt'] as const) {
    if (!isCount(grant[field])) refuse(field)
  }
  for (const field of ['endedAt', 'usedAt'] as const) if (!isCount(grant[field] ?? 0)) refuse(field)
  if (!/^0x[0-9a-f]{32}$/.test(grant.id)) refuse('id')
  if (!/^0x[0-9a-f]{64}$/.test(grant.digest)) refuse('digest')
  for (const field of ['kind', 'subject', 'label', 'signedBy'] as const) {
    if (!isJournalText(grant[field], limits.grantTextBytesMax)) refuse(field)
  }
  for (const field of ['scopes', 'networks'] as const) {
    const isWrong = (item: string): boolean => item === '' || !/^[a-z0-9.:/_]+$/.test(item)
    if (grant[field].some(isWrong)) refuse(field)
    if (grant[field].join(',').length > limits.grantTextBytesMax) refuse(field)
  }
}

export function checkSession(session: StoredSession): void {
  const { hash, grant, offered, createdAt, until } = session
  const refuse = refusal('GRANT_INVALID', { grant: grant.slice(0, 34) })
  if (!/^0x[0-9a-f]{64}$/.test(hash)) refuse('hash')
  if (![grant, ...offered].every((id) => /^0x[0-9a-f]{32}$/.test(id))) refuse('grant')
  if (!isCount(createdAt)) refuse('createdAt')
  if (!isCount(until)) refuse('until')
}

export function checkSignedOut({ account, untilMs }: SignedOutCredential): void {
  const refuse = refusal('GRANT_INVALID', { account })
  if (!isCount(account)) refuse('account')
  if (!isCount(untilMs)) refuse('untilMs')
}

export function checkDeviceReadings(readings: readonly StoredDeviceReading[]): void {
  const fields = ['device', 'boundary', 'version', 'inWh', 'outWh'] as const
  for (const reading of readings) {
    const refuse = refusal('DEVICE_READING_INVALID', { account: reading.account })
    if (!isCount(reading.account)) refuse('account')
    for (const field of fields) if (!isCount(reading[field])) refuse(field)
    if (!isCount(reading.chargeBasisPoints ?? 0)) refuse('chargeBasisPoints')
    if (!deviceKinds.includes(reading.kind)) refuse('kind')
  }
}

/** Faults: PAGE_LIMIT_INVALID. */
export function checkPage(after: number, limit: number): void {
  if (!isCount(after) || !isCount(limit) || limit === 0 || limit > limits.pageRowsMax) {
    throw new Fault('PAGE_LIMIT_INVALID', { after, limit, limitMax: limits.pageRowsMax })
  }
}

const refusal =
  (code: FaultCode, where: Readonly<Record<string, string | number>>) =>
  (field: string): never => {
    throw new Fault(code, { ...where, field })
  }

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

const isHex = (text: string): boolean =>
  text.length <= limits.outboxTextBytesMax && /^0x([0-9a-fA-F]{2})*$/.test(text)

/** Canonical JSON is never empty and writes every control character as an escape. */
const isJournalText = (text: string, bytesMax: number): boolean =>
  text !== '' && !/[\0-\x1f]/.test(text) && isTextWithin(text, bytesMax)

/** UTF-8 is never shorter than the UTF-16 units, so that most texts need not be encoded. */
function isTextWithin(text: string, bytesMax: number): boolean {
  if (text.length > bytesMax || !isExactText(text)) return false
  return text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax
}
