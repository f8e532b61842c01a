import type { WheelingPage } from '@busbar/client'
import type { WheelingLine } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useZoneName } from '../app/market.tsx'
import { usePhases } from '../app/phases.ts'
import { useAct } from '../app/signing.tsx'
import { microsOf } from '../lib/amounts.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Card, Figure, Note } from '../parts/parts.tsx'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
import { Answered } from '../parts/states.tsx'
import {
  allOf,
  type ReadPage,
  type Signed,
  useAccountNames,
  usePages,
} from '../retailer/retailer-data.ts'
import { useIntervalColumn } from '../retailer/trade-columns.tsx'
import { sumsByRetailer } from './schedule.ts'

/** What trades pay for the wires: by line, as retailers put it on their bills. */
export function WheelingCard(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = usePages(signed, 'wheeling', readWheeling, linesAtOnce)
  const nameOf = useAccountNames(
    (asked.data?.pages ?? []).flatMap((page) =>
      page.lines.flatMap(({ retailer }) => retailer ?? [])),
  )
  const columns = useColumns(nameOf)
  return (
    <Card title={say('utility.wheeling')}>
      <p className='small soft'>{say('utility.wheeling.hint')}</p>
      <Answered asked={asked} height={320}>
        {(data) => {
          const lines = data.pages.flatMap((page) => page.lines)
          const rates = data.pages.at(0)?.rates ?? []
          return (
            <>
              <Rates
                rates={rates}
                lines={lines}
                hasMore={asked.hasNextPage}
                nameOf={nameOf}
              />
              <SetRate signed={signed} />
              {lines.length === 0 ? (
                <Note tone='plain' title={say('utility.wheeling.empty')} />
              ) : (
                <DataTable
                  title={say('utility.wheeling')}
                  frame='plain'
                  file='wheeling'
                  columns={columns}
                  rows={lines}
                  keyOf={({ interval, meter }) => `${interval}/${meter}`}
                  more={moreOf(asked)}
                  all={allOf(signed, readWheeling, (page) => page.lines)}
                />
              )}
            </>
          )
        }}
      </Answered>
    </Card>
  )
}

/** Whole intervals come together, so that there may be a few more. */
const linesAtOnce = 16

const readWheeling: ReadPage<WheelingPage> = (client, account, query, options) =>
  client.trades.wheeling(account, query, options)

function Rates(props: {
  readonly rates: WheelingPage['rates']
  readonly lines: readonly WheelingLine[]
  readonly hasMore: boolean
  readonly nameOf: (account: number) => string
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { delivering, intervalMs } = usePhases()
  const { rates, lines, hasMore, nameOf } = props
  const current = rates.findLast(({ fromInterval }) => fromInterval <= delivering)
  const next = rates.find(({ fromInterval }) => fromInterval > delivering)
  const perKwh = (micros: number): string =>
    `${formats.exactPrice(micros)} ${say('auction.perKwh')}`
  return (
    <dl className='figures'>
      <Figure
        label={say('utility.rate')}
        value={current === undefined ? '–' : formats.exactPrice(current.microsPerKwh)}
        unit={say('auction.perKwh')}
        {...(next === undefined
          ? {}
          : {
              hint: say('utility.rate.next', {
                rate: perKwh(next.microsPerKwh),
                time: formats.moment(next.fromInterval * intervalMs),
              }),
            })}
      />
      {sumsByRetailer(lines).map(({ retailer, amountMicros }) => (
        <Figure
          key={retailer ?? 'none'}
          label={retailer === null
            ? say('utility.retailer.none')
            : say('utility.retailer', { name: nameOf(retailer) })}
          value={formats.money(amountMicros)}
          {...(hasMore ? { hint: say('utility.retailer.some') } : {})}
        />
      ))}
    </dl>
  )
}

function SetRate({ signed }: { readonly signed: Signed }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { openThrough, intervalMs } = usePhases()
  const act = useAct<unknown>(signed.session)
  const [rate, setRate] = useState('')
  const [sent, setSent] = useState(0)
  const microsPerKwh = microsOf(rate)
  const fromInterval = openThrough + 1
  const timeOf = (interval: number): string => formats.moment(interval * intervalMs)
  const send = async (): Promise<void> => {
    if (microsPerKwh === undefined) return
    // What was signed is said afterwards, however far the market has come by then.
    setSent(fromInterval)
    await act.act(
      (signer) => signer.instruction('set_wheeling', { fromInterval, microsPerKwh }),
      (instruction, client) => client.instruct(instruction),
    )
  }
  return (
    <SignForm
      of={act}
      isWhole={microsPerKwh !== undefined}
      send={send}
      done={say('utility.rate.done', { time: timeOf(sent) })}
    >
      <TypedField
        title={say('utility.rate.new', { time: timeOf(fromInterval) })}
        value={rate}
        change={setRate}
        mode='decimal'
        placeholder='0.012'
      />
    </SignForm>
  )
}

function useColumns(nameOf: (account: number) => string): readonly Column<WheelingLine>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const zoneName = useZoneName()
  return [
    useIntervalColumn(),
    {
      ...{ name: 'meter', title: say('retailer.energy.meter') },
      show: ({ zone, meter }) => `${zoneName(zone)}, ${say('retailer.meter', { meter })}`,
      value: ({ meter }) => meter,
    },
    {
      ...{ name: 'sold_wh', title: say('retailer.energy.sold'), isNumber: true },
      show: ({ soldWh }) => (soldWh === 0 ? '–' : formats.exactEnergy(soldWh)),
      value: ({ soldWh }) => soldWh,
    },
    {
      ...{ name: 'bought_wh', title: say('retailer.energy.bought'), isNumber: true },
      show: ({ boughtWh }) => (boughtWh === 0 ? '–' : formats.exactEnergy(boughtWh)),
      value: ({ boughtWh }) => boughtWh,
    },
    {
      ...{ name: 'amount_micros', title: say('why.column.amount'), isNumber: true },
      show: ({ amountMicros }) => formats.exactMoney(amountMicros),
      value: ({ amountMicros }) => amountMicros,
    },
    {
      ...{ name: 'retailer', title: say('page.retailer') },
      show: ({ retailer }) => (retailer === null ? '–' : nameOf(retailer)),
      value: ({ retailer }) => retailer,
    },
  ]
}
