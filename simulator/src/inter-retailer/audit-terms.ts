import type { AuditTerms, TradeAuditTerms } from '../auditor/index.ts'
import { type Cast, retailers, tariffOf } from './cast.ts'
import type { Numbers } from './set-up.ts'

/** Accounts of the exchange itself, as its reference documents them. */
const [roundingAccount, feesAccount] = [0, 1] as const
const digits = 9

/** What the auditor is told of the market: what was agreed, and which numbers were given. */
export function auditTerms(cast: Cast, numbers: Numbers): AuditTerms {
  const { feeMicrosPerKwh, reconciliation } = cast.rulebook
  return {
    ...{ feeMicrosPerKwh, roundingAccount, feesAccount, isRetailBilled: true },
    spreadBasisPoints: reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: reconciliation.overDeviationBasisPoints,
    balancingAuthority: numbers.account('balancing-authority'),
    meters: cast.homes.map(({ name, retailer }, home) => ({
      ...{ meter: numbers.meterOf(home), account: numbers.account(name), digits },
      ...{ kind: 'physical' as const, retailer: numbers.account(retailer), fromInterval: 0 },
    })),
    tariffs: tariffs(cast, numbers),
  }
}

/** The same of trades. */
export function tradeAuditTerms(cast: Cast, numbers: Numbers): TradeAuditTerms {
  const { trades, intervalSeconds, gateLeadSeconds } = cast.rulebook
  if (trades === undefined) throw new RangeError('the rulebook is of trades')
  return {
    ...{ intervalMs: 1_000 * intervalSeconds, gateLeadMs: 1_000 * gateLeadSeconds },
    ...{ allocation: trades.allocation, feeMicrosPerKwh: trades.feeMicrosPerKwh },
    ...{ roundingAccount, feesAccount, tariffs: tariffs(cast, numbers) },
    meters: cast.homes.map(({ name, retailer }, home) => ({
      meter: numbers.meterOf(home),
      account: numbers.account(name),
      retailer: numbers.account(retailer),
    })),
  }
}

const tariffs = ({ first }: Cast, numbers: Numbers): AuditTerms['tariffs'] =>
  retailers.map((name) => ({
    ...{ retailer: numbers.account(name), fromInterval: first - 1, ...tariffOf(name) },
  }))
