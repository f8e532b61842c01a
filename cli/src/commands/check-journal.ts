import type { Command } from '../command.ts'

export const checkJournal: Command = {
  name: 'check-journal',
  operands: 'FILE',
  summary: 'check a span of a journal, offline',
  help: `Checks a file that an auditor saved from the Audit page, or from GET /v1/audit/journal: an
entry of the journal a line, as JSON. Each must have the hash of its contents and of the entry
before it. A hash that somebody noted before, or that stood beside what the chain bears witness of,
shows that nothing up to it was changed since: name it, and it must be in the file.

  busbar check-journal journal-1-500.jsonl
  busbar check-journal journal-1-500.jsonl --noted 0a9968900459d135…

Exit code 1 if an entry does not follow, or the noted hash is not there.`,
  options: {
    noted: { type: 'string', value: 'HASH', means: 'a hash of the journal that was noted before' },
  },
  async run(values, output) {
    const { runCheckJournal } = await import('../proofs/check-journal.ts')
    return await runCheckJournal(values, output)
  },
}
