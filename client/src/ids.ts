import { bytesToHex } from '@busbar/protocols/hash'

/** Fills an array with bytes that nobody can guess. */
export type RandomBytes = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array

/** The platform's own. */
export const platformRandom: RandomBytes = (bytes) => crypto.getRandomValues(bytes)

/**
 * A new id for a command: 16 random bytes. Make it once and keep it with the command: what makes
 * sending it again harmless is that the id stays the same.
 */
export const newId = (random: RandomBytes = platformRandom): string =>
  bytesToHex(random(new Uint8Array(16)))
