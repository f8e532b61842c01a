import { type Notice, type NoticeKind, noticeKinds } from '@busbar/protocols/api'

type Data<Kind extends NoticeKind> = Extract<Notice, { readonly kind: Kind }>['data']

const key = `0x02${'1'.repeat(64)}`
const atMs = Date.UTC(2026, 5, 1, 12)
const who = { account: 7, publicKey: key }
const place = { fromInterval: 5_000, intervals: 4 }

/** Of every kind one, to account 7; what else has part in it is account 8. */
const samples: { readonly [Kind in NoticeKind]: Data<Kind> } = {
  trade_changed: { trade: 4, what: 'agreed', relation: 'party', status: 'agreed', reason: '' },
  delivery_limited: { trade: 4, relation: 'party', ...place },
  offer_changed: { offer: 4, status: 'open' },
  payment_changed: {
    ...{ payment: 3, trade: 4, rail: 'prepaid', payer: 7, payee: 8, state: 'reserving' },
    ...{ reservedMicros: 250_000, amountMicros: 0, reference: '', postponements: 0, reason: '' },
    ...{ expiresAtMs: null, dueAtMs: null },
  },
  default_changed: {
    ...{ default: 1, account: 7, creditor: 8, trade: 4, payment: 2, steps: [], atMs },
    grounds: '',
    ...{ cause: 'payment_failed', amountMicros: 250_000, recoveredMicros: 0, status: 'open' },
  },
  meter_data_requested: place,
  agreement_recorded: {
    ...{ agreement: 1, retailers: [7, 8], basis: 'bilateral', documentHash: `0x${'0'.repeat(64)}` },
    ...{ fromInterval: 5_000, untilInterval: null },
  },
  netting_changed: {
    ...{ netting: 1, batch: 1, debtor: 7, creditor: 8, amountMicros: 250_000, state: 'ordered' },
    ...{ reference: '', orderedAtMs: atMs },
  },
  run_posted: { interval: 5_000, run: 0, runKind: 'provisional' },
  participant_changed: { account: 8, status: 'suspended' },
  key_replaced: { account: 7, address: `0x${'2'.repeat(40)}` },
  passkey_registered: {
    ...who, host: 'localhost', label: 'phone', signsFromMs: atMs, registeredBy: 7,
  },
  passkey_revoked: { ...who, label: 'phone', revokedBy: 8, mayObject: true },
  objection_raised: { ...who, retailer: 8 },
  join_code_issued: { ...who, host: 'localhost', untilMs: atMs, issuedBy: 8 },
  join_code_revoked: who,
  mandate_granted: {
    ...{ ...who, meters: [1], buyMaxMicrosPerKwh: 1, sellMinMicrosPerKwh: null, label: 'bot' },
    ...{ orderEnergyMaxWh: 1_000, dayEnergyMaxWh: 5_000, fromMs: atMs, untilMs: atMs },
  },
  mandate_revoked: who,
  proposal_changed: {
    ...{ proposal: 2, instruction: 'schedule_rulebook', status: 'open', proposedBy: 8 },
    ...{ expiresAtMs: atMs, decidedBy: null, reason: '' },
  },
}

/** What a notice of a kind may be in, by the schema of its field; all of them are said. */
const states: Partial<Readonly<Record<NoticeKind, readonly string[]>>> = {
  trade_changed: ['what'],
  offer_changed: ['status'],
  payment_changed: ['state'],
  default_changed: ['status'],
  agreement_recorded: ['untilInterval'],
  netting_changed: ['state'],
  participant_changed: ['status'],
  passkey_revoked: ['mayObject'],
  proposal_changed: ['status', 'instruction'],
}

function choicesOf(kind: NoticeKind, field: string): readonly unknown[] {
  const schema = noticeKinds[kind].properties as Record<string, { readonly enum?: unknown[] }>
  if (field === 'mayObject') return [true, false]
  return field === 'untilInterval' ? [null, 6_000] : (schema[field]?.enum ?? [])
}

/** The sample of a kind, with other data where it is given. */
export const noticeOf = (kind: NoticeKind, changed: Partial<Notice['data']> = {}): Notice =>
  ({
    ...{ id: 'm/7/1', market: 'm', account: 7, sequence: 1, subject: 'x/1', atMs },
    ...{ journalSequence: 1, kind, data: { ...samples[kind], ...changed } },
  }) as Notice

/** A kind's sample in each state that it can be in, and how many of these are different. */
export function noticesOf(kind: NoticeKind): {
  readonly notices: readonly Notice[]
  readonly different: number
} {
  const fields = states[kind] ?? []
  const cases = fields.flatMap((field) => {
    const choices = choicesOf(kind, field)
    if (choices.length < 2) throw new Error(`${kind} has no choice of ${field}`)
    return choices.map((value) => noticeOf(kind, { [field]: value }))
  })
  // Each field's cases hold the sample as it is.
  const different = cases.length - Math.max(0, fields.length - 1)
  return { notices: [noticeOf(kind), ...cases], different: Math.max(1, different) }
}
