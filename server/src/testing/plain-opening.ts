/** A committee that needs no cryptography, and does what a test tells it. */
import { Fault } from '@busbar/core/errors'
import type { Opened, OpeningRequest, OrderOpening } from '../app/ports/opening.ts'

const head = 'a0'.repeat(48)
const tail = 'b0'.repeat(16)

/** As long as a real ciphertext, and in the clear. */
export const plainCiphertext = (plaintext: Uint8Array): string =>
  `0x${head}${Buffer.from(plaintext).toString('hex')}${tail}`

export const unreadableCiphertext = `0x${'c0'.repeat(48 + 57 + 16)}`

/** What a test plants to find it where it must not be. */
export const plainSignature = `0x${'51'.repeat(96)}`

export class PlainOpening implements OrderOpening {
  readonly asked: OpeningRequest[] = []
  /** Zones whose orders are not opened: asking for them fails. */
  readonly deadZones = new Set<number>()
  /** Awaited by every opening. */
  hold: Promise<void> = Promise.resolve()
  absent: readonly string[] = []
  wrong: readonly string[] = []
  isClosed = false

  async open(request: OpeningRequest): Promise<Opened> {
    this.asked.push(request)
    await this.hold
    const { absent, wrong } = this
    if (this.deadZones.has(request.zone)) {
      const named = { absent: absent.join(', '), wrong: wrong.join(', ') }
      throw new Fault('COMMITTEE_BELOW_THRESHOLD', { valid: 1, threshold: 2, ...named })
    }
    const openings = request.orders.map(({ ciphertext }) => {
      const hex = ciphertext.slice(2)
      if (!hex.startsWith(head) || !hex.endsWith(tail)) return null
      return new Uint8Array(Buffer.from(hex.slice(head.length, -tail.length), 'hex'))
    })
    return { openings, signature: plainSignature, absent, wrong }
  }

  close(): Promise<void> {
    this.isClosed = true
    return Promise.resolve()
  }
}
