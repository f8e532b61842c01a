import type { ConservationView } from './exchange-views.ts'

/** What shows that the books are whole, to whoever asks. */
export type BookViews = {
  /** As it is at this moment. */
  readonly now: () => Promise<ConservationView>
}
