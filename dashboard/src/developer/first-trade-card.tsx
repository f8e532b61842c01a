import type { Market } from '@busbar/protocols/api'
import { type ReactNode, useState } from 'react'
import { useTexts } from '../app/language.tsx'
import { useMarket } from '../app/market.tsx'
import { Card, CopyButton, Switch } from '../parts/parts.tsx'
import contract from './first-trade/contract.ts?raw'
import open from './first-trade/open.ts?raw'
import sealed from './first-trade/sealed.ts?raw'

/** Programs that trade, as they stand in files that are run by a test. */
const programs = { contract, open, sealed } as const

type Program = keyof typeof programs

/** By which of them one trades in a market: one of contracts has an auction besides. */
function programsOf({ rulebook: { orderBook, trades } }: Market): readonly Program[] {
  const auction = orderBook === 'open' ? 'open' : 'sealed'
  return trades === undefined ? [auction] : ['contract', auction]
}

export function FirstTradeCard(): ReactNode {
  const { say } = useTexts()
  const market = useMarket()
  const some = programsOf(market)
  const [wanted, want] = useState<Program>()
  const chosen = some.find((one) => one === wanted) ?? some[0] ?? 'sealed'
  const code = programs[chosen]
  const isRevealed = chosen === 'sealed' && market.rulebook.orderBook === 'sealed-reveal'
  return (
    <Card title={say('developer.first')} beside={<CopyButton value={code} />}>
      {some.length < 2 ? null : (
        <Switch
          label={say('developer.first.choose')}
          choices={some.map((one) => [one, say(`developer.first.${one}`)])}
          chosen={chosen}
          choose={want}
        />
      )}
      <pre className='code' tabIndex={0} role='region' aria-label={say('developer.first')}>
        <code>{code.trimEnd()}</code>
      </pre>
      <p className='small soft'>
        {say(`developer.first.hint.${isRevealed ? 'revealed' : chosen}`)}
      </p>
    </Card>
  )
}
