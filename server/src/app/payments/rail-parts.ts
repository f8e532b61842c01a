import type { OutsideRail } from '@busbar/core/payments'
import type { NettingWorker } from './netting-worker.ts'
import type { PaymentWorker } from './payment-worker.ts'

/** Who speaks to the rails outside of the ledger, and which of them are set up. */
export type RailParts = {
  readonly payments: PaymentWorker
  readonly netting: NettingWorker
  readonly offered: ReadonlySet<OutsideRail>
}
