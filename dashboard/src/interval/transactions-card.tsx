import { bilateralZone } from '@busbar/core/exchange'
import type { ChainTransaction, PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'
import { transactionSaid } from '../lib/sentences.ts'
import { transactionColumns } from '../lib/tables.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Hash, type Tone } from '../parts/parts.tsx'

/** What the chain was told of an interval, in order. */
export function TransactionsCard({ interval }: { readonly interval: PublicInterval }): ReactNode {
  const { say } = useTexts()
  const { commitment, proof, runs } = interval
  const all = [commitment, proof.transaction, ...runs.flatMap(({ transactions }) => transactions)]
    .filter((one) => one !== null)
  return (
    <Card title={say('interval.transactions')}>
      {all.length === 0 ? (
        <p className='soft'>{say('interval.transactions.none')}</p>
      ) : (
        <Transactions transactions={all} />
      )}
    </Card>
  )
}

const tones: Readonly<Record<ChainTransaction['status'], Tone>> = {
  queued: 'plain',
  signed: 'plain',
  sent: 'plain',
  mined: 'plain',
  final: 'good',
  failed: 'bad',
}

export function Transactions(props: {
  readonly transactions: readonly ChainTransaction[]
}): ReactNode {
  const { say } = useTexts()
  const { count } = useFormats()
  const zoneName = useZoneName()
  const whereOf = (zone: number): string =>
    zone === bilateralZone
      ? say('interval.contracts')
      : say('transaction.zone', { zone: zoneName(zone) })
  const shown = (value: number | null): string => (value === null ? '–' : count(value))
  const columns: readonly Column<ChainTransaction>[] = [
    {
      ...{ name: 'what', title: say('interval.transaction.what') },
      show: ({ description }) => {
        const found = transactionSaid(description)
        if (found === undefined) return description
        const where = whereOf(Number(found.values['zone']))
        return say(`transaction.what.${found.name}`, { ...found.values, where })
      },
    },
    {
      ...{ name: 'status', title: say('interval.transaction.status') },
      show: ({ status }) => <Badge tone={tones[status]}>{say(`transaction.${status}`)}</Badge>,
    },
    {
      ...{ name: 'hash', title: say('interval.transaction.hash') },
      show: ({ txHash }) => (txHash === null ? '–' : <Hash value={txHash} />),
    },
    {
      ...{ name: 'block', title: say('interval.transaction.block'), isNumber: true },
      show: ({ blockNumber }) => shown(blockNumber),
    },
    {
      ...{ name: 'gas', title: say('interval.transaction.gas'), isNumber: true },
      show: ({ gasUsed }) => shown(gasUsed),
    },
  ]
  const { transactions } = props
  return (
    <DataTable
      title={say('interval.transactions')}
      frame='plain'
      columns={columns}
      rows={transactions}
      keyOf={(one) => one.txHash ?? transactions.indexOf(one)}
      file='busbar-transactions'
      saved={() => transactionColumns(transactions)}
    />
  )
}
