import { type BillDraft, linesTable, runTable } from '@busbar/client/bills'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useFormats } from '../../app/market.tsx'
import { saveFile } from '../../lib/csv.ts'
import { type Column, DataTable, valuesOf } from '../../parts/data-table.tsx'
import { Card, Figure, Note } from '../../parts/parts.tsx'
import { type BillSums, sumsOfBill } from './bills-data.ts'
import { OneBill } from './one-bill.tsx'

/** All bills of a period, one a line; each opens to its own lines. */
export function BillTable({ draft }: { readonly draft: BillDraft }): ReactNode {
  const { say } = useTexts()
  const { run } = draft
  const rows = run.bills.map(sumsOfBill)
  const [opened, setOpened] = useState<number>()
  const columns = useColumns(opened, setOpened)
  const bill = run.bills.find(({ account }) => account === opened)
  const name = `${run.period.from}-${run.period.through}`
  const save = (file: string, text: string): void => saveFile(file, 'text/csv', text)
  return (
    <>
      <Card title={say('bills.all')}>
        <Extent draft={draft} />
        <Totals rows={rows} />
        <DataTable
          title={say('bills.all')}
          file={`bill-sums-${name}`}
          columns={columns.filter(isSaid(rows))}
          saved={() => valuesOf(columns, rows)}
          rows={rows}
          keyOf={({ account }) => account}
          beside={
            <>
              <button
                type='button'
                className='button quiet'
                onClick={() => save(`bills-${name}.csv`, runTable(run))}
              >
                {say('bills.save')}
              </button>
              <button
                type='button'
                className='button quiet'
                onClick={() => save(`bill-lines-${name}.csv`, linesTable(run))}
              >
                {say('bills.save.lines')}
              </button>
            </>
          }
        />
      </Card>
      {bill === undefined ? null : <OneBill key={bill.account} bill={bill} run={run} />}
    </>
  )
}

/** A figure that no bill of the period has takes no room; the file has them all. */
const isSaid = (rows: readonly BillSums[]) => ({ isNumber, value }: Column<BillSums>): boolean =>
  isNumber !== true || rows.some((row) => value?.(row) !== 0)

/** How much of the period is billed, and what is not. */
function Extent({ draft }: { readonly draft: BillDraft }): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const { intervals, final, open } = draft
  if (final === intervals) return <p className='small soft'>{say('bills.whole')}</p>
  return (
    <Note tone='plain' icon='wait' title={say('bills.draft')}>
      <p>
        {say('bills.draft.extent', {
          final: count(final), all: count(intervals), open: count(open),
        })}
      </p>
    </Note>
  )
}

function Totals({ rows }: { readonly rows: readonly BillSums[] }): ReactNode {
  const { say } = useTexts()
  const { money, energy } = useFormats()
  const sum = (of: (one: BillSums) => number): number =>
    rows.reduce((all, one) => all + of(one), 0)
  return (
    <dl className='figures' data-payable={sum(({ payableMicros }) => payableMicros)}>
      <Figure
        label={say('bills.payable')}
        value={money(sum(({ payableMicros }) => payableMicros))}
        hint={say('bills.payable.hint')}
      />
      <Figure
        label={say('retailer.energy.left')}
        value={energy(sum(({ billedImportWh }) => billedImportWh))}
        hint={money(sum(({ energyMicros }) => energyMicros))}
      />
      <Figure
        label={say('bills.feedIn')}
        value={energy(sum(({ billedExportWh }) => billedExportWh))}
        hint={money(sum(({ feedInMicros }) => feedInMicros))}
      />
      <Figure
        label={say('retailer.energy.traded')}
        value={energy(sum(({ soldWh, boughtWh }) => soldWh + boughtWh))}
        hint={say('retailer.energy.traded.hint', {
          sold: energy(sum(({ soldWh }) => soldWh)),
          bought: energy(sum(({ boughtWh }) => boughtWh)),
        })}
        tone='is-self'
      />
    </dl>
  )
}

type EnergyField = keyof BillSums & `${string}Wh`
type MoneyField = keyof BillSums & `${string}Micros`

const energies = [
  ['importedWh', 'imported_wh', 'retailer.energy.metered'],
  ['exportedWh', 'exported_wh', 'retailer.energy.injected'],
  ['boughtWh', 'bought_wh', 'retailer.energy.bought'],
  ['soldWh', 'sold_wh', 'retailer.energy.sold'],
  ['auctionWh', 'auction_wh', 'retailer.energy.auction'],
  ['billedImportWh', 'billed_import_wh', 'retailer.energy.leftImport'],
  ['billedExportWh', 'billed_export_wh', 'retailer.energy.leftExport'],
] as const satisfies readonly (readonly [EnergyField, string, string])[]

const amounts = [
  ['energyMicros', 'energy_micros', 'bills.energy'],
  ['feedInMicros', 'feed_in_micros', 'bills.feedIn'],
  ['wheelingMicros', 'wheeling_micros', 'retailer.energy.wheeling'],
  ['feeMicros', 'fee_micros', 'bills.fees'],
  ['fineMicros', 'fine_micros', 'bills.fines'],
] as const satisfies readonly (readonly [MoneyField, string, string])[]

const carried = [
  ['carriedInMicros', 'carried_in_micros', 'bills.carriedIn'],
  ['carriedOutMicros', 'carried_out_micros', 'bills.carriedOut'],
] as const satisfies readonly (readonly [MoneyField, string, string])[]

function useColumns(
  opened: number | undefined,
  open: (account: number | undefined) => void,
): readonly Column<BillSums>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const figure = <Field extends EnergyField | MoneyField>(
    [field, name, title]: readonly [Field, string, Parameters<typeof say>[0]],
    write: (value: number) => string,
  ): Column<BillSums> => ({
    ...{ name, title: say(title), isNumber: true },
    show: (row) => (row[field] === 0 ? '–' : write(row[field])),
    value: (row) => row[field],
  })
  return [
    {
      ...{ name: 'account', title: say('retailer.customer.name') },
      show: ({ account, name }) => (
        <button
          type='button'
          className='button'
          aria-expanded={account === opened}
          onClick={() => open(account === opened ? undefined : account)}
        >
          {name === '' ? account : name}
        </button>
      ),
      value: ({ account }) => account,
    },
    // First what everybody asks for; the rest is how it came to be.
    {
      ...{ name: 'payable_micros', title: say('bills.payable'), isNumber: true },
      show: ({ payableMicros }) => <strong>{formats.money(payableMicros)}</strong>,
      value: ({ payableMicros }) => payableMicros,
    },
    ...energies.map((one) => figure(one, formats.energy)),
    ...amounts.map((one) => figure(one, formats.money)),
    ...carried.map((one) => figure(one, formats.exactMoney)),
  ]
}
