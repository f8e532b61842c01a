import type { ContractTerms } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { conditionsOf, energyOf } from './trade-actions.ts'

/** What is to be delivered, when, at which price, and how it is paid. */
export function Terms({ terms }: { readonly terms: ContractTerms }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  const { eachWh, totalWh } = energyOf(terms)
  const from = terms.fromInterval * intervalMs
  const until = (terms.fromInterval + terms.intervals) * intervalMs
  return (
    <p className='small soft'>
      {say(totalWh === 0 ? 'trades.terms.none' : 'trades.terms', {
        energy: formats.energy(totalWh),
        each: formats.exactEnergy(eachWh ?? Math.round(totalWh / terms.intervals)),
        price: formats.exactPrice(terms.priceMicrosPerKwh),
        from: formats.moment(from),
        until: formats.moment(until),
        rail: say(`trades.rail.${terms.rail}`),
      })}
    </p>
  )
}

/** The rest of what is signed: what it costs to fall short or to leave, and who else is paid. */
export function Conditions(props: {
  readonly terms: ContractTerms
  readonly account: number
  /** Whether it is the reader's. */
  readonly isOwn: boolean
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { terms, account, isOwn } = props
  const texts = conditionsOf(terms, account).map((one) => {
    switch (one.kind) {
      case 'meter':
        return say(isOwn ? 'trades.more.meter' : 'trades.more.meterOf', {
          meter: one.meter, account,
        })
      case 'short':
        return say('trades.more.short', {
          tolerance: formats.exactPercent(one.tolerance),
          penalty: formats.exactPercent(one.penalty),
        })
      case 'contracted':
        return say('trades.more.contracted')
      case 'exit':
        return say('trades.more.exit', { fee: formats.money(one.feeMicros) })
      case 'platform':
        return say('trades.more.platform', {
          platform: one.platform, fee: formats.exactPrice(one.feeMicrosPerKwh),
        })
    }
  })
  return <p className='small soft'>{texts.join(' ')}</p>
}
