import type { MeterList, MeterQuery } from '@busbar/protocols/api'
import type { Reader } from './exchange-service.ts'

/** Who is measured by what: to whom it concerns. */
export interface MeterViews {
  /** Of the meters that the reader may see, those that meet all that is asked for, ascending. */
  list(reader: Reader, asked: MeterQuery): MeterList
}
