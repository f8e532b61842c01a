/** What somebody has broken for a while, asked at each boundary. */
export type LiveFaults = {
  /** One gateway keeps what it reads, until it speaks again. */
  readonly isSilent: boolean
  /** Readings take some intervals longer. */
  readonly isLate: boolean
}

export const nothingBroken: LiveFaults = { isSilent: false, isLate: false }

/** How much longer readings take while they are late on purpose. */
export const lateIntervals = 3

/** The place of the gateway that is silent when one is. */
export const silentGateway = 0

/** What gateways have sent, or kept, and nobody has got. */
export class UnderWay<What> {
  #waiting: readonly {
    readonly due: number
    readonly gateway: number
    readonly what: What
  }[] = []

  /** @param due the boundary at which it would arrive if nothing were broken */
  send(gateway: number, due: number, what: What, { isLate }: LiveFaults): void {
    const late = due + (isLate ? lateIntervals : 0)
    this.#waiting = [...this.#waiting, { due: late, gateway, what }]
  }

  /** What arrives by a boundary, once, in the order in which it was sent. */
  arrived(until: number, { isSilent }: LiveFaults): readonly What[] {
    const isDue = ({ due, gateway }: { readonly due: number; readonly gateway: number }): boolean =>
      due <= until && !(isSilent && gateway === silentGateway)
    const due = this.#waiting.filter(isDue)
    this.#waiting = this.#waiting.filter((one) => !isDue(one))
    return due.map(({ what }) => what)
  }
}
