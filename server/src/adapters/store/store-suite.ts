/**
 * The tests that every engine of the store must pass, word for word the same.
 *
 * Method: each test takes a market of its own in the one database given, so that none sees another;
 * what must survive is read again after closing and opening.
 */
import { describe } from 'node:test'
import type { Store } from '../../app/ports/store.ts'
import type { Engine } from './engine.ts'
import { SqlStore } from './sql-store.ts'
import { deviceTests } from './store-suite-devices.ts'
import { grantTests } from './store-suite-grants.ts'
import { freshMarket, type Harness, type Work } from './store-suite-harness.ts'
import { journalTests } from './store-suite-journal.ts'
import { lifecycleTests } from './store-suite-lifecycle.ts'
import { noticeTests } from './store-suite-notices.ts'
import { outboxTests } from './store-suite-outbox.ts'
import { snapshotTests } from './store-suite-snapshots.ts'
import { tallyTests } from './store-suite-tallies.ts'

/** Opens the database for a market. */
type Open = (market: string) => Promise<Engine>

/**
 * @param open as the program would
 * @param lent for markets that nobody had before, from which nothing is asked again: where opening
 *   takes longer than what is tested, the one that is open may be given
 */
export function describeStore(name: string, open: Open, lent: Open = open): void {
  const openStore = async (market: string): Promise<Store> =>
    SqlStore.open(await open(market), market)

  const using = async (store: Store, market: string, work: Work): Promise<void> => {
    try {
      await work(store, market)
    } finally {
      await store.close()
    }
  }
  const reopened: Harness['reopened'] = async (market, work) =>
    using(await openStore(market), market, work)

  const withStore: Harness['withStore'] = async (work) => {
    const market = freshMarket()
    return using(await SqlStore.open(await lent(market), market), market, work)
  }

  const harness = { open, openStore, withStore, reopened }
  describe(`the journal on ${name}`, () => journalTests(harness))
  describe(`the outbox on ${name}`, () => outboxTests(harness))
  describe(`readings of devices on ${name}`, () => deviceTests(harness))
  describe(`grants on ${name}`, () => grantTests(harness))
  describe(`notices on ${name}`, () => noticeTests(harness))
  describe(`snapshots on ${name}`, () => snapshotTests(harness))
  describe(`tallies on ${name}`, () => tallyTests(harness))
  describe(`opening and closing on ${name}`, () => lifecycleTests(harness))
}
