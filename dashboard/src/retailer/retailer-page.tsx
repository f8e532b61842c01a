import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { Mine } from '../app/mine.tsx'
import { useServices } from '../app/services.tsx'
import { Ways } from '../parts/ways.tsx'
import type { PageName } from '../route/pages.ts'
import type { TextKey } from '../texts/en.ts'
import { AgreementsPart } from './agreements-part.tsx'
import { BillsPart } from './bills/bills-part.tsx'
import { CheckPart } from './check-part.tsx'
import { CustomersPart } from './customers-part.tsx'
import { DefaultsPart } from './defaults-part.tsx'
import { EnergyPart } from './energy-part.tsx'
import { OverviewPart } from './overview-part.tsx'
import type { Signed } from './retailer-data.ts'
import { TradesPart } from './trades-part.tsx'
import '../style/companies.css'

type Part = Extract<PageName, `retailer${string}`>

const parts: Readonly<Record<Part, readonly [text: TextKey, (signed: Signed) => ReactNode]>> = {
  retailer: ['retailer.part.overview', OverviewPart],
  retailerCustomers: ['retailer.part.customers', CustomersPart],
  retailerTrades: ['retailer.part.trades', TradesPart],
  retailerEnergy: ['retailer.part.energy', EnergyPart],
  retailerBills: ['retailer.part.bills', BillsPart],
  retailerCheck: ['retailer.part.check', CheckPart],
  retailerAgreements: ['retailer.part.agreements', AgreementsPart],
  retailerDefaults: ['retailer.part.defaults', DefaultsPart],
}

const ways = (Object.keys(parts) as Part[]).map((one) => [one, parts[one][0]] as const)

/** What a retailer's clerk needs: customers, their trades, what to bill, and who has not paid. */
export default function RetailerPage({ part }: { readonly part: Part }): ReactNode {
  const { say } = useTexts()
  const { client: reader } = useServices()
  const [title, Shown] = parts[part]
  return (
    <>
      <h1>{say(part === 'retailer' ? 'retailer.title' : title)}</h1>
      <Mine roles={['retailer']} height={420}>
        {(session) => (
          <>
            <Ways label={say('retailer.parts')} ways={ways} page={part} />
            <Shown session={session} reader={reader} />
          </>
        )}
      </Mine>
    </>
  )
}
