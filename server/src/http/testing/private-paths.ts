/** Each private route, by its name, as one asks for what the doubles of the exchange have. */
import { derToCash } from '@busbar/core/rulebook'
import { claim, commitment } from './sealed-views.ts'

type Paths = Readonly<Record<string, string>>

/** What is Alice's own, whose account is number 4. */
export const alicesPaths: Paths = {
  account: '/v1/accounts/4',
  accountInterval: '/v1/accounts/4/intervals/100',
  accountSeries: '/v1/accounts/4/series?from=100&intervals=2',
  standing: '/v1/accounts/4/standing',
  statement: '/v1/accounts/4/statement',
  orderPath: `/v1/intervals/0/100/orders/${commitment}/path`,
  orderProof: `/v1/intervals/0/100/proofs/orders/0x${'aa'.repeat(32)}`,
  postingProof: '/v1/intervals/0/100/proofs/postings/4',
  readingProof: '/v1/intervals/0/100/proofs/readings/0',
  orderWord: `/v1/intervals/0/100/signatures/0x${'aa'.repeat(32)}`,
  signedReading: '/v1/meters/0/readings/100',
  accountOffers: '/v1/accounts/4/offers',
  payments: '/v1/accounts/4/payments',
  defaults: '/v1/accounts/4/defaults',
  customers: '/v1/retailers/4/customers',
  declarations: '/v1/retailers/4/declarations',
  meteredEnergy: '/v1/retailers/4/metered-energy',
  customerEnergy: '/v1/retailers/4/customer-energy?from=100&intervals=2',
  meterDataRequests: '/v1/retailers/4/meter-data-requests',
  wheeling: '/v1/utilities/4/wheeling',
  schedule: '/v1/utilities/4/schedule',
  notices: '/v1/accounts/4/notices',
  webhook: '/v1/accounts/4/webhook',
  accessGrants: '/v1/accounts/4/access-grants',
}

/** How a home lives. */
export const ownersPaths: Paths = {
  deviceSeries: '/v1/accounts/4/devices?from=100&intervals=2',
}

export const auditPaths: Paths = {
  auditInterval: '/v1/audit/intervals/0/100',
  auditReplay: '/v1/audit/intervals/0/100/replay',
  auditBalances: '/v1/audit/balances',
  auditJournal: '/v1/audit/journal?from=399',
  auditOpenings: '/v1/audit/openings/0/100',
  provingQueue: '/v1/proving/queue',
  operations: '/v1/operations',
  faults: '/v1/demo/faults',
}

export const authorityPaths: Paths = {
  proposals: '/v1/proposals',
  whatIf: `/v1/rulebooks/what-if?rulebook=${encodeURIComponent(JSON.stringify(derToCash))}`,
}

/** What they take is in their bodies. */
export const proverBodies: Readonly<Record<string, readonly [path: string, body: unknown]>> = {
  claimProving: ['/v1/proving/claims', {}],
  handInProof: [
    '/v1/proving/proofs',
    { zone: 0, interval: 100, size: 64, proof: '0xab', statement: claim.statement },
  ],
}
