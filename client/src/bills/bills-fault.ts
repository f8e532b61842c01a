import { Fault } from '@busbar/core/errors'

/** What is wrong with an input, by file and field. */
export const inputInvalid = (
  file: string,
  field: string,
  limit: string,
  value?: unknown,
): Fault =>
  new Fault('BILLS_INPUT_INVALID', {
    ...{ file, field, limit },
    ...(value === undefined ? {} : { value: String(value).slice(0, 80) }),
  })
