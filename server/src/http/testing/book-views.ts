import type { BookViews } from '../../app/ports/book-views.ts'
import * as views from './views.ts'

/** That all is well, from books of nobody. */
export const books: BookViews = {
  now: () => Promise.resolve(views.conservation),
}
