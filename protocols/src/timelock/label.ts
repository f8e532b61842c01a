import { malformed } from './malformed.ts'

/** What the orders of one auction are sealed to. */
export type LabelParts = {
  readonly chainId: number | bigint
  /** The address of the contract IntervalLog: `0x` and 40 lower-case digits. */
  readonly intervalLog: string
  readonly zone: number
  /** The interval's number in its market. */
  readonly interval: number | bigint
}

const uint32Max = 0xffff_ffffn
const uint64Max = 2n ** 64n - 1n

/**
 * The text that the committee signs once the gate of an interval has closed, and at no other time:
 * `busbar/1/chain/contract/zone/interval`. It names the chain and the contract, so that a signature
 * made for one deployment opens nothing of another.
 *
 * @throws Fault TIMELOCK_MALFORMED
 */
export function labelOf(parts: LabelParts): string {
  const { intervalLog } = parts
  if (!/^0x[0-9a-f]{40}$/.test(intervalLog)) {
    throw malformed('intervalLog', 'it is not an address in lower case')
  }
  const chainId = whole(parts.chainId, uint64Max, 'chainId')
  const zone = whole(parts.zone, uint32Max, 'zone')
  const interval = whole(parts.interval, uint64Max, 'interval')
  return `busbar/1/${chainId}/${intervalLog}/${zone}/${interval}`
}

function whole(value: number | bigint, max: bigint, field: string): bigint {
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!isWhole || value < 0 || BigInt(value) > max) {
    throw malformed(field, `it is not a whole number up to ${max}`)
  }
  return BigInt(value)
}

/**
 * The parts of a label that `labelOf` made: no other spelling of a number is taken, so that who
 * judges the parts has judged the text that is signed.
 *
 * @throws Fault TIMELOCK_MALFORMED
 */
export function parseLabel(label: string): {
  readonly chainId: bigint
  readonly intervalLog: string
  readonly zone: number
  readonly interval: bigint
} {
  const match = /^busbar\/1\/(\d{1,20})\/(0x[0-9a-f]{40})\/(\d{1,10})\/(\d{1,20})$/.exec(label)
  const [, chainId = '', intervalLog = '', zone = '', interval = ''] = match ?? []
  const parts = {
    chainId: BigInt(chainId),
    intervalLog,
    zone: Number(zone),
    interval: BigInt(interval),
  }
  if (match === null || labelOf(parts) !== label) throw malformed('label', 'it is none of ours')
  return parts
}
