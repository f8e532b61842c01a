/*
 * The interface as its own document says it is: read into what a page shows. Whatever the document
 * has that is not known here is left out, never guessed.
 */

export type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly default?: unknown
  readonly minItems?: number
  readonly minLength?: number
  readonly discriminator?: { readonly mapping?: Readonly<Record<string, string>> }
}

type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: Schema
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

type RawOperation = {
  readonly operationId: string
  readonly summary: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Content }>
  >
}

export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** One row of a schema: `intervals[].price`, what it is and what it may be. */
export type Field = {
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly about: string
}

export type Operation = {
  readonly id: string
  readonly method: string
  /** With `{…}` where a parameter stands. */
  readonly path: string
  readonly summary: string
  readonly isPrivate: boolean
  readonly parameters: readonly (Field & { readonly in: Parameter['in'] })[]
  readonly body: readonly Field[]
  /** Undefined where nothing is sent. */
  readonly bodySchema: Schema | undefined
  readonly mediaType: string
  readonly answer: readonly Field[]
  readonly refusals: readonly { readonly status: string; readonly codes: string }[]
}

/** Deeper than this, a field says only what its schema is called. */
const depthMax = 3

/** In the order of their paths; those that read stand before those that write. */
export function operationsOf(document: OpenApi): readonly Operation[] {
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, raw]) => operationOf(document, path, method, raw)),
    )
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))
}

const sortKey = ({ path, method }: Operation): string => `${path} ${method}`

function operationOf(
  document: OpenApi,
  path: string,
  method: string,
  raw: RawOperation,
): Operation {
  const { 200: done, ...refused } = raw.responses
  const [mediaType = '', content] = Object.entries(done?.content ?? {})[0] ?? []
  const [, body] = Object.entries(raw.requestBody?.content ?? {})[0] ?? []
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    summary: raw.summary,
    isPrivate: raw.security !== undefined,
    parameters: (raw.parameters ?? []).map(({ name, schema, required = false, in: place }) => ({
      ...{ path: name, type: typeOf(schema), isRequired: required, in: place },
      about: aboutOf(schema),
    })),
    body: body === undefined ? [] : fieldsOf(document, body.schema),
    bodySchema: body?.schema,
    mediaType,
    answer: content === undefined ? [] : fieldsOf(document, content.schema),
    refusals: Object.entries(refused).map(([status, { description }]) => ({
      ...{ status, codes: description },
    })),
  }
}

/** The fields of an object, of all that it may be, and to a depth those of the objects in it. */
export function fieldsOf(
  document: OpenApi,
  schema: Schema,
  at = '',
  depth = 0,
): readonly Field[] {
  const objects = objectsIn(document, schema)
  const isRequired = (name: string): boolean =>
    objects.every(({ required = [] }) => required.includes(name))
  const properties = Object.assign({}, ...objects.map((one) => one.properties)) as NonNullable<
    Schema['properties']
  >
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = at === '' ? name : `${at}.${name}`
    const field: Field = {
      ...{ path, type: typeOf(property), isRequired: isRequired(name) },
      about: aboutOf(property),
    }
    if (depth + 1 >= depthMax) return [field]
    const items = itemsIn(property)
    const inner = items === undefined
      ? fieldsOf(document, property, path, depth + 1)
      : fieldsOf(document, items, `${path}[]`, depth + 1)
    return [field, ...inner]
  })
}

const nameOf = ({ $ref = '' }: Schema): string => $ref.slice($ref.lastIndexOf('/') + 1)

/** Without the `null` that it may be besides. */
const alternatives = ({ anyOf, oneOf }: Schema): readonly Schema[] =>
  (anyOf ?? oneOf ?? []).filter(({ type }) => type !== 'null')

function objectsIn(document: OpenApi, schema: Schema): readonly Schema[] {
  if (schema.$ref !== undefined) {
    const named = document.components.schemas[nameOf(schema)]
    return named === undefined ? [] : objectsIn(document, named)
  }
  const some = alternatives(schema)
  return some.length === 0 ? [schema] : some.flatMap((one) => objectsIn(document, one))
}

function itemsIn(schema: Schema): Schema | undefined {
  if (schema.items !== undefined) return schema.items
  const [only, ...others] = alternatives(schema)
  return only !== undefined && others.length === 0 ? only.items : undefined
}

/** In words: `integer or null`, `list of PublicRun`, `"buy" or "sell"`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema)
  const some = schema.anyOf ?? schema.oneOf
  if (some !== undefined) return [...new Set(some.map(typeOf))].join(' or ')
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  const fixed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  if (fixed !== undefined) return fixed.map((value) => JSON.stringify(value)).join(' or ')
  return schema.type ?? 'any'
}

/** What a field means and between what it lies. */
function aboutOf(schema: Schema): string {
  const [only] = alternatives(schema)
  const { description = only?.description ?? '', minimum, maximum } = schema
  const bounds = [minimum, maximum].every((one) => one === undefined)
    ? ''
    : `${minimum ?? '…'} to ${maximum ?? '…'}.`
  const usual = schema.default === undefined ? '' : `Else ${JSON.stringify(schema.default)}.`
  return [description, bounds, usual].filter((text) => text !== '').join(' ')
}

/** Where a request goes: parameters that are empty are left out of the query. */
export function addressOf(operation: Operation, values: Readonly<Record<string, string>>): string {
  const { path, parameters } = operation
  const filled = path.replace(/\{([a-zA-Z]+)\}/g, (_whole, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  )
  const query = new URLSearchParams(
    parameters.flatMap(({ path: name, in: place }) => {
      const value = values[name] ?? ''
      return place === 'query' && value !== '' ? [[name, value]] : []
    }),
  )
  return query.size === 0 ? filled : `${filled}?${query}`
}

/** Whether all that the path needs is there. */
export const isComplete = (
  { parameters }: Operation,
  values: Readonly<Record<string, string>>,
): boolean =>
  parameters.every(({ path, isRequired, in: place }) =>
    place === 'header' || !isRequired || (values[path] ?? '') !== '',
  )
