/**
 * Goal: the embedded store keeps what it acknowledged and gives it back.
 * Method: the suite of every engine, on one data directory.
 */
import { equal, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import { PgliteEngine } from './pglite-engine.ts'
import { describeStore } from './store-suite.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'busbar-store-'))
after(() => rmSync(dataDir, { recursive: true, force: true }))

describeStore('PGlite', () => PgliteEngine.open(dataDir))
