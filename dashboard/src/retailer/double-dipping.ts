import type { BillLine } from './bill-lines.ts'
import { type MeterEnergy, meterKey } from './energy-left.ts'

/** What is proven of a meter's contracts in one interval; nothing of it is anybody's word. */
export type ProvenEnergy =
  | { readonly kind: 'traded'; readonly soldWh: number; readonly boughtWh: number }
  | { readonly kind: 'none' | 'unsettled' | 'unproven' }

/**
 * `right`: billed as much as was left. `twice`: more, where something was traded. `over`: more,
 * where nothing was. `under`: less. `early`: not settled yet, so that nothing may be billed.
 * `unproven`: the answer of the exchange does not hold. `unknown`: no meter of a customer.
 */
export const verdicts = [
  'right', 'twice', 'over', 'under', 'early', 'unproven', 'unknown',
] as const
export type Verdict = (typeof verdicts)[number]

export type Finding = BillLine & {
  readonly verdict: Verdict
  readonly proof: ProvenEnergy['kind'] | 'missing'
  readonly meteredImportWh: number
  readonly meteredExportWh: number
  readonly soldWh: number
  readonly boughtWh: number
  /** In the auction, given out less taken in. */
  readonly auctionWh: number
  readonly leftImportWh: number
  readonly leftExportWh: number
  /** Billed beyond what was left, both ways added up. */
  readonly excessWh: number
}

/** Each line of a bill, against what was left to bill by proof and declaration. */
export function findingsOf(
  lines: readonly BillLine[],
  energies: ReadonlyMap<string, MeterEnergy>,
  proofs: ReadonlyMap<string, ProvenEnergy>,
): readonly Finding[] {
  return lines.map((line) => {
    const key = meterKey(line)
    return findingOf(line, energies.get(key), proofs.get(key))
  })
}

function findingOf(
  line: BillLine,
  energy: MeterEnergy | undefined,
  proof: ProvenEnergy | undefined,
): Finding {
  const { importedWh = 0, exportedWh = 0, leftImportWh = 0, leftExportWh = 0 } = energy ?? {}
  const { soldWh, boughtWh } = proof?.kind === 'traded' ? proof : { soldWh: 0, boughtWh: 0 }
  const over = Math.max(0, line.importWh - leftImportWh) + Math.max(0, line.exportWh - leftExportWh)
  const isUnder = line.importWh < leftImportWh || line.exportWh < leftExportWh
  const traded = soldWh + boughtWh + Math.abs(energy?.auctionWh ?? 0)
  const shown = {
    ...line,
    proof: proof?.kind ?? ('missing' as const),
    ...{ meteredImportWh: importedWh, meteredExportWh: exportedWh, soldWh, boughtWh },
    ...{ auctionWh: energy?.auctionWh ?? 0, leftImportWh, leftExportWh },
  }
  const verdict = (): Verdict => {
    if (proof?.kind === 'unsettled') return 'early'
    if (proof === undefined || energy === undefined) return 'unknown'
    if (proof.kind === 'unproven' || !isDeclared(energy, proof)) return 'unproven'
    if (over > 0) return traded > 0 ? 'twice' : 'over'
    return isUnder ? 'under' : 'right'
  }
  const found = verdict()
  return { ...shown, verdict: found, excessWh: found === 'twice' || found === 'over' ? over : 0 }
}

/** What is declared is what is proven: else one of the two is not true. */
const isDeclared = (energy: MeterEnergy, proof: ProvenEnergy): boolean =>
  proof.kind === 'traded'
    ? proof.soldWh === energy.soldWh && proof.boughtWh === energy.boughtWh
    : energy.soldWh === 0 && energy.boughtWh === 0

export type FindingSums = {
  readonly counts: Readonly<Record<Verdict, number>>
  readonly tradedWh: number
  readonly excessWh: number
}

export function sumsOf(findings: readonly Finding[]): FindingSums {
  const counts = Object.fromEntries(verdicts.map((verdict) => [
    verdict, findings.filter((one) => one.verdict === verdict).length,
  ])) as Record<Verdict, number>
  return {
    counts,
    tradedWh: findings.reduce((sum, one) => sum + one.soldWh + one.boughtWh, 0),
    excessWh: findings.reduce((sum, one) => sum + one.excessWh, 0),
  }
}
