import { QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, lazy, type ReactNode, Suspense } from 'react'
import { MarketPage } from '../market/market-page.tsx'
import { Bone } from '../parts/parts.tsx'
import { Answered, Catcher, NotFound } from '../parts/states.tsx'
import { type Place, placeOf } from '../route/pages.ts'
import { usePath } from '../route/router.tsx'
import { loadAllTexts } from '../texts/texts.ts'
import { Frame } from './frame.tsx'
import { ReadingProvider } from './language.tsx'
import { useStream } from './live.tsx'
import { MarketProvider, useMarketQuery } from './market.tsx'
import { type Services, ServicesProvider } from './services.tsx'

/** What the first page does not need is loaded with the page that does, its texts as well. */
const page = <Props,>(load: () => Promise<{ readonly default: ComponentType<Props> }>) =>
  lazy(async () => {
    const [module] = await Promise.all([load(), loadAllTexts()])
    return module
  })

const IntervalPage = page(() => import('../interval/interval-page.tsx'))
const IntervalsPage = page(() => import('../interval/intervals-page.tsx'))
const StatementPage = page(() => import('../why/statement-page.tsx'))
const WhyPage = page(() => import('../why/why-page.tsx'))
const UtilityPage = page(() => import('../utility/utility-page.tsx'))
const RetailerPage = page(() => import('../retailer/retailer-page.tsx'))
const AuditPage = page(() => import('../audit/audit-page.tsx'))
const HomePage = page(() => import('../home/home-page.tsx'))
const TradingPage = page(() => import('../trading/trading-page.tsx'))
const NoticesPage = page(() => import('../notices/notices-page.tsx'))
const DeveloperPage = page(() => import('../developer/developer-page.tsx'))
const KpisPage = page(() => import('../kpis/kpis-page.tsx'))
const OperatorPage = page(() => import('../operator/operator-page.tsx'))
const ParticipantsPage = page(() => import('../operator/participants-page.tsx'))
const MetersPage = page(() => import('../operator/meters-page.tsx'))
const RulebooksPage = page(() => import('../operator/rulebooks-page.tsx'))
const RunsPage = page(() => import('../operator/runs-page.tsx'))
const SignInPage = page(() => import('../signin/sign-in-page.tsx'))
const JoinPage = page(() => import('../signin/join-page.tsx'))
const AccountPage = page(() => import('../signin/account-page.tsx'))

export function App({ services }: { readonly services: Services }): ReactNode {
  return (
    <ServicesProvider value={services}>
      <QueryClientProvider client={services.cache}>
        <ReadingProvider>
          <Pages />
        </ReadingProvider>
      </QueryClientProvider>
    </ServicesProvider>
  )
}

function Pages(): ReactNode {
  const path = usePath()
  const asked = useMarketQuery()
  const place = placeOf(path)
  useStream()
  return (
    <Frame page={place?.page} market={asked.data}>
      <Catcher key={path}>
        {place === undefined ? (
          <NotFound />
        ) : (
          <Answered asked={asked} height={420}>
            {(market) => (
              <MarketProvider market={market}>
                <Suspense fallback={<Bone height={420} />}>{pageAt(place)}</Suspense>
              </MarketProvider>
            )}
          </Answered>
        )}
      </Catcher>
    </Frame>
  )
}

function pageAt({ page, parameters }: Place): ReactNode {
  const { zone = 0, interval = 0, account = 0 } = parameters
  switch (page) {
    case 'market':
      return <MarketPage />
    case 'intervals':
      return <IntervalsPage />
    case 'interval':
      return <IntervalPage zone={zone} interval={interval} />
    case 'why':
      return <StatementPage />
    case 'whyInterval':
      return <WhyPage account={account} interval={interval} />
    case 'audit':
      return <AuditPage />
    case 'home':
      return <HomePage />
    case 'trading':
      return <TradingPage />
    case 'notices':
      return <NoticesPage />
    case 'kpis':
      return <KpisPage />
    case 'developer':
      return <DeveloperPage />
    case 'operator':
      return <OperatorPage />
    case 'operatorParticipants':
      return <ParticipantsPage />
    case 'operatorMeters':
      return <MetersPage />
    case 'operatorRulebooks':
      return <RulebooksPage />
    case 'operatorRuns':
      return <RunsPage />
    case 'signin':
      return <SignInPage />
    case 'join':
      return <JoinPage />
    case 'account':
      return <AccountPage />
    case 'utility':
      return <UtilityPage />
    case 'retailer':
    case 'retailerCustomers':
    case 'retailerTrades':
    case 'retailerEnergy':
    case 'retailerBills':
    case 'retailerCheck':
    case 'retailerDefaults':
    case 'retailerAgreements':
      return <RetailerPage part={page} />
  }
}
