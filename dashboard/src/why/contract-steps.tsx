import type { AccountIntervalZone, OwnTrade } from '@busbar/protocols/api'
import type { ReactNode } from 'react'
import { useTexts } from '../app/language.tsx'
import { useFormats, useMarket } from '../app/market.tsx'
import { Hash } from '../parts/parts.tsx'
import { Conditions, Terms } from '../trading/terms.tsx'
import { pathOf } from '../route/pages.ts'
import { Link } from '../route/router.tsx'
import type { ContractEvidence } from './contract-evidence.ts'
import { useIsOwn } from './own.ts'

type Props = { readonly zone: AccountIntervalZone; readonly account: number }

/** With whom, for what and how: the terms that both have signed. */
export function AgreedStep({ zone, account, parties }: Props & {
  readonly parties: ContractEvidence['keys']
}): ReactNode {
  const { say } = useTexts()
  const isOwn = useIsOwn(account)
  if (zone.trades.length === 0) return <p>{say('why.contract.none')}</p>
  return zone.trades.map((own) => {
    const { trade, side, terms, contract } = own
    const partner = side === 'sell' ? terms.buyer : terms.seller
    const way = side === 'sell' ? 'sell' : 'buy'
    return (
      <div key={trade} className='stack tight'>
        <p>
          <strong>
            {say(isOwn ? `why.contract.${way}` : `why.other.${way}`, {
              ...{ trade, account: partner, name: parties.get(partner)?.name ?? String(partner) },
              owner: account,
            })}
          </strong>
        </p>
        <Terms terms={terms} />
        <Conditions terms={terms} account={account} isOwn={isOwn} />
        <p className='small soft'>
          {say('why.contract.digest')} <Hash value={contract} />{' '}
          <Link to={pathOf('trading')}>{say('why.contract.all')}</Link>
        </p>
      </div>
    )
  })
}

/** How much of each contract was owed in this interval, how much came, and who was short. */
export function DeliveredStep({ zone }: { readonly zone: AccountIntervalZone }): ReactNode {
  return zone.trades.map((own) => (
    <div key={own.trade} className='stack tight'>
      <Owed own={own} />
      <Delivered own={own} />
    </div>
  ))
}

function Owed({ own }: { readonly own: OwnTrade }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { trade, contractedWh, limit } = own
  const energy = formats.exactEnergy(contractedWh)
  return (
    <p>
      {say('why.contract.owed', { trade, energy })}
      {limit === null
        ? null
        : ` ${say('why.contract.limit', {
            utility: limit.utility,
            energy: formats.exactEnergy(limit.energyWh),
            reason: limit.reason,
          })}`}
    </p>
  )
}

function Delivered({ own: { obligedWh, delivery } }: { readonly own: OwnTrade }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  if (delivery === null) return <p className='soft'>{say('why.contract.awaited')}</p>
  const { deliveredWh, sellerShortWh, buyerShortWh, undeliveredBySellerWh } = delivery
  const energy = formats.exactEnergy(deliveredWh)
  const missing = obligedWh - deliveredWh
  const words = {
    seller: formats.exactEnergy(undeliveredBySellerWh),
    buyer: formats.exactEnergy(missing - undeliveredBySellerWh),
  }
  const isShort = sellerShortWh > 0 || buyerShortWh > 0
  return (
    <>
      <p>
        {say(`why.contract.delivered.${delivery.result}`, { energy })}
        {delivery.isEstimated ? ` ${say('why.contract.estimated')}` : null}
      </p>
      {missing === 0 ? null : <p>{say('why.contract.missing', words)}</p>}
      {isShort ? (
        <p className='small soft'>
          {say('why.contract.short', {
            seller: formats.exactEnergy(sellerShortWh),
            buyer: formats.exactEnergy(buyerShortWh),
          })}{' '}
          <Losses delivery={delivery} />
        </p>
      ) : null}
    </>
  )
}

/** By which tariffs the loss of who kept the contract is reckoned. */
function Losses(props: { readonly delivery: NonNullable<OwnTrade['delivery']> }): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { sellerTariff, buyerTariff } = props.delivery
  const none = '–'
  return say('why.contract.tariffs', {
    feedIn: sellerTariff === null ? none : formats.exactPrice(sellerTariff.feedInMicrosPerKwh),
    retail: buyerTariff === null ? none : formats.exactPrice(buyerTariff.retailMicrosPerKwh),
  })
}

/** What of the money is where: which payments of the contract's rail it goes by. */
export function PaidStep({ zone, account }: Props): ReactNode {
  const { say } = useTexts()
  const formats = useFormats()
  const { rulebook, rulebookHash } = useMarket()
  const fee = zone.rulebookHash === rulebookHash ? rulebook.trades?.feeMicrosPerKwh : undefined
  return (
    <>
      {zone.trades.map(({ trade, terms, payments }) => (
        <div key={trade} className='stack tight'>
          <p>{say(`why.rail.${terms.rail}`, { trade })}</p>
          {terms.rail !== 'clearing-house' && payments.length === 0 ? (
            <p className='small soft'>{say('why.payment.none')}</p>
          ) : null}
          {payments.map((one) => (
            <p key={one.payment} className='small soft'>
              {say(one.payer === account ? 'why.payment.out' : 'why.payment.in', {
                payment: one.payment,
                account: one.payer === account ? one.payee : one.payer,
                amount: formats.money(
                  one.amountMicros === 0 ? one.reservedMicros : one.amountMicros,
                ),
                state: say(`why.payment.${one.state}`),
              })}
            </p>
          ))}
        </div>
      ))}
      {fee === undefined || zone.trades.length === 0 ? null : (
        <p className='small soft'>{say('why.contract.fee', { fee: formats.exactMoney(fee) })}</p>
      )}
    </>
  )
}
