import { bilateralZone } from '@busbar/core/exchange'
import type { PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarketTime } from '../app/live.tsx'
import { useFormats } from '../app/market.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { Card } from '../parts/parts.tsx'

type Step = {
  readonly name: 'open' | 'gate' | 'clear' | 'deliver' | 'settle' | 'final'
  readonly icon: IconName
  readonly state: 'done' | 'now' | 'ahead'
  readonly atMs: number | null
  readonly words: string
  /** In the place of the step's own, where it is another thing here. */
  readonly title?: string
}

const statuses = ['open', 'fixed', 'cleared', 'provisional', 'final'] as const

/** The steps of an interval's life, those that are done with their times. */
export function LifeCard({ interval }: { readonly interval: PublicInterval }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const ofContracts = useContractWords(interval)
  const isContracts = interval.zone === bilateralZone
  const steps = useSteps(interval).map((step): Step => ({
    ...step,
    ...(isContracts ? ofContracts[step.name] : undefined),
  }))
  return (
    <Card title={say('interval.life')}>
      <ol className='life'>
        {steps.map(({ name, title, icon, state, atMs, words }) => (
          <li key={name} className={state} aria-current={state === 'now' ? 'step' : undefined}>
            <span className='life-icon'>
              <Icon name={state === 'done' ? 'check' : icon} size={18} />
            </span>
            <div>
              <strong>{title ?? say(`interval.step.${name}`)}</strong>
              {atMs === null ? null : (
                <time className='small soft' dateTime={new Date(atMs).toISOString()}>
                  {' '}
                  {say('interval.at', { time: formats.timeWithSeconds(atMs) })}
                </time>
              )}
              {state === 'ahead' ? null : <p className='small soft'>{words}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

/** What is said of contracts: they have no orders, no price for all and no proof. */
function useContractWords(
  { energyWh, status }: PublicInterval,
): Readonly<Partial<Record<Step['name'], Partial<Step>>>> {
  const { say } = useTexts()
  const formats = useFormats()
  const isCleared = statuses.indexOf(status) > 1
  const owed = energyWh === 0
    ? say('interval.step.clear.contracts.none')
    : say('interval.step.clear.contracts', { energy: formats.energy(energyWh) })
  return {
    open: {
      title: say('interval.step.open.contracts.title'),
      words: say('interval.step.open.contracts'),
    },
    gate: { words: say('interval.step.gate.contracts') },
    clear: {
      title: say('interval.step.clear.contracts.title'),
      words: isCleared ? owed : say('market.phase.opening'),
    },
  }
}

function useSteps(interval: PublicInterval): readonly Step[] {
  const { say, count } = useTexts()
  const formats = useFormats()
  const nowMs = useMarketTime(1_000) ?? 0
  const { status, gateMs, startMs, endMs, runs, priceMicrosPerKwh: price } = interval
  const reached = statuses.indexOf(status)
  const isOver = nowMs >= endMs
  const [first] = runs
  const final = runs.find(({ kind }) => kind === 'final')
  const stateOf = (isDone: boolean, isBegun: boolean): Step['state'] =>
    isDone ? 'done' : isBegun ? 'now' : 'ahead'
  const orders = interval.orderCount
  const accounts = first?.accountCount ?? 0
  return [
    {
      ...{ name: 'open', icon: 'order', atMs: null, state: stateOf(reached > 0, true) },
      words: say(`interval.step.open.${interval.orderBook === 'open' ? 'book' : 'sealed'}`),
    },
    {
      ...{ name: 'gate', icon: 'lock', atMs: gateMs, state: stateOf(reached > 0, false) },
      words: count('interval.step.gate.done', orders, formats.count(orders)),
    },
    {
      ...{ name: 'clear', icon: 'market', atMs: null, state: stateOf(reached > 1, reached === 1) },
      words: price === null
        ? say(reached > 1 ? 'interval.step.clear.none' : 'market.phase.opening')
        : say('interval.step.clear.done', {
            energy: formats.energy(interval.energyWh),
            price: formats.exactPrice(price),
          }),
    },
    {
      ...{ name: 'deliver', icon: 'energy', atMs: startMs },
      state: stateOf(isOver || reached > 2, nowMs >= startMs),
      words: say('interval.step.deliver.done'),
    },
    {
      ...{ name: 'settle', icon: 'coins', atMs: first?.atMs ?? null },
      state: stateOf(reached > 2, isOver),
      words: first === undefined
        ? say('market.phase.settling')
        : count('interval.step.settle.done', accounts, formats.count(accounts)),
    },
    {
      ...{ name: 'final', icon: 'wait', atMs: final?.atMs ?? null },
      state: stateOf(reached > 3, reached === 3),
      words: say(`interval.step.final.${reached > 3 ? 'done' : 'wait'}`),
    },
  ]
}
