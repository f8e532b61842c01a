/** Addresses and networks of them, IPv4 and IPv6. */
export interface Networks {
  /** An address, or a network of CIDR. */
  isNetwork(text: string): boolean

  /** Whether `address` is in one of `networks`; anywhere is, where none is named. */
  isWithin(networks: readonly string[], address: string): boolean
}
