import type { AccountSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import { CsvButton } from '../parts/csv-button.tsx'
import { Card } from '../parts/parts.tsx'
import { type Partner, partnersOf } from './day.ts'

/** With whom energy changed hands on a day, how much of it and at which price. */
export function PartnersCard(props: {
  readonly series: AccountSeries
  /** Of the account's first meter, whose auction it takes part in. */
  readonly zone: number
}): ReactNode {
  const { say } = useTexts()
  const partners = partnersOf(props.series)
  const columns = () => ({
    kind: partners.map(({ kind }) => kind),
    account: partners.map(({ account }) => account),
    side: partners.map(({ side }) => side),
    energy_wh: partners.map(({ energyWh }) => energyWh),
    price_micros_per_kwh: partners.map(({ priceMicrosPerKwh }) => priceMicrosPerKwh),
  })
  const beside = <CsvButton name='busbar-partners' columns={columns} />
  return (
    <Card title={say('partners.title')} beside={beside}>
      {partners.length === 0 ? (
        <p className='soft'>{say('partners.empty')}</p>
      ) : (
        <Table partners={partners} zone={props.zone} />
      )}
      <p className='small soft'>{say('partners.hint')}</p>
    </Card>
  )
}

function Table(props: {
  readonly partners: readonly Partner[]
  readonly zone: number
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const zone = useZoneName()(props.zone)
  const names = useNames(props.partners.flatMap(({ account }) => account ?? []))
  const nameOf = ({ kind, account }: Partner): string => {
    if (kind === 'rest') return say('partners.rest')
    if (kind === 'auction') return say('partners.auction', { zone })
    return say('partners.contract', { name: names.get(account ?? 0) ?? String(account) })
  }
  return (
    <div className='table-frame' tabIndex={0} role='region' aria-label={say('partners.title')}>
      <table>
        <thead>
          <tr>
            <th scope='col'>{say('partners.who')}</th>
            <th scope='col'>{say('partners.what')}</th>
            <th scope='col' className='number'>{say('partners.energy')}</th>
            <th scope='col' className='number'>{say('partners.price')}</th>
          </tr>
        </thead>
        <tbody>
          {props.partners.map((one) => (
            <tr key={`${one.kind} ${one.account} ${one.side}`}>
              <th scope='row'>{nameOf(one)}</th>
              <td>
                {say(one.kind === 'rest' ? `partners.rest.${one.side}` : `partners.${one.side}`)}
              </td>
              <td className='number'>{formats.energy(one.energyWh)}</td>
              <td className='number'>
                {one.priceMicrosPerKwh === null ? '–' : formats.price(one.priceMicrosPerKwh)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
