import type { AccountSeries } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'
import { useNames } from '../app/names.ts'
import { type Column, DataTable, shown } from '../parts/data-table.tsx'
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
  const columns = useColumns(partners, props.zone)
  return (
    <Card title={say('partners.title')}>
      {partners.length === 0 ? (
        <p className='soft'>{say('partners.empty')}</p>
      ) : (
        <DataTable
          title={say('partners.title')}
          columns={columns}
          rows={partners}
          keyOf={({ kind, account, side }) => `${kind} ${account} ${side}`}
          frame='plain'
          file='busbar-partners'
          saved={() => ({
            kind: partners.map(({ kind }) => kind),
            account: partners.map(({ account }) => account),
            side: partners.map(({ side }) => side),
            energy_wh: partners.map(({ energyWh }) => energyWh),
            price_micros_per_kwh: partners.map(({ priceMicrosPerKwh }) => priceMicrosPerKwh),
          })}
        />
      )}
      <p className='small soft'>{say('partners.hint')}</p>
    </Card>
  )
}

function useColumns(partners: readonly Partner[], zone: number): readonly Column<Partner>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const zoneName = useZoneName()(zone)
  const names = useNames(partners.flatMap(({ account }) => account ?? []))
  const nameOf = ({ kind, account }: Partner): string => {
    if (kind === 'rest') return say('partners.rest')
    if (kind === 'auction') return say('partners.auction', { zone: zoneName })
    return say('partners.contract', { name: names.get(account ?? 0) ?? String(account) })
  }
  return [
    { name: 'who', title: say('partners.who'), show: nameOf },
    {
      ...{ name: 'side', title: say('partners.what') },
      show: ({ kind, side }) =>
        say(kind === 'rest' ? `partners.rest.${side}` : `partners.${side}`),
    },
    {
      ...{ name: 'energy', title: say('partners.energy'), isNumber: true },
      show: ({ energyWh }) => formats.energy(energyWh),
    },
    {
      ...{ name: 'price', title: say('partners.price'), isNumber: true },
      show: ({ priceMicrosPerKwh }) => shown(priceMicrosPerKwh, formats.price),
    },
  ]
}
