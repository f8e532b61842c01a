import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useServices } from '../app/services.tsx'
import { keys } from '../live/keys.ts'
import { Answered } from '../parts/states.tsx'
import { EventsCard } from './events-card.tsx'
import { FirstTradeCard } from './first-trade-card.tsx'
import { NoticesCard } from './notices-card.tsx'
import type { OpenApi } from './openapi.ts'
import { ReferenceCard } from './reference-card.tsx'
import './developer.css'

/** How a program talks to the exchange: a first trade, every route to try, every event. */
export default function DeveloperPage(): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const asked = useQuery({
    queryKey: keys.openApi,
    queryFn: async ({ signal }) => {
      // What the server makes of its own table of routes; the page knows what it reads of it.
      return (await client.openApi({ signal })) as unknown as OpenApi
    },
  })
  return (
    <>
      <h1>{say('developer.title')}</h1>
      <p className='soft'>{say('developer.hint')}</p>
      <FirstTradeCard />
      <Answered asked={asked} height={480}>
        {(document) => <ReferenceCard document={document} />}
      </Answered>
      <EventsCard />
      <NoticesCard />
    </>
  )
}
