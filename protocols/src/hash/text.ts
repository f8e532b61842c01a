import { Fault } from '@busbar/core/errors'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * The UTF-8 bytes of `text`.
 *
 * Half a surrogate pair has no UTF-8 form and encoders replace it without a word, so that two texts
 * would share one hash and one signature. It is refused instead.
 *
 * @throws Fault TEXT_MALFORMED
 */
export function textToBytes(text: string, field = 'text'): Uint8Array {
  if (typeof text !== 'string' || !text.isWellFormed()) throw new Fault('TEXT_MALFORMED', { field })
  return utf8ToBytes(text)
}
