type Piece = { begunMs: number; waiting: number; tookMs: number | undefined }

/**
 * Adds up an interval's two pieces of work: from the gate to the receipt of its commitment, and
 * from the beginning of its first run to the receipt of all its money. Delivery, which lies between
 * them, is not work.
 */
export class IntervalWork {
  readonly #pieces = new Map<string, Piece>()

  begin(
    piece: 'commit' | 'settle',
    { zone, interval }: { readonly zone: number; readonly interval: number },
    begunMs: number,
  ): void {
    const id = piece === 'commit' ? `commit/${zone}/${interval}` : `settle/${zone}/${interval}/0`
    const waiting = this.#pieces.get(id)?.waiting ?? 0
    this.#pieces.set(id, { begunMs, waiting, tookMs: undefined })
  }

  /** A transaction was queued: its piece of work ends with the last of them. */
  expect(id: string): void {
    const group = groupOf(id)
    if (!/^(commit\/\d+\/\d+|settle\/\d+\/\d+\/0)$/.test(group)) return
    const piece = this.#pieces.get(group)
    if (piece !== undefined) piece.waiting += 1
    else this.#pieces.set(group, { begunMs: performance.now(), waiting: 1, tookMs: undefined })
  }

  /** Milliseconds of both pieces, once the second of them is done. */
  end(id: string, nowMs: number): number | undefined {
    const piece = this.#pieces.get(groupOf(id))
    if (piece === undefined) return undefined
    piece.waiting -= 1
    if (piece.waiting > 0) return undefined
    piece.tookMs = nowMs - piece.begunMs
    const [, zone, interval] = id.split('/')
    const ids = [`commit/${zone}/${interval}`, `settle/${zone}/${interval}/0`]
    const [commit, settle] = ids.map((each) => this.#pieces.get(each)?.tookMs)
    if (commit === undefined || settle === undefined) return undefined
    for (const each of ids) this.#pieces.delete(each)
    return commit + settle
  }
}

/** Stages and parts of one batch are one piece of work. */
const groupOf = (id: string): string => id.replace(/\/(stage|apply)\/\d+$/, '')
