/**
 * Goal: a prover proves the statement of its batch under the pinned key, or says why it cannot.
 * Method: real proofs of small batches; keys, programs, strings and limits that are not as they
 * should be, each a fault with its code. That the proofs verify is tested where there is an EVM:
 * contracts/test/verifiers, cli/src/proofs.
 */
import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { blindOf, commitmentOf, fieldToHex, wordOf } from '@busbar/protocols/sealed-orders'
import { gatesOf, logSizeOf, proveWitness } from './barretenberg.ts'
import { compileCircuit, sizeFor } from './circuit.ts'
import { makeKey, pinnedKey, pinOf } from './keys.ts'
import { Prover } from './prover.ts'
import { solve } from './solve.ts'
import { openSrs } from './srs.ts'
import type { Batch } from './statement.ts'
import { verifierContract } from './verifier-source.ts'
import { clearingInput, inputMap, solveClearing } from './witness.ts'

const root = mkdtempSync(join(tmpdir(), 'busbar-prover-'))
after(() => rmSync(root, { recursive: true }))

const context = fieldToHex(7n)

function batchOf(count: number, voids = 0): Batch {
  const orders = Array.from({ length: count }, (_, index) => {
    const opening = {
      ...{ account: index + 3, meter: index + 1, energyWh: 100 + index },
      side: index % 2 === 0 ? 'buy' : 'sell',
      limitMicrosPerKwh: index % 2 === 0 ? 300_000 : -100,
      salt: `0x${index.toString(16).padStart(64, '0')}`,
    } as const
    const commitment = commitmentOf(context, opening)
    if (index < voids) return { commitment, void: 'not_opened' }
    return { commitment, word: fieldToHex(wordOf(opening)), blind: fieldToHex(blindOf(opening)) }
  })
  return { context, orders: orders.toSorted((a, b) => (a.commitment < b.commitment ? -1 : 1)) }
}

const circuit = await compileCircuit('clearing-64')
const pin = pinOf('clearing-64', true)
const srs = await openSrs('development', pin.logSize)
const key = await pinnedKey('clearing-64', circuit, srs)

describe('a prover', () => {
  const prover = new Prover({ srs: 'development' })

  for (const [name, batch] of [
    ['of five orders', batchOf(5, 1)],
    ['of none', batchOf(0)],
    ['of void orders only', batchOf(3, 3)],
  ] as const) {
    test(`proves the statement of a batch ${name}`, async () => {
      const { size, proof, publicInputs, statement, peakBytes, isDevelopment } =
        await prover.prove(batch)
      deepEqual([size, isDevelopment], [64, true])
      equal(proof.length % 32, 0)
      ok(peakBytes > 2 ** 20, 'it says how much memory it took')
      equal(publicInputs[0], context)
      equal(statement.orderCount, batch.orders.length)
      const { statement: solved } = await solveClearing(batch, 64)
      deepEqual(publicInputs.slice(1), [solved.ordersRoot, solved.fillsRoot, solved.header])
    })
  }

  test('takes the smallest circuit that holds the batch', () => {
    const sizes = [0, 64, 65, 256, 257, 1_024, 1_025, 4_096, 4_097].map(sizeFor)
    deepEqual(sizes, [64, 64, 256, 256, 1_024, 1_024, 4_096, 4_096, null])
  })

  test('takes no circuit above its bound', async () => {
    const bounded = new Prover({ srs: 'development', sizeMax: 64 })
    await rejects(bounded.prove(batchOf(65)), { code: 'PROOF_BATCH_TOO_LARGE' })
  })

  test('goes on after a batch that it could not prove', async () => {
    const bounded = new Prover({ srs: 'development', sizeMax: 64 })
    const [bad, good] = await Promise.allSettled([
      bounded.prove(batchOf(65)),
      bounded.prove(batchOf(2)),
    ])
    deepEqual([bad.status, good.status], ['rejected', 'fulfilled'])
  })

  test('solves within its memory, or says that it does not', async () => {
    const inputs = inputMap(clearingInput(batchOf(5), 64))
    ok((await solve('clearing-64', inputs)).length > 100)
    const [code, message] = ['PROVER_FAILED', /solve.*bytes of memory/]
    await rejects(solve('clearing-64', inputs, 6 * 2 ** 20), { code, message })
  })

  test('proves nothing under a ceremony that is not there', async () => {
    const elsewhere = new Prover({ srs: join(root, 'nowhere') })
    await rejects(elsewhere.prove(batchOf(1)), { code: /SRS_MISSING|PROOF_KEY_DIFFERS/ })
  })
})

describe('a key', () => {
  test('is pinned with its circuit, and made again alike', async () => {
    deepEqual((await makeKey(circuit, srs)).pin, pin)
    equal(await gatesOf(circuit.bytecode), pin.gates)
    equal(logSizeOf(key), pin.logSize)
  })

  for (const [name, changed] of [
    ['of another digest', { keySha256: '0'.repeat(64) }],
    ['of another program', { bytecodeSha256: '0'.repeat(64) }],
  ] as const) {
    test(`${name} than the pinned one is refused`, async () => {
      const options = { pin: { ...pin, ...changed }, cacheFolder: join(root, name) }
      const taken = pinnedKey('clearing-64', circuit, srs, options)
      await rejects(taken, { code: 'PROOF_KEY_DIFFERS' })
    })
  }

  test('that was kept and changed is made again', async () => {
    const cacheFolder = join(root, 'kept')
    await pinnedKey('clearing-64', circuit, srs, { cacheFolder })
    const [name = ''] = readdirSync(cacheFolder)
    equal(name, pin.keySha256)
    const changed = Buffer.from(key)
    changed.writeUInt8(changed.readUInt8(500) ^ 1, 500)
    writeFileSync(join(cacheFolder, name), changed)
    deepEqual(await pinnedKey('clearing-64', circuit, srs, { cacheFolder }), key)
    deepEqual(readFileSync(join(cacheFolder, name)), key)
  })

  test('is not pinned for a string without keys', () => {
    throws(() => pinOf('clearing-64', false), { code: 'PROOF_KEY_DIFFERS' })
  })
})

describe('the native prover', async () => {
  const { bytecode } = circuit
  const { witness } = await solveClearing(batchOf(3), 64)

  test('is not started where it would download', async () => {
    const short = { ...srs, logPoints: pin.logSize - 1 }
    const proving = proveWitness({ bytecode, witness, key, srs: short })
    await rejects(proving, { code: 'SRS_TOO_SHORT' })
  })

  for (const [name, limits, reason] of [
    ['takes longer than it may', { timeoutMs: 1 }, /it took too long/],
    ['needs more memory than it may have', { memoryBytesMax: 24 * 2 ** 20 }, /./],
  ] as const) {
    const isBounded = process.platform === 'linux' || 'timeoutMs' in limits
    test(`that ${name} is ended`, { skip: isBounded ? false : 'no bound here' }, async () => {
      const proving = proveWitness({ bytecode, witness, key, srs }, limits)
      await rejects(proving, (error: Error & { code?: string }) => {
        equal(error.code, 'PROVER_FAILED')
        ok(reason.test(error.message))
        return true
      })
    })
  }

  for (const [name, given] of [
    ['a program that is none', { bytecode: Buffer.from('nothing').toString('base64') }],
    ['a witness that is none', { witness: Buffer.from('nothing') }],
    ['a key that is none', { key: Buffer.alloc(64, 1) }],
  ] as const) {
    test(`fails with a code for ${name}`, async () => {
      const proving = proveWitness({ bytecode, witness, key, srs, ...given })
      await rejects(proving, { code: /PROVER_FAILED|SRS_TOO_SHORT/ })
    })
  }
})

describe('a verifier contract', () => {
  const g2 = readFileSync(join(srs.folder, 'bn254_g2.dat'))

  test('has its key’s digest, its size and its string’s point', async () => {
    const source = await verifierContract('clearing-64', key, g2, true)
    ok(source.includes('contract ClearingVerifier64 is IKeyVerifier {'))
    ok(source.includes(`return 0x${pin.keySha256};`))
    ok(source.includes('return 64;') && source.includes('return true;'))
    ok(source.includes(g2.subarray(32, 64).toString('hex')))
    ok(!source.includes('260e01b251f6f1c7e7ff4e58'), 'the ceremony’s point is gone')
  })

  test('is the committed one', async () => {
    const folder = join(import.meta.dirname, '../../contracts/src/verifiers')
    const committed = readFileSync(join(folder, 'ClearingVerifier64.sol'), 'utf8')
    equal(await verifierContract('clearing-64', key, g2, true), committed)
  })
})
