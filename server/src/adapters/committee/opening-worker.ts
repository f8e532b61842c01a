/**
 * A thread that opens orders: a millisecond of pairing for each sealing key would hold up the rest
 * of what the server does.
 */
import { parentPort } from 'node:worker_threads'
import { createOpener, type Opener, timelockReady } from '@busbar/protocols/timelock'
import type { SealedCiphertext } from '../../app/ports/opening.ts'

export type OpeningTask = {
  readonly id: number
  readonly signature: string
  readonly orders: readonly SealedCiphertext[]
}

export type OpeningAnswer =
  | { readonly id: number; readonly openings: readonly (Uint8Array | null)[] }
  | { readonly id: number; readonly error: unknown }

let current: { readonly signature: string; readonly opener: Opener } | undefined

/** One label after the other, in parts: the lines of its signature are kept from part to part. */
function openerOf(signature: string): Opener {
  if (current?.signature === signature) return current.opener
  current?.opener.close()
  current = undefined
  const opener = createOpener(signature)
  current = { signature, opener }
  return opener
}

await timelockReady()
parentPort?.on('message', ({ id, signature, orders }: OpeningTask) => {
  try {
    const opener = openerOf(signature)
    const openings = opener.openAll(orders)
    parentPort?.postMessage({ id, openings } satisfies OpeningAnswer)
  } catch (error) {
    parentPort?.postMessage({ id, error } satisfies OpeningAnswer)
  }
})
