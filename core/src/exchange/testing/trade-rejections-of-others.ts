import type { Rejection } from '../index.ts'
import { accountOf, firstInterval, hex, type Market } from './market.ts'
import { type Case, suspend, unknownAccount } from './rejection-case.ts'
import {
  accepting,
  answering,
  anyone,
  changing,
  inForce,
  invited,
  limiting,
  placing,
  propose,
  tradeCase,
  wrongOffer,
  wrongTerms,
} from './trade-case.ts'
import { openTradeMarket, toGateOf, tradeRulebook } from './trade-market.ts'

const assigning = (change: object, by: 'operator' | 'alice' = 'operator') => (m: Market) =>
  m.instruction('assign_utility', by, { zone: 0, utility: accountOf('grid'), ...change })

const wheeling = (change: object, by: 'grid' | 'alice' = 'grid') => (m: Market) =>
  m.instruction('set_wheeling', by, {
    fromInterval: firstInterval + 9, microsPerKwh: 1, ...change,
  })

const step = (change: object) => ({ ladder: [{ ...anyone, ...change }] })
const weights = (...list: number[]) => ({ profile: { kind: 'total', energyWh: 9, weights: list } })

const wrongLimit = (name: string, change: object, field: string): Case =>
  tradeCase({
    name, arrange: (m) => void inForce(m), ask: (m) => limiting(m, change), field,
  })

const poor = (money: object): Market => openTradeMarket({ deposits: money })

/** What other commands are refused for as well. */
export const tradesAsOthers = {
  id_exists: [
    tradeCase({
      name: 'of a proposal, for another',
      ask: (m) => {
        const first = propose({})(m)
        m.must(first)
        const id = 'id' in first ? first.id : ''
        return { ...propose({ id: hex(2, 32) })(m), id } as typeof first
      },
      field: 'id',
    }),
  ],
  account_unknown: [
    tradeCase({
      name: 'who proposes a contract',
      ask: (m) => ({ ...propose({})(m), account: unknownAccount }) as ReturnType<typeof limiting>,
      field: 'account',
    }),
    wrongTerms('the buyer of a contract', { buyer: unknownAccount }, 'buyer'),
    wrongTerms('the platform of a contract', { platform: unknownAccount }, 'platform'),
    wrongOffer('whom a ladder names', step({ with: 'participant', number: 99 }), 'ladder.0.number'),
    tradeCase({
      name: 'a utility', ask: assigning({ utility: unknownAccount }), field: 'utility',
    }),
  ],
  account_suspended: [
    tradeCase({
      name: 'a proposal',
      arrange: (m) => suspend(m, accountOf('alice')),
      ask: propose({}),
      field: 'account',
    }),
    tradeCase({
      name: 'a proposal to who is suspended',
      arrange: (m) => suspend(m, accountOf('bob')),
      ask: propose({}),
      field: 'terms.buyer',
    }),
    tradeCase({
      name: 'an offer',
      arrange: (m) => suspend(m, accountOf('alice')),
      ask: placing({}),
      field: 'account',
    }),
  ],
  role_missing: [
    tradeCase({ name: 'to propose a contract', ask: propose({}, 'grid'), field: 'account' }),
    tradeCase({
      name: 'to limit a trade',
      arrange: (m) => void inForce(m),
      ask: (m) => limiting(m, {}, 'alice'),
      field: 'account',
    }),
    tradeCase({ name: 'to assign utilities', ask: assigning({}, 'alice'), field: 'account' }),
    tradeCase({
      name: 'to be a utility', ask: assigning({ utility: accountOf('bob') }), field: 'utility',
    }),
    tradeCase({ name: 'to charge for wires', ask: wheeling({}, 'alice'), field: 'account' }),
    tradeCase({
      name: 'to consent to enforcement',
      ask: (m) => m.instruction('consent_to_enforcement', 'grid', { textHash: hex(1, 64) }),
      field: 'account',
    }),
  ],
  zone_unknown: [
    wrongOffer('of a ladder', step({ with: 'zone', number: 7 }), 'ladder.0.number'),
    tradeCase({ name: 'of a utility', ask: assigning({ zone: 7 }), field: 'zone' }),
  ],
  meter_unknown: [
    wrongTerms('of a seller', { sellerMeter: 77 }, 'sellerMeter'),
    wrongTerms('a virtual one delivers nothing', { buyerMeter: 0 }, 'buyerMeter'),
    wrongOffer('of an offer', { meter: 77 }, 'meter'),
  ],
  meter_foreign: [
    wrongTerms('of a seller', { sellerMeter: 3 }, 'sellerMeter'),
    wrongTerms('of a buyer', { buyerMeter: 1 }, 'buyerMeter'),
    wrongOffer('of an offer', { meter: 2 }, 'meter'),
  ],
  field_invalid: [
    wrongTerms('a window before all time', { fromInterval: -1 }, 'fromInterval'),
    wrongTerms('a window of nothing', { intervals: 0 }, 'intervals'),
    wrongTerms('a window without end', { intervals: 86_401 }, 'intervals'),
    wrongTerms('open until never', { expiresAt: 0.5 }, 'expiresAt'),
    wrongTerms('half a micro', { priceMicrosPerKwh: 0.5 }, 'priceMicrosPerKwh'),
    wrongTerms('no energy', { profile: { kind: 'per-interval', energyWh: 0 } }, 'profile.energyWh'),
    wrongTerms('more energy than there is', {
      profile: { kind: 'total', energyWh: 10 ** 15 + 1, weights: [] },
    }, 'profile.energyWh'),
    wrongTerms('weights for another window', weights(1, 1) as object, 'profile.weights'),
    wrongTerms('a weight below nothing', weights(-1) as object, 'profile.weights'),
    wrongTerms('no weight at all', weights(0) as object, 'profile.weights'),
    wrongOffer('an offer before all time', { fromInterval: -1 }, 'fromInterval'),
    wrongOffer('an offer for nothing', { intervals: 0 }, 'intervals'),
    wrongOffer('an offer of no energy', { energyWhPerInterval: 0 }, 'energyWhPerInterval'),
    wrongOffer('no such source', { source: 'coal' as 'any' }, 'source'),
    wrongOffer('a buyer declares no source', { side: 'buy', source: 'solar' }, 'source'),
    wrongOffer('no steps', { ladder: [] }, 'ladder'),
    wrongOffer('too many steps', { ladder: Array(17).fill(anyone) }, 'ladder'),
    wrongOffer(
      'a step at half a micro', step({ priceMicrosPerKwh: 0.5 }), 'ladder.0.priceMicrosPerKwh',
    ),
    wrongOffer('a seller wants no source', step({ source: 'wind' }), 'ladder.0.source'),
    wrongOffer('anyone has no number', step({ number: 6 }), 'ladder.0.number'),
    wrongOffer('a zone without its number', step({ with: 'zone' }), 'ladder.0.number'),
    wrongLimit('a limit before all time', { fromInterval: -1 }, 'fromInterval'),
    wrongLimit('a limit of no intervals', { intervals: 0 }, 'intervals'),
    wrongLimit('a limit below nothing', { energyWh: -1 }, 'energyWh'),
    wrongLimit('a limit without a reason', { reason: '' }, 'reason'),
    wrongLimit('a reason that is a book', { reason: 'x'.repeat(201) }, 'reason'),
    tradeCase({
      name: 'wires charged for before all time',
      ask: wheeling({ fromInterval: -1 }),
      field: 'fromInterval',
    }),
    tradeCase({
      name: 'wires that pay', ask: wheeling({ microsPerKwh: -1 }), field: 'microsPerKwh',
    }),
    tradeCase({
      name: 'a consent to no text',
      ask: (m) => m.instruction('consent_to_enforcement', 'alice', { textHash: '0x' }),
      field: 'textHash',
    }),
  ],
  effective_in_past: [
    tradeCase({
      name: 'wires charged for behind the gate',
      ask: wheeling({ fromInterval: firstInterval - 1 }),
      field: 'fromInterval',
    }),
    tradeCase({
      name: 'a rulebook without contracts while one is in force',
      arrange: (m) => void inForce(m, { intervals: 40 }),
      ask: (m) => {
        const { trades: _, ...rulebook } = { ...tradeRulebook, version: 2 }
        const content = { fromInterval: firstInterval + 41, rulebook }
        return m.instruction('schedule_rulebook', 'operator', content)
      },
      field: 'fromInterval',
    }),
  ],
  gate_closed: [
    tradeCase({
      name: 'a limit behind the gate',
      arrange: (m) => {
        inForce(m, { intervals: 3 })
        toGateOf(m, 2)
      },
      ask: (m) => limiting(m),
      field: 'fromInterval',
    }),
  ],
  gate_open: (['leave', 'accept'] as const).map((how) =>
    tradeCase({
      name: `to ${how} in the moment of a gate`,
      ask: (m) => {
        const contract = inForce(m, { intervals: 3, exitFeeMicros: 0 })
        const until = { expiresAt: (firstInterval + 4) * 300_000 }
        const change = changing(toGateOf(m, 2), contract, { intervals: 4, ...until })
        m.must(change)
        m.toGate(3)
        if (how === 'leave') return answering('exit_trade', m, contract)
        return accepting(m, 'digest' in change ? change.digest : '', 'alice')
      },
      field: 'contract',
    }),
  ),
  capacity_exceeded: [
    wrongTerms('a contract for more than the connection', {
      profile: { kind: 'per-interval', energyWh: 1_001 },
    }, 'profile'),
    wrongTerms('or for more in one interval of its window', {
      intervals: 2, profile: { kind: 'total', energyWh: 1_200, weights: [1, 10] },
    }, 'profile'),
    wrongOffer('an offer', { energyWhPerInterval: 1_001 }, 'energyWhPerInterval'),
  ],
  price_out_of_bounds: [
    wrongTerms('of a contract', { priceMicrosPerKwh: 1_000_010 }, 'priceMicrosPerKwh'),
    wrongOffer('of a step', {
      ladder: [{ ...anyone, priceMicrosPerKwh: 1 }, { ...anyone, priceMicrosPerKwh: 10 ** 7 }],
    }, 'ladder.1.priceMicrosPerKwh'),
  ],
  price_off_tick: [
    wrongTerms('of a contract', { priceMicrosPerKwh: 200_001 }, 'priceMicrosPerKwh'),
    wrongOffer('of a step', step({ priceMicrosPerKwh: 1 }), 'ladder.0.priceMicrosPerKwh'),
  ],
  retailer_mismatch: [
    tradeCase({
      name: 'an offer of who has none',
      arrange: (m) => {
        const alice = m.state.participants[accountOf('alice') - 3]
        if (alice === undefined) throw new Error('alice is there')
        m.state.participants[accountOf('alice') - 3] = { ...alice, retailer: null }
      },
      ask: placing({}),
      field: 'account',
    }),
  ],
  funds_insufficient: [
    {
      name: 'an acceptance by a buyer who cannot pay',
      open: () => poor({ bob: 80_000 }),
      ask: (m) => accepting(m, invited(m)),
      field: 'buyer',
    },
    {
      name: 'an acceptance when the seller could not make good',
      open: () => poor({ alice: 50_000 }),
      ask: (m) => accepting(m, invited(m)),
      field: 'seller',
    },
    {
      name: 'a change that its requester cannot pay for',
      open: () => poor({ bob: 120_000 }),
      ask: (m) => {
        const change = changing(m, inForce(m))
        m.must(change)
        return accepting(m, 'digest' in change ? change.digest : '', 'alice')
      },
      field: 'buyer',
    },
    {
      name: 'leaving for more than there is',
      open: () => poor({ bob: 120_000 }),
      ask: (m) => answering('exit_trade', m, inForce(m, { exitFeeMicros: 10 ** 9 })),
      field: 'account',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
