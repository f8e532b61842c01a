import { BlockList, isIP } from 'node:net'

/**
 * Where webhooks may lead: `public` to what everybody can reach and by https alone, `any` to this
 * machine and its neighbours as well, for development.
 */
export type Reach = 'public' | 'any'

/** What the registries of special-purpose addresses keep from the internet. */
const special4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12',
  '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15',
  '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
]

/** Of IPv6 one part is given out. In it some lead to IPv4 addresses, or nowhere. */
const given6 = listOf(['2000::/3'], 'ipv6')
const special6 = listOf(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'], 'ipv6')
const forbidden4 = listOf(special4, 'ipv4')

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

/** Whether everybody can reach the address, and reaches the same. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !forbidden4.check(address, 'ipv4')
    case 6:
      return given6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
    default:
      return false
  }
}

/** The host of a URL as names and addresses are written elsewhere: without brackets. */
export const hostOf = ({ hostname }: URL): string =>
  hostname.startsWith('[') ? hostname.slice(1, -1) : hostname

/** Why a text is no address of a webhook; undefined where it is one. Asks nobody. */
export function objectionTo(text: string, reach: Reach): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const schemes = reach === 'any' ? ['https:', 'http:'] : ['https:']
  if (url === undefined || !schemes.includes(url.protocol)) return 'an https address'
  if (url.username !== '' || url.password !== '') return 'without a user and password'
  if (url.hash !== '') return 'without a fragment'
  if (reach === 'any') return undefined
  const host = hostOf(url)
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : 'a public address'
  return host.includes('.') ? undefined : 'a public name'
}
