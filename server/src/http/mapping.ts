import type { CurveStep } from '@busbar/core/clearing'
import type { EnergyBalance as CoreEnergyBalance } from '@busbar/core/settlement'
import type {
  ChainTransaction,
  Conservation,
  EnergyBalance,
  Health,
  InclusionProof,
  Market,
  Participant,
  PublicInterval,
  PublicRun,
} from '@busbar/protocols/api'
import type { ClockView } from '../app/ports/exchange-service.ts'
import type {
  ConservationView,
  HealthView,
  InclusionProofView,
  IntervalView,
  MarketView,
  ParticipantView,
  RunView,
  TransactionView,
} from '../app/ports/exchange-views.ts'
import { jsonInteger } from './json-numbers.ts'

/*
 * Views to JSON. Every field is named one by one: what a view gains later does not leave the house
 * by itself.
 */

export function marketJson(
  view: MarketView,
  clock: ClockView,
  display: Market['display'],
): Market {
  const { domain, nextGate, contracts } = view
  return {
    market: view.market,
    domain: {
      name: domain.name,
      version: domain.version,
      chainId: domain.chainId,
      verifyingContract: domain.verifyingContract,
    },
    rulebook: view.rulebook,
    rulebookHash: view.rulebookHash,
    scheduledRulebooks: view.scheduledRulebooks.map(({ fromInterval, hash, rulebook }) => ({
      fromInterval,
      hash,
      rulebook,
    })),
    clock: { mode: clock.mode, nowMs: clock.nowMs, speed: clock.speed },
    interval: {
      now: view.intervalNow,
      openFrom: view.openFrom,
      openThrough: view.openThrough,
      nextGate: { interval: nextGate.interval, atMs: nextGate.atMs },
      clearedThrough: view.clearedThrough,
    },
    contracts: contracts && {
      participantRegistry: contracts.participantRegistry,
      fiatToken: contracts.fiatToken,
      clearingHouse: contracts.clearingHouse,
      intervalLog: contracts.intervalLog,
      tradeHolds: contracts.tradeHolds,
      accountKeys: contracts.accountKeys,
      clearingProofs: contracts.clearingProofs,
      clearingVerifier: addressOrNull(contracts.clearingVerifier),
    },
    committees: view.committees.map(({ from, publicKey, threshold, members }) => ({
      fromInterval: from,
      publicKey,
      threshold,
      members: members.map(({ index, name, verificationKey }) => ({
        index,
        name,
        verificationKey,
      })),
    })),
    receiptSigner: view.operatorAddress,
    zones: view.zones.map(({ zone, name, parent, bridgeWatts }) => ({
      zone,
      name,
      parent,
      bridgeWatts,
    })),
    display: { timeZone: display.timeZone, currency: display.currency },
  }
}

/** The public part of a participant: who supplies whom is not in it. */
export const participantJson = (view: ParticipantView): Participant => ({
  account: view.account,
  name: view.name,
  roles: [...view.roles],
  status: view.status,
  address: view.address,
  publicKey: view.publicKey,
  passkeys: view.passkeys.map(({ publicKey, host, signsFrom }) => ({
    publicKey,
    host,
    signsFromMs: signsFrom,
  })),
})

export const transactionJson = (view: TransactionView): ChainTransaction => ({
  description: view.description,
  status: view.status,
  txHash: view.txHash,
  blockNumber: view.blockNumber,
  gasUsed: view.gasUsed,
})

export const energyJson = (energy: CoreEnergyBalance): EnergyBalance => ({
  injectedWh: jsonInteger(energy.injected, 'injectedWh'),
  importedWh: jsonInteger(energy.imported, 'importedWh'),
  imbalanceBoughtWh: jsonInteger(energy.imbalanceBought, 'imbalanceBoughtWh'),
  tradeBoughtWh: jsonInteger(energy.tradeBought, 'tradeBoughtWh'),
  tradeSoldWh: jsonInteger(energy.tradeSold, 'tradeSoldWh'),
  consumedWh: jsonInteger(energy.consumed, 'consumedWh'),
  exportedWh: jsonInteger(energy.exported, 'exportedWh'),
  imbalanceSoldWh: jsonInteger(energy.imbalanceSold, 'imbalanceSoldWh'),
  unexplainedWh: jsonInteger(energy.unexplained, 'unexplainedWh'),
})

const runJson = (view: RunView): PublicRun => ({
  run: view.run,
  kind: view.kind,
  atMs: view.atMs,
  energy: energyJson(view.energy),
  accountCount: view.accountCount,
  estimatedMeterCount: view.estimatedMeterCount,
  readingsRoot: view.readingsRoot,
  postingsRoot: view.postingsRoot,
  transactions: view.transactions.map(transactionJson),
})

const curveJson = (steps: readonly CurveStep[] | null) =>
  steps?.map(({ energy, limit }) => ({
    energyWh: jsonInteger(energy, 'energyWh'),
    meanMicrosPerKwh: jsonInteger(limit, 'meanMicrosPerKwh'),
  })) ?? null

export const intervalJson = (view: IntervalView): PublicInterval => ({
  zone: view.zone,
  interval: view.interval,
  gateMs: view.gateMs,
  startMs: view.startMs,
  endMs: view.endMs,
  status: view.status,
  priceMicrosPerKwh: nullable(view.price, 'priceMicrosPerKwh'),
  energyWh: jsonInteger(view.energy, 'energyWh'),
  curves: view.curves && { buy: curveJson(view.curves.buy), sell: curveJson(view.curves.sell) },
  orderBook: view.orderBook,
  orderCount: view.orderCount,
  voidCount: view.voidCount,
  rulebookHash: view.rulebookHash,
  ordersRoot: view.ordersRoot,
  clearingRoot: view.clearingRoot,
  fillsRoot: view.fillsRoot,
  commitment: view.commitment && transactionJson(view.commitment),
  proof: {
    state: view.proof.state,
    reference: view.proof.reference,
    transaction: view.proof.transaction && transactionJson(view.proof.transaction),
  },
  runs: view.runs.map(runJson),
})

/** The zero address is how the chain says that there is none. */
const addressOrNull = (address: string): string | null =>
  /^0x0{40}$/.test(address) ? null : address

export const nullable = (value: bigint | null, field: string): number | null =>
  value === null ? null : jsonInteger(value, field)

export const proofJson = (view: InclusionProofView): InclusionProof => ({
  root: view.root,
  leaf: view.leaf,
  data: view.data,
  index: view.index,
  count: view.count,
  path: [...view.path],
  committedIn: view.committedIn,
})

export function conservationJson(view: ConservationView): Conservation {
  const { money, chain } = view
  return {
    money: {
      depositedMicros: jsonInteger(money.deposited, 'depositedMicros'),
      withdrawnMicros: jsonInteger(money.withdrawn, 'withdrawnMicros'),
      balancesMicros: jsonInteger(money.balances, 'balancesMicros'),
      unexplainedMicros: jsonInteger(money.unexplained, 'unexplainedMicros'),
    },
    energy: energyJson(view.energy),
    intervalCount: view.intervalCount,
    chain: chain && {
      custodyMicros: jsonInteger(chain.custody, 'custodyMicros'),
      ledgerMicros: jsonInteger(chain.ledger, 'ledgerMicros'),
      pendingMicros: jsonInteger(chain.pending, 'pendingMicros'),
      differingAccounts: chain.differingAccounts,
      unexplainedMicros: jsonInteger(chain.unexplained, 'unexplainedMicros'),
      equal: chain.differingAccounts === 0 && chain.unexplained === 0n,
    },
    sequence: view.sequence,
    snapshot: view.snapshot && {
      sequence: view.snapshot.sequence,
      stateHash: view.snapshot.stateHash,
    },
  }
}

export const healthJson = (view: HealthView, streams: number, stopping: boolean): Health => ({
  live: true,
  ready: view.ready && !stopping,
  status: stopping ? 'stopping' : view.status,
  checks: view.checks.map(({ name, ok, detail }) => ({ name, ok, detail })),
  journalSequence: view.journalSequence,
  uptimeMs: view.uptimeMs,
  streams,
})
