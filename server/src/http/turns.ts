/** Readers written to in one turn of the event loop: what others wait for is not kept waiting. */
const readersPerTurn = 50

export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Does `work` for one reader after the other, `perTurn` in each turn. */
export async function eachInTurns<Reader>(
  readers: Iterable<Reader>,
  work: (reader: Reader) => Promise<void> | void,
  perTurn = readersPerTurn,
): Promise<void> {
  let inTurn = 0
  for (const reader of readers) {
    if (inTurn % perTurn === 0) await nextTurn()
    inTurn += 1
    await work(reader)
  }
}
