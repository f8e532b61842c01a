/**
 * Goal: the templates compute EIP-712 digests and refuse what the types cannot hold.
 * Method: recorded digests that wallets' libraries gave, a general encoder by the letter of the
 * standard as a second implementation, and a table of bad fields. The server's tests compare with
 * viem as well. Replay one failure with `SEED=…`.
 */
import { deepEqual, equal, notEqual, ok, throws } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '@busbar/core/errors'
import fc from 'fast-check'
import { bytesToHex, keccak256, textToBytes } from '../hash/index.ts'
import {
  createDomain,
  type Domain,
  messageDigest,
  type Messages,
  type StructName,
  structType,
  typedData,
} from './index.ts'
import { id, samples } from './testing/samples.ts'

const replay = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) }

const domain = createDomain({
  market: 'der-to-cash',
  chainId: 31_337,
  verifyingContract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
})
const names = Object.keys(samples) as StructName[]

describe('digests', () => {
  test('the domain has its recorded separator', () => {
    equal(
      bytesToHex(domain.separator),
      '0xaeba4222e95a13e56bd1eddf12c0adb25f508f1abb9555fefcd486ffc1a318af',
    )
  })

  test('the types are the ones the contract and the wallets know', () => {
    deepEqual(names.map(structType), [
      'Order(bytes16 id,uint32 account,uint32 meter,uint64 interval,uint8 side,uint64 energyWh,' +
        'int64 limitMicrosPerKwh)',
      'SealedOrder(bytes16 id,uint32 account,uint32 zone,uint64 interval,bytes32 commitment,' +
        'uint64 collateralMicros,bytes32 ciphertextHash)',
      'Receipt(bytes32 commitment,uint32 zone,uint64 interval,uint64 sequence)',
      'Cancellation(bytes16 id,uint32 account,bytes16 order)',
      'Withdrawal(bytes16 id,uint32 account,uint64 amountMicros,address to)',
      'Instruction(bytes16 id,uint32 account,string kind,string content)',
      'Contract(bytes16 id,uint32 seller,uint32 buyer,uint32 sellerMeter,uint32 buyerMeter,' +
        'uint32 sellerRetailer,uint32 buyerRetailer,uint64 fromInterval,uint32 intervals,' +
        'string profile,int64 priceMicrosPerKwh,uint32 toleranceBasisPoints,' +
        'uint32 penaltyBasisPoints,string buyerShort,string exitFee,string rail,uint32 platform,' +
        'uint64 platformFeeMicrosPerKwh,uint64 expiresAt,bytes32 replaces)',
      'ReadingBatch(bytes16 id,uint32 gateway,bytes32 root,uint32 count)',
      'KeyApproval(uint32 account,string publicKey)',
      'Access(uint32 account,uint64 until)',
      'TradedEnergyAnswer(uint32 meter,uint64 fromInterval,uint32 count,bytes32 secretHash,' +
        'bytes32 answer,uint64 sequence)',
      'Webhook(bytes16 id,uint32 account,string url,uint64 after,uint64 issuedAt)',
      'AccessGrant(bytes16 id,uint32 account,string kind,string subject,string scopes,' +
        'string networks,string label,uint64 until,uint64 issuedAt)',
      'AccessRevocation(uint32 account,bytes16 grant)',
      'Notice(uint32 account,uint64 sentAt,bytes32 bodyHash)',
      'DeviceReadingBatch(bytes16 id,uint32 gateway,bytes32 root,uint32 count)',
    ])
  })

  const golden: Readonly<Record<StructName, string>> = {
    Order: '0x1ea987040a5acbeef589a1de36fad2b94b9b0341da20635ddfcf7e21b2e6e817',
    SealedOrder: '0x0b425f39d3517b4b473297c8f892b15e0f578ecd4111197f9bfcdcb9b62eeff3',
    Receipt: '0xb5db1e8cd5495f5173af30ee67197a5540d0d51849ec3f69eadcb1bd43a6b4e9',
    Cancellation: '0xf0d0aed40448a4bd2eaaeee919bebf544555e752b0f49845323b137de6e3baf4',
    Withdrawal: '0x3e5e0847d99db070cc4c1ada4bd82735fbe61890c4c6175bc4470085c07efad9',
    Instruction: '0x2183b111b9b7dd6a3018292b71a490b016e130c287224825cd1de38ead5c9b79',
    Contract: '0x1ada2be6c02c6812592544b75bef06a3bd35da28fe0b46e63518a26cecd9fff1',
    ReadingBatch: '0xd75fa6a213d2973b641efc18f73cea89f3e97b1e8b0f566e1bff5ea54ae5b17f',
    KeyApproval: '0xaa0b5825fd750fd607a82579c4790ff0733efad46458e6b947adcaa2e9471de6',
    Access: '0x640cea697e1f64a08c5249748d2d862b5da21598e80859c5b0d766c0b9b373c1',
    TradedEnergyAnswer: '0x95da0e803a407ec445b7a73c401bc600309de62421ca99971252458bc97ffbcb',
    Webhook: '0x8b25b87ca01ea8a61b53c32b7c3b9ddfbadc1dec30744a2a90648dd7e30310d6',
    AccessGrant: '0xdc58da94231b16634cf9015555f2dd7b6127db85f03faf20f97c0bb68d7967e2',
    AccessRevocation: '0xb5e7d16e1f245659b85a5411a5199ab95f15459482eddcc7d8ce35973d353b12',
    Notice: '0x098e6cdd3ced8e4a93eec873a614f62f5d640dfcf2557e822f729ac500a58079',
    DeviceReadingBatch: '0x8fa51f54f635389aa800f5c1151bf44d3ee33d27f1dade15d4ea07a2bd18f04e',
  }
  for (const name of names) {
    test(`${name} has its recorded digest`, () => equal(digestHex(domain, name), golden[name]))
  }

  test('agree with the general encoder for any message in any domain', () => {
    fc.assert(
      fc.property(arbitraryDomain, arbitraryMessage, (where, [name, message]) => {
        equal(bytesToHex(messageDigest(where, name, message)), generalDigest(where, name, message))
      }),
      { ...replay, numRuns: 1_000 },
    )
  })

  test('are the same for numbers and for bigints', () => {
    const { interval, energyWh, limitMicrosPerKwh } = samples.Order
    const other = {
      ...samples.Order,
      interval: BigInt(interval),
      energyWh: Number(energyWh),
      limitMicrosPerKwh: Number(limitMicrosPerKwh),
    }
    equal(bytesToHex(messageDigest(domain, 'Order', other)), golden.Order)
  })

  test('a message that was refused leaves nothing behind', () => {
    const bad = { ...samples.Order, account: 9, meter: -1 }
    throws(() => messageDigest(domain, 'Order', bad), Fault)
    equal(digestHex(domain, 'Order'), golden.Order)
  })

  test('another market, chain or contract gives another digest', () => {
    const { verifyingContract } = domain
    const others = [
      createDomain({ market: 'der-to-cas', chainId: 31_337, verifyingContract }),
      createDomain({ market: 'der-to-cash', chainId: 31_338, verifyingContract }),
      createDomain({
        market: 'der-to-cash',
        chainId: 31_337,
        verifyingContract: `0x${'11'.repeat(20)}`,
      }),
    ]
    for (const other of others) {
      for (const name of names) notEqual(digestHex(other, name), digestHex(domain, name))
    }
  })

  test('the letter case of the contract does not matter', () => {
    for (const place of ['toLowerCase', 'toUpperCase'] as const) {
      const verifyingContract = `0x${domain.verifyingContract.slice(2)[place]()}`
      const same = createDomain({ market: 'der-to-cash', chainId: 31_337, verifyingContract })
      deepEqual(same, domain)
    }
  })
})

describe('refusals', () => {
  const order = samples.Order
  type Bad = readonly [name: StructName, change: object, code: string, field: string]
  const bad: readonly Bad[] = [
    ['Order', { id: `${id}00` }, 'HEX_MALFORMED', 'id'],
    ['Order', { id: id.toUpperCase() }, 'HEX_MALFORMED', 'id'],
    ['Order', { id: id.slice(2) }, 'HEX_MALFORMED', 'id'],
    ['Order', { id: undefined }, 'HEX_MALFORMED', 'id'],
    ['Order', { account: 2 ** 32 }, 'UNIT_OUT_OF_RANGE', 'account'],
    ['Order', { account: -1 }, 'UNIT_OUT_OF_RANGE', 'account'],
    ['Order', { account: '3' }, 'UNIT_OUT_OF_RANGE', 'account'],
    ['Order', { meter: 0.5 }, 'UNIT_OUT_OF_RANGE', 'meter'],
    ['Order', { interval: -1 }, 'UNIT_OUT_OF_RANGE', 'interval'],
    ['Order', { interval: 2 ** 53 }, 'UNIT_OUT_OF_RANGE', 'interval'],
    ['Order', { interval: undefined }, 'UNIT_OUT_OF_RANGE', 'interval'],
    ['Order', { side: 'hold' }, 'UNIT_OUT_OF_RANGE', 'side'],
    ['Order', { side: 'toString' }, 'UNIT_OUT_OF_RANGE', 'side'],
    ['Order', { side: 0 }, 'UNIT_OUT_OF_RANGE', 'side'],
    ['Order', { energyWh: 2n ** 64n }, 'UNIT_OUT_OF_RANGE', 'energyWh'],
    ['Order', { energyWh: -1n }, 'UNIT_OUT_OF_RANGE', 'energyWh'],
    ['Order', { limitMicrosPerKwh: 2n ** 63n }, 'UNIT_OUT_OF_RANGE', 'limitMicrosPerKwh'],
    ['Order', { limitMicrosPerKwh: Number.NaN }, 'UNIT_OUT_OF_RANGE', 'limitMicrosPerKwh'],
    ['SealedOrder', { zone: 2 ** 32 }, 'UNIT_OUT_OF_RANGE', 'zone'],
    ['SealedOrder', { commitment: id }, 'HEX_MALFORMED', 'commitment'],
    ['SealedOrder', { collateralMicros: -1 }, 'UNIT_OUT_OF_RANGE', 'collateralMicros'],
    ['SealedOrder', { ciphertextHash: '0x' }, 'HEX_MALFORMED', 'ciphertextHash'],
    ['Receipt', { sequence: -1 }, 'UNIT_OUT_OF_RANGE', 'sequence'],
    ['Receipt', { commitment: undefined }, 'HEX_MALFORMED', 'commitment'],
    ['Cancellation', { order: order.id.slice(0, -1) }, 'HEX_MALFORMED', 'order'],
    ['Withdrawal', { amountMicros: -1 }, 'UNIT_OUT_OF_RANGE', 'amountMicros'],
    ['Withdrawal', { to: `0x${'AB'.repeat(20)}` }, 'HEX_MALFORMED', 'to'],
    ['Instruction', { kind: '\ud800' }, 'TEXT_MALFORMED', 'kind'],
    ['Instruction', { content: 'a\udfff' }, 'TEXT_MALFORMED', 'content'],
    ['Instruction', { content: 7 }, 'TEXT_MALFORMED', 'content'],
    ['Contract', { id: '0x' }, 'HEX_MALFORMED', 'id'],
    ['Contract', { buyerRetailer: 2 ** 32 }, 'UNIT_OUT_OF_RANGE', 'buyerRetailer'],
    ['Contract', { fromInterval: -1 }, 'UNIT_OUT_OF_RANGE', 'fromInterval'],
    ['Contract', { intervals: 0.5 }, 'UNIT_OUT_OF_RANGE', 'intervals'],
    ['Contract', { profile: '\ud800' }, 'TEXT_MALFORMED', 'profile'],
    ['Contract', { priceMicrosPerKwh: 2n ** 63n }, 'UNIT_OUT_OF_RANGE', 'priceMicrosPerKwh'],
    ['Contract', { rail: 7 }, 'TEXT_MALFORMED', 'rail'],
    ['Contract', { platform: -1 }, 'UNIT_OUT_OF_RANGE', 'platform'],
    ['Contract', { expiresAt: null }, 'UNIT_OUT_OF_RANGE', 'expiresAt'],
    ['Contract', { replaces: id }, 'HEX_MALFORMED', 'replaces'],
    ['KeyApproval', { account: '3' }, 'UNIT_OUT_OF_RANGE', 'account'],
    ['KeyApproval', { publicKey: '\ud800' }, 'TEXT_MALFORMED', 'publicKey'],
    ['ReadingBatch', { root: id }, 'HEX_MALFORMED', 'root'],
    ['ReadingBatch', { count: 2 ** 32 }, 'UNIT_OUT_OF_RANGE', 'count'],
    ['ReadingBatch', { gateway: null }, 'UNIT_OUT_OF_RANGE', 'gateway'],
    ['Access', { until: 2 ** 60 }, 'UNIT_OUT_OF_RANGE', 'until'],
    ['TradedEnergyAnswer', { meter: 2 ** 32 }, 'UNIT_OUT_OF_RANGE', 'meter'],
    ['TradedEnergyAnswer', { fromInterval: -1 }, 'UNIT_OUT_OF_RANGE', 'fromInterval'],
    ['TradedEnergyAnswer', { count: 0.5 }, 'UNIT_OUT_OF_RANGE', 'count'],
    ['TradedEnergyAnswer', { secretHash: id }, 'HEX_MALFORMED', 'secretHash'],
    ['TradedEnergyAnswer', { answer: undefined }, 'HEX_MALFORMED', 'answer'],
    ['TradedEnergyAnswer', { sequence: '1' }, 'UNIT_OUT_OF_RANGE', 'sequence'],
    ['Webhook', { id: '0x' }, 'HEX_MALFORMED', 'id'],
    ['Webhook', { account: -1 }, 'UNIT_OUT_OF_RANGE', 'account'],
    ['Webhook', { url: '\ud800' }, 'TEXT_MALFORMED', 'url'],
    ['Webhook', { after: 0.5 }, 'UNIT_OUT_OF_RANGE', 'after'],
    ['Webhook', { issuedAt: null }, 'UNIT_OUT_OF_RANGE', 'issuedAt'],
    ['AccessGrant', { networks: '\ud800' }, 'TEXT_MALFORMED', 'networks'],
    ['AccessGrant', { until: -1 }, 'UNIT_OUT_OF_RANGE', 'until'],
    ['AccessRevocation', { grant: '0x' }, 'HEX_MALFORMED', 'grant'],
    ['Notice', { account: 2 ** 32 }, 'UNIT_OUT_OF_RANGE', 'account'],
    ['Notice', { sentAt: -1 }, 'UNIT_OUT_OF_RANGE', 'sentAt'],
    ['Notice', { bodyHash: id }, 'HEX_MALFORMED', 'bodyHash'],
  ]
  for (const [name, change, code, field] of bad) {
    const [value] = Object.values(change) as unknown[]
    test(`${name}: ${field} ${String(value).slice(0, 40)} (${typeof value})`, () => {
      const message = { ...samples[name], ...change } as Messages[typeof name]
      for (const sign of [messageDigest, typedData]) {
        throws(() => Reflect.apply(sign, undefined, [domain, name, message]), (error) => {
          return error instanceof Fault && error.code === code && error.details.field === field
        })
      }
    })
  }

  const places: readonly (readonly [change: object, field: string])[] = [
    [{ market: '' }, 'market'],
    [{ market: 'Der' }, 'market'],
    [{ market: 'a/b' }, 'market'],
    [{ market: 'a'.repeat(41) }, 'market'],
    [{ chainId: 0 }, 'chainId'],
    [{ chainId: 1.5 }, 'chainId'],
    [{ chainId: 2 ** 53 }, 'chainId'],
    [{ verifyingContract: '0x' }, 'verifyingContract'],
    [{ verifyingContract: `0x${'1'.repeat(39)}g` }, 'verifyingContract'],
  ]
  for (const [change, field] of places) {
    test(`a domain with ${JSON.stringify(change).slice(0, 60)}`, () => {
      const { verifyingContract } = domain
      throws(
        () => createDomain({ market: 'm', chainId: 1, verifyingContract, ...change }),
        (error) => {
          ok(error instanceof Fault)
          return error.code === 'DOMAIN_INVALID' && error.details.field === field
        },
      )
    })
  }
})

const digestHex = (where: Domain, name: StructName): string =>
  bytesToHex(messageDigest(where, name, samples[name]))

const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map(bytesToHex)
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const uint64 = fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const int64 = fc.oneof(
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const wellFormed = fc.string({ unit: 'binary' })

const arbitraryDomain = fc
  .record({
    market: fc.stringMatching(/^[a-z0-9-]{1,32}$/),
    chainId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    verifyingContract: hexOf(20),
  })
  .map(createDomain)

const arbitraryMessage: fc.Arbitrary<[StructName, Messages[StructName]]> = fc.oneof(
  fc.tuple(
    fc.constant('Order' as const),
    fc.record({
      id: hexOf(16),
      account: uint32,
      meter: uint32,
      interval: uint64,
      side: fc.constantFrom('buy' as const, 'sell' as const),
      energyWh: uint64,
      limitMicrosPerKwh: int64,
    }),
  ),
  fc.tuple(
    fc.constant('SealedOrder' as const),
    fc.record({
      id: hexOf(16),
      account: uint32,
      zone: uint32,
      interval: uint64,
      commitment: hexOf(32),
      collateralMicros: uint64,
      ciphertextHash: hexOf(32),
    }),
  ),
  fc.tuple(
    fc.constant('Receipt' as const),
    fc.record({ commitment: hexOf(32), zone: uint32, interval: uint64, sequence: uint64 }),
  ),
  fc.tuple(
    fc.constant('Cancellation' as const),
    fc.record({ id: hexOf(16), account: uint32, order: hexOf(16) }),
  ),
  fc.tuple(
    fc.constant('Withdrawal' as const),
    fc.record({ id: hexOf(16), account: uint32, amountMicros: uint64, to: hexOf(20) }),
  ),
  fc.tuple(
    fc.constant('Instruction' as const),
    fc.record({ id: hexOf(16), account: uint32, kind: wellFormed, content: wellFormed }),
  ),
  fc.tuple(
    fc.constant('ReadingBatch' as const),
    fc.record({ id: hexOf(16), gateway: uint32, root: hexOf(32), count: uint32 }),
  ),
  fc.tuple(
    fc.constant('Contract' as const),
    fc.record({
      id: hexOf(16),
      ...{ seller: uint32, buyer: uint32, sellerMeter: uint32, buyerMeter: uint32 },
      ...{ sellerRetailer: uint32, buyerRetailer: uint32, fromInterval: uint64 },
      ...{ intervals: uint32, profile: wellFormed, priceMicrosPerKwh: int64 },
      ...{ toleranceBasisPoints: uint32, penaltyBasisPoints: uint32, buyerShort: wellFormed },
      ...{ exitFee: wellFormed, rail: wellFormed, platform: uint32 },
      ...{ platformFeeMicrosPerKwh: uint64, expiresAt: uint64, replaces: hexOf(32) },
    }),
  ),
  fc.tuple(
    fc.constant('KeyApproval' as const),
    fc.record({ account: uint32, publicKey: wellFormed }),
  ),
  fc.tuple(fc.constant('Access' as const), fc.record({ account: uint32, until: uint64 })),
  fc.tuple(
    fc.constant('TradedEnergyAnswer' as const),
    fc.record({
      meter: uint32,
      fromInterval: uint64,
      count: uint32,
      secretHash: hexOf(32),
      answer: hexOf(32),
      sequence: uint64,
    }),
  ),
  fc.tuple(
    fc.constant('Webhook' as const),
    fc.record({ id: hexOf(16), account: uint32, url: wellFormed, after: uint64, issuedAt: uint64 }),
  ),
  fc.tuple(
    fc.constant('AccessGrant' as const),
    fc.record({
      ...{ id: hexOf(16), account: uint32, kind: wellFormed, subject: wellFormed },
      ...{ scopes: wellFormed, networks: wellFormed, label: wellFormed },
      ...{ until: uint64, issuedAt: uint64 },
    }),
  ),
  fc.tuple(
    fc.constant('AccessRevocation' as const),
    fc.record({ account: uint32, grant: hexOf(16) }),
  ),
  fc.tuple(
    fc.constant('Notice' as const),
    fc.record({ account: uint32, sentAt: uint64, bodyHash: hexOf(32) }),
  ),
)

/** EIP-712 as it is written: from the JSON a wallet gets, by the types it names. */
function generalDigest(where: Domain, name: StructName, message: Messages[StructName]): string {
  const data = typedData(where, name, message)
  const separator = structHash('EIP712Domain', data.types, data.domain)
  const struct = structHash(name, data.types, data.message)
  return bytesToHex(keccak256(Buffer.concat([Buffer.of(0x19, 0x01), separator, struct])))
}

function structHash(
  name: string,
  types: ReturnType<typeof typedData>['types'],
  values: Readonly<Record<string, string | number>>,
): Uint8Array {
  const fields = types[name] ?? []
  const type = `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(',')})`
  const words = fields.map((field) => word(field.type, values[field.name] ?? ''))
  return keccak256(Buffer.concat([keccak256(textToBytes(type)), ...words]))
}

function word(type: string, value: string | number): Uint8Array {
  if (type === 'string') return keccak256(textToBytes(String(value)))
  if (type.startsWith('bytes')) return Buffer.from(String(value).slice(2).padEnd(64, '0'), 'hex')
  const digits = BigInt.asUintN(256, BigInt(value)).toString(16)
  return Buffer.from(digits.padStart(64, '0'), 'hex')
}
