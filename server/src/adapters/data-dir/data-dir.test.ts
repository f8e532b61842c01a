/**
 * Goal: a data directory at rest tells whether a single byte of it was changed, and whose it is.
 * Method: a small directory is sealed, and then everything that can be done to a file is done.
 */
import { deepEqual, equal, rejects } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { claimDataDir, marketOfDataDir } from './market-file.ts'
import { breakSeal, checkSeal, sealDataDir } from './seal.ts'

let directory = ''
const at = (path: string): string => join(directory, path)

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'busbar-seal-'))
  await claimDataDir(directory, 'small')
  mkdirSync(at('store/base'), { recursive: true })
  writeFileSync(at('store/base/1'), Buffer.alloc(10_000, 7))
  writeFileSync(at('store/empty'), '')
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function flip(path: string, place: number): void {
  const bytes = readFileSync(at(path))
  bytes[place] = (bytes[place] ?? 0) ^ 1
  writeFileSync(at(path), bytes)
}

describe('a seal', () => {
  test('is intact as long as nothing was touched', async () => {
    deepEqual(await checkSeal(directory), { kind: 'not_sealed' })
    await sealDataDir(directory)
    deepEqual(await checkSeal(directory), { kind: 'intact', files: 3 })
    await breakSeal(directory)
    deepEqual(await checkSeal(directory), { kind: 'not_sealed' })
  })

  const changes: readonly (readonly [string, string, () => void])[] = [
    ['a changed byte', 'store/base/1', () => flip('store/base/1', 9_999)],
    ['a missing file', 'store/empty', () => rmSync(at('store/empty'))],
    ['an added file', 'store/new', () => writeFileSync(at('store/new'), '')],
    ['a byte in a file that was empty', 'store/empty', () => writeFileSync(at('store/empty'), 'x')],
    ['another name of the market', 'market.json', () => flip('market.json', 12)],
  ]
  for (const [title, path, change] of changes) {
    test(`tells ${title}`, async () => {
      await sealDataDir(directory)
      change()
      deepEqual(await checkSeal(directory), { kind: 'changed', paths: [path] })
    })
  }

  test('tells a change of itself, wherever it is', async () => {
    await sealDataDir(directory)
    const sealed = readFileSync(at('sealed.json'))
    for (let place = 0; place < sealed.length; place += 1) {
      flip('sealed.json', place)
      equal((await checkSeal(directory)).kind, 'changed', `byte ${place}`)
      writeFileSync(at('sealed.json'), sealed)
    }
    for (const text of ['', '{}', '{"files":null}', '[]', 'null']) {
      writeFileSync(at('sealed.json'), `${text}\n`)
      equal((await checkSeal(directory)).kind, 'changed', text)
    }
  })
})

describe('whose directory it is', () => {
  test('is said once, and nobody else can have it', async () => {
    equal(await marketOfDataDir(directory), 'small')
    await claimDataDir(directory, 'small')
    await rejects(
      claimDataDir(directory, 'other'),
      (error) => error instanceof Fault && error.code === 'DATA_DIR_FOREIGN',
    )
    equal(statSync(at('market.json')).mode & 0o077, 0)
  })

  test('is not known of an empty directory', async () => {
    equal(await marketOfDataDir(at('store')), undefined)
  })
})
