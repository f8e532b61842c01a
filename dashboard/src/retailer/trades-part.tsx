import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { tradeReasonSaid } from '../lib/sentences.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Card, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import {
  allTrades,
  type OwnTrade,
  tradesIn,
  useAccountNames,
  useTrades,
  type Signed,
} from './retailer-data.ts'
import type { Texts } from '../texts/texts.ts'
import { useTradeColumns } from './trade-columns.tsx'

type Row = OwnTrade<'retailer'>

/** Customers' trades: their own side. */
export function TradesPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = useTrades(signed)
  const known = asked.data === undefined ? [] : tradesIn(asked.data, 'retailer')
  const columns = useColumns(useAccountNames(known.map(({ account }) => account)))
  return (
    <Card title={say('retailer.trades.title')}>
      <p className='small soft'>{say('retailer.trades.hint')}</p>
      <Answered asked={asked} height={420}>
        {(data) => {
          const rows = tradesIn(data, 'retailer')
          if (rows.length === 0) {
            return (
              <Note tone='plain' title={say('retailer.trades.empty')}>
                <p>{say('retailer.trades.empty.next')}</p>
              </Note>
            )
          }
          return (
            <DataTable
              title={say('retailer.part.trades')}
              file='trades'
              columns={columns}
              rows={rows}
              keyOf={({ trade }) => trade}
              more={moreOf(asked)}
              all={allTrades(signed, 'retailer')}
            />
          )
        }}
      </Answered>
    </Card>
  )
}

export const tradeTones: Readonly<Record<Row['status'], Tone>> = {
  ...{ invited: 'plain', agreed: 'good', completed: 'plain', declined: 'plain' },
  ...{ withdrawn: 'plain', expired: 'plain', cancelled: 'plain', exited: 'warn' },
  terminated: 'bad',
}

function useColumns(nameOf: (account: number) => string): readonly Column<Row>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const common = useTradeColumns<Row>()
  return [
    common.number,
    {
      ...{ name: 'customer', title: say('retailer.customer.name') },
      show: ({ account, meter }) => (
        <>
          {nameOf(account)}, <span className='soft'>{say('retailer.meter', { meter })}</span>
        </>
      ),
      value: ({ account }) => account,
    },
    {
      ...{ name: 'side', title: say('retailer.trade.side') },
      show: ({ side }) => (
        <strong className={side === 'buy' ? 'is-buy' : 'is-sell'}>
          {say(`retailer.trade.${side}`)}
        </strong>
      ),
      value: ({ side }) => side,
    },
    ...[common.window, common.contracted],
    {
      ...{ name: 'delivered_wh', title: say('retailer.trade.delivered'), isNumber: true },
      show: ({ deliveredWh }) => formats.energy(deliveredWh),
      value: ({ deliveredWh }) => deliveredWh,
    },
    {
      ...{ name: 'rail', title: say('retailer.trade.rail') },
      show: ({ rail }) => say(`rail.${rail}`),
      value: ({ rail }) => rail,
    },
    {
      ...{ name: 'status', title: say('retailer.trade.status') },
      show: ({ status, reason }) => (
        <>
          <Badge tone={tradeTones[status]}>{say(`trade.status.${status}`)}</Badge>
          {reason === '' ? null : (
            <span className='factors small soft'>{reasonText(reason, say)}</span>
          )}
        </>
      ),
      value: ({ status }) => status,
    },
  ]
}

function reasonText(reason: string, say: Texts['say']): string {
  const said = tradeReasonSaid(reason)
  if (said === undefined) return say('trade.reason.unknown', { reason })
  return say(`trade.reason.${said.name}`)
}
