/** The statements about where the books stood, once, for both engines. */
import { bilateralZone } from '@busbar/core/exchange'
import {
  anchorHolds, energyInto, energyOutOf, holds, tallyText,
} from '../../app/ports/tally-rules.ts'
import type { HeadSpan, Tally, TallyAnchor } from '../../app/ports/tallies.ts'
import type { Statement } from './engine.ts'

/** What puts an interval on the chain; a proof of it follows from the entry that cleared it. */
const isCheckpoint = "(id like 'fix/%' or id like 'commit/%' or id like 'settle/%')"
const isOfInterval = `(${isCheckpoint} or id like 'prove/%' or id like 'prove-part/%')`

const texts = (values: readonly (bigint | boolean)[]): readonly string[] => values.map(String)

const insertTallies = (schema: string, tallies: readonly Tally[]): Statement => {
  // Trades stand on both sides of their zones' energy, which is counted there.
  const energy = tallies.map(({ zone, energy: all }) => {
    const isCounted = zone !== bilateralZone
    return { into: isCounted ? energyInto(all) : 0n, out: isCounted ? energyOutOf(all) : 0n }
  })
  return {
    sql: `insert into ${schema}.tally (journal_sequence, zone, interval, run, holds, energy_in,
        energy_out, moved, balances, body)
      select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[],
        $5::text[]::boolean[], $6::text[]::numeric[], $7::text[]::numeric[],
        $8::text[]::numeric[], $9::text[]::numeric[], $10::text[])`,
    parameters: [
      tallies.map(({ journalSequence }) => journalSequence),
      tallies.map(({ zone }) => zone),
      tallies.map(({ interval }) => interval),
      tallies.map(({ run }) => run),
      texts(tallies.map(holds)),
      texts(energy.map(({ into }) => into)),
      texts(energy.map(({ out }) => out)),
      texts(tallies.map(({ money }) => money.moved)),
      texts(tallies.map(({ money }) => money.balances)),
      tallies.map(tallyText),
    ],
  }
}

export const tallyStatements = (schema: string) => ({
  ...shownStatements(schema),
  ...anchorStatements(schema),
  ...headStatements(schema),

  insertTallies: (tallies: readonly Tally[]) => insertTallies(schema, tallies),

  newestTally: (): Statement => ({
    sql: `select interval from ${schema}.tally order by interval desc limit 1`,
    parameters: [],
  }),

  talliesMissing: (): Statement => ({
    sql: `select through from ${schema}.tally_missing`,
    parameters: [],
  }),

  talliesComplete: (): Statement => ({
    sql: `update ${schema}.tally_missing set through = 0`,
    parameters: [],
  }),
})

/** Tallies with what was seen of them on the chain. */
const shownStatements = (schema: string) => {
  const anchored = `select t.*, a.journal_sequence as anchored, a.at as anchored_at, a.has_roots,
      a.custody::text as custody, a.ledger::text as ledger, a.holds as anchor_holds,
      t.journal_sequence in
        (select journal_sequence from ${schema}.outbox where status = 'failed') as failed
    from ${schema}.tally t left join ${schema}.tally_anchor a using (journal_sequence)`
  return {
    listTallies: (after: number, limit: number): Statement => ({
      sql: `${anchored} where t.journal_sequence > $1::bigint
        order by t.journal_sequence limit $2::bigint`,
      parameters: [after, limit],
    }),

    talliesOfInterval: (interval: number): Statement => ({
      sql: `${anchored} where t.interval = $1::bigint order by t.journal_sequence`,
      parameters: [interval],
    }),

    tallyPoints: (from: number, to: number, step: number): Statement => ({
      sql: `select (interval - $1::bigint) / $3::bigint as point,
          count(distinct interval) as intervals,
          count(*) as runs,
          count(*) filter (where not holds or failed or anchor_holds = false) as wrong,
          count(*) filter (where holds and not failed and anchored is null) as waiting,
          coalesce(sum(energy_in) filter (where is_last), 0)::text as energy_in,
          coalesce(sum(energy_out) filter (where is_last), 0)::text as energy_out,
          sum(moved)::text as moved,
          (array_agg(balances::text order by journal_sequence desc))[1] as balances,
          (array_agg(custody order by journal_sequence desc)
            filter (where custody is not null))[1] as custody
        from (
          select *, row_number() over (partition by interval, zone order by run desc) = 1 as is_last
          from (${anchored} where t.interval >= $1::bigint and t.interval < $2::bigint) found
        ) marked group by 1 order by 1`,
      parameters: [from, to, step],
    }),
  }
}

const anchorStatements = (schema: string) => ({
  firstUnanchored: (after: number): Statement => ({
    sql: `select coalesce(
        (select min(t.journal_sequence) from ${schema}.tally t
          where t.journal_sequence > $1::bigint and not exists (select 1
            from ${schema}.tally_anchor a where a.journal_sequence = t.journal_sequence)),
        (select max(journal_sequence) + 1 from ${schema}.tally),
        1) as number`,
    parameters: [after],
  }),

  unanchoredTallies: (after: number, limit: number): Statement => ({
    sql: `select t.body from ${schema}.tally t
      where t.journal_sequence > $1::bigint
        and not exists (select 1 from ${schema}.tally_anchor a
          where a.journal_sequence = t.journal_sequence)
        and exists (select 1 from ${schema}.outbox o
          where o.journal_sequence = t.journal_sequence)
        and not exists (select 1 from ${schema}.outbox o
          where o.journal_sequence = t.journal_sequence and o.status <> 'final')
      order by t.journal_sequence limit $2::bigint`,
    parameters: [after, limit],
  }),

  insertAnchors: (anchors: readonly TallyAnchor[]): Statement => ({
    sql: `insert into ${schema}.tally_anchor
        (journal_sequence, at, holds, has_roots, custody, ledger)
      select * from unnest($1::bigint[], $2::bigint[], $3::text[]::boolean[],
        $4::text[]::boolean[], $5::text[]::numeric[], $6::text[]::numeric[])
      on conflict (journal_sequence) do nothing`,
    parameters: [
      anchors.map(({ journalSequence }) => journalSequence),
      anchors.map(({ at }) => at),
      texts(anchors.map(anchorHolds)),
      texts(anchors.map(({ hasRoots }) => hasRoots)),
      texts(anchors.map(({ custody }) => custody)),
      texts(anchors.map(({ ledger }) => ledger)),
    ],
  }),
})

const headStatements = (schema: string) => ({
  checkpoints: ({ from, before }: HeadSpan, limit: number): Statement => ({
    sql: `select j.sequence, j.at, j.kind, j.hash, before.hash as previous_hash from (
        select journal_sequence from ${schema}.outbox
        where ${isCheckpoint} and journal_sequence >= $1::bigint and journal_sequence < $3::bigint
        group by journal_sequence
        order by journal_sequence ${from === undefined ? 'desc' : 'asc'} limit $2::bigint
      ) found
      join ${schema}.journal j on j.sequence = found.journal_sequence
      left join ${schema}.journal before on before.sequence = j.sequence - 1
      order by j.sequence`,
    parameters: [from ?? 1, limit, before ?? Number.MAX_SAFE_INTEGER],
  }),

  intervalTransactions: (sequences: readonly number[]): Statement => ({
    sql: `select id, journal_sequence, description, status, tx_hash, block_number, gas_used
      from ${schema}.outbox
      where journal_sequence = any($1::bigint[]) and ${isOfInterval} order by position`,
    parameters: [sequences],
  }),
})
