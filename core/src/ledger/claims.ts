import { Micros } from '../units/index.ts'
import { balanceOf, type Ledger } from './ledger.ts'

/**
 * Money that its owner has asked the chain for, without the exchange.
 *
 * `requested`: nothing more may be promised against it, but it still pays what its owner owes.
 * `near` and `due`: the chain may pay it out at any moment, so that it no longer pays anything.
 */
export type ClaimStage = 'requested' | 'near' | 'due'

export type Claim = {
  /** The event of the chain that made it. */
  readonly reference: string
  readonly amount: Micros
  /** What the chain keeps back of it for the account's trades: at least this. */
  readonly held: Micros
  readonly stage: ClaimStage
}

export const claimOf = (ledger: Ledger, account: number): Claim | undefined =>
  ledger.claims.get(account)

/** Puts a claim in the place of the account's earlier one; undefined ends that. */
export function setClaim(ledger: Ledger, account: number, claim: Claim | undefined): void {
  if (claim === undefined || claim.amount === 0n) ledger.claims.delete(account)
  else ledger.claims.set(account, claim)
}

/** What the chain may pay out at any moment. */
export function leavingOf(ledger: Ledger, account: number): Micros {
  const claim = ledger.claims.get(account)
  if (claim === undefined || claim.stage === 'requested') return Micros.zero
  const most = balanceOf(ledger, account) - claim.held
  return Micros.min(claim.amount, Micros.from(most > 0n ? most : 0n))
}

/** The chain holds `held` for the account's trades from now on: less of its request may be kept. */
export function lowerHeld(ledger: Ledger, account: number, held: Micros): void {
  const claim = ledger.claims.get(account)
  if (claim !== undefined && held < claim.held) ledger.claims.set(account, { ...claim, held })
}
