import type { Texts } from '../texts/texts.ts'
import type { Flow } from './day.ts'
import type { HomeFlow } from './home-flow.ts'

type Way = 'still' | 'out' | 'in'

export const wayOf = (watts: number): Way => (watts === 0 ? 'still' : watts > 0 ? 'out' : 'in')

/** On no wire: what comes in by one and leaves by another flows, whatever the meter comes to. */
export const isStill = ({ meterW, neighboursW, gridW }: Flow): boolean =>
  meterW === 0 && neighboursW === 0 && gridW === 0

/**
 * The whole picture in sentences, for those who do not see it.
 *
 * @param power writes so many watts, whichever way they go
 */
export function flowWords(
  { flow, powers, usedW }: HomeFlow,
  { say }: Texts,
  power: (watts: number) => string,
): string {
  const meter = meterWords(flow, say, power)
  if (usedW === null) return meter
  const own = powers.map(({ kind, watts }) =>
    say(`flow.says.${kind}.${wayOf(watts)}`, { power: power(watts) }),
  )
  return [meter, say('flow.says.used', { power: power(usedW) }), ...own].join(' ')
}

/** Each of the two wires by the way that it goes itself. */
function meterWords(flow: Flow, say: Texts['say'], power: (watts: number) => string): string {
  if (isStill(flow)) return say('flow.says.still')
  const { meterW, neighboursW, gridW } = flow
  const isOut = (watts: number): boolean => (watts === 0 ? meterW > 0 : watts > 0)
  const way = wayOf(meterW)
  return say(way === 'still' ? 'flow.says.even' : `flow.says.${way}`, {
    power: power(meterW),
    neighbours: say(isOut(neighboursW) ? 'flow.says.toNeighbours' : 'flow.says.fromNeighbours', {
      power: power(neighboursW),
    }),
    grid: say(isOut(gridW) ? 'flow.says.toGrid' : 'flow.says.fromGrid', { power: power(gridW) }),
  })
}
