import { assert } from '@busbar/core/errors'
import {
  actualsTerms,
  bilateralZone,
  type IntervalRecord,
  meteredOf,
  obligedTrades,
  orderDigests,
  type State,
} from '@busbar/core/exchange'
import type { Tariff } from '@busbar/core/registry'
import type { Run, SettlementItem } from '@busbar/core/settlement'
import { leafSalt } from '@busbar/protocols/commitments'
import { bytesToHex } from '@busbar/protocols/hash'
import { energyKey, meterSecret } from '@busbar/protocols/traded-energy'
import { isSealedBook, saltOf } from '../commitments.ts'
import { fastEngine } from '../engines.ts'
import type { Outbox } from '../ports/outbox.ts'
import type {
  AuditReplayView,
  ReplayContracts,
  ReplayedView,
  ReplayLine,
  ReplayTariff,
} from '../ports/replay-view.ts'
import { sentTransactions } from './transactions.ts'

/**
 * What an interval was worked out from, with the salts of its leaves: whoever has it can make each
 * root again. Trades and tariffs are as they stand now, which is what the last run went by.
 */
export async function auditReplayView(
  state: State,
  record: IntervalRecord,
  outbox: Outbox,
): Promise<AuditReplayView> {
  return { ...replayedView(state, record), sent: await sentTransactions(outbox, record) }
}

function replayedView(state: State, record: IntervalRecord): ReplayedView {
  const authority = state.participants.find((one) => one.roles.includes('balancing-authority'))
  return {
    zone: record.zone,
    interval: record.interval,
    orders: isSealedBook(state, record) || record.status === 'open' ? [] : ordersOf(record),
    meters: meteredOf(state, record, fastEngine).map(({ position }) => {
      const { meter, account, kind, tradeBought, tradeSold, retailer, tariff } = position
      return {
        ...{ meter, account, kind, tradeBoughtWh: tradeBought, tradeSoldWh: tradeSold, retailer },
        tariff: tariffIn(tariff),
      }
    }),
    contracts: record.zone === bilateralZone ? contractsOf(state, record) : null,
    balancingAuthority: authority?.account ?? null,
    runs: record.runs.map((run) => runOf(state, record, run)),
  }
}

const ordersOf = ({ orders }: IntervalRecord): ReplayedView['orders'] =>
  [...orders.values()]
    .flat()
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    .map(({ digest, id, account, meter, side, energy, limit }) => ({
      ...{ digest, id, account, meter, side, energyWh: energy, limitMicrosPerKwh: limit },
    }))

const tariffIn = (tariff: Tariff | null): ReplayTariff | null =>
  tariff && { retailMicrosPerKwh: tariff.retail, feedInMicrosPerKwh: tariff.feedIn }

function contractsOf(state: State, record: IntervalRecord): ReplayContracts {
  return {
    recorded: orderDigests(record),
    owed: obligedTrades(state, record).map((one) => {
      const { trade, terms, obligation: { contract, contracted, limit } } = one
      const version = trade.versions.find((known) => known.contract === contract)
      assert(version !== undefined, 'an obligation is of a contract')
      const { sellerTariff, buyerTariff } = actualsTerms(state, record.interval, one)
      return {
        ...{ trade: trade.trade, contract, terms, contractedWh: contracted },
        ...{ sellerSignature: version.sellerSignature, buyerSignature: version.buyerSignature },
        allowedWh: limit?.energy ?? null,
        ...{ sellerTariff: tariffIn(sellerTariff), buyerTariff: tariffIn(buyerTariff) },
      }
    }),
    charges: record.charges.map(({ trade, kind, payer, payee, amount }) => {
      const rail = state.trading.trades.get(trade)?.versions.at(-1)?.terms.rail
      assert(rail !== undefined, 'what is charged for a trade has its contract')
      return { trade, kind, payer, payee, amountMicros: amount, rail }
    }),
  }
}

function runOf(
  state: State,
  record: IntervalRecord,
  { run, metered, items, dues, traded }: Run,
): ReplayedView['runs'][number] {
  const salt = saltOf(state)
  type Purpose = Parameters<typeof leafSalt>[1]
  const saltFor = (purpose: Purpose, number: number): string =>
    bytesToHex(leafSalt(salt, purpose, record, [run, number]))
  const byAccount = Map.groupBy(items, ({ account }) => account)
  return {
    run,
    // What was read is under the roots of the zones' runs, and shown with them.
    readings: (record.zone === bilateralZone ? [] : metered).map((one) => ({
      ...{ meter: one.meter, importedWh: one.imported, exportedWh: one.exported },
      ...{ assurance: one.assurance, salt: saltFor('energy', one.meter) },
    })),
    postings: [...byAccount]
      .sort(([a], [b]) => a - b)
      .map(([account, lines]) => ({
        account,
        salt: saltFor('posting', account),
        lines: lines.map(lineOf),
      })),
    dues: dues.map((item) => ({ account: item.account, ...lineOf(item) })),
    traded: traded.map(({ meter, sold, bought }) => ({
      ...{ meter, soldWh: sold, boughtWh: bought, salt: saltFor('traded-energy', meter) },
      // Not the secret: that would find the meter in every other interval.
      key: bytesToHex(energyKey(meterSecret(salt, meter), record.interval)),
    })),
  }
}

const lineOf = (
  { meter, trade, reason, energy, price, amount }: SettlementItem,
): ReplayLine => ({
  ...{ meter: meter < 0 ? null : meter, trade, reason, energyWh: energy },
  ...{ priceMicrosPerKwh: price, amountMicros: amount },
})
