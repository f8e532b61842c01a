/** Holds answers against the schemas of their routes. */
import { ok } from 'node:assert/strict'
import { routes } from '@busbar/protocols/api'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ strict: false, discriminator: true })
const answers: readonly {
  readonly name: string
  readonly pattern: RegExp
  readonly method: string
  readonly validate: ValidateFunction
}[] = Object.entries(routes).map(([name, { method, path, response }]) => ({
  name,
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:[a-z]+/g, '[^/]+')}$`),
  validate: ajv.compile(response.schema),
}))

/** Names of the routes that were asked. */
export const asked = new Set<string>()

/** A fetch that holds every answer against the schema of its route. */
export const checkedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  const { pathname } = new URL(String(input))
  const method = init?.method ?? 'GET'
  const route = answers.find((some) => some.method === method && some.pattern.test(pathname))
  ok(route, `${method} ${pathname} is in the table`)
  asked.add(route.name)
  if (response.status !== 200 || route.name === 'stream') return response
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  const valid = route.validate(isJson ? JSON.parse(text) : text)
  ok(valid, `${route.name}: ${ajv.errorsText(route.validate.errors)}`)
  return new Response(text, response)
}
