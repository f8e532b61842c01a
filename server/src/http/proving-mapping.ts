import { assert } from '@busbar/core/errors'
import type { Opening } from '@busbar/core/exchange'
import type {
  Openings,
  OrderOpening,
  OrderNeighbours,
  OrderPath,
  ProvingClaim as ClaimJson,
} from '@busbar/protocols/api'
import { blindOf, fieldToHex, type SetPath, wordOf } from '@busbar/protocols/sealed-orders'
import type {
  AuditOpeningsView,
  OrderNeighboursView,
  SealedOrderProofView,
} from '../app/ports/exchange-views.ts'
import type { ProofStatement, ProvingClaim, ProvingOrder } from '../app/ports/proving.ts'
import type { VoidGrounds } from '../app/ports/void-grounds.ts'
import { jsonInteger } from './json-numbers.ts'
import { nullable } from './mapping.ts'

/* Opened orders as JSON, for those few who may see them; and paths, for the owners of a leaf. */

export const claimJson = (claim: ProvingClaim): ClaimJson => ({
  zone: claim.zone,
  interval: claim.interval,
  attempt: claim.attempt,
  leaseUntilMs: claim.leaseUntilMs,
  rulebookHash: claim.rulebookHash,
  statement: statementJson(claim.statement),
  priceMicrosPerKwh: nullable(claim.price, 'priceMicrosPerKwh'),
  energyWh: jsonInteger(claim.energy, 'energyWh'),
  orders: claim.orders.map(provingOrderJson),
})

/** What a proof is made of. Whose an order is, is none of a prover's business. */
function provingOrderJson(order: ProvingOrder): ClaimJson['orders'][number] {
  const { commitment, opening } = order
  if (order.void !== null) return { commitment, void: order.void }
  assert(opening !== null, 'an order that is not void was opened')
  return { commitment, word: fieldToHex(wordOf(opening)), blind: fieldToHex(blindOf(opening)) }
}

export const statementJson = (statement: ProofStatement): ClaimJson['statement'] => ({
  context: statement.context,
  ordersRoot: statement.ordersRoot,
  fillsRoot: statement.fillsRoot,
  header: statement.header,
})

const openedOrderJson = (order: ProvingOrder): Omit<Openings['orders'][number], 'account'> => ({
  commitment: order.commitment,
  opening: order.opening && openingJson(order.opening),
  void: order.void,
  filledWh: jsonInteger(order.filled, 'filledWh'),
})

const openingJson = (opening: Opening): OrderOpening => ({
  account: opening.account,
  meter: opening.meter,
  side: opening.side,
  energyWh: opening.energyWh,
  limitMicrosPerKwh: opening.limitMicrosPerKwh,
  salt: opening.salt,
})

export const openingsJson = (view: AuditOpeningsView): Openings => ({
  zone: view.zone,
  interval: view.interval,
  context: view.context,
  orders: view.orders.map((order) => ({ ...openedOrderJson(order), account: order.account })),
  evidence: view.evidence,
  grounds: groundsJson(view.grounds),
})

const groundsJson = (grounds: VoidGrounds): Openings['grounds'] => ({
  committeeKey: grounds.committeeKey,
  received: grounds.received.map((order) => ({ ...order })),
  cancellations: grounds.cancellations.map((cancellation) => ({ ...cancellation })),
  requests: grounds.requests.map((request) => ({ ...request })),
  instructions: grounds.instructions.map((instruction) => ({ ...instruction })),
})

export const orderPathJson = (view: SealedOrderProofView): OrderPath => ({
  commitment: view.commitment,
  context: view.context,
  ordersRoot: view.ordersRoot,
  order: pathJson(view.orderPath),
  fillsRoot: view.fill && view.fill.fillsRoot,
  fill: view.fill && { leaf: view.fill.leaf, ...pathJson(view.fill.path) },
  void: view.voided && { ...view.voided, path: [...view.voided.path] },
})

export const orderNeighboursJson = (view: OrderNeighboursView): OrderNeighbours => ({
  ordersRoot: view.ordersRoot,
  orderCount: view.orderCount,
  rulebookHash: view.rulebookHash,
  isIncluded: view.isIncluded,
  places: view.places.map(({ commitment, path }) => ({ commitment, ...pathJson(path) })),
})

const pathJson = ({ position, siblings, partRoots }: SetPath): OrderPath['order'] => ({
  position,
  siblings: siblings.map((row) => [...row]),
  partRoots: [...partRoots],
})
