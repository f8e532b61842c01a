import { rootsSigned } from '../signed-roots.ts'
import { isCleared, open, type Told, told } from './check.ts'
import type { ReplayMaterial } from './material.ts'

/** The roots that are shown stand in transactions that the operator signed for this chain. */
export function signedCheck(material: ReplayMaterial): Told {
  const { shown: { clearingRoot, commitment, runs }, replay: { sent }, market } = material
  if (!isCleared(material) || clearingRoot === null) return open()
  const wanted = [
    { roots: [clearingRoot], transactions: commitment === null ? [] : [commitment] },
    ...runs.map(({ readingsRoot, postingsRoot, transactions }) =>
      ({ roots: [readingsRoot ?? '', postingsRoot ?? ''], transactions })),
  ]
  const found = wanted.map(({ roots, transactions }) =>
    transactions.length === 0 ? 'waits' : rootsSigned(roots, transactions, sent, market))
  const count = wanted.reduce((sum, { roots }) => sum + roots.length, 0)
  if (found.includes('fails')) return told(false, count)
  return found.includes('waits') ? open(count) : told(true, count)
}
