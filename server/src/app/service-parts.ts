import type { OutsideRail } from '@busbar/core/payments'
import type { Domain } from '@busbar/protocols/eip712'
import type { Intake } from './intake.ts'
import type { Lane } from './lane.ts'
import type { NettingWorker } from './payments/netting-worker.ts'
import type { PaymentWorker } from './payments/payment-worker.ts'
import type { OutboxSender, SettlementChain } from './ports/chain.ts'
import type { Clock, ManualClock } from './ports/clock.ts'
import type { ClockView } from './ports/exchange-service.ts'
import type { ReceiptSigner } from './ports/receipts.ts'
import type { Store } from './ports/store.ts'
import type { Demands } from './proving/demands.ts'
import type { Disputes } from './proving/disputes.ts'
import type { ProofWatch } from './proving/proof-watch.ts'
import type { ProvingQueue } from './proving/proving-queue.ts'
import type { Scheduler } from './scheduler.ts'
import type { SealedClearings } from './sealed-clearings.ts'
import type { Openings } from './opening/openings.ts'

/** What a service is put together from. */
export type ServiceParts = {
  readonly lane: Lane
  readonly intake: Intake
  readonly scheduler: Scheduler
  readonly store: Store
  readonly chain: SettlementChain
  readonly sender: OutboxSender
  readonly domain: Domain
  readonly clock: Clock | ManualClock
  readonly clockMode: ClockView['mode']
  readonly speed: number
  readonly openings: Openings
  readonly proofs: ProofWatch
  readonly proving: ProvingQueue
  readonly demands: Demands
  readonly payments: PaymentWorker
  readonly netting: NettingWorker
  readonly railsOffered: ReadonlySet<OutsideRail>
  readonly disputes: Disputes
  readonly clearings: SealedClearings
  /** Signs answers about traded energy, as it does receipts. */
  readonly receipts: ReceiptSigner
  /** The address that receipts are signed with. */
  readonly operatorAddress: string
}
