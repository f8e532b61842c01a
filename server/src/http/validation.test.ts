/**
 * Goal: no request is the first to find that its schema is nonsense.
 * Method: every schema of the interface is compiled, as it would be for the first request.
 */
import { doesNotThrow } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Route, routes } from '@busbar/protocols/api'
import { compiled } from './validation.ts'

describe('every schema of the interface compiles', () => {
  for (const [name, route] of Object.entries<Route>(routes)) {
    const { body, params, query: querystring } = route
    for (const [httpPart, schema] of Object.entries({ body, params, querystring })) {
      if (schema === undefined) continue
      test(`${name}, ${httpPart}`, () => {
        doesNotThrow(() => compiled({ schema, httpPart }))
      })
    }
  }
})
