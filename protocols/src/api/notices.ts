import { guardedKinds, proposalStatuses } from '@busbar/core/exchange'
import { offerStatuses, tradeStatuses } from '@busbar/core/trades'
import { Type, type Static, type TObject } from 'typebox'
import { RunKindName } from './intervals.ts'
import { mandateFields } from './key-views.ts'
import {
  Account,
  Address,
  closed,
  CommandId,
  Count,
  Host,
  InstantMs,
  IntervalNumber,
  Name,
  nullable,
  ProposalNumber,
  PublicKey,
  RunNumber,
  Sequence,
  Signature,
} from './scalars.ts'
import { AgreementView, NettingView } from './retailer-views.ts'
import { DefaultView, PaymentView } from './trade-views.ts'
import { TradeNumber } from './trades.ts'

const Relation = Type.Enum(['party', 'retailer', 'utility'], {
  description: 'In which way the trade concerns the account.',
})

const described = (description: string) => ({ ...closed, description })

/** What an account is told, by kind: the field `data` of a notice. */
export const noticeKinds = {
  trade_changed: Type.Object(
    {
      trade: TradeNumber,
      what: Type.Enum([
        'signed', 'countered', 'modification_requested', 'modified', 'refused', ...tradeStatuses,
      ]),
      relation: Relation,
      status: Type.Enum([...tradeStatuses]),
      reason: Type.String({ description: 'Why it ended early; else empty.' }),
    },
    described(
      'To both sides and the platform; from the agreement on to their retailers and utilities, ' +
        'of what is in force.',
    ),
  ),
  delivery_limited: Type.Object(
    {
      trade: TradeNumber,
      relation: Relation,
      fromInterval: IntervalNumber,
      intervals: Type.Integer({ minimum: 1 }),
    },
    described('A utility has said what a trade may deliver; the deliveries of the trade show it.'),
  ),
  offer_changed: Type.Object(
    { offer: Type.Integer({ minimum: 1 }), status: Type.Enum([...offerStatuses]) },
    described('To the owner of the offer.'),
  ),
  payment_changed: Type.Object(
    PaymentView.properties,
    described('To who pays and who is paid on a rail outside of the ledger: the payment as it is.'),
  ),
  default_changed: Type.Object(
    DefaultView.properties,
    described(
      'To debtor and creditor and to the retailers of both, each as it may read it: the default ' +
        'as it is.',
    ),
  ),
  meter_data_requested: Type.Object(
    { fromInterval: IntervalNumber, intervals: Type.Integer({ minimum: 1 }) },
    described('To who owns gateways of meters that trade in these intervals.'),
  ),
  agreement_recorded: Type.Object(
    AgreementView.properties,
    described('To both retailers: what binds them from now on, or until when it does.'),
  ),
  netting_changed: Type.Object(
    NettingView.properties,
    described('To the retailer that pays and the one that is paid: the transfer as it is.'),
  ),
  run_posted: Type.Object(
    { interval: IntervalNumber, run: RunNumber, runKind: RunKindName },
    described(
      'Trades of an interval were settled: to platforms, retailers and utilities of those that ' +
        'delivered. Declarations and deliveries have it.',
    ),
  ),
  participant_changed: Type.Object(
    { account: Account, status: Type.Enum(['active', 'suspended']) },
    described('To who was suspended or reinstated, and to its retailer.'),
  ),
  key_replaced: Type.Object(
    { account: Account, address: Address },
    described('Another key speaks for the account from now on.'),
  ),
  passkey_registered: Type.Object(
    {
      account: Account,
      publicKey: PublicKey,
      host: Host,
      label: Name,
      signsFromMs: InstantMs,
      registeredBy: Account,
    },
    described('A passkey speaks for the account from then on: who does not know it revokes it.'),
  ),
  passkey_revoked: Type.Object(
    {
      account: Account,
      publicKey: PublicKey,
      label: Name,
      revokedBy: Account,
      mayObject: Type.Boolean(),
    },
    described(
      'A passkey speaks for the account no longer. `mayObject`: its retailer was told that the ' +
        'device is lost; who has it signs in with it and says that it is not.',
    ),
  ),
  objection_raised: Type.Object(
    { account: Account, publicKey: PublicKey, retailer: Account },
    described(
      'To the account, its retailer and all authorities: a device that the retailer revoked as ' +
        'lost is there. What the retailer asked for and what waited is over; it asks for nothing ' +
        'more until an authority has revoked the device as well.',
    ),
  ),
  join_code_issued: Type.Object(
    {
      account: Account,
      publicKey: PublicKey,
      host: Host,
      untilMs: InstantMs,
      issuedBy: Account,
    },
    described('Whoever has this code may register a passkey: who does not know it revokes it.'),
  ),
  join_code_revoked: Type.Object(
    { account: Account, publicKey: PublicKey },
    described('A join code counts no longer.'),
  ),
  mandate_granted: Type.Object(
    { account: Account, ...mandateFields },
    described('An agent trades for the account within this: who does not know it revokes it.'),
  ),
  mandate_revoked: Type.Object(
    { account: Account, publicKey: PublicKey },
    described('An agent trades for the account no longer.'),
  ),
  proposal_changed: Type.Object(
    {
      proposal: ProposalNumber,
      instruction: Type.Enum([...guardedKinds]),
      status: Type.Enum([...proposalStatuses]),
      proposedBy: Account,
      expiresAtMs: InstantMs,
      decidedBy: nullable(Account),
      reason: Type.String({ description: 'Why it was refused; else empty.' }),
    },
    described('To every authority: something waits for a second person, or waits no longer.'),
  ),
} as const satisfies Record<string, TObject>

export type NoticeKind = keyof typeof noticeKinds

export const noticeKindNames = Object.keys(noticeKinds) as readonly NoticeKind[]

/** The most bytes of a notice as it is brought. */
export const noticeBytesMax = 65_536

const noticeOf = <Kind extends NoticeKind>(kind: Kind) =>
  Type.Object(
    {
      id: Type.String({
        pattern: '^[a-z0-9-]{1,40}/[0-9]+/[0-9]+$',
        description: 'Market, account and sequence: the same however often it is brought.',
      }),
      market: Type.String(),
      account: Account,
      sequence: Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Counts the notices of the account, without gaps.',
      }),
      subject: Type.String({
        description: 'What it is about, such as `trade/7`: of one subject they come in order.',
      }),
      atMs: InstantMs,
      journalSequence: Sequence,
      kind: Type.Literal(kind),
      data: noticeKinds[kind],
    },
    closed,
  )

const noticeSchemas = [
  noticeOf('trade_changed'),
  noticeOf('delivery_limited'),
  noticeOf('offer_changed'),
  noticeOf('payment_changed'),
  noticeOf('default_changed'),
  noticeOf('meter_data_requested'),
  noticeOf('agreement_recorded'),
  noticeOf('netting_changed'),
  noticeOf('run_posted'),
  noticeOf('participant_changed'),
  noticeOf('key_replaced'),
  noticeOf('passkey_registered'),
  noticeOf('passkey_revoked'),
  noticeOf('objection_raised'),
  noticeOf('mandate_granted'),
  noticeOf('mandate_revoked'),
  noticeOf('proposal_changed'),
  noticeOf('join_code_issued'),
  noticeOf('join_code_revoked'),
] as const

/** What an account is told of a thing that concerns it. */
export const Notice = Type.Union([...noticeSchemas])

export const Notices = Type.Object(
  {
    account: Account,
    notices: Type.Array(Notice),
    nextAfter: nullable(Count),
  },
  { ...closed, description: '`nextAfter` is the `after` of the next page; null at the end.' },
)

/** The longest address of a webhook, in characters. */
export const webhookUrlLengthMax = 1_000

/** `Webhook(bytes16 id,uint32 account,string url,uint64 after,uint64 issuedAt)`, signed. */
export const SignedWebhook = Type.Object(
  {
    id: CommandId,
    account: Account,
    url: Type.String({
      maxLength: webhookUrlLengthMax,
      description: 'An https address; empty to end it.',
    }),
    after: Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Notices after this sequence are brought, also those that were before.',
    }),
    issuedAt: InstantMs,
    signature: Signature,
  },
  { ...closed, description: 'Where an account wants its notices brought.' },
)

export const Webhook = Type.Object(
  {
    account: Account,
    url: Type.String({ description: 'Empty where there is none.' }),
    after: Count,
    issuedAtMs: nullable(InstantMs),
    lastSequence: Type.Integer({
      minimum: 0,
      description: 'The newest notice of the account; 0 before the first.',
    }),
    waiting: Type.Integer({ minimum: 0, description: 'Notices that are still to be brought.' }),
    givenUp: Type.Integer({
      minimum: 0,
      description: 'Notices that were tried for too long; they stay readable.',
    }),
    failures: Type.Integer({ minimum: 0, description: 'Attempts since the receiver was reached.' }),
    lastError: Type.String({ description: 'What went wrong last, while something is wrong.' }),
  },
  { ...closed, description: 'Where notices are brought, and how it stands with it.' },
)

export const WebhookTaken = Type.Object(
  {
    account: Account,
    issuedAtMs: InstantMs,
    repeated: Type.Boolean({ description: 'It was taken before, and stands.' }),
  },
  closed,
)

export type Notice = Static<typeof Notice>
export type Notices = Static<typeof Notices>
export type SignedWebhook = Static<typeof SignedWebhook>
export type Webhook = Static<typeof Webhook>
export type WebhookTaken = Static<typeof WebhookTaken>
