import { Type } from 'typebox'
import {
  ConservationHistory, HistoryQuery, IntervalTallies, JournalHead, JournalHeads, JournalSpan,
} from './books.ts'
import { Conservation } from './operations.ts'
import { json, limit, type Route } from './route.ts'
import { readProblems } from './route-problems.ts'
import { closed, IntervalNumber, Sequence } from './scalars.ts'

/** What shows that the books are whole, now and before; part of `routes`. */
export const bookRoutes = {
  conservation: {
    method: 'GET',
    path: '/v1/conservation',
    summary: 'Money, energy, and the chain against the ledger: what is unexplained is 0.',
    access: 'public',
    response: json(Conservation),
    problems: [],
  },
  conservationHistory: {
    method: 'GET',
    path: '/v1/conservation/history',
    summary: 'What held at the time, of up to 8,928 intervals in columns; else the newest.',
    access: 'public',
    query: HistoryQuery,
    response: json(ConservationHistory),
    problems: ['field_invalid', 'field_unknown', 'market_not_open'],
  },
  conservationInterval: {
    method: 'GET',
    path: '/v1/conservation/intervals/:interval',
    summary: 'Where the books stood at each run of an interval, and what the chain had of it.',
    access: 'public',
    params: Type.Object({ interval: IntervalNumber }, closed),
    response: json(IntervalTallies),
    problems: ['field_invalid', 'not_found'],
  },
  journalHeads: {
    method: 'GET',
    path: '/v1/journal/heads',
    summary: 'Hashes of the journal that the chain bears witness of: from an entry, or before it.',
    access: 'public',
    query: Type.Object(
      { from: Type.Optional(Sequence), before: Type.Optional(Sequence), limit },
      closed,
    ),
    response: json(JournalHeads),
    problems: ['field_invalid', 'field_unknown'],
  },
  journalHead: {
    method: 'GET',
    path: '/v1/journal/heads/:sequence',
    summary: 'One of them, with what it takes to check its hash and its transactions.',
    access: 'public',
    params: Type.Object({ sequence: Sequence }, closed),
    response: json(JournalHead),
    problems: ['field_invalid', 'not_found'],
  },
  auditJournal: {
    method: 'GET',
    path: '/v1/audit/journal',
    summary: 'A span of the journal as it is stored, from an entry on. For operators and auditors.',
    access: 'auditor',
    query: Type.Object({ from: Type.Optional(Sequence), limit }, closed),
    response: json(JournalSpan),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
