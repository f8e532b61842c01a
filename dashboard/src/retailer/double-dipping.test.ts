/**
 * Goal: what a bill asks for twice is found, to the watt-hour, and nothing that is right is blamed.
 * Method: one meter's interval in each of its cases, by hand.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findingsOf, type ProvenEnergy, sumsOf, type Verdict } from './double-dipping.ts'
import type { MeterEnergy } from './energy-left.ts'

/** Took 150 Wh in, of which it had bought 100 from a neighbour: 50 Wh are left to bill. */
const energy: MeterEnergy = {
  ...{ account: 4, meter: 7, interval: 9, importedWh: 150, exportedWh: 0, soldWh: 0 },
  ...{ boughtWh: 100, auctionWh: 0, leftImportWh: 50, leftExportWh: 0, wheelingMicros: 0 },
  ...{ isEstimated: false, isFinal: true },
}
const untraded: MeterEnergy = { ...energy, boughtWh: 0, leftImportWh: 150 }
const traded: ProvenEnergy = { kind: 'traded', soldWh: 0, boughtWh: 100 }
const none: ProvenEnergy = { kind: 'none' }

const line = (importWh: number, exportWh = 0) => ({ meter: 7, interval: 9, importWh, exportWh })
const key = '7/9'

describe('a line of a bill', () => {
  type Case = readonly [
    string, MeterEnergy | undefined, ProvenEnergy | undefined, readonly [number, number?], Verdict,
    number,
  ]
  const cases: readonly Case[] = [
    ['what was left', energy, traded, [50], 'right', 0],
    ['all that the meter counted', energy, traded, [150], 'twice', 100],
    ['one watt-hour of the trade', energy, traded, [51], 'twice', 1],
    ['too little', energy, traded, [49], 'under', 0],
    ['the other way', energy, traded, [50, 3], 'twice', 3],
    ['all, where nothing was traded', untraded, none, [150], 'right', 0],
    ['more than the meter counted', untraded, none, [151], 'over', 1],
    ['the auction’s energy', { ...untraded, auctionWh: -60, leftImportWh: 90 }, none, [150],
      'twice', 60],
    ['before it is settled', energy, { kind: 'unsettled' }, [50], 'early', 0],
    ['of a proof that does not hold', energy, { kind: 'unproven' }, [50], 'unproven', 0],
    ['declared and not proven', energy, none, [50], 'unproven', 0],
    ['proven otherwise', energy, { kind: 'traded', soldWh: 0, boughtWh: 99 }, [50], 'unproven', 0],
    ['of somebody else’s meter', undefined, undefined, [50], 'unknown', 0],
    ['of a meter without energy', undefined, none, [50], 'unknown', 0],
  ]
  for (const [name, known, proof, billed, verdict, excessWh] of cases) {
    test(`that bills ${name}: ${verdict}`, () => {
      const energies = new Map(known === undefined ? [] : [[key, known]])
      const proofs = new Map(proof === undefined ? [] : [[key, proof]])
      const [found] = findingsOf([line(...billed)], energies, proofs)
      deepEqual([found?.verdict, found?.excessWh], [verdict, excessWh])
    })
  }
})

test('sums count each verdict, and add up what is billed too much', () => {
  const [energies, proofs] = [new Map([[key, energy]]), new Map([[key, traded]])]
  const findings = [line(50), line(150), line(51)].flatMap((one) =>
    findingsOf([one], energies, proofs))
  const { counts, tradedWh, excessWh } = sumsOf(findings)
  deepEqual([counts.right, counts.twice, counts.under, tradedWh, excessWh], [1, 2, 0, 300, 101])
  equal(sumsOf([]).excessWh, 0)
})
