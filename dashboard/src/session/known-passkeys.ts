import { textToBytes } from '@busbar/protocols/hash'
import { type Keeper, keptList } from '../lib/kept-list.ts'

/** A passkey that this browser has seen. Nothing of it is secret: the key itself never leaves. */
export type KnownPasskey = {
  readonly market: string
  readonly account: number
  /** Of the account. */
  readonly name: string
  readonly publicKey: string
  readonly credentialId: string
}

const place = 'busbar.passkeys'
/** As many as a family has on one device, and more. */
const knownMax = 32

/** Those of this market, the last one used first. */
export const knownPasskeys = (keeper: Keeper, market: string): readonly KnownPasskey[] =>
  read(keeper).filter((known) => known.market === market)

export function remember(keeper: Keeper, passkey: KnownPasskey): void {
  const others = read(keeper).filter(({ publicKey }) => publicKey !== passkey.publicKey)
  keeper.setItem(place, JSON.stringify([passkey, ...others].slice(0, knownMax)))
}

export function forget(keeper: Keeper, publicKey: string): void {
  keeper.setItem(place, JSON.stringify(read(keeper).filter((one) => one.publicKey !== publicKey)))
}

/** All that this browser has seen of an account. */
export function forgetAccount(keeper: Keeper, market: string, account: number): void {
  const others = read(keeper).filter((one) => one.market !== market || one.account !== account)
  keeper.setItem(place, JSON.stringify(others))
}

/** Nothing where it is no such list: then somebody signs in as on a new device. */
const read = (keeper: Keeper): readonly KnownPasskey[] => keptList(keeper, place, isKnown)

function isKnown(value: unknown): value is KnownPasskey {
  if (typeof value !== 'object' || value === null) return false
  const { market, account, name, publicKey, credentialId } = value as Partial<KnownPasskey>
  const texts = [market, name, publicKey, credentialId]
  return Number.isSafeInteger(account) && texts.every((text) => typeof text === 'string')
}

/** What a device keeps beside a passkey, so that it can say whose it is. */
export const userHandleOf = (market: string, account: number): Uint8Array =>
  textToBytes(`${market}:${account}`)

/** The account that a device tells, if it is one of this market. */
export function accountIn(market: string, userHandle: Uint8Array | null): number | undefined {
  const text = userHandle === null ? '' : new TextDecoder().decode(userHandle)
  const prefix = `${market}:`
  const number = text.startsWith(prefix) ? text.slice(prefix.length) : ''
  return /^(?:0|[1-9]\d{0,9})$/.test(number) ? Number(number) : undefined
}
