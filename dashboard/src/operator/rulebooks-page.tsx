import type { Rulebooks } from '@busbar/protocols/api'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
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
  const formats = useFormats()
  const { rulebook, rulebookHash } = useMarket()
  const [pair, setPair] = useState<readonly [number, number]>([0, versions.length - 1])
  const [one, other] = pair.map((index) => versions[index]?.rulebook)
  return (
    <Card title={say('rules.title')}>
      <p className='soft'>{say('rules.hint')}</p>
      <div className='table-frame' tabIndex={0} role='region' aria-label={say('rules.title')}>
        <table>
          <thead>
            <tr>
              <th scope='col'>{say('rules.column.version')}</th>
              <th scope='col'>{say('rules.column.from')}</th>
              <th scope='col'>{say('rules.column.hash')}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map(({ fromInterval, hash, rulebook: { name, version } }) => (
              <tr key={hash}>
                <th scope='row'>
                  {`${name} ${version} `}
                  {hash === rulebookHash ? (
                    <Badge tone='good' icon='check'>{say('rules.holds')}</Badge>
                  ) : null}
                </th>
                <td>
                  {fromInterval === 0
                    ? say('rules.from.first')
                    : formats.moment(fromInterval * rulebook.intervalSeconds * 1_000)}
                </td>
                <td><Hash value={hash} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
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
