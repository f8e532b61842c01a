/** The table of requests, orders and readings that are refused, and the answer to each. */
import { createDomain } from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import {
  type Answer,
  type DoorMarket,
  first,
  type OrderFields,
  signWith,
} from './door-market.ts'

/** What a row knows of the market: some orders stand already. */
export type Doors = {
  readonly market: DoorMarket
  /** Bob's open order: it has been accepted under this id. */
  readonly standingId: string
}

export type Row = readonly [
  title: string,
  status: number,
  code: string,
  send: (doors: Doors) => Promise<Answer>,
  field?: string | undefined,
  limit?: string | RegExp,
]

const orders = (items: readonly unknown[]) => ({ orders: items })

const place = (market: DoorMarket, items: readonly unknown[]): Promise<Answer> =>
  market.post('/v1/orders', orders(items))

/** Alice's order with something about it that is refused. */
const sells = (change: Partial<OrderFields>, who = 'alice') => async ({ market }: Doors) =>
  market.post('/v1/orders', orders([await market.order(who, change)]))

/** Alice's good order, changed after it was signed. */
const tampered = (change: Readonly<Record<string, unknown>>) => async ({ market }: Doors) =>
  market.post('/v1/orders', orders([{ ...(await market.order('alice')), ...change }]))

const signedFor =
  (place: { market?: string; chainId?: number; verifyingContract?: string }) =>
  async ({ market }: Doors) => {
    const { chainId, verifyingContract } = market.domain
    const domain = createDomain({ market: 'doors', chainId, verifyingContract, ...place })
    const order = await market.signer('alice', domain).order(await market.goodOrder('alice'))
    return market.post('/v1/orders', orders([order]))
  }

/** `field_missing` and not `field_invalid`: the signature is left out. */
async function withoutSignature({ market }: Doors): Promise<Answer> {
  const { signature: _signature, ...order } = await market.order('alice')
  return market.post('/v1/orders', orders([order]))
}

const secp256k1Order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The other signature of the same message that the equations allow. */
export function malleated(signature: string): string {
  const bytes = hexToBytes(signature)
  const s = BigInt(bytesToHex(bytes.subarray(32, 64)))
  bytes.set(hexToBytes(`0x${(secp256k1Order - s).toString(16).padStart(64, '0')}`), 32)
  bytes[64] = bytes[64] === 27 ? 28 : 27
  return bytesToHex(bytes)
}

export const requestRows: readonly Row[] = [
  [
    'a body that is not JSON', 400, 'body_malformed',
    ({ market }) => market.post('/v1/orders', '{"orders":['),
  ],
  ['no body', 400, 'body_malformed', ({ market }) => market.post('/v1/orders', '')],
  [
    'a body that names __proto__', 400, 'body_malformed',
    ({ market }) => market.post('/v1/orders', '{"__proto__":{"orders":[]}}'),
  ],
  [
    'another content type', 415, 'content_type_unsupported',
    ({ market }) => market.post('/v1/orders', '{}', 'text/plain'),
  ],
  [
    'a body above 4 MiB', 413, 'body_too_large',
    ({ market }) => market.announce('/v1/orders', 4 * 1_024 * 1_024 + 1),
  ],
  [
    'no orders at all', 422, 'field_invalid',
    ({ market }) => market.post('/v1/orders', orders([])), 'orders', /1/,
  ],
  [
    'more orders than one request may hold', 422, 'field_invalid',
    async ({ market }) => place(market, Array(1_001).fill(await market.order('alice'))),
    'orders', /1000/,
  ],
  [
    'a request with a field too many', 422, 'field_unknown',
    ({ market }) => market.post('/v1/orders', { orders: [], fast: true }), 'fast',
  ],
  [
    'an order with a field too many', 422, 'field_unknown', tampered({ priority: 1 }),
    'orders[0].priority',
  ],
  ['an order without its signature', 422, 'field_missing', withoutSignature, 'orders[0].signature'],
  ['no energy', 422, 'field_invalid', tampered({ energyWh: 0 }), 'orders[0].energyWh', /1/],
  [
    'half a watt-hour', 422, 'field_invalid', tampered({ energyWh: 0.5 }), 'orders[0].energyWh',
    /integer/,
  ],
  [
    'energy as text', 422, 'field_invalid', tampered({ energyWh: '100' }), 'orders[0].energyWh',
    /integer/,
  ],
  [
    'a side that is none', 422, 'field_invalid', tampered({ side: 'hold' }), 'orders[0].side',
    /buy/,
  ],
  [
    'an id in capitals', 422, 'field_invalid', tampered({ id: `0x${'A'.repeat(32)}` }),
    'orders[0].id',
  ],
  [
    'a price beyond what a number holds', 422, 'field_invalid',
    tampered({ limitMicrosPerKwh: 2 ** 60 }), 'orders[0].limitMicrosPerKwh',
  ],
  ['a route that is none', 404, 'not_found', ({ market }) => market.ask('GET', '/v1/positions')],
  [
    'a method that is not done to this', 405, 'method_not_allowed',
    ({ market }) => market.ask('DELETE', '/v1/orders'), undefined, 'POST',
  ],
  [
    'a query that is misspelt', 422, 'field_unknown',
    ({ market }) => market.ask('GET', '/v1/intervals?zome=0'), 'zome',
  ],
  ['an unknown zone', 404, 'not_found', ({ market }) => market.ask('GET', '/v1/intervals?zone=9')],
  [
    'a clock set back', 409, 'clock_backwards',
    ({ market }) => market.post('/v1/clock', { nowMs: 0 }), 'nowMs', /at least \d+/,
  ],
]

export const signatureRows: readonly Row[] = [
  [
    'signed for another market', 403, 'signature_invalid', signedFor({ market: 'windows' }),
    'signature',
  ],
  ['signed for another chain', 403, 'signature_invalid', signedFor({ chainId: 1 }), 'signature'],
  [
    'signed for another contract', 403, 'signature_invalid',
    signedFor({ verifyingContract: `0x${'1'.repeat(40)}` }), 'signature',
  ],
  [
    'signed by another key', 403, 'signature_invalid',
    async ({ market }) => {
      const mallory = market.signer('alice', market.domain, signWith('bob'))
      return place(market, [await mallory.order(await market.goodOrder('alice'))])
    },
    'signature',
  ],
  [
    'the malleable twin of a signature', 403, 'signature_invalid',
    async ({ market }) => {
      const order = await market.order('alice')
      return place(market, [{ ...order, signature: malleated(order.signature) }])
    },
    'signature',
  ],
  [
    'energy changed after signing', 403, 'signature_invalid', tampered({ energyWh: 101 }),
    'signature',
  ],
  [
    'price changed after signing', 403, 'signature_invalid',
    tampered({ limitMicrosPerKwh: 100_010 }), 'signature',
  ],
  ['side changed after signing', 403, 'signature_invalid', tampered({ side: 'buy' }), 'signature'],
  [
    'interval changed after signing', 403, 'signature_invalid',
    tampered({ interval: first + 12 }), 'signature',
  ],
  ['an account that is none', 422, 'account_unknown', tampered({ account: 999 }), 'account'],
  [
    'an account of the exchange itself', 422, 'account_unknown', tampered({ account: 1 }),
    'account',
  ],
]

export const orderRows: readonly Row[] = [
  ['a meter that is none', 422, 'meter_unknown', sells({ meter: 99 }), 'meter'],
  [
    'somebody else’s meter', 403, 'meter_foreign',
    async (doors) => sells({ meter: doors.market.meter('bob') })(doors), 'meter',
  ],
  [
    'no role to trade with', 403, 'role_missing',
    async (doors) => sells({ meter: doors.market.meter('bob') }, 'auditor')(doors), 'account',
  ],
  ['after the gate', 409, 'gate_closed', sells({ interval: first }), 'interval'],
  [
    'beyond the horizon', 422, 'interval_beyond_horizon', sells({ interval: first + 1_000 }),
    'interval', /^at most \d+$/,
  ],
  [
    'off the tick', 422, 'price_off_tick', sells({ limitMicrosPerKwh: 100_001 }),
    'limitMicrosPerKwh', 'a multiple of 10',
  ],
  [
    'above the highest price', 422, 'price_out_of_bounds',
    sells({ limitMicrosPerKwh: 1_000_010 }), 'limitMicrosPerKwh', 'from -500000 to 1000000',
  ],
  [
    'below the lowest price', 422, 'price_out_of_bounds', sells({ limitMicrosPerKwh: -500_010 }),
    'limitMicrosPerKwh',
  ],
  [
    'more energy than one order may', 422, 'energy_exceeded', sells({ energyWh: 5_001 }),
    'energyWh', 'at most 5000',
  ],
  [
    'more than the connection carries', 409, 'capacity_exceeded', sells({ energyWh: 1_001 }),
    'energyWh', /1000 Wh/,
  ],
  ['without money', 409, 'funds_insufficient', sells({ side: 'buy' }, 'carol'), 'account', /has 0/],
  [
    'a fifth order for one interval', 409, 'orders_exceeded',
    sells({ energyWh: 1, interval: first + 11 }, 'erin'), 'account', 'at most 4',
  ],
  ['a suspended participant', 403, 'account_suspended', sells({}, 'dave'), 'account'],
  [
    'a used id with other content', 409, 'id_exists',
    async ({ market, standingId: id }) =>
      market.post('/v1/orders', orders([await market.order('bob', { id, energyWh: 7 })])),
  ],
  [
    'an id that its owner used for another kind of command', 409, 'id_exists',
    async ({ market, standingId: id }) => {
      const cancellations = [await market.signer('bob').cancellation({ id, order: id })]
      return market.post('/v1/cancellations', { cancellations })
    },
  ],
  [
    'cancelling somebody else’s order', 422, 'order_unknown',
    async ({ market, standingId }) => {
      const cancellations = [await market.signer('alice').cancellation({ order: standingId })]
      return market.post('/v1/cancellations', { cancellations })
    },
    'order',
  ],
]

const reading = (market: DoorMarket) => ({
  ...{ meter: market.meter('alice'), boundary: first + 10, version: 0 },
  ...{ importWh: 0, exportWh: 900 },
})

export const batchRows: readonly Row[] = [
  [
    'a gateway that is none', 422, 'gateway_unknown',
    async ({ market }) => {
      const batch = await market.gatewaySigner('gateway-1').readings([reading(market)])
      return market.post('/v1/readings', { batches: [{ ...batch, gateway: 99 }] })
    },
    'gateway',
  ],
  [
    'the signature of another gateway', 403, 'signature_invalid',
    async ({ market }) => {
      const batch = await market.gatewaySigner('gateway-1', 'gateway-2').readings([reading(market)])
      return market.post('/v1/readings', { batches: [batch] })
    },
    'signature',
  ],
  [
    'a register changed after signing', 403, 'signature_invalid',
    async ({ market }) => {
      const batch = await market.gatewaySigner('gateway-1').readings([reading(market)])
      const readings = [{ ...reading(market), exportWh: 901 }]
      return market.post('/v1/readings', { batches: [{ ...batch, readings }] })
    },
    'signature',
  ],
  [
    'a batch without readings', 422, 'field_invalid',
    async ({ market }) => {
      const batch = await market.gatewaySigner('gateway-1').readings([])
      return market.post('/v1/readings', { batches: [batch] })
    },
    'batches[0].readings',
  ],
]
