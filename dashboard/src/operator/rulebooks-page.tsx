import type { Rulebooks } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { Badge, Card, Hash, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { Comparison } from './comparison.tsx'
import { NewRules } from './new-rules.tsx'
import { OperatorFrame } from './operator-frame.tsx'
import { ProposalsCard } from './proposals-card.tsx'

type Version = Rulebooks['rulebooks'][number]

/** Which rules hold and held, how two of them differ, and what others would have done. */
export default function RulebooksPage(): ReactNode {
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.rulebooks,
    queryFn: ({ signal }) => client.operator.rulebooks({ signal }),
  })
  return (
    <OperatorFrame page='operatorRulebooks'>
      {(session) => (
        <Answered asked={asked} height={420}>
          {({ rulebooks }) => (
            <>
              <Versions versions={rulebooks} />
              <NewRules session={session} last={rulebooks.at(-1)?.rulebook} />
              <ProposalsCard session={session} />
            </>
          )}
        </Answered>
      )}
    </OperatorFrame>
  )
}

function Versions({ versions }: { readonly versions: readonly Version[] }): ReactNode {
  const { say } = useTexts()
  const columns = useColumns()
  const [pair, setPair] = useState<readonly [number, number]>([0, versions.length - 1])
  const [one, other] = pair.map((index) => versions[index]?.rulebook)
  return (
    <Card title={say('rules.title')}>
      <p className='soft'>{say('rules.hint')}</p>
      <DataTable
        title={say('rules.title')}
        frame='plain'
        columns={columns}
        rows={versions}
        keyOf={({ hash }) => hash}
        file='rules'
      />
      {versions.length < 2 ? (
        <Note tone='plain' title={say('rules.only')} />
      ) : (
        <div className='grid two'>
          {([0, 1] as const).map((side) => (
            <label key={side} className='field'>
              {say(side === 0 ? 'rules.compare' : 'rules.with')}
              <select
                value={pair[side]}
                onChange={({ target }) => {
                  const chosen = Number(target.value)
                  setPair(side === 0 ? [chosen, pair[1]] : [pair[0], chosen])
                }}
              >
                {versions.map(({ hash, rulebook: { name, version } }, index) => (
                  <option key={hash} value={index}>{`${name} ${version}`}</option>
                ))}
              </select>
            </label>
          ))}
        </div>
      )}
      {one === undefined || other === undefined || versions.length < 2 ? null : (
        <Comparison one={one} other={other} />
      )}
    </Card>
  )
}

function useColumns(): readonly Column<Version>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook, rulebookHash } = useMarket()
  const intervalMs = rulebook.intervalSeconds * 1_000
  return [
    {
      ...{ name: 'version', title: say('rules.column.version') },
      show: ({ hash, rulebook: { name, version } }) => (
        <>
          {`${name} ${version} `}
          {hash === rulebookHash ? (
            <Badge tone='good' icon='check'>{say('rules.holds')}</Badge>
          ) : null}
        </>
      ),
      value: ({ rulebook: { name, version } }) => `${name} ${version}`,
    },
    {
      ...{ name: 'from_interval', title: say('rules.column.from') },
      show: ({ fromInterval }) =>
        fromInterval === 0 ? say('rules.from.first') : formats.moment(fromInterval * intervalMs),
      value: ({ fromInterval }) => fromInterval,
    },
    {
      ...{ name: 'hash', title: say('rules.column.hash') },
      show: ({ hash }) => <Hash value={hash} />,
      value: ({ hash }) => hash,
    },
  ]
}
