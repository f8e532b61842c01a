import type { AgreementPage, NettingPage } from '@busbar/client'
import type { AgreementView, NettingView } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { type Column, DataTable } from '../parts/data-table.tsx'
import { moreOf } from '../parts/more.tsx'
import { Badge, Card, Figure, Hash, Note, type Tone } from '../parts/parts.tsx'
import { Answered } from '../parts/states.tsx'
import { allOf, type ReadPage, type Signed, useAccountNames, usePages } from './retailer-data.ts'

type NameOf = (account: number) => string

const readAgreements: ReadPage<AgreementPage> = (client, _own, query, options) =>
  client.trades.agreements(query, options)

const readNettings: ReadPage<NettingPage> = (client, _own, query, options) =>
  client.trades.nettings(query, options)

/** With which retailers one acts for each other's customers, and what is transferred for them. */
export function AgreementsPart(signed: Signed): ReactNode {
  const { say } = useTexts()
  const own = signed.session.account
  const agreements = usePages(signed, 'agreements', readAgreements)
  const nettings = usePages(signed, 'nettings', readNettings)
  const nameOf = useAccountNames([
    ...(agreements.data?.pages ?? []).flatMap((page) =>
      page.agreements.flatMap(({ retailers }) => retailers)),
    ...(nettings.data?.pages ?? []).flatMap((page) =>
      [...page.nettings, ...page.owed].flatMap(({ debtor, creditor }) => [debtor, creditor])),
  ])
  const agreementColumns = useAgreementColumns(own, nameOf)
  const nettingColumns = useNettingColumns(own, nameOf)
  return (
    <>
      <Card title={say('retailer.agreements')}>
        <p className='small soft'>{say('retailer.agreements.hint')}</p>
        <Answered asked={agreements}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.agreements)
            return rows.length === 0 ? (
              <Note tone='plain' title={say('retailer.agreements.empty')}>
                <p>{say('retailer.agreements.empty.next')}</p>
              </Note>
            ) : (
              <DataTable
                title={say('retailer.agreements')}
                file='agreements'
                columns={agreementColumns}
                rows={rows}
                keyOf={({ agreement }) => agreement}
                more={moreOf(agreements)}
                all={allOf(signed, readAgreements, (page) => page.agreements)}
              />
            )
          }}
        </Answered>
      </Card>
      <Card title={say('retailer.nettings')}>
        <p className='small soft'>{say('retailer.nettings.hint')}</p>
        <Answered asked={nettings}>
          {({ pages }) => {
            const rows = pages.flatMap((page) => page.nettings)
            return (
              <>
                <Owed owed={pages[0]?.owed ?? []} own={own} nameOf={nameOf} />
                {rows.length === 0 ? (
                  <Note tone='plain' title={say('retailer.nettings.empty')} />
                ) : (
                  <DataTable
                    title={say('retailer.nettings')}
                    file='nettings'
                    columns={nettingColumns}
                    rows={rows}
                    keyOf={({ netting }) => netting}
                    more={moreOf(nettings)}
                    all={allOf(signed, readNettings, (page) => page.nettings)}
                  />
                )}
              </>
            )
          }}
        </Answered>
      </Card>
    </>
  )
}

function Owed(props: {
  readonly owed: NettingPage['owed']
  readonly own: number
  readonly nameOf: NameOf
}): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { owed, own, nameOf } = props
  if (owed.length === 0) return null
  return (
    <dl className='figures'>
      {owed.map(({ debtor, creditor, amountMicros }) => (
        <Figure
          key={`${debtor}/${creditor}`}
          label={debtor === own
            ? say('retailer.owed.to', { name: nameOf(creditor) })
            : say('retailer.owed.by', { name: nameOf(debtor) })}
          value={formats.money(amountMicros)}
        />
      ))}
    </dl>
  )
}

function useAgreementColumns(own: number, nameOf: NameOf): readonly Column<AgreementView>[] {
  const { say } = useTexts()
  const formats = useFormats()
  const intervalMs = useMarket().rulebook.intervalSeconds * 1_000
  const other = ({ retailers }: AgreementView): number =>
    retailers.find((account) => account !== own) ?? own
  return [
    {
      ...{ name: 'agreement', title: say('retailer.agreement') },
      show: ({ agreement }) => agreement,
      value: ({ agreement }) => agreement,
    },
    {
      ...{ name: 'retailer', title: say('retailer.agreement.with') },
      show: (one) => nameOf(other(one)),
      value: other,
    },
    {
      ...{ name: 'basis', title: say('retailer.agreement.basis') },
      show: ({ basis }) => say(`retailer.agreement.${basis}`),
      value: ({ basis }) => basis,
    },
    {
      ...{ name: 'from_interval', title: say('retailer.trade.window') },
      show: ({ fromInterval, untilInterval }) => {
        const from = formats.moment(fromInterval * intervalMs)
        return untilInterval === null
          ? say('retailer.agreement.open', { from })
          : `${from} – ${formats.moment(untilInterval * intervalMs)}`
      },
      value: ({ fromInterval }) => fromInterval,
    },
    {
      ...{ name: 'document_hash', title: say('retailer.agreement.document') },
      show: ({ documentHash }) => <Hash value={documentHash} />,
      value: ({ documentHash }) => documentHash,
    },
  ]
}

const tones: Readonly<Record<NettingView['state'], Tone>> = {
  ...{ ordered: 'plain', paid: 'good', returned: 'bad' },
}

function useNettingColumns(own: number, nameOf: NameOf): readonly Column<NettingView>[] {
  const { say } = useTexts()
  const formats = useFormats()
  return [
    {
      ...{ name: 'netting', title: say('retailer.netting') },
      show: ({ netting }) => netting,
      value: ({ netting }) => netting,
    },
    {
      ...{ name: 'creditor', title: say('retailer.netting.to') },
      show: ({ debtor, creditor }) =>
        debtor === own
          ? say('retailer.owed.to', { name: nameOf(creditor) })
          : say('retailer.owed.by', { name: nameOf(debtor) }),
      value: ({ creditor }) => creditor,
    },
    {
      ...{ name: 'amount_micros', title: say('why.column.amount'), isNumber: true },
      show: ({ amountMicros }) => formats.money(amountMicros),
      value: ({ amountMicros }) => amountMicros,
    },
    {
      ...{ name: 'ordered_at_ms', title: say('retailer.netting.at') },
      show: ({ orderedAtMs }) => formats.moment(orderedAtMs),
      value: ({ orderedAtMs }) => orderedAtMs,
    },
    {
      ...{ name: 'state', title: say('retailer.trade.status') },
      show: ({ state }) => <Badge tone={tones[state]}>{say(`retailer.netting.${state}`)}</Badge>,
      value: ({ state }) => state,
    },
  ]
}
