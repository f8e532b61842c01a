import type { Customer } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Card, Note } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { InviteCard } from './invite-card.tsx'
import { LostDeviceCard } from './lost-device-card.tsx'
import { TopUpCard } from './top-up-card.tsx'
import { allOf, customersIn, readCustomers, type Signed, useCustomers } from './retailer-data.ts'

export function CustomersPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const asked = useCustomers(signed)
  const columns = useColumns()
  const customers = asked.data === undefined ? [] : customersIn(asked.data)
  const choice = { signed, customers, hasMore: asked.hasNextPage }
  return (
    <>
      <Card title={say('retailer.customers.title')}>
        <p className='small soft'>{say('retailer.customers.hint')}</p>
        <Answered asked={asked} height={420}>
          {(data) => {
            const rows = customersIn(data)
            if (rows.length === 0) {
              return (
                <Note tone='plain' title={say('retailer.customers.empty')}>
                  <p>{say('retailer.customers.empty.next')}</p>
                </Note>
              )
            }
            return (
              <DataTable
                title={say('retailer.part.customers')}
                file='customers'
                columns={columns}
                rows={rows}
                keyOf={({ account }) => account}
                more={moreOf(asked)}
                all={allOf(signed, readCustomers, ({ customers }) => customers)}
              />
            )
          }}
        </Answered>
      </Card>
      {customers.length === 0 ? null : (
        <div className='grid two'>
          <TopUpCard {...choice} />
          <InviteCard {...choice} />
          <LostDeviceCard {...choice} />
        </div>
      )}
    </>
  )
}

function useColumns(): readonly Column<Customer>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  return [
    {
      ...{ name: 'name', title: say('retailer.customer.name') },
      show: ({ name, account }) => (
        <>
          {name} <span className='soft'>({account})</span>
        </>
      ),
      value: ({ name }) => name,
    },
    {
      ...{ name: 'status', title: say('retailer.customer.status') },
      show: ({ status, hasConsented }) => (
        <>
          <Badge tone={status === 'active' ? 'good' : 'bad'}>
            {say(`retailer.customer.${status}`)}
          </Badge>
          {hasConsented || rulebook.trades === undefined ? null : (
            <span className='factors small soft'>{say('retailer.customer.noConsent')}</span>
          )}
        </>
      ),
      value: ({ status }) => status,
    },
    {
      ...{ name: 'meters', title: say('retailer.customer.meters') },
      show: ({ meters }) => meters.map(({ meter }) => meter).join(', ') || '–',
      value: ({ meters }) => meters.map(({ meter }) => meter).join(' '),
    },
    {
      ...{ name: 'prepaid_micros', title: say('retailer.customer.prepaid'), isNumber: true },
      show: ({ prepaidMicros }) => formats.money(prepaidMicros),
      value: ({ prepaidMicros }) => prepaidMicros,
    },
    {
      ...{ name: 'dues_micros', title: say('retailer.customer.dues'), isNumber: true },
      show: ({ duesMicros }) => (duesMicros === 0 ? '–' : formats.money(duesMicros)),
      value: ({ duesMicros }) => duesMicros,
    },
    {
      ...{ name: 'open_defaults', title: say('retailer.customer.defaults'), isNumber: true },
      show: ({ openDefaults }) =>
        openDefaults === 0 ? '–' : <Badge tone='bad'>{formats.count(openDefaults)}</Badge>,
      value: ({ openDefaults }) => openDefaults,
    },
  ]
}
