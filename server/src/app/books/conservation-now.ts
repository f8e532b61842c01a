import { conservation, type State } from '@busbar/core/exchange'
import { balanceOf, ledgerTotal } from '@busbar/core/ledger'
import { firstParticipantAccount } from '@busbar/core/registry'
import type { SettlementChain } from '../ports/chain.ts'
import type { ConservationView } from '../ports/exchange-views.ts'
import type { SnapshotMark } from '../recover.ts'

/**
 * Sums over all settled intervals, and the chain's balances against the ledger's, account by
 * account.
 */
export async function conservationView(
  state: State,
  chain: SettlementChain,
  pending: number,
  snapshot: SnapshotMark | null,
): Promise<ConservationView> {
  const report = conservation(state)
  const energy = {
    injected: 0n,
    consumed: 0n,
    imported: 0n,
    exported: 0n,
    imbalanceBought: 0n,
    tradeBought: 0n,
    tradeSold: 0n,
    imbalanceSold: 0n,
    unexplained: 0n,
  }
  const kinds = Object.keys(energy) as (keyof typeof energy)[]
  for (const zoneIntervals of state.intervals.values()) {
    for (const { runs } of zoneIntervals.values()) {
      const last = runs.at(-1)
      if (last === undefined) continue
      for (const kind of kinds) energy[kind] += last.energy[kind]
    }
  }
  const balances = ledgerTotal(state.ledger)
  return {
    money: {
      deposited: state.totals.deposited,
      withdrawn: state.totals.withdrawn,
      balances,
      unexplained: report.moneyMicros + report.tokensMicros,
    },
    energy: { ...energy, unexplained: report.energyWh },
    intervalCount: report.intervals,
    chain: await chainComparison(state, chain, balances, pending),
    sequence: state.sequence,
    snapshot,
  }
}

/** Null if the chain does not answer: then nothing is claimed about it. */
async function chainComparison(
  state: State,
  chain: SettlementChain,
  ledger: bigint,
  pendingTransactions: number,
): Promise<ConservationView['chain']> {
  const count = firstParticipantAccount + state.participants.length
  try {
    const [balances, supply] = await Promise.all([chain.balances(count), chain.supply()])
    let differingAccounts = 0
    for (let account = 0; account < count; account += 1) {
      if ((balances[account] ?? 0n) !== balanceOf(state.ledger, account)) differingAccounts += 1
    }
    const onItsWay = pendingTransactions > 0 ? ledger - supply.held : 0n
    return {
      custody: supply.held,
      ledger,
      pending: onItsWay,
      differingAccounts,
      unexplained: ledger - supply.held - onItsWay,
    }
  } catch {
    return null
  }
}
