/**
 * Goal: the command line says just what the page asks, whatever stands in it; an answer is shown as
 * it came.
 * Method: a shell that reads the command back, and a table.
 */
import { deepEqual, equal, match } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { openApiDocument } from '@busbar/protocols/api'
import { type OpenApi, operationsOf } from './openapi.ts'
import { askingOf, curlOf, readable } from './request.ts'

const operations = operationsOf(openApiDocument() as unknown as OpenApi)
const named = (id: string) => {
  const found = operations.find((one) => one.id === id)
  if (found === undefined) throw new RangeError(id)
  return found
}

/** The words that a shell makes of a command. */
function wordsOf(command: string): readonly string[] {
  const script = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }; ${command}`
  const env = { BUSBAR_CREDENTIAL: 'Busbar 7.1.0xab' }
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8', env })
  equal(stderr, '')
  return stdout.split('\0').slice(0, -1)
}

describe('the command line', () => {
  test('asks for the same address as who is signed in', () => {
    const asking = askingOf(named('account'), { account: '7' }, undefined)
    deepEqual(wordsOf(curlOf(asking, 'http://localhost:8420', true)), [
      '--include', 'http://localhost:8420/v1/accounts/7',
      '--header', 'accept: application/json', '--header', 'authorization: Busbar 7.1.0xab',
    ])
  })

  test('sends the same body, with whatever is in it', () => {
    const body = `{"reason":"it's $HOME, \`x\` and \\n"}`
    const asking = askingOf(named('submitInstructions'), {}, body)
    const words = wordsOf(curlOf(asking, 'http://localhost', false))
    deepEqual(words.slice(0, 4), [
      '--include', '--request', 'POST', 'http://localhost/v1/instructions',
    ])
    deepEqual(words.slice(-3), ['content-type: application/json', '--data-raw', body])
  })

  test('has the headers that were filled in', () => {
    const asking = askingOf(named('stream'), { 'last-event-id': 'a-1' }, undefined)
    match(curlOf(asking, '', false), /--header 'accept: text\/event-stream'/)
    match(curlOf(asking, '', false), /--header 'last-event-id: a-1'/)
    equal(askingOf(named('stream'), {}, undefined).headers['last-event-id'], undefined)
  })
})

describe('an answer', () => {
  test('is shown with its structure, or as it came', () => {
    equal(readable('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}')
    equal(readable('# HELP a'), '# HELP a')
  })
})
