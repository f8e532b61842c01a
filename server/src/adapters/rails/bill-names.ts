import {
  type BillStatus,
  type BillTerms,
  microsPerCent,
  type NamedBill,
  type Share,
  sharesOf,
  wholeCents,
} from '@busbar/protocols/bill-presentment'
import type { RailAnswer, RailRequest, RailShare } from '../../app/ports/rails.ts'
import { rail } from './bill-network-call.ts'
import { refused } from './rail-http.ts'

/** What the platform gets of one request, and who it is. */
export type PlatformFee = { readonly account: number; readonly feeMicros: bigint }

export type BillNaming = {
  /** The market’s id: a network may serve several. */
  readonly market: string
  readonly currency: string
  /** D1 or D2: whose bill it is. The shares of its money are the same. */
  readonly biller: 'seller' | 'platform'
  /** Follows from the request alone; null where no platform has a part in it. */
  readonly platformOf: (request: RailRequest) => PlatformFee | null
  /** The network’s name of an account; `<market>.<account>` where it is left out. */
  readonly partyOf?: ((account: number) => string) | undefined
}

export const partyName = ({ market, partyOf }: BillNaming, account: number): string =>
  partyOf?.(account) ?? `${market}.${account}`

/** Each payment has one bill, whoever asks for it by whatever key. */
export const billName = ({ market }: BillNaming, payment: number): string =>
  `${market}.payment.${payment}`

/** The number of a payment of this market, or undefined for the bill of somebody else. */
export function paymentIn({ market }: BillNaming, bill: string): number | undefined {
  const prefix = `${market}.payment.`
  const digits = bill.startsWith(prefix) ? bill.slice(prefix.length) : ''
  return /^[1-9][0-9]{0,14}$/.test(digits) ? Number(digits) : undefined
}

/** What `|` is between is no name of the network. */
const referenceOf = ({ biller, bill }: NamedBill): string => `bill:${biller}|${bill}`

/** The bill that the rail named before, or the one that the payment would have. */
export function billOf(naming: BillNaming, step: string, request: RailRequest): NamedBill {
  const { reference, payment } = request
  const bill = billName(naming, payment)
  if (reference === '') return { biller: billerOf(naming, step, request), bill }
  const [start = '', name] = reference.split('|')
  if (!start.startsWith('bill:') || name !== bill) {
    throw refused(rail, step, 'the reference names no bill of this payment')
  }
  return { biller: start.slice('bill:'.length), bill }
}

export function billerOf(naming: BillNaming, step: string, request: RailRequest): string {
  if (naming.biller === 'seller') return partyName(naming, request.payee)
  const platform = naming.platformOf(request)
  if (platform === null) throw refused(rail, step, 'no platform to be the biller')
  return partyName(naming, platform.account)
}

/** Where the money of a request goes: all of it is in whole cents. */
export function sharesFor(naming: BillNaming, step: string, request: RailRequest) {
  const { amountMicros, shares = [] } = request
  const isWhole = [amountMicros, ...shares.map((share) => share.amountMicros)].every(
    (micros) => micros === wholeCents(micros) * microsPerCent,
  )
  if (!isWhole) throw refused(rail, step, 'a bill and each part of it are in whole cents')
  if (request.shares !== undefined) return dividedShares(naming, request, request.shares)
  const platform = naming.platformOf(request)
  const payee = partyName(naming, request.payee)
  if (platform === null) return sharesOf(request.amountMicros, payee, null)
  const { account, feeMicros } = platform
  return sharesOf(request.amountMicros, payee, { party: partyName(naming, account), feeMicros })
}

/** Others get, or give back, their own part, and the payee the rest. */
function dividedShares(
  naming: BillNaming,
  { amountMicros, payer, payee }: RailRequest,
  parts: readonly RailShare[],
): { amountCents: bigint; shares: Share[] } {
  const amountCents = wholeCents(amountMicros)
  const micros = new Map<number, bigint>()
  for (const { from, to, amountMicros: part } of parts) {
    // Of a bill, and of what goes back of one.
    const other = from === payer ? to : to === payer ? from : payee
    if (other !== payee) micros.set(other, (micros.get(other) ?? 0n) + part)
  }
  let rest = amountCents
  const shares: Share[] = []
  for (const [account, part] of [...micros].sort(([a], [b]) => a - b)) {
    const cents = wholeCents(part)
    shares.push({ party: partyName(naming, account), amountCents: cents })
    rest -= cents
  }
  const own = rest > 0n ? [{ party: partyName(naming, payee), amountCents: rest }] : []
  return { amountCents, shares: [...own, ...shares] }
}

export const termsFor = (naming: BillNaming, step: string, request: RailRequest): BillTerms => ({
  biller: billerOf(naming, step, request),
  bill: billName(naming, request.payment),
  payer: partyName(naming, request.payer),
  currency: naming.currency,
  ...sharesFor(naming, step, request),
  dueAtMs: request.dueAt,
  expiresAtMs: Math.max(request.dueAt, request.expiresAt),
  note: `Energy, payment ${request.payment}`,
})

const states = {
  presented: 'pending',
  paid: 'captured',
  cancelled: 'released',
  expired: 'expired',
  refused: 'failed',
} as const satisfies Record<BillStatus['state'], RailAnswer['state']>

export const answerOfBill = (status: BillStatus): RailAnswer => ({
  state: states[status.state],
  reference: referenceOf(status),
  amountMicros: status.amountCents * microsPerCent,
  expiresAt: status.state === 'presented' ? status.expiresAtMs : null,
  reason: reasonOf(status),
})

function reasonOf({ state, isOverdue }: BillStatus): string {
  if (state === 'presented') return isOverdue ? 'overdue' : ''
  return state === 'refused' ? 'payer_refused' : ''
}
