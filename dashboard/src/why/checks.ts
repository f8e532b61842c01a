import { bilateralZone } from '@busbar/core/exchange'
import type {
  AccountInterval,
  AccountIntervalZone,
  ChainTransaction,
  Market,
} from '@busbar/protocols/api'
import { contractChecks } from './contract-checks.ts'
import type { Evidence, Known, ZoneEvidence } from './evidence.ts'
import { clearingChecks, orderChecks } from './order-checks.ts'
import { signedChecks } from './signed-checks.ts'
import { isDebt } from './line-sums.ts'
import { meterChecks, postingChecks, ruleChecks } from './money-checks.ts'
import { readingChecks } from './reading-checks.ts'

/** The parts of an explanation, in the order in which things happened. */
export const steps = ['order', 'clearing', 'reading', 'money', 'chain'] as const
export type StepName = (typeof steps)[number]

/** What was checked; the words are in the catalogues under `check.…`. */
export const checkNames = [
  'order-in-set', 'order-digest', 'order-signed', 'order-opened', 'order-void', 'fill-in-tree',
  'fills-are-contracts', 'clearing-same', 'clearing-proven', 'rules-are-hash',
  'registers-subtract', 'reading-signed', 'reading-in-tree', 'reading-in-run',
  'money-by-rule', 'lines-sum', 'zones-sum', 'posting-in-tree', 'times-are-interval',
  'transactions-same', 'transactions-final', 'transaction-signed', 'run-signed', 'money-told',
  'contract-digest', 'seller-signed', 'buyer-signed', 'contract-in-set', 'traded-in-tree',
  'own-share', 'others-share', 'contract-money', 'answer-in-form',
] as const
export type CheckName = (typeof checkNames)[number]

/**
 * `holds`: shown here, by this program. `fails`: what was answered cannot all be true. `open`:
 * cannot be shown yet. `told`: the exchange says so, and nothing here can show it.
 */
export type Check = {
  readonly step: StepName
  readonly name: CheckName
  readonly state: 'holds' | 'fails' | 'open' | 'told'
  /** Which order, meter or run it is about. */
  readonly of?: string | number
  /** Of what is of a meter in a run: which one. */
  readonly run?: number
  /** Where an account has meters in several; none where it is about all of them. */
  readonly zone?: number
}

/** What all checks together are is the first of these that one of them is. */
const worstFirst = ['fails', 'open', 'told'] as const

/** What can be said of all of them together. */
export const worstOf = (checks: readonly Pick<Check, 'state'>[]): Check['state'] =>
  worstFirst.find((state) => checks.some((check) => check.state === state)) ?? 'holds'

/** What belongs to the explanation of one zone. */
export const checksIn = (checks: readonly Check[], zone: number): readonly Check[] =>
  checks.filter((check) => check.zone === undefined || check.zone === zone)

/** What a check needs to know besides the answer. */
export type Terms = Pick<Market, 'contracts' | 'domain' | 'market' | 'receiptSigner'> &
  Known & {
    readonly interval: number
    readonly startMs: number
    readonly account: number
  }

export const outcome = (
  step: StepName,
  name: CheckName,
  holds: boolean,
  of?: string | number,
): Check => ({
  ...{ step, name, state: holds ? 'holds' : 'fails' },
  ...(of === undefined ? {} : { of }),
})

export const waits = (step: StepName, name: CheckName, of?: string | number): Check => ({
  ...{ step, name, state: 'open' },
  ...(of === undefined ? {} : { of }),
})

export const told = (step: StepName, name: CheckName, of?: string | number): Check => ({
  ...{ step, name, state: 'told' },
  ...(of === undefined ? {} : { of }),
})

/** Of what cannot even be checked, nor shown. */
export const notInForm: readonly Check[] = [outcome('order', 'answer-in-form', false)]

/** The exchange answers with whole numbers alone, which are exact here. */
function isInForm(tree: unknown): boolean {
  if (typeof tree === 'number') return Number.isSafeInteger(tree)
  if (typeof tree !== 'object' || tree === null) return true
  return [...(tree instanceof Map ? tree.values() : Object.values(tree))].every(isInForm)
}

/** Checks everything that was answered against everything else, and asks nobody. */
export function checksOf(evidence: Evidence, market: Market): readonly Check[] {
  if (!isInForm(evidence)) return notInForm
  const { answer, zones } = evidence
  const { account, interval } = answer
  // The same in all rulebooks of a market.
  const lengthMs = market.rulebook.intervalSeconds * 1_000
  const startMs = interval * lengthMs
  const terms: Terms = { ...market, ...evidence.known, account, interval, startMs }
  const isItsTime = answer.startMs === startMs && answer.endMs === startMs + lengthMs
  return [
    outcome('order', 'times-are-interval', isItsTime),
    ...answer.zones.flatMap((zone) => {
      const evidence = zones.get(zone.zone)
      const checks = evidence === undefined
        ? [outcome('clearing', 'clearing-same', false, zone.zone)]
        : zoneChecks(answer, zone, evidence, terms)
      return checks.map((check) => ({ ...check, zone: zone.zone }))
    }),
    outcome('money', 'zones-sum', areSumsOf(answer)),
  ]
}

/** Each sum is of the lines that stand for it, and what the interval comes to is their sum. */
function areSumsOf(answer: AccountInterval): boolean {
  const { zones, netMicros, worthMicros, ledgerMicros, outsideMicros, billedMicros } = answer
  const runs = zones.flatMap((zone) => zone.runs)
  const sum = (lines: readonly { readonly amountMicros: number }[]): number =>
    lines.reduce((total, { amountMicros }) => total + amountMicros, 0)
  const items = runs.flatMap((run) => run.items)
  const worth = ledgerMicros + outsideMicros + billedMicros
  return (
    zones.reduce((total, zone) => total + zone.netMicros, 0) === netMicros &&
    sum(items.filter(isDebt)) === answer.debtMicros &&
    ledgerMicros + answer.debtMicros === netMicros &&
    sum(runs.flatMap((run) => run.dues)) === outsideMicros &&
    sum(zones.flatMap((zone) => zone.billed)) === billedMicros &&
    worthMicros === (runs.length === 0 ? null : worth)
  )
}

function zoneChecks(
  answer: AccountInterval,
  zone: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const metered = meterChecks(zone, evidence, terms)
  const isSettled = !metered.some(
    ({ name, state }) => name === 'reading-in-tree' && state === 'open',
  )
  return [
    ...orderChecks(zone, evidence, terms),
    ...clearingChecks(zone, evidence, terms),
    ...metered,
    ...readingChecks(zone, evidence, terms),
    ...(zone.zone === bilateralZone
      ? contractChecks(answer, zone, evidence, terms)
      : ruleChecks(zone, terms, isSettled)),
    ...postingChecks(zone, evidence, terms),
    ...chainChecks(zone, evidence),
    ...signedChecks(zone, evidence, terms),
  ]
}

/** What the owner is told of transactions is what everybody is told. */
function chainChecks(zone: AccountIntervalZone, { shown }: ZoneEvidence): readonly Check[] {
  const own = [zone.commitment, ...zone.runs.flatMap(({ transactions }) => transactions)]
  const others = [shown.commitment, ...shown.runs.flatMap(({ transactions }) => transactions)]
  const sent = own.filter((one) => one !== null)
  if (sent.length === 0) return [waits('chain', 'transactions-final')]
  const isFinal = sent.every(({ status }) => status === 'final')
  const hasFailed = sent.some(({ status }) => status === 'failed')
  return [
    outcome('chain', 'transactions-same', areSame(own, others)),
    ...(hasFailed ? [outcome('chain', 'transactions-final', false)] : []),
    // Only a node of the chain knows in which block they are.
    ...(isFinal ? [told('chain', 'transactions-final')] : []),
    ...(isFinal || hasFailed ? [] : [waits('chain', 'transactions-final')]),
  ]
}

const stages = ['queued', 'signed', 'sent', 'mined', 'final', 'failed'] as const

/**
 * Whether everybody is told of the same transactions. They were asked for a moment later, and what
 * is on its way may have come on in between; what has arrived does not change.
 */
const areSame = (
  own: readonly (ChainTransaction | null)[],
  others: readonly (ChainTransaction | null)[],
): boolean =>
  own.length === others.length && own.every((one, index) => isSame(one, others[index] ?? null))

function isSame(one: ChainTransaction | null, other: ChainTransaction | null): boolean {
  if (one === null || other === null) return one === null
  const [before, after] = [stages.indexOf(one.status), stages.indexOf(other.status)]
  if (before < 0 || before > after || one.description !== other.description) return false
  const isStill = before === after
  return (['txHash', 'blockNumber', 'gasUsed'] as const).every(
    (field) => one[field] === other[field] || (!isStill && one[field] === null),
  )
}
