import type { ChainTransaction, PublicInterval } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { transactionColumns } from '../lib/tables.ts'
import { CsvButton } from '../parts/csv-button.tsx'
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
  const columns = ['what', 'status', 'hash', 'block', 'gas'] as const
  const isNumber = (column: string): boolean => column === 'block' || column === 'gas'
  const shown = (value: number | null): string => (value === null ? '–' : count(value))
  return (
    <>
      <div
        className='table-frame'
        tabIndex={0}
        role='region'
        aria-label={say('interval.transactions')}
      >
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope='col' className={isNumber(column) ? 'number' : ''}>
                  {say(`interval.transaction.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {props.transactions.map((one, index) => (
              <tr key={one.txHash ?? index}>
                <th scope='row'>{one.description}</th>
                <td>
                  <Badge tone={tones[one.status]}>{say(`transaction.${one.status}`)}</Badge>
                </td>
                <td>{one.txHash === null ? '–' : <Hash value={one.txHash} />}</td>
                <td className='number'>{shown(one.blockNumber)}</td>
                <td className='number'>{shown(one.gasUsed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CsvButton
        name='busbar-transactions'
        columns={() => transactionColumns(props.transactions)}
      />
    </>
  )
}
