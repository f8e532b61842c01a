import { namedKeyIn, passkeyIn } from '@busbar/core/registry'
import type {
  AccountIntervalZone,
  FilledOrder,
  OrderWord,
  OwnSealedOrder,
} from '@busbar/protocols/api'
import {
  instructionDigest,
  isSignedBy,
  orderDigest,
  sealedOrderDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { namedWord } from '@busbar/protocols/named-keys'
import { passkeyWord } from '@busbar/protocols/passkeys'
import { commitmentOf, contextOf, type Opening, openFill } from '@busbar/protocols/sealed-orders'
import { type Check, outcome, type Terms, told, waits } from './checks.ts'
import type { ZoneEvidence } from './evidence.ts'
import { domainOf } from './reading-checks.ts'
import { unlessMalformed } from './order-checks.ts'

/** Whose word a signature is: of unknown keys only the exchange says they were the account's. */
type Whose = 'account' | 'nobody' | 'unknown'

const registeredKeyBytes = 65

/** By the registry as it is now: keys that it has no more are nobody's that could be looked up. */
function whose(
  digest: Uint8Array,
  signature: string,
  isKeyReplaced: boolean,
  { participant }: Terms,
): Whose {
  if (participant === null) return 'unknown'
  const bytes = hexToBytes(signature)
  if (passkeyIn(signature) !== undefined) {
    const word = passkeyWord(digest, bytes)
    if (word === undefined) return 'nobody'
    const known = participant.passkeys.find(({ publicKey }) => publicKey === word.publicKey)
    if (known === undefined) return 'unknown'
    return known.host === word.host ? 'account' : 'nobody'
  }
  if (bytes.length !== registeredKeyBytes) return 'nobody'
  const key = hexToBytes(participant.publicKey, 33, 'publicKey')
  if (isSignedBy('secp256k1', key, digest, bytes)) return 'account'
  return isKeyReplaced ? 'unknown' : 'nobody'
}

const checked = (whoseWord: Whose, of: string): Check =>
  whoseWord === 'unknown'
    ? told('order', 'order-signed', of)
    : outcome('order', 'order-signed', whoseWord === 'account', of)

/** That the account signed an open order: by a key of its own, or an agent's that it has let. */
export function openSigned(
  order: FilledOrder,
  zone: AccountIntervalZone,
  word: OrderWord | undefined,
  terms: Terms,
): Check {
  const { account, interval } = terms
  return signedCheck(order.digest, order, { word, wanted: order, zone: zone.zone }, terms, () =>
    orderDigest(domainOf(terms), { ...order, account, interval }),
  )
}

/** That the account signed a sealed order. */
export function sealedSigned(
  order: OwnSealedOrder,
  zone: AccountIntervalZone,
  word: OrderWord | undefined,
  terms: Terms,
  opening: Opening | undefined,
): Check {
  const { id, commitment } = order
  const { account, interval } = terms
  const said = { word, wanted: opening, zone: zone.zone }
  return signedCheck(commitment, order, said, terms, () => {
    const sealed = word?.sealed
    if (sealed?.commitment !== commitment) return undefined
    const place = { id, account, zone: zone.zone, interval }
    return sealedOrderDigest(domainOf(terms), { ...place, ...sealed })
  })
}

type Wanted = Pick<Opening, 'meter' | 'side' | 'energyWh' | 'limitMicrosPerKwh'>

function signedCheck(
  name: string,
  order: Pick<FilledOrder, 'id' | 'sequence'>,
  { word, wanted, zone }: {
    readonly word: OrderWord | undefined
    readonly wanted: Wanted | undefined
    readonly zone: number
  },
  terms: Terms,
  digestOf: () => Uint8Array | undefined,
): Check {
  const of = name.slice(0, 10)
  if (word === undefined) return told('order', 'order-signed', of)
  let found: Whose = 'nobody'
  const { account, interval } = terms
  const isOf =
    word.id === order.id && word.sequence === order.sequence && word.zone === zone &&
    word.account === account && word.interval === interval
  const isRead = isOf && unlessMalformed(() => {
    const digest = digestOf()
    if (digest === undefined || bytesToHex(digest) !== word.digest) return false
    found = namedKeyIn('agent', word.signature) !== undefined
      ? whoseAgent(digest, word, terms, wanted)
      : whose(digest, word.signature, word.isKeyReplaced, terms)
    return true
  })
  return checked(isRead ? found : 'nobody', of)
}

type Mandate = {
  readonly publicKey: string
  readonly meters: readonly number[]
  readonly buyMaxMicrosPerKwh: number | null
  readonly sellMinMicrosPerKwh: number | null
  readonly orderEnergyMaxWh: number
  readonly untilMs: number
}

/** An agent's key is one's own by the mandate that one has signed, and within it. */
function whoseAgent(
  digest: Uint8Array,
  { signature, mandate, isKeyReplaced }: OrderWord,
  terms: Terms,
  wanted: Wanted | undefined,
): Whose {
  const agent = namedWord('agent', digest, hexToBytes(signature))
  if (agent === undefined) return 'nobody'
  if (mandate === null) return 'unknown'
  const { id, account, content } = mandate
  const kind = 'grant_mandate'
  const granted = instructionDigest(domainOf(terms), { id, account, kind, content })
  const giver = whose(granted, mandate.signature, isKeyReplaced, terms)
  if (giver !== 'account') return giver
  const limits = JSON.parse(content) as Mandate
  const isOpen = terms.startMs < limits.untilMs
  const isIts = account === terms.account && limits.publicKey === agent && isOpen
  return isIts && (wanted === undefined || isWithin(limits, wanted)) ? 'account' : 'nobody'
}

function isWithin(limits: Mandate, { meter, side, energyWh, limitMicrosPerKwh }: Wanted): boolean {
  const { buyMaxMicrosPerKwh: most, sellMinMicrosPerKwh: least } = limits
  const isPriced = side === 'buy'
    ? most !== null && limitMicrosPerKwh <= most
    : least !== null && limitMicrosPerKwh >= least
  return limits.meters.includes(meter) && isPriced && energyWh <= limits.orderEnergyMaxWh
}

/** What a sealed order says, by this device or, after the clearing, by who opened it. */
export const openingOf = (
  commitment: string,
  { words }: Pick<ZoneEvidence, 'words'>,
  { kept }: Pick<Terms, 'kept'>,
): Opening | undefined =>
  kept.get(commitment)?.opening ?? words.get(commitment)?.opening ?? undefined

/**
 * That the opening of a sealed order gives the commitment that was fixed, that what the tree of
 * fills has for it is what it got, and that this is within what it asked for.
 */
export function openedChecks(
  order: OwnSealedOrder,
  zone: AccountIntervalZone,
  evidence: ZoneEvidence,
  terms: Terms,
): readonly Check[] {
  const { commitment, outcome: became } = order
  const of = commitment.slice(0, 10)
  const opening = openingOf(commitment, evidence, terms)
  if (opening === undefined) {
    // What was void before its gate is never opened.
    if (became === 'void') return []
    const check = became === 'sealed' ? waits : told
    return [check('order', 'order-opened', of)]
  }
  const other = evidence.words.get(commitment)?.opening ?? opening
  const holds = unlessMalformed(() => {
    const context = contextIn(zone, terms)
    if (context === undefined || opening.account !== terms.account) return false
    const said = [evidence.orderPaths.get(commitment), terms.kept.get(commitment)]
    if (said.some((one) => one !== undefined && one.context !== context)) return false
    const isOne = commitmentOf(context, opening) === commitment
    const isSame = commitmentOf(context, other) === commitment
    return isOne && isSame && isFilled(order, zone, { opening, context }, evidence)
  })
  return [outcome('order', 'order-opened', holds, of)]
}

function isFilled(
  { commitment, outcome: became, filledWh }: OwnSealedOrder,
  zone: AccountIntervalZone,
  { opening, context }: { readonly opening: Opening; readonly context: string },
  { orderPaths }: ZoneEvidence,
): boolean {
  const leaf = orderPaths.get(commitment)?.fill?.leaf
  if (leaf !== undefined) {
    const fill = openFill(opening, context, leaf)
    if (fill.kind === 'void') return became === 'void'
    if (fill.energyWh !== filledWh || became === 'void') return false
  }
  return isWithinLimit({ ...opening, filledWh }, zone)
}

/** What binds a commitment to this chain, zone, interval and rules. */
function contextIn(
  { zone, rulebookHash }: AccountIntervalZone,
  { contracts, domain: { chainId }, interval }: Terms,
): string | undefined {
  if (contracts === null) return undefined
  const { intervalLog } = contracts
  return contextOf({ chainId, intervalLog, zone, interval, rulebookHash })
}

/** No more than was asked for, and at no worse price. */
export function isWithinLimit(
  order: Pick<FilledOrder, 'side' | 'energyWh' | 'limitMicrosPerKwh' | 'filledWh'>,
  { priceMicrosPerKwh: price }: Pick<AccountIntervalZone, 'priceMicrosPerKwh'>,
): boolean {
  const { side, energyWh, limitMicrosPerKwh: limit, filledWh } = order
  if (filledWh === 0) return true
  if (filledWh > energyWh || price === null) return false
  return side === 'buy' ? price <= limit : price >= limit
}
