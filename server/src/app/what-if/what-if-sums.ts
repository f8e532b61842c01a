import type { WhatIf } from '@busbar/core/exchange'
import { systemAccounts } from '@busbar/core/registry'
import { floorDivide } from '@busbar/core/units'
import type { WhatIfSide, WhatIfSum } from '../ports/what-if.ts'

/** What two rulebooks make of one interval. */
export type Judged = {
  readonly zone: number
  readonly interval: number
  readonly own: Side
  readonly other: Side
  readonly refused: number
  readonly moved: bigint
  /** Of accounts whose money differs. */
  readonly differences: readonly (readonly [account: number, amount: bigint])[]
}

type Side = { readonly energy: bigint; readonly value: bigint; readonly fees: bigint }

/** Energy times price, which a mean price is divided out of. */
const sideOf = ({ energy, price, net }: WhatIf): Side => ({
  energy, value: energy * (price ?? 0n), fees: net.get(systemAccounts.fees) ?? 0n,
})

export function judgedOf(zone: number, interval: number, own: WhatIf, other: WhatIf): Judged {
  const differences = [...new Set([...own.net.keys(), ...other.net.keys()])].flatMap((account) => {
    const difference = (other.net.get(account) ?? 0n) - (own.net.get(account) ?? 0n)
    return difference === 0n ? [] : [[account, difference] as const]
  })
  const moved = differences.reduce((sum, [, amount]) => (amount > 0n ? sum + amount : sum), 0n)
  const [mine, others] = [sideOf(own), sideOf(other)]
  return { zone, interval, own: mine, other: others, refused: other.refused, moved, differences }
}

type Sum = {
  intervals: number
  readonly own: { energy: bigint; value: bigint; fees: bigint }
  readonly other: { energy: bigint; value: bigint; fees: bigint }
  refused: number
  moved: bigint
}

const nothing = () => ({ energy: 0n, value: 0n, fees: 0n })

/** Sums over intervals by some key, to which intervals come and from which they are taken back. */
export class WhatIfSums<Key> {
  readonly #sums = new Map<Key, Sum>()

  /** @param sign −1n takes back what was added before */
  add(key: Key, { own, other, refused, moved }: Judged, sign: 1n | -1n): void {
    const known = this.#sums.get(key)
    const sum = known ??
      { intervals: 0, own: nothing(), other: nothing(), refused: 0, moved: 0n }
    if (known === undefined) this.#sums.set(key, sum)
    sum.intervals += Number(sign)
    sum.refused += Number(sign) * refused
    sum.moved += sign * moved
    for (const [to, from] of [[sum.own, own], [sum.other, other]] as const) {
      to.energy += sign * from.energy
      to.value += sign * from.value
      to.fees += sign * from.fees
    }
  }

  list(): readonly (readonly [Key, WhatIfSum])[] {
    return [...this.#sums].map(([key, { intervals, own, other, refused, moved }]) => [
      key,
      {
        ...{ intervals, own: shown(own), other: shown(other) },
        ...{ refusedOrders: refused, movedMicros: moved },
      },
    ])
  }
}

const shown = ({ energy, value, fees }: Sum['own']): WhatIfSide => ({
  energyWh: energy,
  meanPriceMicrosPerKwh: energy === 0n ? null : floorDivide(value, energy),
  feesMicros: fees,
})
