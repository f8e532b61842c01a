import { bilateralZone } from '@busbar/core/exchange'
import type { IntervalTallies } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../../app/language.tsx'
import { useFormats, useMarket, useZoneName } from '../../app/market.tsx'
import { useServices } from '../../app/services.tsx'
import { keys } from '../../live/keys.ts'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { Hash } from '../../parts/parts.tsx'
import { Answered } from '../../parts/states.tsx'
import { pathOf } from '../../route/pages.ts'
import { Link } from '../../route/router.tsx'
import { StateBadge } from './state-badge.tsx'

type Tally = IntervalTallies['runs'][number]

/** Where the books stood at each run of an interval, figure by figure. */
export function HistoryInterval({ interval }: { readonly interval: number }): ReactNode {
  const { client } = useServices()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const asked = useQuery({
    queryKey: keys.tallies(interval),
    queryFn: ({ signal }) => client.books.interval(interval, { signal }),
  })
  return (
    <section className='inset' aria-live='polite' data-book-interval={interval}>
      <h3>{formats.moment(interval * intervalMs)}</h3>
      <Answered asked={asked} height={200}>
        {({ runs }) => <Runs interval={interval} runs={runs} />}
      </Answered>
    </section>
  )
}

function Runs(props: { readonly interval: number; readonly runs: readonly Tally[] }): ReactNode {
  const { say } = useTexts()
  const columns = useColumns(props.interval)
  return (
    <DataTable
      title={say('books.runs')}
      frame='turned'
      columns={columns}
      rows={props.runs}
      keyOf={({ sequence }) => sequence}
      file={`busbar-books-${props.interval}`}
    />
  )
}

function useColumns(interval: number): readonly Column<Tally>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const nameOf = useZoneName()
  const zoneName = (zone: number): string =>
    zone === bilateralZone ? say('books.trades') : nameOf(zone)
  const money = (
    name: string,
    title: string,
    of: (tally: Tally) => number | null,
  ): Column<Tally> => ({
    ...{ name: `${name}_micros`, title, isNumber: true, value: of },
    show: (tally) => {
      const value = of(tally)
      return value === null ? '–' : formats.exactMoney(value)
    },
  })
  const energy = (name: string, title: string, of: (tally: Tally) => number): Column<Tally> => ({
    ...{ name: `${name}_wh`, title, isNumber: true, value: of },
    show: (tally) => formats.exactEnergy(of(tally)),
  })
  return [
    {
      ...{ name: 'zone', title: say('books.zone') },
      show: ({ zone, run }) => {
        const words = `${zoneName(zone)}, ${say('books.run', { run: formats.count(run + 1) })}`
        if (zone === bilateralZone) return words
        return <Link to={pathOf('interval', { zone, interval })}>{words}</Link>
      },
      value: ({ zone }) => zone,
    },
    {
      ...{ name: 'run', title: say('books.entry') },
      show: ({ sequence }) => formats.count(sequence),
      value: ({ run }) => run,
    },
    {
      ...{ name: 'state', title: say('intervals.column.state') },
      show: ({ state }) => <StateBadge state={state} />,
      value: ({ state }) => state,
    },
    energy('in', say('interval.energy.in'), into),
    energy('out', say('interval.energy.out'), outOf),
    energy('metered_out', say('books.metered.out'), ({ meters }) => meters.exportedWh),
    energy('metered_in', say('books.metered.in'), ({ meters }) => meters.importedWh),
    energy('unexplained', say('books.unexplained.energy'), ({ meters }) => meters.unexplainedWh),
    money('balances', say('audit.money.balances'), (one) => one.money.balancesMicros),
    money('outside', say('books.outside'), (one) => one.money.outsideMicros),
    money('posted', say('books.posted'), (one) => one.money.postedMicros),
    money('unexplained', say('books.unexplained.money'), (one) => one.money.unexplainedMicros),
    money('custody', say('audit.chain.custody'), ({ chain }) => chain?.custodyMicros ?? null),
    money('ledger', say('books.ledger.then'), ({ chain }) => chain?.ledgerMicros ?? null),
    {
      ...{ name: 'has_roots', title: say('books.roots') },
      show: ({ chain, isFailed, postingsRoot }) => (
        <>
          {say(`books.roots.${rootsOf(chain, isFailed)}`)} <Hash value={postingsRoot} />
        </>
      ),
      value: ({ chain, isFailed }) => rootsOf(chain, isFailed),
    },
  ]
}

const rootsOf = (chain: Tally['chain'], isFailed: boolean): 'yes' | 'no' | 'failed' | 'waiting' => {
  if (isFailed) return 'failed'
  if (chain === null) return 'waiting'
  return chain.hasRoots ? 'yes' : 'no'
}

const into = ({ energy }: Tally): number =>
  energy.injectedWh + energy.importedWh + energy.imbalanceBoughtWh + energy.tradeBoughtWh

const outOf = ({ energy }: Tally): number =>
  energy.consumedWh + energy.exportedWh + energy.imbalanceSoldWh + energy.tradeSoldWh
