/**
 * Goal: a rule that finds nothing finds nothing because there is nothing.
 * Method: for each rule, small files that break it and small files that only look like it, with the
 * lines in which a complaint is expected.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bannedConstructs, divisionsAreNamed } from './constructs.ts'
import { brokenLinks, codeComplaints, headingsOf, orphans } from './documents.ts'
import {
  adaptersStayInside,
  declaredDependencies,
  folderDirection,
  roomDirection,
  serverDirection,
} from './imports.ts'
import { integrityComplaints, isPermissive, licenseComplaints } from './packages.ts'
import {
  fileLength,
  functionLengths,
  lineLengths,
  moneyWithoutProperties,
  nameComplaints,
  punctuation,
  rootComplaints,
  testsSayWhy,
  whitespace,
} from './shape.ts'
import { codeOf, importsOf, type Rule, sourceOf } from './source.ts'

/** Expects a rule to complain about just these lines of a file. */
function complains(rule: Rule, path: string, text: string, lines: readonly number[]): void {
  test(`${path}: ${text.trim().split('\n').at(-1)?.trim().slice(0, 60)}`, () => {
    const found = rule(sourceOf(path, text))
    deepEqual(found.map((line) => Number(/:(\d+):/.exec(line)?.[1])), lines, found.join('\n'))
  })
}

describe('what is code and what is not', () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a = 'x // y' // z", "a = '      '     "],
    ['a /* b */ c', 'a         c'],
    ['a = `x ${b + `${c}`} y`', 'a = `  ${b + `${c}`}  `'],
    ['a = `${{ b: 1 }.b} /`', 'a = `${{ b: 1 }.b}  `'],
    ["a = /'[/]\\/'/g.test(b) / c", 'a = /_______/g.test(b) / c'],
    ['a = b / c / d', 'a = b / c / d'],
    ["a = 'it\\'s' + \"b\"", "a = '     ' + \" \""],
  ]
  for (const [text, code] of cases) test(text, () => equal(codeOf(text), code))

  test('an element of a page ends without a regular expression', () => {
    const text = "<b c='x /' /> + <d>{e / f}</d> + '/'"
    equal(codeOf(text, true), "<b c='   ' /> + <d>{e / f}</d> + ' '")
  })

  test('a blanked file keeps its lines', () => {
    equal(codeOf('/*\n1\n*/\n`\n${1}\n`\n').split('\n').length, 7)
  })
  test('imports are found in all their forms', () => {
    const text = [
      "import a from 'one'",
      "import { b,\n  c } from 'two'",
      "export * from 'three'",
      "const d = await import('four')",
      "import 'five'",
      "// import e from 'not'",
      "Buffer.from('not')",
      "const f = \"import g from 'not'\"",
    ].join('\n')
    deepEqual(importsOf(sourceOf('x.ts', text)).map(({ specifier }) => specifier), [
      'one', 'two', 'three', 'four', 'five',
    ])
  })
})

describe('imports', () => {
  const up = "import { x } from '@busbar/server/start'"
  complains(roomDirection, 'core/src/a/b.ts', up, [1])
  complains(roomDirection, 'simulator/src/b.ts', up, [1])
  complains(roomDirection, 'cli/src/b.ts', up, [])
  complains(roomDirection, 'server/src/b.ts', "import { x } from '@busbar/client'", [1])
  complains(roomDirection, 'server/src/b.test.ts', "import { x } from '@busbar/client'", [])
  complains(roomDirection, 'client/src/b.ts', "import x from '../../core/src/units/index.ts'", [1])
  complains(folderDirection, 'core/src/clearing/b.ts', "\nimport x from '../ledger/index.ts'", [2])
  complains(folderDirection, 'core/src/units/b.ts', "import x from '../errors/index.ts'", [])
  complains(folderDirection, 'cli/src/desk/b.ts', "import x from '../trading/terms.ts'", [1])
  complains(folderDirection, 'cli/src/keys/b.ts', "import x from '../desk/desk.ts'", [])
  complains(folderDirection, 'cli/src/keys/b.ts', "import x from '../text.ts'", [])
  complains(serverDirection, 'server/src/app/b.ts', "import x from '../adapters/store/a.ts'", [1])
  complains(serverDirection, 'server/src/app/b.ts', "import { z } from 'fastify'", [1])
  complains(serverDirection, 'server/src/app/b.ts', "import { hash } from 'node:crypto'", [])
  complains(serverDirection, 'server/src/app/b.ts', "import { readFile } from 'node:fs'", [1])
  complains(serverDirection, 'server/src/http/b.ts', "import x from '../adapters/clock/a.ts'", [1])
  complains(serverDirection, 'server/src/http/b.ts', "import x from '../app/lane.ts'", [1])
  complains(serverDirection, 'server/src/http/b.ts', "import x from '../app/ports/clock.ts'", [])
  const store = 'server/src/adapters/store/b.ts'
  complains(serverDirection, store, "import x from '../chain/a.ts'", [1])
  complains(serverDirection, store, "import x from './rows.ts'", [])
  complains(serverDirection, store, "import x from '../../http/a.ts'", [1])
  const adapter = "import x from '../adapters/clock/a.ts'"
  complains(serverDirection, 'server/src/settings/config.ts', adapter, [1])
  complains(serverDirection, 'server/src/own-node/challenger.ts', adapter, [])
  complains(serverDirection, 'server/src/start.ts', "import x from './adapters/clock/a.ts'", [])
  complains(adaptersStayInside, 'cli/src/a.ts', "import x from '@busbar/server/adapters/a/b'", [1])
  complains(declaredDependencies, 'core/src/a.ts', "import { z } from 'zod'", [1])
  complains(declaredDependencies, 'core/src/a.ts', "import { hash } from 'node:crypto'", [1])
  complains(declaredDependencies, 'dashboard/src/a.tsx', "import x from 'node:fs'", [1])
  complains(declaredDependencies, 'dashboard/src/a.tsx', "import { build } from 'vite'", [1])
  complains(declaredDependencies, 'dashboard/build/a.ts', "import { build } from 'vite'", [])
  complains(declaredDependencies, 'dashboard/build/a.ts', "import x from 'node:fs'", [])
  complains(roomDirection, 'dashboard/src/a.tsx', "import x from '@busbar/server/start'", [1])
  complains(declaredDependencies, 'core/src/a.test.ts', "import fc from 'fast-check'", [])
  complains(declaredDependencies, 'core/src/a.ts', "import fc from 'fast-check'", [1])
  complains(declaredDependencies, 'server/src/a.ts', "import { join } from 'path'", [1])
  complains(declaredDependencies, 'core/src/a.ts', "import { z } from '@busbar/core/units'", [1])
})

describe('constructs', () => {
  complains(bannedConstructs, 'core/src/a.ts', 'const at = Date.now()', [1])
  complains(bannedConstructs, 'core/src/a.ts', '// Date.now() is not asked here', [])
  complains(bannedConstructs, 'protocols/src/a.ts', '\nconst at = new Date()', [2])
  complains(bannedConstructs, 'protocols/src/a.ts', 'const at = new Date(0)', [])
  complains(bannedConstructs, 'core/src/a.ts', 'const x = Math.random()', [1])
  complains(bannedConstructs, 'core/src/a.ts', "const x = parseFloat('1')", [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'const x = y as any', [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'const f = (x: any) => x', [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'const x: Map<string, any> = y', [1])
  complains(bannedConstructs, 'cli/src/a.ts', "const x = 'for as any time'", [])
  complains(bannedConstructs, 'cli/src/a.ts', '// @ts-ignore', [1])
  complains(bannedConstructs, 'cli/src/a.ts', '// TODO: later', [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'try { f() } catch {}', [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'try { f() } catch (error) {\n}', [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'try { f() } catch {\n  // Told below.\n}', [])
  complains(bannedConstructs, 'cli/src/a.ts', 'f().catch(() => {})', [1])
  complains(bannedConstructs, 'cli/src/a.test.ts', "test.only('x', f)", [1])
  complains(bannedConstructs, 'cli/src/a.test.ts', "describe.skip('x', f)", [1])
  complains(bannedConstructs, 'core/src/a.ts', "console.log('x')", [1])
  complains(bannedConstructs, 'cli/src/a.ts', 'enum Side { buy, sell }', [1])
  complains(bannedConstructs, 'cli/src/a.ts', "const x = '/home/someone/x'", [1])
  complains(bannedConstructs, 'cli/src/a.ts', "const x = '../shared/data'", [1])
  complains(bannedConstructs, 'cli/src/a.test.ts', "const x = '../shared/data'", [])
  complains(divisionsAreNamed, 'core/src/ledger/a.ts', 'const x = a / 2n', [1])
  complains(divisionsAreNamed, 'core/src/ledger/a.ts', 'const x = Math.floor(a / 2)', [])
  complains(divisionsAreNamed, 'core/src/ledger/a.ts', "// half / half\nconst x = 'a / b'", [])
  complains(divisionsAreNamed, 'core/src/units/a.ts', 'const x = a / 2n', [])
  complains(divisionsAreNamed, 'core/src/ledger/a.ts', 'x /= 2n', [1])
})

describe('shape', () => {
  const long = `function f() {\n${'  x()\n'.repeat(70)}}\n`
  complains(lineLengths, 'core/src/a.ts', `\nconst x = '${'x'.repeat(90)}'`, [2])
  complains(lineLengths, 'core/src/a.ts', `// ${'…'.repeat(97)}`, [])
  complains(functionLengths, 'core/src/a.ts', long, [1])
  complains(functionLengths, 'core/src/a.ts', long.replace('  x()\n  x()\n', ''), [])
  complains(functionLengths, 'core/src/a.ts', `class A {\n${long.replace(/^/gm, '  ')}\n}`, [2])
  complains(whitespace, 'core/src/a.ts', 'const x = 1 \n', [1])
  complains(whitespace, 'core/src/a.ts', '\n\tconst x = 1\n', [2])
  complains(punctuation, 'core/src/a.ts', 'const x = 1;\n', [1])
  complains(punctuation, 'core/src/a.ts', 'const x = "y"\n', [1])
  complains(punctuation, 'core/src/a.ts', 'const x = "it\'s"\n', [])

  test('what has no line of its own', () => {
    equal(fileLength(sourceOf('a.ts', 'x\n'.repeat(401))).length, 1)
    equal(fileLength(sourceOf('a.ts', 'x\n'.repeat(400))).length, 0)
    equal(whitespace(sourceOf('a.ts', 'x\n\n')).length, 1)
    equal(testsSayWhy(sourceOf('a.test.ts', "import x from 'y'\n")).length, 1)
    equal(testsSayWhy(sourceOf('a.test.ts', '/**\n * Goal: x.\n * Method: y.\n */\n')).length, 0)
    deepEqual(rootComplaints(['core/a.ts', 'plan.md', 'tmp/x']).length, 2)
    const wrong = ['core/src/goodName.ts', 'core/src/bad_name.ts', 'core/Src/a.ts']
    deepEqual(nameComplaints(wrong).length, 3)
    const right = ['core/a.test.ts', 'contracts/src/Pool.sol', 'docs/decisions/0001-a.md', '.npmrc']
    deepEqual(nameComplaints(right), [])
  })

  test('money without properties', () => {
    const money = sourceOf('core/src/ledger/a.ts', 'export const x = 1\n')
    const suite = (text: string) => sourceOf('core/src/ledger/a.test.ts', text)
    const examples = suite("import { x } from './a.ts'\n")
    const properties = suite("import fc from 'fast-check'\nimport { x } from './a.ts'\n")
    equal(moneyWithoutProperties([money]).length, 1)
    equal(moneyWithoutProperties([money, examples]).length, 1)
    equal(moneyWithoutProperties([money, properties]).length, 0)
  })
})

describe('packages', () => {
  const one = {
    place: 'node_modules/a', name: 'a', version: '1.0.0', integrity: 'sha512-x', dev: false,
  }
  test('licences', () => {
    for (const one of ['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND MIT']) ok(isPermissive(one))
    for (const one of ['GPL-3.0', 'MIT AND GPL-2.0', 'unknown', '']) ok(!isPermissive(one))
    equal(licenseComplaints([{ ...one, license: 'AGPL-3.0' }]).length, 1)
    equal(licenseComplaints([{ ...one, license: 'AGPL-3.0', dev: true }]).length, 0)
  })
  test('integrity', () => {
    equal(integrityComplaints([{ ...one, license: 'MIT', integrity: undefined }]).length, 1)
    equal(integrityComplaints([{ ...one, license: 'MIT', integrity: 'sha1-x' }]).length, 1)
  })
})

describe('pages', () => {
  const page = { path: 'docs/a.md', text: '' }
  const read = (): string => '# One\n## Two `things`, and more\n```\n# not\n```\n'
  const links = (text: string): number => brokenLinks({ ...page, text }, read).length
  test('links', () => {
    equal(links('[x](../README.md) [y](https://example.org/z)'), 0)
    equal(links('[x](nowhere.md)'), 1)
    equal(links('```\n[x](nowhere.md)\n```\n'), 0)
    equal(links('[x](../README.md#two-things-and-more)'), 0)
    equal(links('[x](../README.md#not)'), 1)
    deepEqual(headingsOf(read()).map(({ anchor }) => anchor), ['one', 'two-things-and-more'])
  })
  test('pages nobody finds', () => {
    const b = { path: 'docs/b.md', text: '' }
    equal(orphans([page, b]).length, 2)
    const start = { path: 'README.md', text: '[a](docs/a.md) [b](docs/b.md#c)' }
    equal(orphans([page, b, start]).length, 0)
  })
  test('codes', () => {
    const text = '# Errors\n### `gate_closed`\n### `STORE_FAILED`\n'
    equal(codeComplaints(text, ['gate_closed', 'STORE_FAILED']).length, 0)
    equal(codeComplaints(text, ['gate_closed']).length, 1)
    equal(codeComplaints(text, ['STORE_FAILED', 'gate_closed']).length, 1)
    equal(codeComplaints(text, ['gate_closed', 'STORE_FAILED', 'gate_open']).length, 1)
    equal(codeComplaints(`${text}### gate_closed\n`, ['gate_closed', 'STORE_FAILED']).length, 1)
  })
})
