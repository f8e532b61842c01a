import type { MeterItem } from '@busbar/protocols/api'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import { Hash } from '../parts/parts.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'

/** All that is known of one meter. Where it opens the reader is taken to it. */
export function MeterDetails(props: {
  readonly meter: MeterItem
  readonly close: () => void
}): ReactNode {
  const { meter, close } = props
  const { say } = useTexts()
  const facts = useFacts(meter)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  return (
    <section className='acting wide stack tight' aria-label={meter.name}>
      <h3 ref={title} tabIndex={-1}>
        {say('meters.details', { meter: meter.meter, name: meter.name })}
      </h3>
      <dl className='facts'>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className='row'>
        <Link className='button' to={`${pathOf('why')}?account=${meter.account}`}>
          {say('meters.detail.account')}
        </Link>
        <button type='button' className='button' onClick={close}>{say('meters.close')}</button>
      </div>
    </section>
  )
}

function useFacts(meter: MeterItem): readonly (readonly [string, ReactNode])[] {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook, zones } = useMarket()
  const { account, owner, retailer, utility, gateway, lastReading, window } = meter
  const others = [retailer, utility, gateway?.owner ?? null].filter((one) => one !== null)
  const names = useNames(others)
  const nameOf = (one: number | null): string =>
    one === null ? '–' : `${names.get(one) ?? ''} (${one})`
  const at = (interval: number): string =>
    formats.moment(interval * rulebook.intervalSeconds * 1_000)
  const flows = say(`meters.flows.${meter.flows ?? 'none'}`)
  const zone = zones.find((one) => one.zone === meter.zone)?.name ?? String(meter.zone)
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('meters.column.owner'), `${owner} (${account})`],
    [say('meters.detail.retailer'), nameOf(retailer)],
    [say('meters.filter.zone'), zone],
    [say('meters.detail.utility'), nameOf(utility)],
    [say('meters.column.kind'), `${say(`meters.kind.${meter.kind}`)}, ${flows}`],
    [say('meters.column.standing'), say(`meters.standing.${meter.standing}`)],
    [say('meters.detail.from'), at(meter.fromInterval)],
  ]
  if (meter.kind === 'virtual') return facts
  const rating = {
    imported: formats.power(meter.importWattsMax), exported: formats.power(meter.exportWattsMax),
  }
  const replaced = meter.deviceFrom
  return [
    ...facts,
    [
      say('meters.detail.device'),
      replaced === null ? say('meters.detail.device.never') : at(replaced),
    ],
    [say('meters.detail.rating'), say('meters.detail.rating.text', rating)],
    [say('meters.detail.digits'), formats.count(meter.digits)],
    [
      say('meters.detail.read'),
      lastReading === null
        ? say('meters.unread')
        : say('meters.detail.version', {
            time: formats.moment(lastReading.atMs), version: lastReading.version,
          }),
    ],
    [
      say('meters.detail.window'),
      window === null
        ? '–'
        : say('meters.detail.window.text', {
            ...window,
            metered: window.intervals - window.interpolated - window.repeated - window.absent,
          }),
    ],
    [
      say('meters.column.gateway'),
      gateway === null ? '–' : `${gateway.name} (${gateway.gateway}), ${gateway.form}`,
    ],
    [say('meters.detail.owner'), nameOf(gateway?.owner ?? null)],
    [say('meters.detail.key'), gateway === null ? '–' : <Hash value={gateway.publicKey} />],
  ]
}
