import type { CustomerEnergy } from '@busbar/protocols/api'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import type { Column } from '../parts/data-table.tsx'
import { Badge } from '../parts/parts.tsx'
import type { MeterEnergy } from './energy-left.ts'

type NameOf = (account: number) => string

type EnergyField =
  | 'importedWh' | 'exportedWh' | 'soldWh' | 'boughtWh' | 'auctionWh'
  | 'leftImportWh' | 'leftExportWh'

const fields = [
  ['importedWh', 'imported_wh', 'retailer.energy.metered'],
  ['exportedWh', 'exported_wh', 'retailer.energy.injected'],
  ['soldWh', 'sold_wh', 'retailer.energy.sold'],
  ['boughtWh', 'bought_wh', 'retailer.energy.bought'],
  ['auctionWh', 'auction_wh', 'retailer.energy.auction'],
  ['leftImportWh', 'billed_import_wh', 'retailer.energy.leftImport'],
  ['leftExportWh', 'billed_export_wh', 'retailer.energy.leftExport'],
] as const satisfies readonly (readonly [EnergyField, string, string])[]

function useEnergyColumns<Row extends Readonly<Record<EnergyField, number>>>(
  write: (wattHours: number) => string,
): readonly Column<Row>[] {
  const { say } = useTexts()
  return fields.map(([field, name, title]) => ({
    ...{ name, title: say(title), isNumber: true },
    show: (row) => (row[field] === 0 ? '–' : write(row[field])),
    value: (row) => row[field],
  }))
}

export function useCustomerColumns(nameOf: NameOf): readonly Column<CustomerEnergy>[] {
  const { say, count } = useTexts()
  const formats = useFormats()
  const energies = useEnergyColumns<CustomerEnergy>(formats.energy)
  return [
    {
      ...{ name: 'account', title: say('retailer.customer.name') },
      show: ({ account }) => nameOf(account),
      value: ({ account }) => account,
    },
    ...energies,
    {
      ...{ name: 'wheeling_micros', title: say('retailer.energy.wheeling'), isNumber: true },
      show: ({ wheelingMicros }) => formats.money(wheelingMicros),
      value: ({ wheelingMicros }) => wheelingMicros,
    },
    {
      ...{ name: 'open_intervals', title: say('retailer.energy.state') },
      show: ({ open }) =>
        open === 0 ? (
          <Badge tone='good'>{say('retailer.energy.final')}</Badge>
        ) : (
          <Badge tone='plain'>
            {count('retailer.energy.openCount', open, formats.count(open))}
          </Badge>
        ),
      value: ({ open }) => open,
    },
  ]
}

/** With the names that `busbar bills` gives its columns, so that it can be checked as a bill. */
export function useIntervalColumns(nameOf: NameOf): readonly Column<MeterEnergy>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const energies = useEnergyColumns<MeterEnergy>(formats.exactEnergy)
  return [
    {
      ...{ name: 'start', title: say('retailer.energy.start') },
      show: ({ interval }) =>
        formats.span(interval * intervalMs, (interval + 1) * intervalMs),
      value: ({ interval }) => isoOf(interval * intervalMs),
    },
    {
      ...{ name: 'meter', title: say('retailer.energy.meter') },
      show: ({ account, meter }) => (
        <>
          {nameOf(account)}, <span className='soft'>{say('retailer.meter', { meter })}</span>
        </>
      ),
      value: ({ meter }) => meter,
    },
    ...energies,
    {
      ...{ name: 'state', title: say('retailer.energy.state') },
      show: ({ isFinal, isEstimated }) => (
        <>
          {isEstimated ? <Badge tone='warn'>{say('retailer.energy.estimated')}</Badge> : null}{' '}
          <Badge tone={isFinal ? 'good' : 'plain'}>
            {say(isFinal ? 'retailer.energy.final' : 'retailer.energy.open')}
          </Badge>
        </>
      ),
      value: ({ isFinal, isEstimated }) =>
        `${isFinal ? 'final' : 'provisional'}${isEstimated ? ' estimated' : ''}`,
    },
  ]
}

/** Whole seconds, in UTC. */
export const isoOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`
