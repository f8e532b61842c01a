/** Who gets which answer from each route: the table of `access-matrix.test.ts`. */
import { GatewaySigner, newApiKey } from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import type { GrantScope } from '@busbar/protocols/access'
import type { RouteName } from '@busbar/protocols/api'
import { first, type Forger, type RailMarket, railRulebook } from './rail-market.ts'
import { type offices, type Part, type Tenant, termsOf } from './two-tenants.ts'

export type Office = (typeof offices)[number]

export type World = {
  readonly market: RailMarket
  /** Digest of the order that a tenant's seller has placed. */
  readonly orders: ReadonlyMap<string, string>
}

/** One of the things that an answer lists. */
export type Item = Readonly<Record<string, unknown>>

export type Ask = { readonly path: string; readonly body?: unknown }

type PrivateRow = {
  readonly to: readonly (Part | Office)[]
  readonly ask: (tenant: Tenant, world: World) => Ask
  readonly yes?: string
  readonly no: 'access_denied' | 'not_found'
  /** Retailers and utilities see it of those whom they serve, and so not while suspended. */
  readonly byOffice?: true
}

export type Row =
  /** Anybody at all gets the same answer: 200 where no code is named. */
  | { readonly to: 'all'; readonly ask: (world: World) => Ask; readonly code?: string }
  /**
   * With a credential of one of these, of the tenant or of the market, 200, or the code that says
   * that there is nothing; all others, whatever they are elsewhere, are refused with `no`.
   */
  | PrivateRow
  /** Whoever has a credential is answered, with what is its own: `holds` knows a tenant's. */
  | {
      readonly to: 'each'
      readonly ask: () => Ask
      readonly sees: readonly (Part | Office)[]
      readonly list: string
      /** How many a tenant has at most, where it is not one. */
      readonly most?: number
      readonly holds: (item: Item, tenant: Tenant, world: World) => boolean
      readonly byOffice?: true
    }
  /** Answered about whoever asks; to nobody nothing, or the code. */
  | { readonly to: 'self'; readonly path: string; readonly nobody?: string }
  /** Signed by somebody in the name of another: refused as what it is, whoever signs. */
  | {
      readonly to: 'signer'
      readonly ask: (forger: Forger, tenant: Tenant, world: World) => Promise<Ask>
    }

const everyPart = [
  'seller', 'buyer', 'sellerRetailer', 'buyerRetailer', 'utility', 'platform',
] as const
const watching = ['operator', 'auditor'] as const

const open = (path: string, code?: string): Row => ({
  ...{ to: 'all', ask: () => ({ path }) },
  ...(code === undefined ? {} : { code }),
})

/** What belongs to the account of one part of a trade. */
const own = (part: Part, path: (account: number) => string): PrivateRow => ({
  to: [part, ...watching],
  ask: ({ who }, { market }) => ({ path: path(market.accountOf(who[part])) }),
  no: 'access_denied',
})

/** What an account sees of others, because it serves them. */
const served = (part: Part, path: (account: number) => string): PrivateRow => ({
  ...own(part, path),
  byOffice: true,
})

/** What concerns several, and looks to others as if it were not there. */
const concerning = (
  to: readonly (Part | Office)[],
  path: (tenant: Tenant) => string,
): PrivateRow => ({
  ...{ to, ask: (tenant: Tenant) => ({ path: path(tenant) }), no: 'not_found' },
  byOffice: true,
})

/** What is proven to whom it belongs. */
const proven = (ask: (tenant: Tenant, world: World) => Ask, yes?: string): Row => ({
  ...{ to: yes === undefined ? ['seller', ...watching] : [...watching], ask, no: 'access_denied' },
  ...(yes === undefined ? {} : { yes }),
})

const audit = (path: string, yes?: string): Row => ({
  ...{ to: [...watching], ask: () => ({ path }), no: 'access_denied' },
  ...(yes === undefined ? {} : { yes }),
})

const proving = (path: string, body: unknown): Row => ({
  ...{ to: ['operator', 'prover'], ask: () => ({ path, body }), no: 'access_denied' },
})

const signed = (
  path: string,
  list: string,
  sign: (forger: Forger, tenant: Tenant, world: World) => Promise<unknown>,
): Row => ({
  to: 'signer',
  ask: async (...parts) => ({ path, body: { [list]: [await sign(...parts)] } }),
})

/** Rules that this market could have, too. */
const otherRules = encodeURIComponent(
  JSON.stringify({ ...railRulebook(['clearing-house', 'prepaid']), version: 2 }),
)

const field = (byte: string): string => `0x00${byte.repeat(31)}`
const id = `0x${'1d'.repeat(16)}`

const opening = {
  ...{ account: 10, meter: 0, side: 'sell', energyWh: 1, limitMicrosPerKwh: 1 },
  salt: `0x${'5a'.repeat(32)}`,
}

const statement = {
  ...{ context: field('01'), ordersRoot: field('02'), fillsRoot: field('03') },
  header: field('04'),
}

const sealingTerms = {
  ...{ zone: 0, interval: first, context: field('01'), chainId: 31_337, publicKey: null },
  intervalLog: `0x${'11'.repeat(20)}`,
}

/** A grant for a day of an API key. */
export const apiKeyGrant = (
  { id, subject }: Pick<ReturnType<typeof newApiKey>, 'id' | 'subject'>,
  scopes: GrantScope[],
) => ({
  ...{ id, kind: 'api_key' as const, subject, scopes, networks: [], label: 'a machine' },
  until: Date.now() + 86_400_000,
})

/** Every route of the interface, and what the rails bring besides. */
export const rows: Readonly<Record<RouteName | 'railNotices', Row>> = {
  market: open('/v1/market'),
  intervals: open('/v1/intervals'),
  interval: open(`/v1/intervals/0/${first}`),
  series: open('/v1/series?zone=0'),
  grid: open('/v1/grid'),
  kpis: open('/v1/kpis'),
  participants: open('/v1/participants'),
  joinCode: open(`/v1/accounts/10/join-codes/0x02${'1d'.repeat(32)}`, 'not_found'),
  offers: open('/v1/offers'),
  conservation: open('/v1/conservation'),
  conservationHistory: open('/v1/conservation/history?points=2'),
  conservationInterval: open(`/v1/conservation/intervals/${first}`),
  journalHeads: open('/v1/journal/heads'),
  journalHead: open('/v1/journal/heads/1', 'not_found'),
  health: open('/v1/health'),
  openapi: open('/v1/openapi.json'),
  stream: open('/v1/stream'),
  metrics: open('/v1/metrics'),
  setClock: {
    to: 'all',
    ask: () => ({ path: '/v1/clock', body: { nowMs: 0 } }),
    code: 'clock_backwards',
  },
  orderNeighbours: open(
    `/v1/intervals/0/${first}/orders/${field('0c')}/neighbours` +
      `?sequence=1&signature=0x${'51'.repeat(65)}`,
    'signature_invalid',
  ),
  account: own('seller', (account) => `/v1/accounts/${account}`),
  statement: own('buyer', (account) => `/v1/accounts/${account}/statement`),
  accountInterval: own('seller', (account) => `/v1/accounts/${account}/intervals/${first}`),
  accountSeries: own(
    'seller',
    (account) => `/v1/accounts/${account}/series?from=${first}&intervals=2`,
  ),
  // How a home lives is shown to nobody who watches the market.
  deviceSeries: {
    to: ['seller'],
    ask: ({ who }: Tenant, { market }: World) => ({
      path: `/v1/accounts/${market.accountOf(who.seller)}/devices?from=${first}&intervals=2`,
    }),
    no: 'access_denied',
  },
  standing: own('buyer', (account) => `/v1/accounts/${account}/standing`),
  payments: own('buyer', (account) => `/v1/accounts/${account}/payments`),
  accountOffers: own('seller', (account) => `/v1/accounts/${account}/offers`),
  defaults: own('sellerRetailer', (account) => `/v1/accounts/${account}/defaults`),
  customers: served('sellerRetailer', (account) => `/v1/retailers/${account}/customers`),
  declarations: served('buyerRetailer', (account) => `/v1/retailers/${account}/declarations`),
  meteredEnergy: served(
    'sellerRetailer',
    (account) => `/v1/retailers/${account}/metered-energy?from=0`,
  ),
  customerEnergy: served(
    'sellerRetailer',
    (account) => `/v1/retailers/${account}/customer-energy?from=${first}&intervals=2`,
  ),
  meterDataRequests: served(
    'sellerRetailer',
    (account) => `/v1/retailers/${account}/meter-data-requests`,
  ),
  wheeling: served('utility', (account) => `/v1/utilities/${account}/wheeling`),
  schedule: served('utility', (account) => `/v1/utilities/${account}/schedule`),
  session: { to: 'self', path: '/v1/session' },
  openSession: { to: 'self', path: '/v1/session', nobody: 'credential_missing' },
  closeSession: open('/v1/session'),
  notices: own('platform', (account) => `/v1/accounts/${account}/notices`),
  accessGrants: own('seller', (account) => `/v1/accounts/${account}/access-grants`),
  webhook: own('buyerRetailer', (account) => `/v1/accounts/${account}/webhook`),
  orderProof: proven(({ name, zone }, { orders }) => ({
    path: `/v1/intervals/${zone}/${first}/proofs/orders/${orders.get(name)}`,
  })),
  readingProof: proven(({ zone, meters }) => ({
    path: `/v1/intervals/${zone}/${first}/proofs/readings/${meters[0]}`,
  })),
  orderWord: proven(({ name, zone }, { orders }) => ({
    path: `/v1/intervals/${zone}/${first}/signatures/${orders.get(name)}`,
  })),
  signedReading: proven(({ meters }) => ({ path: `/v1/meters/${meters[0]}/readings/${first}` })),
  postingProof: proven(({ who }, { market }) => ({
    path:
      `/v1/intervals/${bilateralZone}/${first}/proofs/postings/` +
      `${market.accountOf(who.seller)}`,
  })),
  // In an open book no order is sealed: there is nothing, and nobody's.
  orderPath: proven(
    ({ zone }) => ({ path: `/v1/intervals/${zone}/${first}/orders/${field('0c')}/path` }),
    'not_found',
  ),
  trades: {
    ...{ to: 'each', ask: () => ({ path: '/v1/trades' }), list: 'trades', most: 2 },
    ...{ sees: [...everyPart, ...watching], byOffice: true },
    holds: ({ trade }, tenant) => trade === tenant.trade,
  },
  agreements: {
    ...{ to: 'each', ask: () => ({ path: '/v1/agreements' }), list: 'agreements' },
    sees: ['sellerRetailer', 'buyerRetailer', ...watching],
    holds: ({ retailers }, { who }, { market }) => {
      const houses = [who.sellerRetailer, who.buyerRetailer].map((name) => market.accountOf(name))
      return JSON.stringify(retailers) === JSON.stringify(houses.sort((a, b) => a - b))
    },
  },
  nettings: {
    // Between the two retailers, and with the platform and the exchange for their fees.
    ...{ to: 'each', ask: () => ({ path: '/v1/nettings' }), list: 'nettings', most: 3 },
    sees: ['sellerRetailer', 'buyerRetailer', 'platform', ...watching],
    holds: ({ debtor, creditor }, { who }, { market }) => {
      const houses = [who.sellerRetailer, who.buyerRetailer, who.platform].map(market.accountOf)
      return houses.some((account) => account === debtor || account === creditor)
    },
  },
  trade: concerning([...everyPart, ...watching], ({ trade }) => `/v1/trades/${trade}`),
  tradeDeliveries: concerning(
    [...everyPart, ...watching],
    ({ trade }) => `/v1/trades/${trade}/deliveries`,
  ),
  contractProofs: concerning(
    [...everyPart, ...watching],
    ({ trade }) => `/v1/trades/${trade}/proofs`,
  ),
  tradedEnergy: concerning(
    ['seller', 'sellerRetailer', ...watching],
    ({ meters }) => `/v1/meters/${meters[0]}/traded-energy?from=${first}&count=1`,
  ),
  auditReplay: audit(`/v1/audit/intervals/0/${first}/replay`),
  auditInterval: audit(`/v1/audit/intervals/0/${first}`),
  auditOpenings: audit(`/v1/audit/openings/0/${first}`, 'not_found'),
  auditBalances: audit('/v1/audit/balances'),
  auditJournal: audit('/v1/audit/journal?limit=2'),
  // Nothing is broken on purpose where it is not brought up for that.
  faults: audit('/v1/demo/faults', 'not_found'),
  setFault: {
    ...{ to: ['operator'], yes: 'not_found', no: 'access_denied' },
    ask: () => ({ path: '/v1/demo/faults', body: { fault: 'chain_slow', isOn: true } }),
  },
  operations: audit('/v1/operations'),
  rulebooks: open('/v1/rulebooks'),
  meters: {
    ...{ to: 'each', ask: () => ({ path: '/v1/meters' }), list: 'meters', most: 2 },
    sees: ['seller', 'buyer', 'sellerRetailer', 'buyerRetailer', 'utility', ...watching],
    byOffice: true,
    holds: ({ meter }, { meters }) => meters.some((own) => own === meter),
  },
  whatIf: {
    to: ['authority', ...watching],
    ask: () => ({ path: `/v1/rulebooks/what-if?from=${first}&rulebook=${otherRules}` }),
    no: 'access_denied',
  },
  proposals: {
    ...{ to: ['authority', ...watching], ask: () => ({ path: '/v1/proposals' }) },
    no: 'access_denied',
  },
  provingQueue: audit('/v1/proving/queue'),
  claimProving: proving('/v1/proving/claims', {}),
  handInProof: proving('/v1/proving/proofs', {
    ...{ zone: 0, interval: first, size: 64, proof: '0xab', statement },
  }),
  submitOrders: signed('/v1/orders', 'orders', ({ signer }, { meters }) =>
    signer.order({
      ...{ meter: meters[0], interval: first + 40, side: 'sell', energyWh: 100 },
      limitMicrosPerKwh: 100_000,
    }),
  ),
  submitSealedOrders: signed('/v1/sealed-orders', 'orders', async ({ signer }, { meters }) => {
    const fields = { meter: meters[0], side: 'sell', energyWh: 1, limitMicrosPerKwh: 1 } as const
    return (await signer.sealedOrder(sealingTerms, { ...fields, collateralMicros: 1 })).order
  }),
  // Not signed: who knows its salt may open an order. Here there is none to be opened.
  submitReveals: {
    to: 'all',
    ask: () => ({
      path: '/v1/reveals',
      body: { reveals: [{ zone: 0, interval: first, commitment: field('0c'), opening }] },
    }),
    code: 'order_book_mismatch',
  },
  submitCancellations: signed('/v1/cancellations', 'cancellations', ({ signer }) =>
    signer.cancellation({ order: id }),
  ),
  submitContracts: signed('/v1/contracts', 'contracts', ({ signer }, tenant, { market }) =>
    signer.proposal({ ...termsOf(market, tenant), id }),
  ),
  submitAcceptances: signed('/v1/acceptances', 'acceptances', ({ signer }, tenant, { market }) =>
    signer.acceptance(termsOf(market, tenant)),
  ),
  submitWithdrawals: signed('/v1/withdrawals', 'withdrawals', ({ signer }) =>
    signer.withdrawal({ amountMicros: 1, to: `0x${'ab'.repeat(20)}` }),
  ),
  submitInstructions: signed('/v1/instructions', 'instructions', ({ signer }) =>
    signer.instruction('consent_to_enforcement', { textHash: `0x${'22'.repeat(32)}` }),
  ),
  submitReadings: signed('/v1/readings', 'batches', ({ signer, sign }, { gateway, meters }) => {
    const registers = { boundary: first, version: 9, importWh: 0, exportWh: 0 }
    const forged = new GatewaySigner({ domain: signer.domain, gateway, sign })
    return forged.readings([{ meter: meters[0], ...registers }])
  }),
  submitDeviceReadings: signed(
    '/v1/device-readings',
    'batches',
    ({ signer, sign }, { gateway, who }, { market }) => {
      const account = market.accountOf(who.seller)
      const registers = { boundary: first, version: 9, inWh: 0, outWh: 0 }
      const unsaid = { chargeBasisPoints: null, isPluggedIn: null }
      const forged = new GatewaySigner({ domain: signer.domain, gateway, sign })
      return forged.deviceReadings([
        { account, device: 0, kind: 'solar', ...registers, ...unsaid },
      ])
    },
  ),
  submitWebhook: {
    to: 'signer',
    ask: async ({ signer }) => ({
      path: '/v1/webhooks',
      body: await signer.webhook({ url: 'https://hooks.example/', after: 0 }, Date.now()),
    }),
  },
  submitAccessGrant: {
    to: 'signer',
    ask: async ({ signer }) => ({
      path: '/v1/access-grants',
      body: await signer.accessGrant(apiKeyGrant(newApiKey(), ['read']), Date.now()),
    }),
  },
  submitAccessRevocation: {
    to: 'signer',
    ask: async ({ signer }) => ({
      path: '/v1/access-revocations',
      body: await signer.accessRevocation(id),
    }),
  },
  signInProviders: open('/v1/sign-in'),
  signIn: open('/v1/sign-in/none', 'not_found'),
  signInChoice: open('/v1/sign-in-choice'),
  chooseAccount: {
    ...{ to: 'all', ask: () => ({ path: '/v1/sign-in-choice', body: { account: 10 } }) },
    code: 'sign_in_refused',
  },
  signInCallback: open('/v1/sign-in/none/callback?code=1&state=2', 'not_found'),
  // A rail is believed by its own signature, and by nobody's credential.
  railNotices: {
    to: 'all',
    ask: () => ({ path: '/v1/rails/money-block/notices', body: {} }),
    code: 'signature_missing',
  },
}
