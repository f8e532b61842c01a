/** What the exchange in memory shows of sealed orders and their proofs. Fixed figures. */
import type { Opening } from '@busbar/core/exchange'
import { MicrosPerKwh, WattHours } from '@busbar/core/units'
import type { SetPath } from '@busbar/protocols/sealed-orders'
import type {
  AuditOpeningsView,
  OrderNeighboursView,
  OwnSealedOrderView,
  SealedOrderProofView,
} from '../../app/ports/exchange-views.ts'
import type { ProvingClaim, ProvingOrder, ProvingQueueItem } from '../../app/ports/proving.ts'

const field = (byte: string): string => `0x00${byte.repeat(31)}`

/** Of alice, in interval 100. */
export const commitment = field('c0')

/** A limit that nobody but auditors and provers may ever be shown. */
export const secretLimit = 123_457

export const opening = (account: number): Opening => ({
  ...{ account, meter: 0, side: 'sell', energyWh: 500, limitMicrosPerKwh: secretLimit },
  salt: `0x${'5a'.repeat(32)}`,
})

const path: SetPath = {
  position: 1,
  siblings: [1, 2, 3].map(() => Array.from({ length: 15 }, () => field('00') as `0x${string}`)),
  partRoots: [field('01') as `0x${string}`],
}

const orders: readonly ProvingOrder[] = [
  { commitment, opening: opening(4), void: null, filled: WattHours.from(400n) },
  { commitment: field('c1'), opening: null, void: 'not_opened', filled: WattHours.zero },
]

const statement = {
  ...{ context: field('0c'), ordersRoot: field('01'), fillsRoot: field('05') },
  header: field('0d'),
}

export const claim: ProvingClaim = {
  ...{ zone: 0, interval: 100, attempt: 1, leaseUntilMs: 1_700_000_060_000, statement, orders },
  rulebookHash: `0x${'b0'.repeat(32)}`,
  ...{ price: MicrosPerKwh.from(-120_000n), energy: WattHours.from(400n) },
}

export const queue: readonly ProvingQueueItem[] = [
  {
    ...{ zone: 0, interval: 100, orderCount: 2, status: 'claimed', sinceMs: 30_000_000 },
    ...{ attempts: 1, refused: 0, overdue: false },
  },
]

export const ownOrder = (account: number): OwnSealedOrderView => ({
  ...{ id: `0x${'0e'.repeat(16)}`, commitment, account, sequence: 18, void: null },
  filled: WattHours.from(400n),
})

export const orderPath = (owner: number): SealedOrderProofView => ({
  ...{ owner, zone: 0, interval: 100, commitment, context: field('0c') },
  ...{ ordersRoot: field('01'), orderPath: path },
  fill: { fillsRoot: field('05'), leaf: field('0f'), path },
  voided: { reason: 'mismatch', voidsRoot: field('06'), index: 1, count: 2, path: [field('0a')] },
})

export const receiptSignature = `0x${'5e'.repeat(65)}`

export const neighbours: OrderNeighboursView = {
  ...{ ordersRoot: field('01'), orderCount: 4, rulebookHash: field('02'), isIncluded: false },
  places: [{ commitment, path }, { commitment: field('7f'), path }],
}

export const openings: AuditOpeningsView = {
  ...{ zone: 0, interval: 100, context: field('0c'), evidence: `0x${'9e'.repeat(96)}` },
  orders: orders.map((order) => ({ ...order, account: 4 })),
  grounds: {
    committeeKey: `0x${'a0'.repeat(48)}`,
    received: [
      {
        ...{ commitment: field('c1'), id: `0x${'0e'.repeat(16)}`, account: 4, sequence: 19 },
        ...{ collateralMicros: 5_000, signature: `0x${'51'.repeat(65)}` },
        ...{ ciphertext: `0x${'c1'.repeat(121)}`, ciphertextHash: `0x${'ca'.repeat(32)}` },
      },
    ],
    cancellations: [
      {
        ...{ id: `0x${'0f'.repeat(16)}`, account: 4, order: `0x${'0e'.repeat(16)}` },
        signature: `0x${'52'.repeat(65)}`,
      },
    ],
    requests: [{ account: 4, reference: `0x${'ee'.repeat(32)}:1` }],
    instructions: [
      {
        ...{ sequence: 7, number: 0, id: `0x${'1e'.repeat(16)}`, account: 6 },
        ...{ kind: 'register_meter', content: '{"meter":0}', signature: `0x${'53'.repeat(65)}` },
      },
    ],
  },
}
