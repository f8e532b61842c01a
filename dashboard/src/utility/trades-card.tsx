import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useZoneName } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Card, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import {
  allTrades,
  type OwnTrade,
  type Signed,
  tradesIn,
  useTrades,
} from '../retailer/retailer-data.ts'
import { useTradeColumns } from '../retailer/trade-columns.tsx'
import { TradeLimits } from './trade-limits.tsx'

type Row = OwnTrade<'utility'>

/** Trades over the utility's wires, and what of each it lets through. */
export function TradesCard(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = useTrades(signed)
  const [chosen, setChosen] = useState<number>()
  const columns = useColumns(chosen, setChosen)
  return (
    <Card title={say('utility.trades')}>
      <p className='small soft'>{say('utility.trades.hint')}</p>
      <Answered asked={asked} height={320}>
        {(data) => {
          const rows = tradesIn(data, 'utility')
          const shown = rows.find(({ trade }) => trade === chosen)
          if (rows.length === 0) {
            return (
              <Note tone='plain' title={say('utility.trades.empty')}>
                <p>{say('utility.trades.empty.next')}</p>
              </Note>
            )
          }
          return (
            <>
              {shown === undefined ? null : (
                <TradeLimits key={shown.trade} trade={shown} signed={signed} />
              )}
              <DataTable
                title={say('utility.trades')}
                file='trades-over-wires'
                columns={columns}
                rows={rows}
                keyOf={({ trade }) => trade}
                more={moreOf(asked)}
                all={allTrades(signed, 'utility')}
              />
            </>
          )
        }}
      </Answered>
    </Card>
  )
}

const tones: Partial<Readonly<Record<Row['status'], Tone>>> = {
  ...{ agreed: 'good', exited: 'warn', terminated: 'bad' },
}

function useColumns(
  chosen: number | undefined,
  choose: (trade: number | undefined) => void,
): readonly Column<Row>[] {
  const { say } = useTexts()
  const common = useTradeColumns<Row>()
  const zoneName = useZoneName()
  const place = (zone: number | null, meter: number | null): string =>
    zone === null || meter === null
      ? say('utility.elsewhere')
      : `${zoneName(zone)}, ${say('retailer.meter', { meter })}`
  return [
    common.number,
    {
      ...{ name: 'seller_meter', title: say('utility.from') },
      show: ({ sellerZone, sellerMeter }) => place(sellerZone, sellerMeter),
      value: ({ sellerMeter }) => sellerMeter,
    },
    {
      ...{ name: 'buyer_meter', title: say('utility.to') },
      show: ({ buyerZone, buyerMeter }) => place(buyerZone, buyerMeter),
      value: ({ buyerMeter }) => buyerMeter,
    },
    ...[common.window, common.contracted],
    {
      ...{ name: 'status', title: say('retailer.trade.status') },
      show: ({ status }) => (
        <Badge tone={tones[status] ?? 'plain'}>{say(`trade.status.${status}`)}</Badge>
      ),
      value: ({ status }) => status,
    },
    {
      ...{ name: 'open', title: say('utility.limits') },
      show: ({ trade }) => (
        <button
          type='button'
          className='button small'
          aria-expanded={trade === chosen}
          aria-label={say('utility.open', { trade })}
          onClick={() => choose(trade === chosen ? undefined : trade)}
        >
          {say('utility.open.shown')}
        </button>
      ),
    },
  ]
}
