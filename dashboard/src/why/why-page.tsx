import type { KeptOrder } from '@busbar/client'
import { bilateralZone } from '@busbar/core/exchange'
import type { AccountInterval } from '@busbar/protocols/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { TextsProvider, useTexts } from '../app/language.tsx'
import { useOpened } from '../app/live.tsx'
import { useFormats, useMarket, useZoneName } from '../app/market.tsx'
import { Mine } from '../app/mine.tsx'
import { useServices, useSession } from '../app/services.tsx'
import { nullIfMissing } from '../lib/missing.ts'
import { keys } from '../live/keys.ts'
import { Icon } from '../parts/icons.tsx'
import { Bone, Card, Figure, Note } from '../parts/parts.tsx'
import { Answered, Catcher } from '../parts/states.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import { withAnswered } from '../texts/answered.ts'
import { placedOrders } from '../trading/trading-data.ts'
import { type Check, checksIn, checksOf, notInForm } from './checks.ts'
import { type Evidence, readEvidence } from './evidence.ts'
import { useIsOwn } from './own.ts'
import { Story } from './story.tsx'
import { Unreadable, Verdict } from './verdict.tsx'

type Props = { readonly account: number; readonly interval: number }

/** Why an account paid or got what it did in one interval, checked here. */
export default function WhyPage(props: Props): ReactNode {
  const { say } = useTexts()
  const session = useSession()
  return (
    <>
      {session == null ? <h1>{say('why.title')}</h1> : null}
      <Mine>{() => <Asked {...props} />}</Mine>
    </>
  )
}

function Asked({ account, interval }: Props): ReactNode {
  const { say } = useTexts()
  const { client } = useServices()
  const market = useMarket()
  const cache = useQueryClient()
  const key = keys.why(account, interval)
  const asked = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const kept = await keptOf(market.market, account)
      const before = cache.getQueryData<Evidence | null>(key) ?? undefined
      return nullIfMissing(
        readEvidence(client, { account, interval, kept, market }, signal, before),
      )
    },
    enabled: useOpened(),
  })
  return (
    <>
      {asked.data == null ? <h1>{say('why.title')}</h1> : null}
      <Answered asked={asked} height={480}>
        {(evidence) => (
          <Catcher instead={<Unreadable />}>
            {evidence === null ? <Missing /> : <Explained evidence={evidence} />}
          </Catcher>
        )}
      </Answered>
    </>
  )
}

/** A device that keeps nothing, or nothing any more, opens no order by itself. */
async function keptOf(market: string, account: number): Promise<readonly KeptOrder[]> {
  const placed = await placedOrders().of(market, account).catch(() => [])
  return placed.flatMap(({ kept }) => kept ?? [])
}

function Missing(): ReactNode {
  const { say } = useTexts()
  return (
    <Note tone='plain' title={say('why.missing')}>
      <p>{say('why.missing.next')}</p>
      <Link to={pathOf('why')} className='button'>
        {say('why.title')}
      </Link>
    </Note>
  )
}

function Explained({ evidence }: { readonly evidence: Evidence }): ReactNode {
  const texts = useTexts()
  const { say } = texts
  const answered = useMemo(() => withAnswered(texts), [texts])
  const formats = useFormats()
  const zoneName = useZoneName()
  const checks = useChecks(evidence)
  const { answer } = evidence
  return (
    <>
      <div>
        <p className='eyebrow'>{say('why.title')}</p>
        <h1 className='figure' data-worth={answer.worthMicros}>
          <Headline answer={answer} />
        </h1>
      </div>
      <Places answer={answer} />
      {checks === undefined ? <Bone height={90} /> : <Verdict checks={checks} />}
      {answer.zones.map((zone) => {
        const at = { zone: zone.zone, interval: answer.interval }
        const span = formats.span(answer.startMs, answer.endMs)
        return (
          <Card
            key={zone.zone}
            title={
              zone.zone === bilateralZone
                ? say('why.of.contracts', { account: answer.account, span })
                : say('why.of', { account: answer.account, span, zone: zoneName(zone.zone) })
            }
          >
            <TextsProvider texts={answered}>
              <Story
                answer={answer}
                zone={zone}
                evidence={evidence}
                checks={checksIn(checks ?? [], zone.zone)}
              />
            </TextsProvider>
            <Link to={pathOf('interval', at)} className='button'>
              {say('why.interval')}
              <Icon name='right' size={18} />
            </Link>
          </Card>
        )
      })}
    </>
  )
}

/** What the interval comes to, the same figure as on the page of the day. */
function Headline({ answer }: { readonly answer: AccountInterval }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const isOwn = useIsOwn(answer.account)
  const { worthMicros: worth, outsideMicros, billedMicros } = answer
  if (worth === null) return say('why.ahead')
  if (worth === 0) return say('why.nothing')
  const words = { account: answer.account, amount: formats.exactMoney(Math.abs(worth)) }
  // What others ask for may not be paid yet: that it is due is all that is known here.
  const isElsewhere = outsideMicros !== 0 || billedMicros !== 0
  const said = worth > 0
    ? (isElsewhere ? 'gains' : 'received')
    : (isElsewhere ? 'costs' : 'paid')
  return say(isOwn ? `why.${said}` : `why.other.${said}`, words)
}

/** Where the money is, if not all of it is on the ledger. */
function Places({ answer }: { readonly answer: AccountInterval }): ReactNode {
  const { say } = useTexts()
  const { exactMoney } = useFormats()
  const { worthMicros, ledgerMicros, outsideMicros, billedMicros, debtMicros } = answer
  const isElsewhere = outsideMicros !== 0 || billedMicros !== 0 || debtMicros !== 0
  if (worthMicros === null || !isElsewhere) return null
  return (
    <Card title={say('why.places')}>
      <dl className='figures' data-places>
        <Figure
          label={say('why.place.ledger')}
          value={exactMoney(ledgerMicros)}
          hint={say('why.place.ledger.hint')}
        />
        <Figure
          label={say('why.place.outside')}
          value={exactMoney(outsideMicros)}
          hint={say('why.place.outside.hint')}
        />
        <Figure
          label={say('why.place.billed')}
          value={exactMoney(billedMicros)}
          hint={say('why.place.billed.hint')}
        />
        {debtMicros === 0 ? null : (
          <Figure
            label={say('why.place.debts')}
            value={exactMoney(debtMicros)}
            hint={say('why.place.debts.hint')}
          />
        )}
      </dl>
    </Card>
  )
}

/** After the page is drawn: hashing a path takes some milliseconds, and words come first. */
function useChecks(evidence: Evidence): readonly Check[] | undefined {
  const market = useMarket()
  const [checked, setChecked] = useState<{ of: Evidence; checks: readonly Check[] }>()
  useEffect(() => {
    const check = (): readonly Check[] => {
      try {
        return checksOf(evidence, market)
      } catch {
        // Whatever is wrong with it: what cannot be checked was not shown to be true.
        return notInForm
      }
    }
    const timer = setTimeout(() => setChecked({ of: evidence, checks: check() }))
    return () => clearTimeout(timer)
  }, [evidence, market])
  return checked?.of === evidence ? checked.checks : undefined
}
