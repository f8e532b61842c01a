import type { Rails } from './app/payments/payment-worker.ts'
import type { GrantBook } from './app/ports/grants.ts'
import type { SessionBook } from './app/ports/sign-in.ts'
import type { NoticeSender } from './app/ports/notices.ts'
import type { RetailerTransfers } from './app/ports/transfers.ts'
import type { Outbox } from './app/ports/outbox.ts'
import type { Clock, ManualClock } from './app/ports/clock.ts'
import type { OrderOpening } from './app/ports/opening.ts'
import type { ExchangeService } from './app/ports/exchange-service.ts'
import type { Store } from './app/ports/store.ts'
import type { Rpc } from './adapters/chain/rpc.ts'

type Around<Port> = (port: Port) => Port

/**
 * What is put around the ports where a server is put together: traces, measurements, faults on
 * purpose. A decorator passes everything on; what it adds is not business.
 */
export type Decorators = {
  /** As the lane, the views and recovery see it. */
  readonly store: Around<Store>
  /** As the sender of transactions sees it: the store, decorated already. */
  readonly outbox: Around<Outbox>
  /** The way to the chain's node, deployment and saving its state included. */
  readonly rpc: Around<Rpc>
  readonly clock: Around<Clock | ManualClock>
  /** The way to the committee. */
  readonly opening: Around<OrderOpening>
  /** The ways to the payment rails. */
  readonly rails: Around<Rails>
  /** The way to the banks of retailers. */
  readonly transfers: Around<RetailerTransfers | undefined>
  /** The way to webhooks. */
  readonly webhooks: Around<NoticeSender>
  /** As the desk of access grants sees it. */
  readonly grants: Around<GrantBook & SessionBook>
  /** As the HTTP routes see it. */
  readonly service: Around<ExchangeService>
}

const asItIs = <Port>(port: Port): Port => port

export const undecorated: Decorators = {
  store: asItIs,
  outbox: asItIs,
  rpc: asItIs,
  clock: asItIs,
  opening: asItIs,
  rails: asItIs,
  transfers: asItIs,
  webhooks: asItIs,
  grants: asItIs,
  service: asItIs,
}
