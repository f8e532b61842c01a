import {
  BusbarError,
  checkContract,
  type SignatureFound,
  verifyTradedEnergy,
} from '@busbar/client'
import { contractedEnergy } from '@busbar/core/trades'
import type {
  AccountInterval,
  AccountIntervalZone,
  OwnTrade,
  PublicInterval,
} from '@busbar/protocols/api'
import { orderLeaf } from '@busbar/protocols/commitments'
import { recoverAddress } from '@busbar/protocols/eip712'
import { hexToBytes, isHex } from '@busbar/protocols/hash'
import { type Check, outcome, told, type Terms, waits } from './checks.ts'
import { contractMoneyChecks, shareChecks } from './contract-money.ts'
import { type ContractEvidence, ownMeterOf, type PartyKeys } from './contract-evidence.ts'
import type { ZoneEvidence } from './evidence.ts'
import { isLeaf } from './leaves.ts'
import { unlessMalformed } from './order-checks.ts'
import { domainOf } from './reading-checks.ts'

/**
 * That each contract is what both sides have signed, stands on the chain, and was settled by its
 * own terms from what the account's meter says.
 */
export function contractChecks(
  answer: AccountInterval,
  zone: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const { contracts, shown } = evidence
  return [
    ...zone.trades.flatMap((trade) => [
      digestCheck(trade, terms),
      ...signatureChecks(trade, contracts, terms),
      setCheck(trade, contracts, zone.zone),
    ]),
    ...[...new Set(zone.trades.map(ownMeterOf))].map((meter) =>
      tradedCheck(zone, meter, contracts, shown, terms),
    ),
    ...shareChecks(answer, zone),
    ...contractMoneyChecks(zone, terms),
  ]
}

/** The digest is of these terms, and these owe just that in this interval, on this side. */
function digestCheck(own: OwnTrade, terms: Terms): Check {
  const { trade, side, terms: agreed, contractedWh, limit, obligedWh } = own
  const holds = unlessRefused(() => {
    checkContract(domainOf(terms), unsigned(own), nobody)
    const owed = contractedEnergy(agreed, terms.interval)
    const least = limit === null ? contractedWh : Math.min(contractedWh, limit.energyWh)
    return (
      (side === 'sell' ? agreed.seller : agreed.buyer) === terms.account &&
      owed === BigInt(contractedWh) &&
      obligedWh === least
    )
  })
  return outcome('order', 'contract-digest', holds, trade)
}

const nobody = { seller: '', buyer: '' }
const unsigned = ({ contract, terms }: OwnTrade) => ({
  ...{ contract, terms, sellerSignature: null, buyerSignature: null },
})

/** Both have signed these bytes: by the key that is registered now, or by one that was before. */
function signatureChecks(
  own: OwnTrade,
  { keys }: ContractEvidence,
  terms: Terms,
): readonly Check[] {
  return (['seller', 'buyer'] as const).map((side) => {
    const name = `${side}-signed` as const
    const found = foundOn(own, side, keys.get(own.terms[side]), terms)
    if (found === undefined) return outcome('order', name, false, own.trade)
    return found === 'signed'
      ? outcome('order', name, true, own.trade)
      : told('order', name, own.trade)
  })
}

/** By whose key one side has signed; undefined where nobody has, or another than is said. */
function foundOn(
  own: OwnTrade,
  side: 'seller' | 'buyer',
  party: PartyKeys | undefined,
  terms: Terms,
): SignatureFound | undefined {
  const found: SignatureFound[] = []
  const isSigned = unlessRefused(() => {
    const checked = checkContract(
      domainOf(terms),
      { ...unsigned(own), [`${side}Signature`]: own[`${side}Signature`] },
      { ...nobody, [side]: party?.address ?? '' },
      { seller: [], buyer: [], [side]: party?.passkeys ?? [] },
    )
    found.push(checked[side])
    return checked[side] !== 'missing' && signerOf(own, side) === own[`${side}Address`]
  })
  return isSigned ? found[0] : undefined
}

/** Whose signature it is, where it is by a key of the chain; null for a passkey. */
function signerOf(own: OwnTrade, side: 'seller' | 'buyer'): string | null {
  const signature = own[`${side}Signature`]
  if (!isHex(signature, 65)) return null
  return recoverAddress(hexToBytes(own.contract), hexToBytes(signature)) ?? ''
}

/** It is among the contracts whose root a gate put on the chain. */
function setCheck({ trade, contract }: OwnTrade, all: ContractEvidence, zone: number): Check {
  const shown = all.proofs.get(trade)
  if (shown === undefined) return outcome('chain', 'contract-in-set', false, trade)
  const { fixedWith, proof } = shown
  if (fixedWith === null || proof === null) return waits('chain', 'contract-in-set', trade)
  const root = all.gates.get(fixedWith)?.ordersRoot
  // Everybody's record of that gate is forgotten: the chain has its root, and this page has not.
  if (root === undefined || root === null) return told('chain', 'contract-in-set', trade)
  const place = { zone, interval: fixedWith }
  const holds = unlessMalformed(() => isLeaf(proof, root, () => orderLeaf(place, contract)))
  return outcome('chain', 'contract-in-set', holds && shown.contract === contract, trade)
}

/** What the contracts of a meter got is signed by the exchange, and under the last run's root. */
function tradedCheck(
  zone: AccountIntervalZone,
  meter: number,
  { traded }: ContractEvidence,
  shown: PublicInterval,
  terms: Terms,
): Check {
  const root = shown.runs.at(-1)?.readingsRoot
  const answer = traded.get(meter)
  if (root === undefined || root === null) return waits('reading', 'traded-in-tree', meter)
  if (answer === undefined) return told('reading', 'traded-in-tree', meter)
  const delivered = (side: OwnTrade['side']): bigint =>
    zone.trades
      .filter((trade) => trade.side === side && ownMeterOf(trade) === meter)
      .reduce((sum, { delivery }) => sum + BigInt(delivery?.deliveredWh ?? 0), 0n)
  const holds = unlessRefused(() => {
    const { intervals } = verifyTradedEnergy(answer, new Map([[terms.interval, root]]), {
      ...{ zone: zone.zone, meter, fromInterval: terms.interval, count: 1 },
      domain: domainOf(terms),
      operator: terms.receiptSigner ?? '',
      meterSecret: hexToBytes(answer.secret, 32, 'secret'),
    })
    const [one] = intervals
    const [sold, bought] = one?.kind === 'traded' ? [one.soldWh, one.boughtWh] : [0n, 0n]
    return sold === delivered('sell') && bought === delivered('buy')
  })
  return outcome('reading', 'traded-in-tree', holds, meter)
}

/** What is not in its form, or is refused as a proof, proves nothing. */
function unlessRefused(check: () => boolean): boolean {
  try {
    return unlessMalformed(check)
  } catch (error) {
    if (error instanceof BusbarError && error.code === 'proof_invalid') return false
    throw error
  }
}
