import { postingLeaf } from '@busbar/protocols/commitments'
import { hexToBytes } from '@busbar/protocols/hash'
import { linesOf, open, placeOf, rootOf, type Told, told } from './check.ts'
import type { ReplayMaterial } from './material.ts'

/** A line that stands for many meters. */
const manyMeters = -1

export function postingsCheck(material: ReplayMaterial): Told {
  const { shown, replay } = material
  if (shown.runs.length === 0) return open()
  const place = placeOf(material)
  const areRoots = shown.runs.every(({ run, postingsRoot }) => {
    const leaves = (replay.runs[run]?.postings ?? []).map(({ account, salt, lines }) =>
      postingLeaf(place, hexToBytes(salt, 16, 'salt'), {
        ...{ run, account },
        amount: lines.reduce((sum, line) => sum + BigInt(line.amountMicros), 0n),
        lines: lines.map((line) => ({
          ...{ meter: line.meter ?? manyMeters, trade: line.trade, reason: line.reason },
          ...{ energy: BigInt(line.energyWh), price: BigInt(line.priceMicrosPerKwh) },
          amount: BigInt(line.amountMicros),
        })),
      }))
    return rootOf(leaves) === postingsRoot
  })
  const areNumbered = replay.runs.every(({ run }, place) => run === place)
  return told(areRoots && areNumbered, linesOf(material).length)
}

/**
 * Each run sums to nothing over all accounts, on the ledger and outside of it, and those on the
 * ledger to what auditors are told.
 */
export function netsCheck({ replay, audit, shown }: ReplayMaterial): Told {
  if (shown.runs.length === 0) return open()
  const nets = new Map<number, number>()
  const areZero = replay.runs.every(({ postings, dues }) => {
    let sum = 0
    for (const { account, lines } of postings) {
      const own = lines.reduce((all, { amountMicros }) => all + amountMicros, 0)
      nets.set(account, (nets.get(account) ?? 0) + own)
      sum += own
    }
    return sum === 0 && dues.reduce((all, { amountMicros }) => all + amountMicros, 0) === 0
  })
  const shownNets = new Map(audit.nets.map(({ account, amountMicros }) => [account, amountMicros]))
  const isSame = [...new Set([...nets.keys(), ...shownNets.keys()])].every(
    (account) => (nets.get(account) ?? 0) === (shownNets.get(account) ?? 0),
  )
  return told(areZero && isSame, nets.size)
}
