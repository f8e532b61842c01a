import type { OpenApi, Schema } from './openapi.ts'

/** What is known of who asks and when: a template begins with it. */
export type Known = {
  readonly account: number | undefined
  readonly meter: number | undefined
  /** The next interval that takes orders. */
  readonly interval: number
  /** UTC milliseconds of the time outside. */
  readonly nowMs: number
  readonly newId: () => string
}

/** So long is what somebody lets go on for by a template. */
const monthMs = 30 * 86_400_000

const nameOf = ({ $ref = '' }: Schema): string => $ref.slice($ref.lastIndexOf('/') + 1)

function resolved({ components }: OpenApi, schema: Schema): Schema {
  return schema.$ref === undefined ? schema : (components.schemas[nameOf(schema)] ?? {})
}

/** The kinds that a body, or an item of it, may be of: none where there is but one form. */
export function kindsOf(document: OpenApi, schema: Schema): readonly string[] {
  const whole = resolved(document, schema)
  const { mapping } = whole.discriminator ?? {}
  if (mapping !== undefined) return Object.keys(mapping)
  const inner = [...Object.values(whole.properties ?? {}), ...(whole.items ? [whole.items] : [])]
  return inner.map((one) => kindsOf(document, one)).find((kinds) => kinds.length > 0) ?? []
}

/**
 * A value in the form of a schema, to be changed by its reader: what has to be there, with what is
 * known, else the least that is allowed. What is signed is empty until somebody signs.
 *
 * @param kind which of `kindsOf`; the first by default
 */
export function templateOf(
  document: OpenApi,
  schema: Schema,
  known: Known,
  kind?: string,
): unknown {
  const make = (given: Schema, name: string): unknown => {
    const { discriminator, ...one } = resolved(document, given)
    const said = knownAs(name, known)
    if (said !== undefined) return said
    if (one.const !== undefined) return one.const
    if (one.enum !== undefined) return one.enum[0]
    if (one.default !== undefined) return one.default
    const mapped = discriminator?.mapping?.[kind ?? Object.keys(discriminator.mapping)[0] ?? '']
    if (mapped !== undefined) return make({ $ref: mapped }, name)
    const choices = one.anyOf ?? one.oneOf
    if (choices !== undefined) {
      const isNullable = choices.some(({ type }) => type === 'null')
      return isNullable ? null : make(choices[0] ?? {}, name)
    }
    return plain(one, (inner, innerName) => make(inner, innerName), name)
  }
  return make(schema, '')
}

function plain(
  schema: Schema,
  make: (inner: Schema, name: string) => unknown,
  name: string,
): unknown {
  const { properties = {}, required = [], items, minItems = 0, minimum } = schema
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        required.map((field) => [field, make(properties[field] ?? {}, field)]),
      )
    case 'array':
      return items === undefined ? [] : Array.from({ length: minItems }, () => make(items, name))
    case 'integer':
    case 'number':
      return Math.max(0, minimum ?? 0)
    case 'boolean':
      return false
    case 'string':
      return textOf(name, schema)
    default:
      return null
  }
}

/** What may stand in its place: its own name, or zeros of as many digits as its form wants. */
function textOf(name: string, { pattern, minLength = 0 }: Schema): string {
  if (pattern === undefined) return minLength > 0 ? name : ''
  const form = new RegExp(pattern)
  const counts = [...pattern.matchAll(/\{(\d+)[,}]/g)]
  const digits = counts.reduce((all, [, count]) => all * Number(count), 1)
  const zeros = ['', '02'].map((first) => `0x${first}${'0'.repeat(digits)}`)
  return [name.toLowerCase(), '0', '0x', ...zeros].find((text) => form.test(text)) ?? ''
}

function knownAs(name: string, known: Known): unknown {
  const { account, meter, interval, nowMs, newId } = known
  switch (name) {
    case 'id':
      return newId()
    case 'account':
      return account
    case 'meter':
      return meter
    case 'interval':
    case 'fromInterval':
      return interval
    case 'issuedAt':
      return nowMs
    case 'until':
    case 'untilMs':
      return nowMs + monthMs
    case 'signature':
      return ''
    default:
      return undefined
  }
}
