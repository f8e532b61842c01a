import { BlockList, isIP } from 'node:net'
import type { Networks } from '../app/ports/networks.ts'

type Parsed = { readonly address: string; readonly family: 'ipv4' | 'ipv6'; readonly bits: number }

/** An address, or a network of CIDR; undefined for what is neither. */
function parsed(text: string): Parsed | undefined {
  const [address = '', bits, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0 || bits === '') return undefined
  const whole = version === 4 ? 32 : 128
  const count = Number(bits ?? whole)
  if (!/^(?:0|[1-9]\d{0,2})$/.test(bits ?? '0') || count > whole) return undefined
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', bits: count }
}

export const isNetwork = (text: string): boolean => parsed(text) !== undefined

export function isWithin(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
  const version = isIP(plain)
  if (version === 0) return false
  const list = new BlockList()
  for (const text of networks) {
    const network = parsed(text)
    if (network !== undefined) list.addSubnet(network.address, network.bits, network.family)
  }
  return list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}

export const networks: Networks = { isNetwork, isWithin }
