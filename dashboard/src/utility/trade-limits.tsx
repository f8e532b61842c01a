import type { DeliveryPage } from '@busbar/client'
import { WattHours } from '@busbar/core/units'
import type { TradeDelivery } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats } from '../app/market.tsx'
import { usePhases } from '../app/phases.ts'
import { useAct } from '../app/signing.tsx'
import { wattHoursOf } from '../lib/amounts.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Switch } from '../parts/parts.tsx'
import { SignForm, TypedField } from '../parts/sign-form.tsx'
import { Answered } from '../parts/states.tsx'
import {
  allOf,
  type OwnTrade,
  type ReadPage,
  type Signed,
  usePages,
} from '../retailer/retailer-data.ts'
import { useIntervalColumn } from '../retailer/trade-columns.tsx'
import { limitStarts } from './limit-starts.ts'

type Props = { readonly trade: OwnTrade<'utility'>; readonly signed: Signed }

/** What one trade owes in each interval, and the utility's word on it. */
export function TradeLimits({ trade, signed }: Props): ReactNode {
  const { say } = useTexts()
  const { delivering, open } = usePhases(5_000)
  const from = Math.max(trade.fromInterval, delivering)
  const name = `deliveries-${trade.trade}`
  const read: ReadPage<DeliveryPage> = (client, _own, query, options) =>
    client.trades.deliveries(trade.trade, { from, ...query }, options)
  const asked = usePages(signed, name, read)
  const columns = useColumns()
  const isOver = trade.endsAt <= open || trade.status !== 'agreed'
  return (
    <section className='inset' aria-label={say('utility.limits.of', { trade: trade.trade })}>
      <h3>{say('utility.limits.of', { trade: trade.trade })}</h3>
      {isOver ? (
        <p className='small soft'>{say('utility.limits.over')}</p>
      ) : (
        <Limit trade={trade} signed={signed} />
      )}
      <Answered asked={asked}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.deliveries)
          return rows.length === 0 ? (
            <p className='small soft'>{say('utility.deliveries.none')}</p>
          ) : (
            <DataTable
              title={say('utility.limits.of', { trade: trade.trade })}
              file={`trade-${trade.trade}`}
              columns={columns}
              rows={rows}
              keyOf={({ interval }) => interval}
              more={moreOf(asked)}
              all={allOf(signed, read, ({ deliveries }) => deliveries)}
            />
          )
        }}
      </Answered>
    </section>
  )
}

type Word = 'limit' | 'reject' | 'permit'

/** What is signed: a limit in each interval, none of it, or one's own earlier word taken back. */
function Limit({ trade, signed }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { intervalMs, open } = usePhases()
  const act = useAct<unknown>(signed.session)
  const [word, setWord] = useState<Word>('limit')
  const [chosen, setChosen] = useState<number>()
  const { starts, start } = limitStarts(trade, open, chosen)
  const [count, setCount] = useState('1')
  const [energy, setEnergy] = useState('')
  const [reason, setReason] = useState('')
  const most = wattHoursOf(energy)
  // One's own word takes the place of the one before: the most that there is limits nothing.
  const energyWh = { limit: most, reject: 0, permit: Number(WattHours.max) }[word]
  const intervals = /^\d{1,4}$/.test(count) ? Number(count) : 0
  const isWhole = energyWh !== undefined && intervals > 0 &&
    start + intervals <= trade.endsAt && (word === 'permit' || reason.trim() !== '')
  const send = async (): Promise<void> => {
    if (energyWh === undefined) return
    const content = {
      ...{ trade: trade.trade, fromInterval: start, intervals, energyWh },
      reason: reason.trim() === '' ? 'lifted' : reason.trim(),
    }
    await act.act(
      (signer) => signer.instruction('limit_delivery', content),
      (instruction, client) => client.instruct(instruction),
    )
  }
  return (
    <SignForm
      of={act}
      isWhole={isWhole}
      send={send}
      isMain
      hint={<p className='small soft wide'>{say(`utility.word.${word}.hint`)}</p>}
      done={say('utility.word.done')}
    >
      <div className='wide'>
        <Switch
          label={say('utility.word')}
          choices={(['limit', 'reject', 'permit'] as const).map((one) => [
            one, say(`utility.word.${one}`),
          ])}
          chosen={word}
          choose={setWord}
        />
      </div>
      <label className='field'>
        {say('utility.word.start')}
        <select value={start} onChange={({ target }) => setChosen(Number(target.value))}>
          {starts.map((interval) => (
            <option key={interval} value={interval}>
              {formats.moment(interval * intervalMs)}
            </option>
          ))}
        </select>
      </label>
      <TypedField
        {...{ title: say('utility.word.count'), mode: 'numeric', value: count, change: setCount }}
      />
      {word === 'limit' ? (
        <TypedField
          title={say('utility.word.energy')}
          value={energy}
          change={setEnergy}
          mode='decimal'
        />
      ) : null}
      <TypedField title={say('utility.word.reason')} value={reason} change={setReason} />
    </SignForm>
  )
}

function useColumns(): readonly Column<TradeDelivery>[] {
  const { say } = useTexts()
  const formats = useFormats()
  return [
    useIntervalColumn(),
    {
      ...{ name: 'contracted_wh', title: say('retailer.trade.contracted'), isNumber: true },
      show: ({ contractedWh }) => formats.exactEnergy(contractedWh),
      value: ({ contractedWh }) => contractedWh,
    },
    {
      ...{ name: 'obliged_wh', title: say('utility.through'), isNumber: true },
      show: ({ obligedWh }) => formats.exactEnergy(obligedWh),
      value: ({ obligedWh }) => obligedWh,
    },
    {
      ...{ name: 'reason', title: say('utility.word.reason') },
      show: ({ limit, contractedWh }) =>
        limit === null || limit.energyWh >= contractedWh ? '–' : (
          <>
            <Badge tone={limit.energyWh === 0 ? 'bad' : 'warn'}>
              {say(limit.energyWh === 0 ? 'utility.rejected' : 'utility.limited')}
            </Badge>
            <span className='factors'>{limit.reason}</span>
          </>
        ),
      value: ({ limit }) => limit?.reason ?? '',
    },
  ]
}
