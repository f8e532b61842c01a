/**
 * Goal: what is put on the chain is what was meant, in every unit and at every limit, and the same
 * effect always gives the same calls.
 * Method: calls are decoded with the contracts' own interfaces, records with a slow reader written
 * from their description; properties over random batches. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Micros } from '@busbar/core/units'
import { contextOf } from '@busbar/protocols/sealed-orders'
import fc from 'fast-check'
import { type Abi, decodeFunctionData, type Hex, hexToBytes, keccak256 } from 'viem'
import type { ChainCall, ChainDeployment, ChainEffect } from '../../app/ports/chain.ts'
import {
  clearingHouseAbi,
  clearingProofsAbi,
  describeRevert,
  fiatTokenAbi,
  intervalLogAbi,
  participantRegistryAbi,
  tradeHoldsAbi,
} from './contracts.ts'
import { packDeltas, recordBytes, recordsGas, transactionGasMax } from './deltas.ts'
import { encodeEffect, groupOf } from './encode.ts'
import { gasLimitOf } from './gas.ts'
import { provePartAbi } from './part-proofs.ts'

const replay = process.env['SEED'] === undefined ? {} : { seed: Number(process.env['SEED']) }

const address = (digit: string): Hex => `0x${digit.repeat(40)}`
const operator = address('e')
const deployment: ChainDeployment = {
  chainId: 31_337,
  clearingHouse: address('1'),
  participantRegistry: address('2'),
  intervalLog: address('3'),
  tradeHolds: address('6'),
  accountKeys: address('8'),
  fiatToken: address('4'),
  clearingProofs: address('5'),
  clearingVerifier: address('0'),
  fromBlock: 0,
}
const abi = [
  ...clearingHouseAbi, ...clearingProofsAbi, ...fiatTokenAbi, ...intervalLogAbi,
  ...participantRegistryAbi, ...tradeHoldsAbi,
]
const encode = (effect: ChainEffect): readonly ChainCall[] =>
  encodeEffect(effect, deployment, operator)
const decode = ({ calldata }: ChainCall) =>
  decodeFunctionData({ abi: abi as Abi, data: calldata as Hex })
const root = (digit: string): Hex => `0x${digit.repeat(64)}`

const largest = Micros.from(2n ** 63n - 1n)
const uint32Max = 2 ** 32 - 1
const intervalMax = Number.MAX_SAFE_INTEGER

describe('an effect becomes calls', () => {
  const place = { zone: uint32Max, interval: intervalMax }
  const orders = { ordersRoot: root('a'), orderCount: 2 ** 24 - 1, rulebookHash: root('c') }
  const clearing = {
    ...{ price: -(10n ** 12n), energy: 2n ** 56n - 1n, voidCount: 2 ** 24 - 1 },
    ...{ fillsRoot: root('d'), clearingRoot: root('b') },
  }
  const onChain = {
    orders: { root: root('a'), count: 2 ** 24 - 1, rulebookHash: root('c') },
    clearing: {
      ...{ hasPrice: true, priceMicrosPerKwh: -(10n ** 12n), energyWh: 2n ** 56n - 1n },
      ...{ voidCount: 2 ** 24 - 1, fillsRoot: root('d'), clearingRoot: root('b') },
    },
  }

  test('an order set, its clearing and its proof, with every field at its limit', () => {
    const terms = { sealedBook: true, proofRequired: true, proofDeadlineSeconds: uint32Max }
    const interval = BigInt(intervalMax)
    for (const [effect, id, toAddress, functionName, args] of [
      [
        { kind: 'fix_orders', ...place, ...orders, terms },
        ...(['fix', deployment.intervalLog, 'fixOrders'] as const),
        [uint32Max, interval, onChain.orders, terms],
      ],
      [
        { kind: 'commit_clearing', ...place, ...clearing },
        ...(['commit', deployment.intervalLog, 'commitClearing'] as const),
        [uint32Max, interval, onChain.clearing],
      ],
      [
        { kind: 'prove_clearing', ...place, ...orders, ...clearing, size: 4_096, proof: '0x1234' },
        ...(['prove', deployment.clearingProofs, 'prove'] as const),
        [uint32Max, interval, onChain.orders, onChain.clearing, 4_096, '0x1234'],
      ],
    ] as const) {
      const [call, ...others] = encode(effect)
      ok(call)
      deepEqual(others, [])
      equal(call.toAddress, toAddress)
      equal(call.id, `${id}/${uint32Max}/${intervalMax}`)
      deepEqual(decode(call), { functionName, args })
      ok(gasLimitOf(call.calldata) < transactionGasMax, 'it has a bound of its own')
    }
  })

  /** As `proofs/src/part-encoding.ts` writes it. */
  const proofOf = (parts: number): string => {
    const word = (value: number): string => value.toString(16).padStart(64, '0')
    const words = Array.from({ length: 3 * parts + 1 }, (_, i) => word(1_000 + i))
    const proofs = Array.from({ length: parts }, (_, i) => word(2_000 + i).repeat(322))
    return `0x${[word(10_304), ...words, ...proofs, word(3_000).repeat(238)].join('')}`
  }
  const inParts = (parts: number, proof = proofOf(parts)) =>
    encode({
      ...{ kind: 'prove_clearing', ...place, ...orders, ...clearing },
      ...{ size: 4_096 * parts, proof },
    })

  test('a proof of parts is a transaction for each, and one that joins them', () => {
    for (const parts of [2, 16]) {
      const calls = inParts(parts)
      equal(calls.length, parts + 1)
      const word = (value: number): string => `0x${value.toString(16).padStart(64, '0')}`
      const { chainId, intervalLog, clearingVerifier } = deployment
      const { rulebookHash } = orders
      const context = contextOf({ ...place, chainId, intervalLog, rulebookHash })
      calls.slice(0, -1).forEach((call, i) => {
        equal(call.id, `prove-part/${uint32Max}/${intervalMax}/${i}`)
        equal(call.toAddress, clearingVerifier)
        const { args } = decodeFunctionData({ abi: provePartAbi, data: call.calldata as Hex })
        equal(args[0], `0x${word(2_000 + i).slice(2).repeat(322)}`)
        const firsts = [0, parts, 2 * parts, 2 * parts + 1]
        deepEqual(args[1], [context, ...firsts.map((first) => word(1_000 + first + i))])
      })
      const { args } = decode(calls.at(-1) as ChainCall)
      const whole = proofOf(parts).slice(2)
      const head = 64 * (3 * parts + 2)
      const [none, tail] = ['0'.repeat(64), whole.slice(head + parts * 2 * 10_304)]
      equal(args?.[5], `0x${none}${whole.slice(64, head)}${tail}`)
    }
  })

  test('each of them has gas enough, and far less than a transaction may use', () => {
    for (const call of inParts(16)) {
      // A part uses a million and a slot, what joins them as much: `contracts/snapshots/gas.json`.
      const gas = gasLimitOf(call.calldata)
      ok(gas >= 2_000_000 && gas <= 4_000_000, `${call.id}: ${gas}`)
      ok(call.calldata.length < 2 * 128 * 1_024, 'it is relayed')
    }
  })

  test('bytes that are not so many parts are refused', () => {
    const whole = proofOf(3)
    const none = `0x${'0'.repeat(64)}${whole.slice(66)}`
    for (const proof of ['0x1234', whole.slice(0, 600), none]) {
      throws(() => inParts(3, proof), { code: 'CHAIN_EFFECT_INVALID' })
    }
  })

  test('a clearing without a price says so', () => {
    const [call] = encode({ kind: 'commit_clearing', ...place, ...clearing, price: null })
    const { args } = decode(call as ChainCall)
    deepEqual(args?.[2], { ...onChain.clearing, hasPrice: false, priceMicrosPerKwh: 0n })
  })

  test('a proof that is no bytes is refused', () => {
    const effect = { kind: 'prove_clearing', ...place, ...orders, ...clearing, size: 64 } as const
    for (const proof of ['', '0x', '0x123', '12', '0xzz']) {
      throws(() => encode({ ...effect, proof }), { code: 'CHAIN_EFFECT_INVALID' })
    }
  })

  test('admissions are split where accounts are not in sequence, and by number', () => {
    const person = (account: number) => ({
      account,
      address: `0x${account.toString(16).padStart(40, '0')}`,
      publicKey: `0x02${account.toString(16).padStart(64, '0')}`,
    })
    const accounts = [3, 4, 5, 9, ...Array.from({ length: 130 }, (_, index) => 20 + index)]
    const calls = encode({ kind: 'admit', participants: accounts.map(person) })
    deepEqual(calls.map(({ id }) => id), ['admit/3/3', 'admit/9/1', 'admit/20/120', 'admit/140/10'])
    const { args } = decode(calls[1] as ChainCall)
    const { address: owner, publicKey } = person(9)
    const hash = keccak256(publicKey as Hex)
    deepEqual(JSON.stringify(args).toLowerCase(), JSON.stringify([9, [owner], [hash]]))
  })

  test('funding mints once for all and pays in by parts', () => {
    const deposits = Array.from({ length: 351 }, (_, i) => ({
      account: 3 + i,
      amount: i === 0 ? largest : Micros.from(1n),
    }))
    const calls = encode({ kind: 'fund', reference: root('d'), deposits })
    const total = largest + 350n
    deepEqual(calls.map((call) => decode(call).functionName), [
      ...['mint', 'approve', 'depositFor', 'depositFor'],
    ])
    const minted = JSON.parse(text(decode(calls[0] as ChainCall).args)) as unknown
    deepEqual(minted, [operator, `${total}`, root('d')])
    deepEqual(decode(calls[3] as ChainCall).args, [[353], [1n]])
    ok(calls.every(({ id }) => id.startsWith(`fund/${root('d')}/`)))
  })

  test('a withdrawal keeps its bytes', () => {
    const signature = `0x${'12'.repeat(65)}`
    const id = `0x${'ab'.repeat(16)}`
    const to = address('9')
    const [call] = encode({ kind: 'withdraw', id, account: 7, amount: largest, to, signature })
    deepEqual(decode(call as ChainCall).args, [id, 7, largest, to, signature])
  })

  test('holds keep their order and say their list, whole', () => {
    const holds = [
      { account: 3, amount: Micros.zero },
      { account: 9, amount: largest },
    ]
    const [call, ...others] = encode({ kind: 'hold', list: 7, holds })
    deepEqual(others, [])
    equal(call?.id, 'hold/7')
    equal(call.toAddress, deployment.tradeHolds)
    deepEqual(decode(call).args, [7n, [3, 9], [0n, largest]])
    const negative = [{ account: 3, amount: Micros.from(-1n) }]
    throws(() => encode({ kind: 'hold', list: 8, holds: negative }), {
      code: 'CHAIN_EFFECT_INVALID',
    })
  })

  test('what the contracts cannot take is refused with the field', () => {
    const withdrawal = {
      kind: 'withdraw',
      ...{ id: `0x${'ab'.repeat(16)}`, account: 7, amount: Micros.from(1n) },
      ...{ to: address('9'), signature: `0x${'12'.repeat(65)}` },
    } as const
    for (const [wrong, field] of [
      [{ id: '0xab' }, 'id'],
      [{ amount: Micros.zero }, 'amount'],
      [{ amount: Micros.from(-1n) }, 'amount'],
      [{ to: '0x99' }, 'address'],
      [{ signature: `0x${'zz'.repeat(65)}` }, 'signature'],
      [{ signature: `0x50${'12'.repeat(2_000)}` }, 'signature'],
      [{ signature: `0x51${'12'.repeat(98)}` }, 'signature'],
      [{ signature: `0x50${'12'.repeat(100)}1` }, 'signature'],
    ] as const) {
      throws(() => encode({ ...withdrawal, ...wrong }), {
        code: 'CHAIN_EFFECT_INVALID',
        message: new RegExp(`field=${field} `),
      })
    }
  })
})

describe('a settlement becomes records', () => {
  test('worked example: two words, four lanes, both signs', () => {
    const net = [
      { account: 4, amount: Micros.from(-2n) },
      { account: 7, amount: Micros.from(1n) },
      { account: 9, amount: Micros.from(1n) },
    ]
    const [records, ...others] = packDeltas(net, false)
    deepEqual(others, [])
    equal(
      Buffer.from(records ?? []).toString('hex'),
      '00000001' + '0000000000000001' + '00'.repeat(16) + 'fffffffffffffffe' +
        '00000002' + '00'.repeat(16) + '0000000000000001' + '0000000000000000',
    )
  })

  test('no movement is a run without records', () => {
    const [call] = encode({ ...runOf([]) })
    deepEqual(decode(call as ChainCall).args?.[1], '0x')
    equal(call?.id, 'settle/1/2/3')
  })

  test('any net amounts come back, whole or in chunks', () => {
    fc.assert(
      fc.property(arbitraryNet, (net) => {
        const calls = encode(runOf(net))
        const isStaged = calls.length > 1
        const half = calls.length / 2
        const deltas = calls.slice(0, isStaged ? half : 1).map((call) => decode(call).args?.at(-1))
        if (isStaged) {
          deepEqual(deltas, calls.slice(half).map((call) => decode(call).args?.at(-1)))
        }
        deepEqual(deltas.flatMap((records) => readRecords(records as Hex)), net)
        for (const call of calls) {
          equal(groupOf(call.id), 'settle/1/2/3')
          ok(gasLimitOf(call.calldata) <= transactionGasMax)
        }
        deepEqual(encode(runOf(net)), calls)
      }),
      { numRuns: 60, ...replay },
    )
  })

  test('unsorted, repeated, zero or unbalanced amounts are our own mistake', () => {
    const one = Micros.from(1n)
    const minusOne = Micros.from(-1n)
    for (const net of [
      [{ account: 4, amount: one }, { account: 3, amount: minusOne }],
      [{ account: 3, amount: one }, { account: 3, amount: minusOne }],
      [{ account: 3, amount: Micros.zero }],
      [{ account: 3, amount: one }],
    ]) {
      throws(() => packDeltas(net, false), /invariant broken/)
    }
  })

  test('a batch beyond what can be staged is refused', () => {
    // All but one only receive, each alone in its word: the dearest there is.
    const net = Array.from({ length: 180_000 }, (_, i) => ({
      account: i * 4,
      amount: Micros.from(i === 0 ? -179_999n : 1n),
    }))
    throws(() => packDeltas(net, false), { code: 'CHAIN_EFFECT_INVALID' })
  })

  test('the gas bound of a call is that of its records', () => {
    const net = [
      { account: 4, amount: Micros.from(-2n) },
      { account: 9, amount: Micros.from(2n) },
    ]
    const [call] = encode(runOf(net))
    const [records = new Uint8Array()] = packDeltas(net, false)
    equal(recordsGas(records, false), 31_000)
    equal(recordsGas(records, true), 83_000)
    // Whether they are noted as unproven cannot be seen in the call: it may be so.
    equal(gasLimitOf(call?.calldata ?? ''), 83_000 + 250_000 + 150_000)
  })

  test('where a proof is required, a batch is cut so that its notes fit in too', () => {
    const net = Array.from({ length: 2_400 }, (_, i) => ({
      account: 2 * i,
      amount: Micros.from(i % 2 === 0 ? -1n : 1n),
    }))
    const chunks = packDeltas(net, true)
    deepEqual([packDeltas(net, false).length, chunks.length > 1], [1, true])
    for (const chunk of chunks) ok(recordsGas(chunk, true) <= transactionGasMax - 400_000)
    deepEqual(Buffer.concat(chunks), Buffer.from(packDeltas(net, false)[0] ?? []))
  })
})

test('a refusal is told in the words of the contract', () => {
  equal(describeRevert(undefined), 'reverted without a reason')
  equal(describeRevert('0x12345678'), 'reverted with 0x12345678')
})

const runOf = (net: readonly { account: number; amount: Micros }[]): ChainEffect => ({
  kind: 'settle_run',
  ...{ zone: 1, interval: 2, run: 3, readingsRoot: root('a'), postingsRoot: root('b'), net },
  isProofRequired: false,
})

/** Sums to zero: what the others receive or pay is paid or received by the first. */
const arbitraryNet = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 60_000 }), { maxLength: 1_500, size: 'max' }),
    fc.constantFrom(1n, 1_000_000n, 2n ** 50n),
    fc.boolean(),
  )
  .map(([accounts, scale, receiveOnly]) => {
    const amounts = accounts.map((account) => {
      const sign = receiveOnly || account % 3 !== 0 ? 1n : -1n
      return { account, amount: sign * (BigInt(account) + scale) }
    })
    const rest = -amounts.reduce((sum, { amount }) => sum + amount, 0n)
    return [{ account: 0, amount: rest }, ...amounts]
      .filter(({ amount }) => amount !== 0n)
      .sort((a, b) => a.account - b.account)
      .map(({ account, amount }) => ({ account, amount: Micros.from(amount) }))
  })

/** From the description in `DeltaRecords.sol` and `PackedBalances.sol`, with big integers. */
function readRecords(hex: Hex): readonly { account: number; amount: bigint }[] {
  const bytes = Buffer.from(hexToBytes(hex))
  const found: { account: number; amount: bigint }[] = []
  for (let at = 0; at < bytes.length; at += recordBytes) {
    const word = BigInt(`0x${bytes.subarray(at + 4, at + recordBytes).toString('hex')}`)
    for (let lane = 0n; lane < 4n; lane += 1n) {
      const amount = BigInt.asIntN(64, word >> (64n * lane))
      const account = bytes.readUInt32BE(at) * 4 + Number(lane)
      if (amount !== 0n) found.push({ account, amount })
    }
  }
  return found
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  ).replace(/0x[0-9a-fA-F]{40}"/g, (match) => match.toLowerCase())
