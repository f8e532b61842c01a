/** One message of each struct. */
import type { Messages } from '../index.ts'

export const id = '0x00112233445566778899aabbccddeeff'

export const samples: Messages = {
  Order: {
    id,
    account: 3,
    meter: 0,
    interval: 5_700_000,
    side: 'sell',
    energyWh: 1_500n,
    limitMicrosPerKwh: -1n,
  },
  SealedOrder: {
    id,
    account: 3,
    zone: 1,
    interval: 5_700_000,
    commitment: `0x${'1c'.repeat(32)}`,
    collateralMicros: 9_007_199_254_740_993n,
    ciphertextHash: `0x${'ef'.repeat(32)}`,
  },
  Receipt: { commitment: `0x${'1c'.repeat(32)}`, zone: 1, interval: 5_700_000, sequence: 12 },
  Cancellation: { id, account: 3, order: id },
  Withdrawal: { id, account: 3, amountMicros: 2n ** 64n - 1n, to: `0x${'ab'.repeat(20)}` },
  Instruction: { id, account: 3, kind: 'register_meter', content: '{"a":"é€😀"}' },
  Contract: {
    ...{ id, seller: 5, buyer: 6, sellerMeter: 1, buyerMeter: 2, sellerRetailer: 3 },
    ...{ buyerRetailer: 4, fromInterval: 5_700_000, intervals: 8 },
    profile: '{"energyWh":5000,"kind":"total","weights":[]}',
    ...{ priceMicrosPerKwh: -1n, toleranceBasisPoints: 1_000, penaltyBasisPoints: 500 },
    ...{ buyerShort: 'actual', exitFee: 'none', rail: 'clearing-house', platform: 0 },
    ...{ platformFeeMicrosPerKwh: 0, expiresAt: 1_900_000_000_000 },
    replaces: `0x${'00'.repeat(32)}`,
  },
  ReadingBatch: { id, gateway: 1, root: `0x${'cd'.repeat(32)}`, count: 7 },
  KeyApproval: { account: 3, publicKey: `0x02${'ab'.repeat(32)}` },
  Access: { account: 4_294_967_295, until: 1 },
  TradedEnergyAnswer: {
    meter: 7,
    fromInterval: 1_900_000,
    count: 3_000,
    secretHash: `0x${'5e'.repeat(32)}`,
    answer: `0x${'a7'.repeat(32)}`,
    sequence: 2n ** 64n - 1n,
  },
  Webhook: { id, account: 3, url: 'https://é.example/a', after: 7, issuedAt: 1_900_000_000_000 },
  AccessGrant: {
    ...{ id, account: 3, kind: 'api_key', subject: `0x${'9f'.repeat(32)}`, scopes: 'read,prove' },
    ...{ networks: '192.0.2.0/24,2001:db8::/32', label: 'é' },
    ...{ until: 1_900_000_000_000, issuedAt: 2n ** 64n - 1n },
  },
  AccessRevocation: { account: 3, grant: id },
  Notice: { account: 3, sentAt: 1_900_000_000_000, bodyHash: `0x${'b0'.repeat(32)}` },
  DeviceReadingBatch: { id, gateway: 1, root: `0x${'cd'.repeat(32)}`, count: 7 },
}
