import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import type { MemberConfig } from './config.ts'

/** Whether the set of orders of an interval stands on the chain. Rejects when the node fails. */
export type OrdersFixed = (zone: number, interval: bigint) => Promise<boolean>

const selector = bytesToHex(keccak256(textToBytes('statusOf(uint32,uint64)')).subarray(0, 4))
const word = (value: number | bigint): string => value.toString(16).padStart(64, '0')
const timeoutMs = 3_000

/** Asks the contract IntervalLog through a node of the owner's choice. */
export function ordersFixedBy(url: string, { chainId, intervalLog }: MemberConfig['market']) {
  const call = async (method: string, params: readonly unknown[]): Promise<bigint> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer = (await response.json()) as { readonly result?: unknown }
    const { result } = answer
    if (typeof result !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(result)) {
      throw new Error(`the node gave no answer to ${method}`)
    }
    return BigInt(result)
  }
  const ordersFixed: OrdersFixed = async (zone, interval) => {
    if ((await call('eth_chainId', [])) !== BigInt(chainId)) throw new Error('another chain')
    const data = `${selector}${word(zone)}${word(interval)}`
    // 0 is an interval that nobody has fixed; whatever comes after that is later in its life.
    return (await call('eth_call', [{ to: intervalLog, data }, 'latest'])) !== 0n
  }
  return ordersFixed
}
