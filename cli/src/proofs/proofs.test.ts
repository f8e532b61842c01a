/**
 * Goal: from a file of orders to a proof that somebody else checks, and to the fill that its owner
 * alone can open; whatever is changed on the way is found, and where.
 * Method: the real program for the way there, a table of changes to its files, and an exchange in
 * memory for what a prover gets and sends.
 */
import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ClaimBody, ProofBody, ProvingClaim } from '@busbar/protocols/api'
import { unpackHeader } from '@busbar/protocols/sealed-orders'
import { parse } from '../arguments.ts'
import { type ClearJson, clearToJson, runClear } from '../clear/clear-command.ts'
import { busbar } from '../testing/run-busbar.ts'
import { runCheckProof } from './check-proof.ts'
import { runOpenFill } from './open-fill.ts'
import type { OpeningFile } from './opening-file.ts'
import type { ProofFile } from './proof-file.ts'
import { serverSource } from './server-source.ts'

const root = mkdtempSync(join(tmpdir(), 'busbar-proofs-'))
after(() => rmSync(root, { recursive: true }))

const csv = `id,side,energy_wh,limit_micros_per_kwh
alice,buy,400,300000
bob,sell,300,200000
carol,buy,100,200000
dave,sell,50,-200
../../eve,buy,7,-5
`
const [ordersFile, proofFile, folder] = ['orders.csv', 'orders.csv.proof.json', 'openings'].map(
  (name) => join(root, name),
) as [string, string, string]

/** What a command prints with `--json`, and its exit code. */
async function ran(
  run: typeof runCheckProof,
  args: readonly string[],
): Promise<{ readonly code: number; readonly said: unknown }> {
  const printed: string[] = []
  const nothing = (): void => {}
  const output = {
    print: (text: string) => void printed.push(text),
    ...{ note: nothing, progress: nothing },
  }
  const code = await run(parse([...args, '--json'], {}), output)
  return { code, said: JSON.parse(printed.join('')) }
}

let proof: ProofFile
let clearing: ClearJson

before(async () => {
  writeFileSync(ordersFile, csv)
  clearing = clearToJson(runClear(csv))
  const args = ['prove', ordersFile, '--seed', 'test', '--openings', folder, '--json']
  const { code, out, err } = await busbar(args)
  equal(code, 0, err)
  match(err, /development, not secure/)
  proof = JSON.parse(readFileSync(proofFile, 'utf8')) as ProofFile
  const said = JSON.parse(out) as Record<string, unknown>
  deepEqual([said.file, said.notice], [proofFile, 'development, not secure'])
})

/** The one of 4,100 orders that the contracts are tested with. */
function proofInParts(): ProofFile {
  const file = '../../../contracts/test/verifiers/proofs/clearing-8192.json'
  const { publicInputs, proof: bytes } = JSON.parse(
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  ) as { publicInputs: readonly string[]; proof: string }
  const [context = '', ordersRoot = '', fillsRoot = '', header = ''] = publicInputs
  const statement = { context, ordersRoot, fillsRoot, header, ...unpackHeader(header) }
  return { notice: 'development, not secure', size: 8_192, ...statement, proof: bytes }
}

describe('a proof file', () => {
  test('says what the auction said', () => {
    equal(proof.priceMicrosPerKwh, clearing.price_micros_per_kwh)
    equal(proof.energyWh, clearing.energy_wh)
    deepEqual([proof.orderCount, proof.voidCount, proof.size], [5, 0, 64])
  })

  test('says nothing of any order', () => {
    const text = readFileSync(proofFile, 'utf8')
    for (const name of readdirSync(folder)) {
      const { kept } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as OpeningFile
      const { limitMicrosPerKwh, salt } = kept.opening
      const isPrice = limitMicrosPerKwh === proof.priceMicrosPerKwh
      const planted = [kept.id, salt.slice(2), kept.commitment.slice(2)]
      if (!isPrice) planted.push(`: ${limitMicrosPerKwh},`)
      for (const value of planted) ok(!text.includes(value), value)
    }
  })

  test('is checked by the program', async () => {
    const { code, out } = await busbar(['check-proof', proofFile])
    equal(code, 0)
    match(out, /proof +ok.*\nThe proof holds\.\n$/)
    match(out, /development, not secure/)
  })

  const other = `0x${'0'.repeat(63)}1`
  const changes: readonly (readonly [string, (file: ProofFile) => object, readonly string[]])[] = [
    [
      'a price of one micro more',
      (file) => ({ priceMicrosPerKwh: (file.priceMicrosPerKwh ?? 0) + 1 }),
      ['figures'],
    ],
    ['one watt-hour more', (file) => ({ energyWh: file.energyWh + 1 }), ['figures']],
    ['an order less', (file) => ({ orderCount: file.orderCount - 1 }), ['figures']],
    [
      'figures and header of another price',
      (file) => ({
        priceMicrosPerKwh: (file.priceMicrosPerKwh ?? 0) + 1,
        header: `0x${(BigInt(file.header) + (1n << 49n)).toString(16).padStart(64, '0')}`,
      }),
      ['proof'],
    ],
    ['another root of orders', () => ({ ordersRoot: other }), ['proof']],
    ['another root of fills', () => ({ fillsRoot: other }), ['proof']],
    ['another context', () => ({ context: other }), ['proof']],
    ['another size', () => ({ size: 256 }), ['proof']],
    ['a proof that lacks its end', (file) => ({ proof: file.proof.slice(0, -64) }), ['proof']],
    [
      'a digit of the proof',
      (file) => ({
        proof: file.proof.replace(/.(?=.{5}$)/, (digit) => (digit === '0' ? '1' : '0')),
      }),
      ['proof'],
    ],
    ['no mark of development', () => ({ notice: null }), ['notice']],
  ]
  for (const [name, change, lines] of changes) {
    test(`with ${name} does not hold`, async () => {
      const path = join(root, 'changed.json')
      writeFileSync(path, JSON.stringify({ ...proof, ...change(proof) }))
      const { code, said } = await ran(runCheckProof, [path])
      const failed = (said as { lines: { line: string; holds: boolean }[] }).lines
        .filter(({ holds }) => !holds)
        .map(({ line }) => line)
      deepEqual([code, failed], [1, lines])
    })
  }

  describe('of parts', () => {
    const path = join(root, 'parts.json')
    const inParts = proofInParts()
    const failedOf = async (change: Partial<ProofFile>): Promise<readonly string[]> => {
      writeFileSync(path, JSON.stringify({ ...inParts, ...change }))
      const { said } = await ran(runCheckProof, [path])
      const { lines } = said as { lines: { line: string; holds: boolean }[] }
      return lines.filter(({ holds }) => !holds).map(({ line }) => line)
    }

    test('holds', async () => deepEqual(await failedOf({}), []))

    test('does not hold for another root, context or number of parts', async () => {
      deepEqual(await failedOf({ fillsRoot: other }), ['proof'])
      deepEqual(await failedOf({ context: other }), ['proof'])
      deepEqual(await failedOf({ size: 12_288 }), ['proof'])
      deepEqual(await failedOf({ proof: inParts.proof.replace(/..$/, '') }), ['proof'])
    })
  })

  for (const [name, text] of [
    ['is no JSON', '{'],
    ['is nothing', 'null'],
    ['has a root outside the field', JSON.stringify({ context: `0x${'f'.repeat(64)}` })],
  ] as const) {
    test(`that ${name} is refused`, async () => {
      const path = join(root, 'malformed.json')
      writeFileSync(path, text)
      await rejects(ran(runCheckProof, [path]), { code: 'PROOF_FILE_INVALID' })
    })
  }
})

describe('an opening file', () => {
  const read = (name: string): OpeningFile =>
    JSON.parse(readFileSync(join(folder, `${name}.opening.json`), 'utf8')) as OpeningFile

  for (const id of ['alice', 'bob', 'carol', 'dave']) {
    test(`shows ${id} what the auction gave`, async () => {
      const path = join(folder, `${id}.opening.json`)
      const { code, said } = await ran(runOpenFill, [path, proofFile])
      const { filled_wh: filled, notice } = said as { filled_wh: number; notice: string }
      const fill = clearing.fills.find((one) => one.id === id)?.energy_wh ?? 0
      deepEqual([code, filled, notice], [0, fill, 'development, not secure'])
    })
  }

  test('stays in its folder whatever the id', () => {
    equal(readdirSync(folder).length, 5)
    ok(readdirSync(folder).some((name) => name.includes('eve')))
  })

  test('opens no other order’s fill', async () => {
    const [alice, bob] = [read('alice'), read('bob')]
    const mixed: readonly (readonly [object, RegExp])[] = [
      [{ kept: alice.kept, path: bob.path }, /proof_invalid|not shown/],
      [
        { kept: alice.kept, path: { order: alice.path.order, fill: bob.path.fill } },
        /proof_invalid|not shown/,
      ],
      [{ kept: { ...alice.kept, opening: bob.kept.opening }, path: alice.path }, /OPENING_INVALID/],
      [
        {
          kept: alice.kept,
          path: { ...alice.path, fill: { ...alice.path.fill, leaf: alice.kept.commitment } },
        },
        /proof_invalid|not shown/,
      ],
      [{ kept: alice.kept, path: {} }, /PROOF_FILE_INVALID/],
      [{ kept: alice.kept }, /PROOF_FILE_INVALID/],
    ]
    for (const [file, expected] of mixed) {
      const path = join(root, 'mixed.json')
      writeFileSync(path, JSON.stringify(file))
      await rejects(ran(runOpenFill, [path, proofFile]), expected)
    }
  })
})

test('a seed gives the same commitments, and another seed others', async () => {
  const rootOf = async (seed: string): Promise<unknown> => {
    const out = join(root, 'again.json')
    const { out: said } = await busbar([
      'prove',
      ordersFile,
      '--seed',
      seed,
      '--out',
      out,
      '--json',
    ])
    return (JSON.parse(said) as { ordersRoot: string }).ordersRoot
  }
  equal(await rootOf('test'), proof.ordersRoot)
  ok((await rootOf('other')) !== proof.ordersRoot)
})

test('a prover asks for what it may prove, and hands in what it was asked for', async () => {
  const statement = { context: '0x1', ordersRoot: '0x2', fillsRoot: '0x3', header: '0x4' }
  const orders = [
    { commitment: '0x5', word: '0x6', blind: '0x7' },
    { commitment: '0x8', void: 'not_opened' as const },
  ]
  const claim: ProvingClaim = {
    ...{ zone: 2, interval: 9, attempt: 1, leaseUntilMs: 5, rulebookHash: '0x9', statement },
    ...{ priceMicrosPerKwh: null, energyWh: 0, orders },
  }
  const asked: ClaimBody[] = []
  const handedIn: ProofBody[] = []
  const source = serverSource(
    {
      async claimProving(wanted) {
        asked.push(wanted ?? {})
        return claim
      },
      async handInProof(body) {
        handedIn.push(body)
        return { kind: 'taken', repeated: false }
      },
    },
    { sizeMax: 256, zones: [2] },
  )
  const work = await source.claim()
  ok(work !== null)
  deepEqual(asked, [{ sizeMax: 256, zones: [2] }])
  deepEqual(work.batch, { context: '0x1', orders })
  deepEqual(work.publicInputs, ['0x1', '0x2', '0x3', '0x4'])
  const made = { size: 64, proof: Uint8Array.of(1, 2) } as Parameters<typeof source.handIn>[1]
  deepEqual(await source.handIn(work, made), { kind: 'taken', repeated: false })
  deepEqual(handedIn, [{ zone: 2, interval: 9, size: 64, proof: '0x0102', statement }])
})
