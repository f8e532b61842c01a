import type { AuditTerms } from '../auditor/index.ts'
import type { MarketNumbers, MarketPlan } from './exchange-port.ts'
import { companies } from './market-plan.ts'

/** Accounts of the exchange itself, as its reference documents them. */
const roundingAccount = 0
const feesAccount = 1

/** What the auditor is told of the market: what was agreed, and which numbers were given. */
export function auditTerms(plan: MarketPlan, numbers: MarketNumbers, first: number): AuditTerms {
  const account = (name: string): number => {
    const found = numbers.accounts.get(name)
    if (found === undefined) throw new RangeError(`${name} has no account`)
    return found
  }
  const retailers = new Map(plan.participants.map(({ name, retailer }) => [name, retailer]))
  return {
    feeMicrosPerKwh: plan.rulebook.feeMicrosPerKwh,
    spreadBasisPoints: plan.rulebook.reconciliation.spreadBasisPoints,
    overDeviationBasisPoints: plan.rulebook.reconciliation.overDeviationBasisPoints,
    roundingAccount,
    feesAccount,
    balancingAuthority: account(companies.balancingAuthority),
    meters: plan.meters.map(({ name, kind, owner, digits }) => {
      const meter = numbers.meters.get(name)
      if (meter === undefined) throw new RangeError(`${name} has no meter`)
      const retailer = kind === 'virtual' ? null : (retailers.get(owner) ?? null)
      return {
        meter,
        account: account(owner),
        kind,
        digits,
        retailer: retailer === null ? null : account(retailer),
        fromInterval: first,
      }
    }),
    tariffs: plan.tariffs.map(({ retailer, ...tariff }) => ({
      ...tariff,
      retailer: account(retailer),
    })),
  }
}
