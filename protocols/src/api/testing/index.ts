import type { TSchema } from 'typebox'
import { Errors } from 'typebox/value'

/** Where a value is not in the form of a schema, by path: nowhere if it is. */
export const wrongIn = (schema: TSchema, value: unknown): readonly string[] =>
  Errors(schema, value).map(({ instancePath }) => instancePath)
