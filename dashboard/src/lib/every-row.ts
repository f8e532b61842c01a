/** What whoever waits for many pages is told, and may do. */
export type Gathering = {
  readonly signal: AbortSignal
  /** How many rows there are so far. */
  readonly progress: (rows: number) => void
}

export type Gathered<Row> = {
  readonly rows: readonly Row[]
  /** Whether these are all, or the list goes on. */
  readonly isWhole: boolean
}

export type ReadAll<Row> = (gathering: Gathering) => Promise<Gathered<Row>>

/** As many rows as a server answers at once, for reads that want all of them. */
export const rowsAtOnce = 500

/** More is for the exchange's own files and commands: a page keeps all of it in memory. */
export const pagesMax = 100

/**
 * The rows of all pages of a list, at most of so many pages.
 *
 *     everyRow((options) => pagesOf((page) => client.trades.list(page, options)), tradesIn)
 *
 * @throws BusbarError as the read does; the signal's reason where somebody stopped
 */
export const everyRow = <Page, Row>(
  pages: (options: Pick<Gathering, 'signal'>) => AsyncIterable<Page>,
  rowsIn: (page: Page) => readonly Row[],
  most = pagesMax,
): ReadAll<Row> =>
  async ({ signal, progress }) => {
    const rows: Row[] = []
    let read = 0
    for await (const page of pages({ signal })) {
      // The page after the last one that is wanted: there is more, and it is not taken.
      if (read === most) return { rows, isWhole: false }
      read++
      rows.push(...rowsIn(page))
      progress(rows.length)
      signal.throwIfAborted()
    }
    return { rows, isWhole: true }
  }
