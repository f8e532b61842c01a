import type { StatementLine } from '@busbar/protocols/api'

/** Where a page begins, and how many it has at most. */
export type PageQuery = { readonly from?: number; readonly limit?: number }

/** Of whole intervals, before one of them where it is named. */
export type SpanQuery = PageQuery & { readonly until?: number }

/** Of a list that may be read from its end, newest first; `from` is then the last to be shown. */
export type OrderedQuery = PageQuery & { readonly order?: 'asc' | 'desc' }

export type StatementQuery = OrderedQuery & { readonly kind?: StatementLine['kind'] }
