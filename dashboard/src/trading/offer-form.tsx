import { resolveLadder, usualTerms } from '@busbar/client'
import type { AccountDetail } from '@busbar/protocols/api'
import { sources, type Source } from '@busbar/core/trades'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { ActNote, useAct } from '../app/signing.tsx'
import { Switch } from '../parts/parts.tsx'
import type { Session } from '../session/session.ts'
import { wattHoursOf } from './amounts.ts'
import { LadderSteps } from './ladder-steps.tsx'
import { worthOf } from './ladder-worth.ts'
import { lookIn, readLadder } from './offer-content.ts'
import { useOpenIntervals } from './trading-data.ts'

/** So many windows are offered to begin with, and these lengths. */
const startsShown = 48
const lengths = [1, 2, 4, 8, 16, 48, 96]

/** What is written in the form so far. */
type Draft = {
  readonly side: 'buy' | 'sell'
  readonly source: Source
  readonly from: number | undefined
  readonly length: number
  readonly energy: string
  readonly ladder: string
}

const blank: Draft = {
  ...{ side: 'buy', source: 'any', from: undefined, length: 4 },
  ...{ energy: '200 Wh', ladder: 'anyone@0.20' },
}

/** A new offer: its ladder is written in plain terms, and told in words while it is written. */
export function OfferForm(props: {
  readonly session: Session
  readonly detail: AccountDetail
  readonly tariff: Parameters<typeof worthOf>[3]
}): ReactNode {
  const { say } = useTexts()
  const market = useMarket()
  const { client } = useServices()
  const { rulebook } = market
  const act = useAct<unknown>(props.session)
  const starts = useOpenIntervals(startsShown, rulebook.trades?.horizonIntervals ?? 0)
  const [draft, setDraft] = useState(blank)
  const steps = readLadder(draft.ladder)
  const energyWh = wattHoursOf(draft.energy)
  const meter = props.detail.meters.find(({ kind }) => kind === 'physical')
  const fromInterval = draft.from ?? starts[0]
  const canPlace =
    typeof steps !== 'string' && energyWh !== undefined && meter !== undefined &&
    fromInterval !== undefined
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!canPlace) return
    const { side, length } = draft
    void act.act(
      async (signer) => signer.instruction('place_offer', {
        ...{ meter: meter.meter, side, source: side === 'sell' ? draft.source : 'any' },
        ...{ fromInterval, intervals: length, energyWhPerInterval: energyWh },
        ladder: await resolveLadder(steps, lookIn(client, market)),
        ...usualTerms(market),
        expiresAt: (fromInterval * rulebook.intervalSeconds - rulebook.gateLeadSeconds) * 1_000,
      }),
      (signed, reader) => reader.instruct(signed),
    )
  }
  return (
    <form className='ticket' onSubmit={submit} noValidate>
      <h3 className='whole'>{say('offers.new')}</h3>
      <Fields draft={draft} change={(part) => setDraft({ ...draft, ...part })} starts={starts} />
      <LadderField draft={draft} change={(part) => setDraft({ ...draft, ...part })} steps={steps} />
      <Words steps={steps} draft={draft} energyWh={energyWh ?? 0} tariff={props.tariff} />
      <button type='submit' className='button main' disabled={!canPlace}>
        {say('offers.place')}
      </button>
      <div className='whole'>
        <ActNote of={act} done={say('offers.placed')} />
      </div>
    </form>
  )
}

type FieldProps = {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
}

function Fields(props: FieldProps & { readonly starts: readonly number[] }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { draft, change, starts } = props
  const intervalMs = rulebook.intervalSeconds * 1_000
  return (
    <>
      <Switch
        label={say('order.side')}
        choices={[['buy', say('order.buy')], ['sell', say('order.sell')]]}
        chosen={draft.side}
        choose={(side) => change({ side })}
      />
      <label className='field'>
        {say('offers.from')}
        <select
          value={draft.from ?? starts[0]}
          onChange={({ target }) => change({ from: Number(target.value) })}
        >
          {starts.map((start) => (
            <option key={start} value={start}>{formats.moment(start * intervalMs)}</option>
          ))}
        </select>
      </label>
      <label className='field'>
        {say('offers.length')}
        <select
          value={draft.length}
          onChange={({ target }) => change({ length: Number(target.value) })}
        >
          {lengths.map((one) => (
            <option key={one} value={one}>
              {say('offers.minutes', { minutes: formats.count((one * intervalMs) / 60_000) })}
            </option>
          ))}
        </select>
      </label>
      <label className='field'>
        {say('trades.energy.each')}
        <input
          value={draft.energy}
          aria-invalid={wattHoursOf(draft.energy) === undefined}
          autoComplete='off'
          onChange={({ target }) => change({ energy: target.value })}
        />
      </label>
      {draft.side === 'sell' ? (
        <label className='field'>
          {say('offers.source')}
          <select
            value={draft.source}
            onChange={({ target }) => change({ source: target.value as Source })}
          >
            {sources.map((one) => <option key={one} value={one}>{say(`source.${one}`)}</option>)}
          </select>
        </label>
      ) : null}
    </>
  )
}

function LadderField(props: FieldProps & {
  readonly steps: ReturnType<typeof readLadder>
}): ReactNode {
  const { say } = useTexts()
  return (
    <label className='field whole'>
      {say('ladder.label')}
      <textarea
        rows={2}
        value={props.draft.ladder}
        spellCheck={false}
        aria-invalid={typeof props.steps === 'string'}
        onChange={({ target }) => props.change({ ladder: target.value })}
      />
      <span>{say('ladder.form')}</span>
    </label>
  )
}

/** The ladder in words with its worth, or what is wrong with it. */
function Words(props: {
  readonly steps: ReturnType<typeof readLadder>
  readonly draft: Draft
  readonly energyWh: number
  readonly tariff: Parameters<typeof worthOf>[3]
}): ReactNode {
  const { say } = useTexts()
  const { steps, draft, energyWh, tariff } = props
  if (typeof steps === 'string') {
    return (
      <p role='status' className='is-bad small whole'>
        {say('ladder.wrong', { detail: steps })}
      </p>
    )
  }
  const worths = worthOf(steps, draft.side, energyWh * draft.length, tariff)
  return (
    <div className='whole'>
      <LadderSteps
        steps={steps}
        names={new Map()}
        worths={worths.map(({ worthMicros }) => worthMicros)}
      />
    </div>
  )
}
