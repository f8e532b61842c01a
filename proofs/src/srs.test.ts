/**
 * Goal: only a string whose digest is pinned is ever used, and the development string is the same
 * on every machine.
 * Method: powers compared with plain multiplication; the string made with one thread and with
 * three, from nothing; files that are missing, short, changed, or of another kind.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { bn254 } from '@noble/curves/bn254.js'
import { openSrs } from './srs.ts'
import { developmentFolder, developmentG2, developmentSecret } from './srs-development.ts'
import { powersOf } from './srs-powers.ts'
import { isG2Point } from './verifier-source.ts'

const root = mkdtempSync(join(tmpdir(), 'busbar-srs-'))
after(() => rmSync(root, { recursive: true }))

const logPoints = 12
const cacheFolder = join(root, 'cache')

describe('powers', () => {
  const { Fr } = bn254.fields
  const plain = (secret: bigint, power: number): string => {
    const point = bn254.G1.Point.BASE.multiply(Fr.pow(secret, BigInt(power)))
    const { x, y } = point.toAffine()
    return [x, y].map((word) => word.toString(16).padStart(64, '0')).join('')
  }

  for (const [from, count] of [
    [0, 1],
    [0, 2],
    [7, 40],
    [4_095, 3],
  ] as const) {
    test(`${count} from power ${from} on are what multiplication gives`, () => {
      const points = Buffer.from(powersOf(developmentSecret, from, count))
      for (let i = 0; i < count; i += 1) {
        const expected = plain(developmentSecret, from + i)
        equal(points.subarray(64 * i, 64 * i + 64).toString('hex'), expected, `power ${from + i}`)
      }
    })
  }

  test('of small secrets too, whose digits are mostly zero', () => {
    const points = Buffer.from(powersOf(2n, 0, 100))
    for (const power of [0, 1, 63, 99]) {
      equal(points.subarray(64 * power, 64 * power + 64).toString('hex'), plain(2n, power))
    }
  })
})

describe('the development string', () => {
  test('is the pinned one, however many threads make it', async () => {
    const folders = await Promise.all(
      [1, 3].map((threads) =>
        developmentFolder(logPoints, { cacheFolder: join(root, String(threads)), threads }),
      ),
    )
    const [one, three] = folders.map((folder) => readFileSync(join(folder, 'bn254_g1.dat')))
    ok(one !== undefined && three !== undefined && one.equals(three))
    const srs = await openSrs('development', logPoints, { cacheFolder: join(root, '3') })
    deepEqual([srs.isDevelopment, srs.logPoints], [true, logPoints])
  })

  test('has the powers of its secret in both groups', () => {
    const { G1, G2 } = bn254
    const secretG1 = G1.Point.BASE.multiply(developmentSecret)
    const secretG2 = G2.Point.BASE.multiply(developmentSecret)
    const left = bn254.pairing(secretG1, G2.Point.BASE)
    ok(bn254.fields.Fp12.eql(left, bn254.pairing(G1.Point.BASE, secretG2)))
    ok(isG2Point(developmentG2()))
  })

  test('is made once, and serves who needs fewer points', async () => {
    await openSrs('development', logPoints, { cacheFolder })
    await openSrs('development', logPoints, { cacheFolder })
    deepEqual(readdirSync(cacheFolder), [String(logPoints)])
  })

  test('is refused when a byte of it differs', async () => {
    const folder = await developmentFolder(logPoints, { cacheFolder: join(root, 'changed') })
    for (const name of ['bn254_g1.dat', 'bn254_g2.dat']) {
      const path = join(folder, name)
      const whole = readFileSync(path)
      const changed = Buffer.from(whole)
      changed.writeUInt8(changed.readUInt8(100) ^ 1, 100)
      writeFileSync(path, changed)
      const open = openSrs('development', logPoints, { cacheFolder: join(root, 'changed') })
      await rejects(open, { code: 'SRS_DIFFERS' }, name)
      writeFileSync(path, whole)
    }
  })
})

describe('a configured string', () => {
  test('that is not there is a fault, not a download', async () => {
    await rejects(openSrs(join(root, 'nowhere'), logPoints), { code: 'SRS_MISSING' })
  })

  test('that is the development string is refused', async () => {
    const folder = await developmentFolder(logPoints, { cacheFolder })
    await rejects(openSrs(folder, logPoints), { code: 'SRS_DIFFERS' })
  })

  test('with the right point in G2 and too few or other points is refused', async () => {
    const folder = join(root, 'ceremony')
    mkdirSync(folder)
    const words = [
      '0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0',
      '260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1',
      '22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55',
      '04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4',
    ]
    writeFileSync(join(folder, 'bn254_g2.dat'), Buffer.from(words.join(''), 'hex'))
    ok(isG2Point(readFileSync(join(folder, 'bn254_g2.dat'))))
    const made = await developmentFolder(logPoints, { cacheFolder })
    copyFileSync(join(made, 'bn254_g1.dat'), join(folder, 'bn254_g1.dat'))
    await rejects(openSrs(folder, logPoints + 1), { code: 'SRS_TOO_SHORT' })
    // Enough points for the circuit, and less than a chunk whose digest is known.
    await rejects(openSrs(folder, logPoints), { code: 'SRS_TOO_SHORT' })
    writeFileSync(join(folder, 'bn254_g1.dat'), Buffer.alloc(131_072 * 64))
    await rejects(openSrs(folder, logPoints), { code: 'SRS_DIFFERS' })
    await rejects(openSrs(folder, 21), { code: 'SRS_TOO_SHORT' })
  })
})

test('a point of G2 is judged by curve and group', () => {
  const point = developmentG2()
  const changed = Uint8Array.from(point)
  changed[127] = (changed[127] ?? 0) ^ 1
  deepEqual([point, changed, new Uint8Array(128)].map(isG2Point), [true, false, false])
})
