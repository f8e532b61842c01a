import type { OrderWord, SignedReading } from '@busbar/protocols/api'
import type { SignatureViews } from '../../app/ports/signature-views.ts'

/* Fixed words with every field filled: what the routes must carry over. */

const hex = (byte: string, count: number): string => `0x${byte.repeat(count)}`

export const word: OrderWord = {
  ...{ id: hex('0d', 16), account: 4, zone: 0, interval: 100, sequence: 9 },
  ...{ digest: hex('aa', 32), signature: hex('51', 65) },
  sealed: {
    ...{ commitment: hex('0c', 32), collateralMicros: 5, ciphertextHash: hex('0e', 32) },
  },
  isKeyReplaced: true,
  mandate: {
    ...{ id: hex('1d', 16), account: 4, sequence: 3, atMs: 1_000, signature: hex('52', 65) },
    content: '{"label":"bot"}',
  },
  opening: {
    ...{ account: 4, meter: 0, side: 'sell', energyWh: 400, limitMicrosPerKwh: -10 },
    salt: hex('5a', 32),
  },
}

export const signedReading: SignedReading = {
  reading: { meter: 0, boundary: 100, version: 1, importWh: 7, exportWh: 8 },
  sequence: 12,
  gateway: { gateway: 0, form: 'signed-batch/p256', publicKey: hex('02', 33) },
  batch: {
    ...{ id: hex('2d', 16), root: hex('0f', 32), count: 2, signature: hex('53', 64), index: 1 },
    ...{ leafSalt: hex('5b', 16), path: [hex('0a', 32)] },
  },
}

/** All of it is alice's, account 4. */
export const signatures: SignatureViews = {
  orderWord: async (_reader, { digest }) =>
    digest === word.digest ? { owner: 4, answer: word } : undefined,
  signedReading: async (_reader, { meter, boundary }) => {
    if (meter !== 0) return undefined
    return { owner: 4, answer: boundary === 100 ? signedReading : undefined }
  },
}
