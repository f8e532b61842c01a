import { checkContract, type ShownContract, type SignatureFound } from '@busbar/client'
import { contractedTotal, type ContractTerms } from '@busbar/core/trades'
import type { PartyTrade } from '@busbar/protocols/api'
import { UsageError } from '../cli-error.ts'
import { energy, exactMoney, money, percent, price, rows } from '../text.ts'
import type { Desk } from '../desk/desk.ts'
import { timeText, windowText } from '../desk/times.ts'

/**
 * A contract in the words of who is asked to sign it.
 *
 * @param isOpen whether it waits for an answer
 */
export async function contractText(
  desk: Desk,
  { contract, terms }: Pick<ShownContract, 'contract' | 'terms'>,
  isOpen: boolean,
): Promise<string> {
  const label = (account: number): Promise<string> => desk.people.label(account)
  const side = async (account: number, meter: number, retailer: number): Promise<string> =>
    `${await label(account)}, meter ${meter}, customer of ${await label(retailer)}`
  const share = (points: number): string => percent(points / 10_000)
  const { exitFeeMicros, platform, platformFeeMicrosPerKwh: fee, buyerShort } = terms
  const total = Number(contractedTotal(terms))
  // Only for showing: to the last micro it is worked out interval by interval.
  const worth = (total * terms.priceMicrosPerKwh) / 1_000
  return rows([
    ['contract', contract],
    ['sells', await side(terms.seller, terms.sellerMeter, terms.sellerRetailer)],
    ['buys', await side(terms.buyer, terms.buyerMeter, terms.buyerRetailer)],
    ['window', windowText(desk.market, terms)],
    ['energy', energyText(terms, total)],
    ['price', `${price(terms.priceMicrosPerKwh)}, ${money(worth)} if all is delivered`],
    ['band', `${share(terms.toleranceBasisPoints)} without a penalty; beyond it ${
      share(terms.penaltyBasisPoints)} of the price`],
    ['buyer short', buyerShort === 'actual' ? 'pays what it takes' : 'pays what it contracted'],
    ['leaving', exitFeeMicros === null
      ? 'only together'
      : `by either side alone for ${exactMoney(exitFeeMicros)}`],
    ['rail', terms.rail],
    ...(platform === null
      ? []
      : [['platform', `${await label(platform)}, for ${price(fee)}`] as const]),
    ...(isOpen ? [['answer by', timeText(terms.expiresAt)] as const] : []),
  ])
}

function energyText({ profile, intervals }: ContractTerms, total: number): string {
  if (total === 0) return 'none: it ends the trade'
  if (profile.kind === 'per-interval') {
    return `${energy(profile.energyWh)} in each of ${intervals}, ${energy(total)} in all`
  }
  const { weights } = profile
  const spread = weights.length === 0 ? 'evenly' : `by weights ${weights.slice(0, 12).join(',')}${
    weights.length > 12 ? ',…' : ''}`
  return `${energy(total)} in all, spread ${spread}`
}

/** Which side of a trade sits at the desk; undefined for who only reads it. */
export const sideAt = ({ me }: Desk, terms: ContractTerms): 'seller' | 'buyer' | undefined =>
  me.account === terms.seller ? 'seller' : me.account === terms.buyer ? 'buyer' : undefined

/**
 * What is shown of a contract, checked against the registered keys before anything rests on it.
 *
 * @throws BusbarError proof_invalid where the exchange shows other terms than were signed
 */
export async function checked(
  desk: Desk,
  shown: ShownContract,
): Promise<{ readonly seller: SignatureFound; readonly buyer: SignatureFound }> {
  const { seller, buyer } = shown.terms
  const [one, other] = await Promise.all([
    desk.people.byNumber(seller),
    desk.people.byNumber(buyer),
  ])
  const addresses = { seller: one?.address ?? '', buyer: other?.address ?? '' }
  const passkeys = { seller: one?.passkeys ?? [], buyer: other?.passkeys ?? [] }
  return checkContract(desk.signer.domain, shown, addresses, passkeys)
}

const signatureWords: Readonly<Record<SignatureFound, string>> = {
  signed: 'has signed',
  other_key: 'has signed with a key that is not registered any more',
  missing: 'has not signed yet',
}

export async function signaturesText(desk: Desk, shown: ShownContract): Promise<string> {
  const found = await checked(desk, shown)
  return `  the seller ${signatureWords[found.seller]}, the buyer ${signatureWords[found.buyer]}`
}

/** A trade that one is a party of. @throws UsageError for one that is only seen from outside */
export async function partyTrade(desk: Desk, number: number): Promise<PartyTrade> {
  const trade = await desk.client.trades.get(number)
  if (trade.relation === 'party') return trade
  throw new UsageError(`trade ${number} is not yours: only its two sides can do that`)
}

/** Digits of a digest that name it among the few that one could mean. */
const digitsMin = 8

/**
 * The contract that somebody has read, by the first digits of its digest: what answers the other
 * side's words names them, so that nobody signs what took their place meanwhile.
 *
 * @throws UsageError where it is another one
 */
export function named<Shown extends ShownContract>(
  shown: Shown | undefined | null,
  digits: string | undefined,
  trade: number,
): Shown {
  if (shown === undefined || shown === null) {
    throw new UsageError(`trade ${trade} has nothing to answer; busbar trade show ${trade}`)
  }
  const look = `busbar trade show ${trade} has it`
  if (digits === undefined) throw new UsageError(`CONTRACT is missing; ${look}`)
  if (!new RegExp(`^0x[0-9a-f]{${digitsMin},64}$`).test(digits)) {
    throw new UsageError(`CONTRACT is 0x and the first ${digitsMin} digits or more; ${look}`)
  }
  if (shown.contract.startsWith(digits)) return shown
  throw new UsageError(`trade ${trade} has another contract now: ${shown.contract}; read it again`)
}
