import { askedForDays } from '@busbar/core/registry'

export type Added = {
  readonly publicKey: string
  readonly label: string
  readonly askedBy: string | null
  readonly registeredAtMs: number
}

/**
 * What a device added, and that in its turn: what ends with it, by the rule of the exchange, and
 * what it added before, which whoever revokes has to look at.
 */
export function addedBy(
  devices: readonly Added[],
  publicKey: string,
  nowMs: number,
): { readonly ends: readonly string[]; readonly stays: readonly string[] } {
  const since = nowMs - askedForDays * 86_400_000
  const ends: string[] = []
  const stays: string[] = []
  for (const one of devices) {
    if (one.askedBy !== publicKey) continue
    if (one.registeredAtMs <= since) {
      stays.push(one.label)
      continue
    }
    const behind = addedBy(devices, one.publicKey, nowMs)
    ends.push(one.label, ...behind.ends)
    stays.push(...behind.stays)
  }
  return { ends, stays }
}
