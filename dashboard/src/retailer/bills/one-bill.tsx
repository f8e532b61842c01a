import {
  type Bill,
  type BillLine,
  type BillRun,
  billTable,
  intervalTable,
  microsPerCent,
  planAsSet,
} from '@busbar/client/bills'
import type { ReactNode } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useFormats } from '../../app/market.tsx'
import { saveFile } from '../../lib/csv.ts'
import { type Column, shown, Table } from '../../parts/data-table.tsx'
import { Card } from '../../parts/parts.tsx'
import { pathOf } from '../../route/pages.ts'
import { goTo } from '../../route/router.tsx'
import { handLines } from '../handed-lines.ts'

/** A line as it is drawn: with what was carried, and the sum of all. */
type Row = Omit<BillLine, 'kind'> & {
  readonly kind: BillLine['kind'] | 'carried_in' | 'carried_out' | 'payable'
}

const plain = { text: '', meter: null, utility: null, energy: null, price: null } as const

/** One customer's bill, line by line, and the way to hold it against proofs. */
export function OneBill(props: { readonly bill: Bill; readonly run: BillRun }): ReactNode {
  const { say } = useTexts()
  const { bill, run } = props
  const { account, name, lines, carriedIn, carriedOut, payableCents } = bill
  const rows: readonly Row[] = [
    ...lines,
    { ...plain, kind: 'carried_in', amount: carriedIn },
    { ...plain, kind: 'carried_out', amount: -carriedOut as typeof carriedOut },
    { ...plain, kind: 'payable', amount: (payableCents * microsPerCent) as typeof carriedOut },
  ]
  const columns = useColumns()
  const file = `${account}-${name}-${run.period.from}`
  const title = say('bills.of', { name: name === '' ? String(account) : name })
  const check = (): void => {
    handLines(intervalTable(bill, run))
    goTo(pathOf('retailerCheck'))
  }
  const save = (what: string, text: string): void =>
    saveFile(`${what}-${file}.csv`, 'text/csv', text)
  return (
    <Card title={title}>
      <p className='small soft'>
        {bill.plan.name === planAsSet
          ? say('bills.plan.set')
          : say('bills.plan', { plan: bill.plan.name })}
      </p>
      <Table title={title} columns={columns} rows={rows} keyOf={keyOf} />
      <div className='row'>
        {bill.intervals.length === 0 ? null : (
          <button type='button' className='button main' onClick={check}>
            {say('bills.check')}
          </button>
        )}
        <button
          type='button'
          className='button quiet'
          onClick={() => save('bill', billTable(bill))}
        >
          {say('bills.save.bill')}
        </button>
        <button
          type='button'
          className='button quiet'
          onClick={() => save('intervals', intervalTable(bill, run))}
        >
          {say('bills.save.intervals')}
        </button>
      </div>
    </Card>
  )
}

const keyOf = ({ kind, meter, text, utility, price }: Row): string =>
  [kind, meter, text, utility, price].join(' ')

function useColumns(): readonly Column<Row>[] {
  const { say } = useTexts()
  const formats = useFormats()
  return [
    { name: 'kind', title: say('bills.line'), show: ({ kind }) => say(`bills.line.${kind}`) },
    { name: 'text', title: say('bills.line.text'), show: ({ text }) => text },
    {
      ...{ name: 'meter', title: say('retailer.energy.meter'), isNumber: true },
      show: ({ meter }) => meter ?? '–',
    },
    {
      ...{ name: 'energy', title: say('bills.energy'), isNumber: true },
      show: ({ energy }) =>
        shown(energy === null ? null : Number(energy), formats.exactEnergy),
    },
    {
      ...{ name: 'price', title: say('bills.price'), isNumber: true },
      show: ({ price }) => shown(price === null ? null : Number(price), formats.exactPrice),
    },
    {
      ...{ name: 'amount', title: say('retailer.amount'), isNumber: true },
      show: ({ kind, amount }) =>
        kind === 'payable'
          ? <strong>{formats.money(Number(amount))}</strong>
          : formats.exactMoney(Number(amount)),
    },
  ]
}
