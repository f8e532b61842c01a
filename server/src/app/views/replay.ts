import { type IntervalRecord, meteredOf, type State } from '@busbar/core/exchange'
import type { Run } from '@busbar/core/settlement'
import { leafSalt } from '@busbar/protocols/commitments'
import { bytesToHex } from '@busbar/protocols/hash'
import { isSealedBook, saltOf } from '../commitments.ts'
import { fastEngine } from '../engines.ts'
import type { AuditReplayView } from '../ports/replay-view.ts'

/**
 * What an interval was worked out from, with the salts of its leaves: whoever has it can make each
 * root again. Trades and tariffs are as they stand now, which is what the last run went by.
 */
export function auditReplayView(state: State, record: IntervalRecord): AuditReplayView {
  const authority = state.participants.find((one) => one.roles.includes('balancing-authority'))
  return {
    zone: record.zone,
    interval: record.interval,
    orders: isSealedBook(state, record) || record.status === 'open' ? [] : ordersOf(record),
    meters: meteredOf(state, record, fastEngine).map(({ position }) => {
      const { meter, account, kind, tradeBought, tradeSold, retailer, tariff } = position
      return {
        ...{ meter, account, kind, tradeBoughtWh: tradeBought, tradeSoldWh: tradeSold, retailer },
        tariff: tariff === null
          ? null
          : { retailMicrosPerKwh: tariff.retail, feedInMicrosPerKwh: tariff.feedIn },
      }
    }),
    balancingAuthority: authority?.account ?? null,
    runs: record.runs.map((run) => runOf(state, record, run)),
  }
}

const ordersOf = ({ orders }: IntervalRecord): AuditReplayView['orders'] =>
  [...orders.values()]
    .flat()
    .sort((a, b) => (a.digest < b.digest ? -1 : 1))
    .map(({ digest, id, account, meter, side, energy, limit }) => ({
      ...{ digest, id, account, meter, side, energyWh: energy, limitMicrosPerKwh: limit },
    }))

function runOf(
  state: State,
  record: IntervalRecord,
  { run, metered, items }: Run,
): AuditReplayView['runs'][number] {
  const salt = saltOf(state)
  const saltFor = (purpose: 'energy' | 'posting', number: number): string =>
    bytesToHex(leafSalt(salt, purpose, record, [run, number]))
  const byAccount = Map.groupBy(items, ({ account }) => account)
  return {
    run,
    readings: metered.map(({ meter, imported, exported, assurance }) => ({
      ...{ meter, importedWh: imported, exportedWh: exported, assurance },
      salt: saltFor('energy', meter),
    })),
    postings: [...byAccount]
      .sort(([a], [b]) => a - b)
      .map(([account, lines]) => ({
        account,
        salt: saltFor('posting', account),
        lines: lines.map(({ meter, trade, reason, energy, price, amount }) => ({
          ...{ meter: meter < 0 ? null : meter, trade, reason, energyWh: energy },
          ...{ priceMicrosPerKwh: price, amountMicros: amount },
        })),
      })),
  }
}
