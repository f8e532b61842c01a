/**
 * Goal: who does not see the picture of a home's power hears of each wire which way it goes, also
 * where one comes in and the other leaves.
 * Method: flows by hand through the sentences of both languages.
 */
import { equal } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { formatsOf } from '../format/formats.ts'
import { type Language, loadAllTexts, loadTexts, textsOf } from '../texts/texts.ts'
import { flowWords, isStill } from './flow-words.ts'

const said = (language: Language, neighboursW: number, gridW: number): string => {
  const formats = formatsOf(language, { timeZone: 'UTC', currency: 'EUR' })
  const flow = { interval: 1, meterW: neighboursW + gridW, neighboursW, gridW }
  const power = (watts: number): string => formats.power(Math.abs(watts))
  return flowWords({ flow, powers: [], usedW: null }, textsOf(language), power)
}

describe('the words of a home’s power', () => {
  before(async () => {
    await loadTexts('en')
    await loadTexts('de')
    await loadAllTexts()
  })

  test('say one way of both wires', () => {
    equal(
      said('en', 1_200, 240),
      'Your home gives out 1.44 kW: 1.2 kW to neighbours, 0.24 kW to the grid.',
    )
    equal(
      said('en', -1_200, 0),
      'Your home takes in 1.2 kW: 1.2 kW from neighbours, 0 kW from the grid.',
    )
    equal(said('de', 0, 240), 'Ihr Zuhause gibt 0,24 kW ab: 0 kW an Nachbarn, 0,24 kW ins Netz.')
  })

  test('say each way where the wires go both', () => {
    equal(
      said('en', 1_200, -240),
      'Your home gives out 0.96 kW: 1.2 kW to neighbours, 0.24 kW from the grid.',
    )
    equal(
      said('de', 240, -1_200),
      'Ihr Zuhause bezieht 0,96 kW: 0,24 kW an Nachbarn, 1,2 kW aus dem Netz.',
    )
  })

  test('say that nothing flows only where nothing does', () => {
    equal(said('en', 0, 0), 'Nothing flows through your meter.')
    equal(
      said('en', 500, -500),
      'Your home takes in as much as it gives out: 0.5 kW to neighbours, 0.5 kW from the grid.',
    )
    equal(isStill({ interval: 1, meterW: 0, neighboursW: 500, gridW: -500 }), false)
  })
})
