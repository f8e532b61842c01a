import { instructionKinds, SignedInstruction } from './instructions.ts'
import * as accessGrants from './access-grants.ts'
import * as accounts from './accounts.ts'
import * as auditReplay from './audit-replay.ts'
import * as audit from './audit.ts'
import * as devices from './device-readings.ts'
import * as grid from './grid.ts'
import * as intervals from './intervals.ts'
import * as kpis from './kpis.ts'
import * as market from './market.ts'
import * as notices from './notices.ts'
import * as operations from './operations.ts'
import * as proving from './proving.ts'
import { Problem, type ProblemCode, problemKind, problemMediaType } from './problem.ts'
import * as results from './results.ts'
import { generalProblems } from './route-problems.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'
import { RulebookDocument } from './rulebook.ts'
import * as sealed from './sealed.ts'
import * as sessions from './session-routes.ts'
import * as tradeViews from './trade-views.ts'
import * as trades from './trades.ts'
import * as writes from './writes.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

/** Schemas that the document names; every other one stands where it is used. */
function namedSchemas(): ReadonlyMap<object, string> {
  const modules = {
    ...accessGrants,
    ...accounts,
    ...audit,
    ...auditReplay,
    ...devices,
    ...grid,
    ...intervals,
    ...kpis,
    ...market,
    ...notices,
    ...operations,
    ...proving,
    ...results,
    ...sealed,
    ...sessions,
    ...trades,
    ...tradeViews,
    ...writes,
  }
  const named = new Map<object, string>()
  for (const [name, schema] of Object.entries(modules)) {
    const isObject = typeof schema === 'object' && 'type' in schema && schema.type === 'object'
    if (isObject) named.set(schema, name)
  }
  const { oneOf } = SignedInstruction as unknown as { readonly oneOf: readonly object[] }
  for (const [index, schema] of oneOf.entries()) {
    named.set(schema, `SignedInstruction_${instructionKinds[index]}`)
  }
  return named.set(SignedInstruction, 'SignedInstruction')
    .set(RulebookDocument, 'Rulebook')
    .set(Problem, 'Problem')
}

/** The interface as an OpenAPI 3.1 document, made from the schemas that the server checks by. */
export function openApiDocument(): JsonObject {
  const named = namedSchemas()
  const schemas: Record<string, Json> = {}
  for (const [schema, name] of named) schemas[name] = body(schema, named)
  const paths: Record<string, Record<string, Json>> = {}
  for (const [operationId, route] of Object.entries<Route>(routes)) {
    const path = route.path.replace(/:([a-z]+)/g, '{$1}')
    const method = route.method.toLowerCase()
    paths[path] = { ...paths[path], [method]: operation(operationId, route, named) }
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Busbar',
      version: '1',
      description: 'An exchange where distributed energy is traded, proven by meters, and paid.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        busbar: {
          type: 'http',
          scheme: 'Busbar',
          description:
            'Busbar <account>.<untilMs>.<signature>, the signature over the EIP-712 struct ' +
            'Access(uint32 account,uint64 until), at most 24 hours ahead.',
        },
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'bb_<id>_<secret>: reads for the account that has signed its grant.',
        },
      },
    },
  }
}

function operation(
  operationId: string,
  route: Route,
  named: ReadonlyMap<object, string>,
): JsonObject {
  const parameters = [
    ...parametersOf(route.params, 'path', named),
    ...parametersOf(route.query, 'query', named),
    ...parametersOf(route.headers, 'header', named),
  ]
  return {
    operationId,
    summary: route.summary,
    ...(isPrivate(route) ? { security: [{ busbar: [] }, { apiKey: [] }] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBodyOf(route.body, named),
    responses: {
      200: {
        description: 'Done.',
        content: content(route.response.mediaType, route.response.schema, named),
      },
      ...refusals([...route.problems, ...generalProblems], named),
    },
  }
}

const isPrivate = ({ access }: Route): boolean =>
  access !== 'public' && access !== 'loopback'

function requestBodyOf(
  schema: object | undefined,
  named: ReadonlyMap<object, string>,
): JsonObject {
  if (schema === undefined) return {}
  return { requestBody: { required: true, content: content('application/json', schema, named) } }
}

function refusals(
  codes: readonly ProblemCode[],
  named: ReadonlyMap<object, string>,
): Record<string, JsonObject> {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of codes) {
    const { status } = problemKind(code)
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, listed]) => [
      String(status),
      { description: listed.join(', '), content: content(problemMediaType, Problem, named) },
    ]),
  )
}

const content = (
  mediaType: string,
  schema: object,
  named: ReadonlyMap<object, string>,
): JsonObject => ({
  [mediaType]: { schema: reference(schema, named) },
})

function parametersOf(
  schema: Route['params'],
  place: 'path' | 'query' | 'header',
  named: ReadonlyMap<object, string>,
): JsonObject[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: (schema?.required ?? []).some((field: string) => field === name),
    schema: reference(property as object, named),
  }))
}

/** A schema where it is used: by name if it has one. */
function reference(schema: object, named: ReadonlyMap<object, string>): Json {
  const name = named.get(schema)
  return name === undefined ? body(schema, named) : { $ref: refTo(name) }
}

const refTo = (name: string): string => `#/components/schemas/${name}`

function body(schema: object, named: ReadonlyMap<object, string>): Json {
  const copied: Record<string, Json> = {}
  for (const [key, value] of Object.entries(schema)) copied[key] = copy(value, named)
  // OpenAPI finds the alternative by name, where the validator finds it by its constant.
  if ('discriminator' in copied) {
    const mapping = instructionKinds.map((kind) => [kind, refTo(`SignedInstruction_${kind}`)])
    copied.discriminator = { propertyName: 'kind', mapping: Object.fromEntries(mapping) }
  }
  return copied
}

function copy(value: unknown, named: ReadonlyMap<object, string>): Json {
  if (Array.isArray(value)) return value.map((item) => copy(item, named))
  if (typeof value === 'object' && value !== null) return reference(value, named)
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value)
  return isScalar ? (value as string | number | boolean) : null
}
