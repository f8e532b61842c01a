import type { ContractTerms } from '../../trades/index.ts'
import type { Rejection } from '../index.ts'
import { accountOf, firstInterval, hex, newcomer, openMarket } from './market.ts'
import type { Case } from './rejection-case.ts'
import {
  accepting,
  answering,
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
import { openTradeMarket, proposal, termsOf, toGateOf, tradeRulebook } from './trade-market.ts'

const replaced: readonly (keyof ContractTerms)[] = ['rail', 'platform', 'platformFeeMicrosPerKwh']
const platform = accountOf('carol')
const other: Partial<ContractTerms> = {
  rail: 'money-block', platform, platformFeeMicrosPerKwh: 1,
}

/** What contracts, offers and limits refuse, and nothing else does. */
export const tradeRejections = {
  key_too_new: [
    tradeCase({
      name: 'a proposal with a key that somebody else has put in place',
      arrange: (m) => {
        const { address, publicKey } = newcomer(95)
        const content = { participant: accountOf('alice'), address, publicKey }
        m.must(m.instruction('replace_key', 'operator', content))
      },
      ask: propose({}),
      field: 'account',
    }),
  ],
  consent_missing: [
    {
      name: 'a proposal of who has consented to nothing',
      open: () => {
        const market = openTradeMarket()
        market.state.trading.consents.delete(accountOf('alice'))
        return market
      },
      ask: propose({}),
      field: 'account',
    },
  ],
  party_foreign: [
    tradeCase({ name: 'a contract of others', ask: propose({}, 'carol'), field: 'account' }),
    tradeCase({
      name: 'a change that puts somebody else in',
      ask: (m) =>
        proposal(m, 'bob', termsOf(m, 'carol', 'bob', { replaces: inForce(m), id: hex(9, 32) })),
      field: 'terms',
    }),
    tradeCase({
      name: 'an acceptance',
      ask: (m) => accepting(m, invited(m), 'carol'),
      field: 'account',
    }),
    tradeCase({
      name: 'leaving',
      ask: (m) => answering('exit_trade', m, inForce(m), 'carol'),
      field: 'account',
    }),
    tradeCase({
      name: 'the offer of another',
      arrange: (m) => void m.must(placing({})(m)),
      ask: (m) => m.instruction('withdraw_offer', 'bob', { offer: 1 }),
      field: 'offer',
    }),
  ],
  utility_foreign: [
    tradeCase({
      name: 'between zones of others',
      arrange: (m) => {
        inForce(m)
        m.state.trading.utilities.clear()
      },
      ask: (m) => limiting(m),
      field: 'trade',
    }),
  ],
  trades_not_offered: [
    {
      name: 'a contract',
      open: () => {
        const market = openMarket()
        const consent = { digest: '0x', textHash: '0x', sequence: 1, at: 0 }
        market.state.trading.consents.set(accountOf('alice'), consent)
        return market
      },
      ask: propose({}),
      field: 'terms.fromInterval',
    },
    { name: 'an offer', open: () => openMarket(), ask: placing({}), field: 'fromInterval' },
    tradeCase({
      name: 'a window that reaches beyond the last rulebook that has contracts',
      arrange: (m) => {
        const { trades: _, ...rulebook } = { ...tradeRulebook, version: 2 }
        const content = { fromInterval: firstInterval + 20, rulebook }
        m.must(m.instruction('schedule_rulebook', 'operator', content))
      },
      ask: propose({ intervals: 19 }),
      field: 'terms.fromInterval',
    }),
  ],
  trade_unknown: [
    tradeCase({
      name: 'the answer to what nobody proposed',
      ask: (m) => changing(m, hex(7, 64)),
      field: 'terms.replaces',
    }),
    tradeCase({
      name: 'an acceptance of it', ask: (m) => accepting(m, hex(7, 64)), field: 'contract',
    }),
    tradeCase({
      name: 'a refusal of it',
      ask: (m) => answering('decline_trade', m, hex(7, 64)),
      field: 'contract',
    }),
    tradeCase({
      name: 'a limit of what is only proposed',
      arrange: (m) => void invited(m),
      ask: (m) => limiting(m),
      field: 'trade',
    }),
  ],
  offer_unknown: [
    tradeCase({
      name: 'to take back',
      ask: (m) => m.instruction('withdraw_offer', 'alice', { offer: 1 }),
      field: 'offer',
    }),
  ],
  contract_exists: [
    tradeCase({
      name: 'proposed twice', arrange: (m) => void invited(m), ask: propose({}), field: 'terms.id',
    }),
  ],
  contract_superseded: [
    tradeCase({
      name: 'an invitation that was countered',
      ask: (m) => {
        const first = invited(m)
        m.must(changing(m, first))
        return accepting(m, first, 'alice')
      },
      field: 'contract',
    }),
    tradeCase({
      name: 'a change of the version before',
      ask: (m) => {
        const first = inForce(m)
        const change = changing(m, first)
        m.must(change)
        m.must(accepting(m, 'digest' in change ? change.digest : '', 'alice'))
        return changing(m, first, { id: hex(10, 32) })
      },
      field: 'terms.replaces',
    }),
  ],
  proposal_open: [
    tradeCase({
      name: 'a second change',
      ask: (m) => {
        const first = inForce(m)
        m.must(changing(m, first))
        return changing(m, first, { id: hex(10, 32) }, 'alice')
      },
      field: 'terms.replaces',
    }),
  ],
  proposal_expired: (['accept', 'decline', 'counter'] as const).map((how) =>
    tradeCase({
      name: `to ${how}, though nobody has let it lapse yet`,
      ask: (m) => {
        const contract = invited(m, { expiresAt: m.at + 1_000 })
        m.to(m.at + 1_000)
        if (how === 'accept') return accepting(m, contract)
        return how === 'decline' ? answering('decline_trade', m, contract) : changing(m, contract)
      },
      field: how === 'counter' ? 'terms.replaces' : 'contract',
    }),
  ),
  parties_equal: [
    wrongTerms('the platform is a side', { platform: accountOf('bob') }, 'platform'),
    tradeCase({
      name: 'one person on both sides',
      ask: (m) => proposal(m, 'alice', termsOf(m, 'alice', 'alice')),
      field: 'terms.buyer',
    }),
  ],
  retailer_mismatch: [
    wrongTerms('the seller’s is another', { sellerRetailer: 9 }, 'sellerRetailer'),
    wrongTerms('the buyer’s is another', { buyerRetailer: 9 }, 'buyerRetailer'),
  ],
  window_closed: [
    wrongTerms('its first gate has closed', {
      fromInterval: firstInterval - 1, expiresAt: (firstInterval + 2) * 300_000,
    }, 'fromInterval'),
    wrongTerms('its last interval is too far', { intervals: 101 }, 'intervals'),
    wrongOffer('an offer that ends too late', { intervals: 101 }, 'fromInterval'),
    tradeCase({
      name: 'a limit beyond the window',
      arrange: (m) => void inForce(m),
      ask: (m) => limiting(m, { intervals: 2 }),
      field: 'intervals',
    }),
    tradeCase({
      name: 'leaving after the last gate',
      arrange: (m) => {
        inForce(m)
        toGateOf(m, 2)
      },
      ask: (m) => {
        const contract = m.state.trading.trades.get(1)?.versions[0]?.contract ?? ''
        return answering('exit_trade', m, contract)
      },
      field: 'contract',
    }),
  ],
  terms_out_of_bounds: [
    wrongTerms('no rail of the market', { rail: 'barter' as 'prepaid' }, 'rail'),
    wrongTerms('a bill without a biller', { rail: 'bill-platform' }, 'platform'),
    wrongTerms('a fee for no platform', { platformFeeMicrosPerKwh: 1 }, 'platformFeeMicrosPerKwh'),
    wrongTerms(
      'a fee below nothing', { platform, platformFeeMicrosPerKwh: -1 }, 'platformFeeMicrosPerKwh',
    ),
    wrongTerms('a band too wide', { toleranceBasisPoints: 2_001 }, 'toleranceBasisPoints'),
    wrongTerms('a penalty too high', { penaltyBasisPoints: 5_001 }, 'penaltyBasisPoints'),
    wrongTerms('no such rule', { buyerShort: 'never' as 'actual' }, 'buyerShort'),
    wrongTerms('a fee for leaving below nothing', { exitFeeMicros: -1 }, 'exitFeeMicros'),
    wrongTerms('lapsed before it came', { expiresAt: 1 }, 'expiresAt'),
    wrongTerms('open beyond its gate', {
      expiresAt: (firstInterval + 2) * 300_000 - 59_999,
    }, 'expiresAt'),
    ...replaced.map((field) =>
      tradeCase({
        name: `a change of ${field}`,
        ask: (m) => {
          const first = inForce(m, { platform, platformFeeMicrosPerKwh: 2 })
          const same = { platform, platformFeeMicrosPerKwh: 2 }
          const value = field === 'platform' ? accountOf('grid') : other[field]
          return changing(m, first, { ...same, [field]: value })
        },
        field: `terms.${field}`,
      })),
    wrongOffer('by no rail', { rails: [] }, 'rails'),
    wrongOffer('by a third party’s bill', { rails: ['bill-platform'] }, 'rails'),
    wrongOffer('with a band too wide', { toleranceBasisPoints: 2_001 }, 'toleranceBasisPoints'),
    wrongOffer('with a penalty too high', { penaltyBasisPoints: 5_001 }, 'penaltyBasisPoints'),
    wrongOffer('open beyond its gate', {
      expiresAt: (firstInterval + 3) * 300_000 - 59_999,
    }, 'expiresAt'),
  ],
  trades_exceeded: [
    tradeCase({
      name: 'one more invitation',
      arrange: (m) => {
        for (let i = 10; i < 18; i += 1) invited(m, { id: hex(i, 32) })
      },
      ask: propose({}),
      field: 'account',
    }),
  ],
  nothing_to_tend: [
    tradeCase({ name: 'nobody has offered anything', ask: () => ({ kind: 'tend_trades' }) }),
  ],
  exit_not_agreed: [
    tradeCase({
      name: 'a contract without a fee for it',
      ask: (m) => answering('exit_trade', m, inForce(m)),
      field: 'contract',
    }),
  ],
  offers_exceeded: [
    tradeCase({
      name: 'one more',
      arrange: (m) => {
        for (let i = 0; i < 4; i += 1) m.must(placing({})(m))
      },
      ask: placing({}),
      field: 'account',
    }),
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
