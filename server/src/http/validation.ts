import { Ajv2020, type AnySchema, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { Refused } from './refused.ts'

/**
 * Checks requests against the schemas of the interface. Nothing is removed, filled in or converted:
 * what was signed is what is checked. Only what stands in a path or a query, where everything is
 * text, is read as an integer first.
 */
export type Validator = (data: unknown) => { value: unknown } | { error: Refused }

const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  discriminator: true,
  verbose: true,
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: false,
})
const defaulting = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  verbose: true,
  useDefaults: true,
})

type Checked = { readonly schema: unknown; readonly httpPart?: string | undefined }

/**
 * A schema is compiled when the first request comes to it: a process is asked for a few of them,
 * and all together cost a third of its start.
 */
export function validatorCompiler(checked: Checked): Validator {
  let validator: Validator | undefined
  return (data) => {
    validator ??= compiled(checked)
    return validator(data)
  }
}

/** The validator of a part of a request, at once. */
export function compiled({ schema, httpPart }: Checked): Validator {
  if (httpPart === 'headers') return (value) => ({ value })
  if (httpPart === 'body') return bodyValidator(ajv.compile(schema as AnySchema))
  const validate = defaulting.compile(schema as AnySchema)
  const integers = integerFields(schema)
  return (data) => {
    const value = withIntegers(data, integers)
    if (validate(value)) return { value }
    return { error: refusal(validate.errors ?? []) }
  }
}

function bodyValidator(validate: ValidateFunction): Validator {
  return (value) => {
    if (validate(value)) return { value }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { error: new Refused('body_malformed', { detail: 'The body is not a JSON object.' }) }
    }
    return { error: refusal(validate.errors ?? []) }
  }
}

function integerFields(schema: unknown): readonly string[] {
  const { properties = {} } = schema as {
    readonly properties?: Readonly<Record<string, { readonly type?: string }>>
  }
  return Object.keys(properties).filter((field) => properties[field]?.type === 'integer')
}

/** Canonical decimal integers only: no `1e3`, `0x10`, `+1`, leading zeros or spaces. */
const decimal = /^(0|-?[1-9][0-9]{0,15})$/

function withIntegers(data: unknown, fields: readonly string[]): Record<string, unknown> {
  const value: Record<string, unknown> = { ...(data as Record<string, unknown>) }
  for (const field of fields) {
    const text = value[field]
    if (typeof text === 'string' && decimal.test(text)) value[field] = Number(text)
  }
  return value
}

function refusal(errors: readonly ErrorObject[]): Refused {
  const [first] = errors
  if (first === undefined) return new Refused('field_invalid')
  const parent = fieldName(first.instancePath)
  const inParent = (field: unknown): string =>
    parent === '' ? String(field) : `${parent}.${String(field)}`
  if (first.keyword === 'required') {
    return new Refused('field_missing', { field: inParent(first.params.missingProperty) })
  }
  if (first.keyword === 'additionalProperties') {
    return new Refused('field_unknown', { field: inParent(first.params.additionalProperty) })
  }
  if (first.keyword === 'discriminator') {
    const tag = String(first.params.tag)
    const missing = first.params.error === 'tag' && first.params.tagValue === undefined
    if (missing) return new Refused('field_missing', { field: inParent(tag) })
    const limit = `one of ${tags(first, tag)}`
    return new Refused('field_invalid', { field: inParent(tag), limit })
  }
  return new Refused('field_invalid', { field: parent, limit: limitOf(first) })
}

/** `/orders/3/energyWh` as a person writes it: `orders[3].energyWh`. */
function fieldName(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => {
      if (/^[0-9]+$/.test(part)) return `${path}[${part}]`
      return path === '' ? part : `${path}.${part}`
    }, '')
}

type Limits = {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly maxLength?: number
  readonly anyOf?: readonly Limits[]
  readonly oneOf?: readonly { readonly properties?: Readonly<Record<string, Limits>> }[]
}

/** What the field would have had to be. */
function limitOf(error: ErrorObject): string {
  const schema = error.parentSchema as Limits
  const others = (error.schemaPath.match(/\/anyOf\/\d+\//) ?? []).length > 0 ? ' or null' : ''
  return `${describe(schema)}${others}`
}

function describe(schema: Limits): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`
  if (schema.pattern !== undefined) return `text of the form ${schema.pattern}`
  if (schema.anyOf !== undefined) return schema.anyOf.map(describe).join(' or ')
  if (schema.type === 'integer') return `an integer ${range(schema.minimum, schema.maximum)}`.trim()
  if (schema.type === 'array') return `a list of ${range(schema.minItems, schema.maxItems)}`.trim()
  if (schema.type === 'object') return 'an object'
  if (schema.maxLength !== undefined) return `text of at most ${schema.maxLength} characters`
  return schema.type ?? 'as in the schema'
}

function range(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`
  if (min !== undefined) return `of at least ${min}`
  return max === undefined ? '' : `of at most ${max}`
}

function tags(error: ErrorObject, tag: string): string {
  const schema = error.parentSchema as Limits
  return (schema.oneOf ?? []).map(({ properties }) => String(properties?.[tag]?.const)).join(', ')
}
