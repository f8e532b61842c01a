import { bilateralZone, type State } from '@busbar/core/exchange'
import type { ContractVersion } from '@busbar/core/trades'

export type SetFault = { readonly where: string; readonly fault: string }

/**
 * What is wrong with the sets by which contracts are shown to be on the chain: each contract of a
 * known trade stands in the set of the first gate after both had signed it, or waits for the next
 * one, and each set is what that gate put on the chain. Whether the chain has it is compared apart.
 */
export function contractSetFaults(state: State): readonly SetFault[] {
  const gates = gatesOf(state)
  const versions = [...state.trading.trades.values()].flatMap((trade) =>
    trade.versions.map((version) => ({ where: `trade ${trade.trade}`, version })),
  )
  return [
    ...setFaults(state, gates),
    ...versions.flatMap(({ where, version }) =>
      versionFaults(state, gates, version).map((fault) => ({ where, fault })),
    ),
  ]
}

type Gates = ReadonlyMap<number, { readonly sequence: number; readonly digests: readonly string[] }>

/** Those that are still remembered, by interval. */
const gatesOf = (state: State): Gates =>
  new Map(
    [...(state.intervals.get(bilateralZone)?.values() ?? [])]
      .filter(({ status }) => status !== 'open')
      .map(({ interval, fixedSequence, contractsRecorded }) => [
        interval, { sequence: fixedSequence, digests: contractsRecorded },
      ]),
  )

function setFaults({ trading }: State, gates: Gates): SetFault[] {
  const faults: SetFault[] = []
  for (const [interval, { sequence, digests, known }] of trading.contractSets) {
    const where = `gate of interval ${interval}`
    const gate = gates.get(interval)
    if (gate !== undefined && gate.sequence !== sequence) {
      faults.push({ where, fault: `its set names entry ${sequence}, not ${gate.sequence}` })
    }
    if (gate !== undefined && gate.digests.join() !== digests.join()) {
      faults.push({ where, fault: 'its set is not what it put on the chain' })
    }
    if (digests.some((digest, i) => i > 0 && digest <= (digests[i - 1] ?? ''))) {
      faults.push({ where, fault: 'its set is not ascending' })
    }
    const found = digests.filter((one) => trading.contractGates.get(one) === interval).length
    if (found !== known) faults.push({ where, fault: `${found} of its contracts are known` })
  }
  return faults
}

function versionFaults(
  { trading }: State,
  gates: Gates,
  { contract, sequence }: ContractVersion,
): string[] {
  const interval = trading.contractGates.get(contract)
  const isPassed = (gate: { readonly sequence: number }, before: number): boolean =>
    gate.sequence > sequence && gate.sequence < before
  if (interval === undefined) {
    if (!trading.recorded.includes(contract)) return [`contract ${contract} is in no set`]
    const passed = [...gates.values()].some((gate) => isPassed(gate, Number.MAX_SAFE_INTEGER))
    return passed ? [`contract ${contract} was left out by a gate`] : []
  }
  const set = trading.contractSets.get(interval)
  if (set === undefined || !set.digests.includes(contract)) {
    return [`contract ${contract} is not in the set of the gate of ${interval}`]
  }
  if (set.sequence <= sequence) return [`contract ${contract} is in a set of an earlier gate`]
  const passed = [...gates.values()].some((gate) => isPassed(gate, set.sequence))
  return passed ? [`contract ${contract} was left out by a gate`] : []
}
