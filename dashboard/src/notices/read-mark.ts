const placeOf = (market: string, account: number): string => `busbar.read.${market}.${account}`

/** Nothing was read on this device, as far as anybody can tell afterwards. */
export const forgetReadMark = (
  keeper: Pick<Storage, 'removeItem'>,
  market: string,
  account: number,
): void => keeper.removeItem(placeOf(market, account))

/** Up to which notice an account has read on this device: nobody else is told. */
export class ReadMark {
  readonly #place: string
  readonly #keeper: Pick<Storage, 'getItem' | 'setItem'>
  readonly #listeners = new Set<() => void>()

  constructor(keeper: Pick<Storage, 'getItem' | 'setItem'>, market: string, account: number) {
    this.#keeper = keeper
    this.#place = placeOf(market, account)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** 0 where nothing was read, or what was kept is no mark. */
  readonly current = (): number => {
    const kept = Number(this.#keeper.getItem(this.#place) ?? 0)
    return Number.isSafeInteger(kept) && kept > 0 ? kept : 0
  }

  /** Never goes back: what was read stays so. */
  readTo(sequence: number): void {
    if (sequence <= this.current()) return
    this.#keeper.setItem(this.#place, String(sequence))
    this.look()
  }

  /** Somebody else may have written to the keeper. */
  readonly look = (): void => {
    for (const listener of this.#listeners) listener()
  }
}

/** How many are new: notices are numbered without gaps. */
export const unreadOf = (lastSequence: number | undefined, mark: number): number =>
  Math.max(0, (lastSequence ?? 0) - mark)

/** A number that has little room: `99+` for all above. */
export const brief = (count: number, most = 99): string =>
  count > most ? `${most}+` : String(count)
