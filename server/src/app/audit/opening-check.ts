import {
  type Command,
  committeeFor,
  type Opening,
  recordOf,
  rulebookFor,
  type State,
} from '@busbar/core/exchange'
import { canonicalJson } from '@busbar/core/encoding'
import { commitmentOf, decodeOpening } from '@busbar/protocols/sealed-orders'
import { createOpener, labelOf, type Opener, verifySignature } from '@busbar/protocols/timelock'
import { contextFor, type SealedPlace } from '../engines.ts'
import { commitmentsOf } from '../opening/journalled-openings.ts'

/**
 * What is wrong with how orders were opened; undefined if nothing is. `state` is the one before the
 * command, when the ciphertexts are still there.
 *
 * An opening of a commitment is the right one by itself. What could be kept from the auction is an
 * order that is said not to open: whatever has no fitting opening is opened once more here.
 *
 * `timelockReady` must have resolved.
 */
export function openingFault(
  command: Command,
  state: State,
  place: SealedPlace,
): string | undefined {
  if (command.kind !== 'open_orders') return undefined
  const { zone, interval, openings, evidence } = command
  const record = recordOf(state, zone, interval)
  const rulebook = rulebookFor(state, interval)
  if (record === undefined || rulebook.orderBook !== 'sealed-committee') return undefined
  const committee = committeeFor(state, interval)
  const label = labelOf({ ...place, zone, interval })
  if (committee === undefined || !isSigned(committee.publicKey, label, evidence)) {
    return 'the evidence is not the signature of the committee'
  }
  const context = contextFor(place, { zone, interval, rulebook })
  let opener: Opener | undefined
  try {
    for (const [index, commitment] of commitmentsOf(record).entries()) {
      const given = openings[index] ?? null
      if (record.voids.has(commitment) || isOpeningOf(context, commitment, given)) continue
      opener ??= createOpener(evidence)
      const ciphertext = record.sealed.get(commitment)?.ciphertext ?? ''
      const plaintext = opener.open(commitment, ciphertext)
      const found = plaintext === null ? null : (decodeOpening(plaintext) ?? null)
      if (canonicalJson(found) !== canonicalJson(given)) {
        return `order ${commitment} opens to something else than was said`
      }
    }
  } finally {
    opener?.close()
  }
  return undefined
}

function isSigned(publicKey: string, label: string, signature: string): boolean {
  try {
    return verifySignature(publicKey, label, signature)
  } catch {
    // Bytes that are no point are no signature.
    return false
  }
}

function isOpeningOf(context: string, commitment: string, opening: Opening | null): boolean {
  if (opening === null) return false
  try {
    return commitmentOf(context, opening) === commitment
  } catch {
    return false
  }
}
