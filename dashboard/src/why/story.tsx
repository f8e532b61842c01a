import { bilateralZone } from '@busbar/core/exchange'
import type {
  AccountInterval,
  AccountIntervalZone,
  FilledOrder,
  MeteredInterval,
  OrderWord,
} from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Transactions } from '../interval/transactions-card.tsx'
import { Icon, type IconName } from '../parts/icons.tsx'
import { type Check, type StepName, steps } from './checks.ts'
import { noContracts } from './contract-evidence.ts'
import { AgreedStep, DeliveredStep } from './contract-steps.tsx'
import type { Evidence } from './evidence.ts'
import { MoneyStep } from './money-step.tsx'
import { openingOf } from './order-words.ts'
import { Checks } from './verdict.tsx'

const icons: Readonly<Record<StepName, IconName>> = {
  order: 'order',
  clearing: 'market',
  reading: 'meter',
  money: 'coins',
  chain: 'chain',
}

type Props = { readonly zone: AccountIntervalZone }

/** From the order to the chain, in plain words first, each step with what was checked of it. */
export function Story(props: Props & {
  readonly answer: AccountInterval
  readonly evidence: Evidence
  readonly checks: readonly Check[]
}): ReactNode {
  const { say } = useTexts()
  const { zone, evidence, checks } = props
  const { account } = props.answer
  const { keys: parties } = evidence.zones.get(zone.zone)?.contracts ?? noContracts
  const isContracts = zone.zone === bilateralZone
  const orders = <OrderStep zone={zone} evidence={evidence} />
  const bodies: Readonly<Record<StepName, ReactNode>> = {
    order: isContracts ? <AgreedStep {...{ zone, account, parties }} /> : orders,
    clearing: isContracts ? <p>{say('why.contract.price')}</p> : <ClearingStep zone={zone} />,
    reading: isContracts ? <DeliveredStep zone={zone} /> : <ReadingStep zone={zone} />,
    money: <MoneyStep zone={zone} account={account} />,
    chain: <ChainStep zone={zone} />,
  }
  return (
    <ol className='story'>
      {steps.map((step) => (
        <li key={step}>
          <span className='story-number'>
            <Icon name={icons[step]} size={18} />
          </span>
          <div className='story-body'>
            <h3>{say(isContracts ? `why.contract.step.${step}` : `why.step.${step}`)}</h3>
            {bodies[step]}
            <Checks checks={checks.filter((check) => check.step === step)} />
          </div>
        </li>
      ))}
    </ol>
  )
}

type Told = Pick<FilledOrder, 'side' | 'energyWh' | 'limitMicrosPerKwh'> & { readonly got: string }

function OrderStep({ zone, evidence }: Props & { readonly evidence: Evidence }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook } = useMarket()
  const { orders, sealedOrders } = zone
  if (orders.length + sealedOrders.length === 0) {
    const hasContracts = rulebook.trades !== undefined
    return <p>{say(hasContracts ? 'why.order.none.contracts' : 'why.order.none')}</p>
  }
  const told = ({ side, energyWh, limitMicrosPerKwh, got }: Told): string =>
    say(`why.order.${side}`, {
      energy: formats.exactEnergy(energyWh),
      price: formats.exactPrice(limitMicrosPerKwh),
      got,
    })
  const gotOf = (filledWh: number, energyWh?: number): string => {
    if (filledWh === 0) return say('why.got.none')
    const some = say('why.got.some', { energy: formats.exactEnergy(filledWh) })
    return filledWh === energyWh ? say('why.got.all') : some
  }
  return (
    <>
      {orders.map((order) => (
        <p key={order.digest}>{told({ ...order, got: gotOf(order.filledWh, order.energyWh) })}</p>
      ))}
      {sealedOrders.map(({ commitment, outcome, filledWh, void: reason }) => {
        const words = evidence.zones.get(zone.zone)?.words ?? new Map<string, OrderWord>()
        const opening = openingOf(commitment, { words }, evidence.known)
        const got = outcome === 'sealed'
          ? say('why.got.sealed')
          : outcome === 'void'
            ? say('why.got.void')
            : gotOf(filledWh, opening?.energyWh)
        const name = `${commitment.slice(0, 10)}…`
        return (
          <p key={commitment}>
            {opening === undefined
              ? say('why.order.sealed', { name, got })
              : `${told({ ...opening, got })} ${say('why.order.opened', { name })}`}
            {reason === null ? null : ` ${say(`orders.void.${reason}`)}`}
          </p>
        )
      })}
    </>
  )
}

function ClearingStep({ zone }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { status, priceMicrosPerKwh: price, meters } = zone
  if (status === 'open' || status === 'fixed') return <p>{say('why.clearing.ahead')}</p>
  if (price === null) return <p>{say('why.clearing.none')}</p>
  const sum = (field: 'boughtWh' | 'soldWh'): string =>
    formats.exactEnergy(meters.reduce((total, meter) => total + meter[field], 0))
  return (
    <p>
      {say('why.clearing.price', {
        price: formats.exactPrice(price),
        bought: sum('boughtWh'),
        sold: sum('soldWh'),
      })}
    </p>
  )
}

function ReadingStep({ zone }: Props): ReactNode {
  const { say } = useTexts()
  if (zone.meters.length === 0) return <p>{say('why.meter.none')}</p>
  return zone.meters.map((meter) => <Metered key={meter.meter} meter={meter} />)
}

function Metered({ meter }: { readonly meter: MeteredInterval }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { opening, closing } = meter
  return (
    <p>
      {say('why.meter', {
        meter: meter.meter,
        imported: formats.exactEnergy(meter.importedWh),
        exported: formats.exactEnergy(meter.exportedWh),
        assurance: say(`assurance.${meter.assurance}`),
      })}{' '}
      {opening === null || closing === null ? null : (
        <span className='soft figure'>
          {say('why.meter.registers', {
            importFrom: formats.count(opening.importWh),
            importTo: formats.count(closing.importWh),
            exportFrom: formats.count(opening.exportWh),
            exportTo: formats.count(closing.exportWh),
          })}
        </span>
      )}
    </p>
  )
}

function ChainStep({ zone }: Props): ReactNode {
  const { say } = useTexts()
  const all = [zone.commitment, ...zone.runs.flatMap(({ transactions }) => transactions)]
  const sent = all.filter((one) => one !== null)
  if (sent.length === 0) return <p>{say('why.chain.none')}</p>
  return <Transactions transactions={sent} />
}
