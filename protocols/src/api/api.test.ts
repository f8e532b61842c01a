/**
 * Goal: the interface is described once, completely and truthfully.
 * Method: the OpenAPI document is walked for references, parameters and refusals; the lists of
 * codes are held against each other; the reference page is read.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { faultCodes } from '@busbar/core/errors'
import { rejections } from '@busbar/core/exchange'
import {
  httpRefusals,
  instructionKinds,
  isRejectionCode,
  openApiDocument,
  problemCodes,
  problemKind,
  problemOf,
  type Route,
  routes,
  streamEvents,
} from './index.ts'

type Json = { readonly [key: string]: unknown }
type Operation = {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Json
  }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Json }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Json }>
  >
  readonly security?: readonly Json[]
}
type Document = {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>
    readonly securitySchemes: Json
  }
}

const document = openApiDocument() as unknown as Document
const page = readFileSync(new URL('../../../docs/reference/http-api.md', import.meta.url), 'utf8')

describe('the OpenAPI document', () => {
  test('is 3.1 with its required parts', () => {
    equal(document.openapi, '3.1.0')
    ok(document.info.title && document.info.version)
    deepEqual(Object.keys(document.components.securitySchemes), ['busbar', 'apiKey'])
  })

  test('has every route, and no other', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        return `${operation.operationId} ${method} ${path}`
      }),
    )
    const wanted = Object.entries<Route>(routes).map(([name, { method, path }]) => {
      return `${name} ${method.toLowerCase()} ${path.replace(/:([a-z]+)/g, '{$1}')}`
    })
    deepEqual(described.sort(), wanted.sort())
  })

  test('has a parameter for every part of a path, and a schema for every body', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{([a-z]+)\}/g)].map(([, name]) => name)
      for (const [method, operation] of Object.entries(operations)) {
        const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
        deepEqual(inPath.map(({ name }) => name), names, path)
        ok(inPath.every(({ required }) => required), path)
        // A session is made of the header alone.
        const hasBody = method === 'post' && path !== '/v1/session'
        equal(operation.requestBody !== undefined, hasBody, path)
        ok(operation.responses['200'], path)
        ok(operation.responses['503'], path)
      }
    }
  })

  test('asks for the credential where a route is private', () => {
    for (const [name, route] of Object.entries<Route>(routes)) {
      const path = route.path.replace(/:([a-z]+)/g, '{$1}')
      const operation = document.paths[path]?.[route.method.toLowerCase()]
      const isPrivate = !['public', 'loopback'].includes(route.access)
      equal(operation?.security !== undefined, isPrivate, name)
      equal(operation?.responses['401'] !== undefined, isPrivate, name)
    }
  })

  test('names only schemas that it has, and has none that nobody names', () => {
    const names = references(document)
    const known = Object.keys(document.components.schemas)
    deepEqual([...names].filter((name) => !known.includes(name)), [])
    deepEqual(known.filter((name) => !names.has(name)), [])
    ok(known.includes('SignedOrder') && known.includes('Problem') && known.includes('Market'))
  })

  test('finds each instruction by its kind', () => {
    const { oneOf, discriminator } = document.components.schemas.SignedInstruction as {
      readonly oneOf: readonly Json[]
      readonly discriminator: { readonly propertyName: string; readonly mapping: Json }
    }
    equal(discriminator.propertyName, 'kind')
    deepEqual(Object.keys(discriminator.mapping), instructionKinds)
    deepEqual(oneOf.map(({ $ref }) => $ref), Object.values(discriminator.mapping))
  })

  test('survives JSON unchanged', () => {
    deepEqual(JSON.parse(JSON.stringify(document)), document)
  })
})

function references(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found
  for (const [key, item] of Object.entries(value)) {
    const isReference = key === '$ref' && typeof item === 'string'
    if (isReference) found.add(item.replace('#/components/schemas/', ''))
    else references(item, found)
  }
  return found
}

describe('what everybody may see', () => {
  /** Of an order only its owner, auditors and provers may learn any of these. */
  const secret = new Set([
    'side', 'limitMicrosPerKwh', 'meter', 'salt', 'opening', 'openings', 'orders', 'openOrders',
    'sealedOrders', 'voids', 'void', 'filledWh', 'ciphertext', 'collateralMicros', 'digest', 'leaf',
    'evidence', 'statement', 'witness',
  ])

  /** What is offered on the board is for everybody: it is no order, and binds nobody. */
  const offered = new Set(['offers'])

  const publicSchemas: readonly (readonly [name: string, schema: object])[] = [
    ...Object.entries<Route>(routes)
      .filter(([name, { access, method }]) => {
        // The document describes private answers too, and describes them only.
        const isSeen = access === 'public' || access === 'loopback'
        return method === 'GET' && isSeen && name !== 'openapi' && !offered.has(name)
      })
      .map(([name, { response }]) => [name, response.schema] as const),
    ...Object.entries(streamEvents).map(([name, schema]) => [`event ${name}`, schema] as const),
  ]
  for (const [name, schema] of publicSchemas) {
    test(`${name} says nothing of an order`, () => {
      deepEqual(properties(schema).filter((property) => secret.has(property)), [])
    })
  }

  test('is not what the search cannot find', () => {
    ok(properties(routes.auditOpenings.response.schema).includes('salt'))
    ok(properties(routes.accountInterval.response.schema).includes('filledWh'))
    ok(publicSchemas.length > 15)
  })

  test('leaves opened orders to those whose routes they are', () => {
    const showing = (property: string): string[][] =>
      Object.entries<Route>(routes)
        .filter(([, { response }]) => properties(response.schema).includes(property))
        .map(([name, { access }]) => [name, access])
    deepEqual(showing('salt'), [
      // Its own, to an account: what it has sealed itself.
      ['orderWord', 'account'],
      ...[['auditReplay', 'auditor'], ['auditOpenings', 'auditor']],
    ])
    // A prover learns what was asked, and of nobody whose it was.
    deepEqual(showing('word'), [['claimProving', 'prover']])
    const claim = properties(routes.claimProving.response.schema)
    deepEqual(claim.filter((name) => ['account', 'meter', 'salt', 'opening'].includes(name)), [])
  })
})

/** Names of all properties, at any depth. */
function properties(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]) => {
    const own = key === 'properties' ? Object.keys(value as object) : []
    return [...own, ...properties(value)]
  })
}

describe('the codes of refusals', () => {
  test('are the core’s and the interface’s, each once', () => {
    const lists = [Object.keys(rejections), Object.keys(httpRefusals), Object.keys(faultCodes)]
    deepEqual([...problemCodes()].sort(), lists.flat().sort())
    equal(new Set(lists.flat()).size, lists.flat().length)
  })

  test('have a status that says whose turn it is', () => {
    for (const code of problemCodes()) {
      const { status, means, transient } = problemKind(code)
      ok(status >= 400 && status < 600, code)
      match(means, /^[A-Z].*\.$/, code)
      // What no waiting cures is never answered with a status that asks to wait.
      if (status === 503 || status === 429 || status === 408) ok(transient, code)
      if (code in faultCodes) ok(status >= 500, code)
      if (isRejectionCode(code)) equal(transient, rejections[code].transient)
    }
  })

  test('fill a problem', () => {
    deepEqual(problemOf('gate_closed', { field: 'interval', limit: 'after 5' }), {
      type: 'urn:busbar:problem:gate_closed',
      title: 'The gate of the interval has closed.',
      status: 409,
      code: 'gate_closed',
      detail: 'interval: after 5',
      field: 'interval',
      limit: 'after 5',
      transient: false,
    })
  })
})

describe('docs/reference/http-api.md', () => {
  test('has every route with its summary and access', () => {
    for (const [name, { method, path, access, summary }] of Object.entries<Route>(routes)) {
      const row = `| \`${method} ${path}\` | ${access} | ${summary} |`
      ok(page.includes(row), `the page lacks the row of ${name}: ${row}`)
    }
    const rows = page.match(/^\| `(GET|POST|DELETE) \/v1\//gm) ?? []
    equal(rows.length, Object.keys(routes).length)
  })

  test('has every code of the interface with its status', () => {
    for (const [code, { status, means }] of Object.entries(httpRefusals)) {
      ok(page.includes(`| \`${code}\` | ${status} | ${means} |`), code)
    }
  })

  test('has every rejection in the row of its status', () => {
    const rows = page.split('\n').filter((line) => /^\| [0-9]{3} \|/.test(line))
    for (const code of Object.keys(rejections) as (keyof typeof rejections)[]) {
      const row = rows.find((line) => line.includes(`\`${code}\``)) ?? ''
      ok(row.startsWith(`| ${problemKind(code).status} |`), code)
    }
  })

  test('has every event', () => {
    for (const name of Object.keys(streamEvents)) ok(page.includes(`\`${name}\``), name)
  })
})
