import { Fault } from '@busbar/core/errors'

export type Hex = `0x${string}`

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** By character code: the digit's value, or 255 for what is not a lower-case hex digit. */
const digitValues = new Uint8Array(128).fill(255)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digitValues[digit.charCodeAt(0)] = value
}

/** `0x` and two lower-case digits per byte. */
export function bytesToHex(bytes: Uint8Array): Hex {
  let digits = ''
  for (let i = 0; i < bytes.length; i += 1) digits += pairs[bytes[i] as number]
  return `0x${digits}`
}

/**
 * The bytes of `hex`, which is `0x` and an even number of lower-case digits: one spelling for each
 * value, because ids and digests are compared as text.
 *
 * @param length how many bytes there must be; any number when left out
 * @throws Fault HEX_MALFORMED
 */
export function hexToBytes(hex: string, length?: number, field = 'bytes'): Uint8Array {
  const size = length ?? Math.max(0, Math.floor((hex.length - 2) / 2))
  const bytes = new Uint8Array(size)
  writeHex(bytes, 0, hex, size, field)
  return bytes
}

/**
 * As `hexToBytes`, into `target` at `offset`, without an allocation.
 *
 * @throws Fault HEX_MALFORMED, after which `target` holds no promise
 */
export function writeHex(
  target: Uint8Array,
  offset: number,
  hex: string,
  length: number,
  field: string,
): void {
  if (typeof hex !== 'string' || hex.length !== 2 + 2 * length || !hex.startsWith('0x')) {
    throw malformed(hex, length, field)
  }
  for (let i = 0; i < length; i += 1) {
    const high = digitValues[hex.charCodeAt(2 + 2 * i)] ?? 255
    const low = digitValues[hex.charCodeAt(3 + 2 * i)] ?? 255
    // 255 has bits that no digit has, so one comparison finds a bad digit in either place.
    if ((high | low) > 15) throw malformed(hex, length, field)
    target[offset + i] = (high << 4) | low
  }
}

/** Whether `hex` is `0x` and exactly `length` bytes in lower case. */
export function isHex(hex: unknown, length: number): hex is Hex {
  return (
    typeof hex === 'string' && hex.length === 2 + 2 * length && /^0x[0-9a-f]*$/.test(hex)
  )
}

function malformed(hex: unknown, length: number, field: string): Fault {
  const got = typeof hex === 'string' ? hex.slice(0, 140) : typeof hex
  return new Fault('HEX_MALFORMED', { field, bytes: length, got })
}
