/** Of these nothing is asked: a restart takes the newest, and the others stand behind it. */
const newestKept = 3

/**
 * Which snapshots stay, of those that there are: the newest three, and of the older ones as many as
 * the logarithm of the journal's length grows. Replaying a journal's end from the snapshot before
 * it is then never more than twice as much as the end itself, wherever it begins: an older one goes
 * only where its neighbours are so near each other, seen from the end, that this holds without it;
 * and what is held once is held as the journal grows. The journal's start is the oldest of all.
 *
 * @param sequences ascending
 * @param end the last entry of the journal
 */
export function keptSnapshots(sequences: readonly number[], end: number): readonly number[] {
  const older = sequences.slice(0, -newestKept)
  const kept: number[] = []
  for (const [index, sequence] of older.entries()) {
    const before = kept.at(-1) ?? 0
    const after = sequences[index + 1] ?? end
    if (end - before > 2 * (end - after)) kept.push(sequence)
  }
  return [...kept, ...sequences.slice(-newestKept)]
}
