/**
 * Goal: a transaction that was sent is read as what it is, and its signer is who signed it.
 * Method: transactions signed by another library, as fixed bytes; each with every byte changed, cut
 * short and made longer.
 */
import { deepEqual, equal, notEqual } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { holdsWord, readTransaction } from './signed-transaction.ts'

/** Signed with viem 2.57.1 by the key 0x11…11: nonce 7, gas 90,000, chain 31337. */
const vectors = [
  {
    raw:
      '0x02f869827a690780847735940083015f9094c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c18080c001a0' +
      '64f43a9ab740dca6c2321f8d105f453675321c401ded1f3282efe9fe2a613c40a02795957113ec1447bbcaed' +
      '88bc5ad7ab2bde61ada3e7e66a97e5fff0ab3cceb5',
    hash: '0x177e749358239aef72645eff4b9d4f15f5e4975a4f8af9ae0f1a657dcb61b04f',
    calldataLength: 0,
  },
  {
    raw:
      '0x02f8ce827a690780847735940083015f9094c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c180b864' +
      `${'ab'.repeat(100)}c001a0` +
      '8fc15c1a1afd157a5c820bbe87d2e2946e5e601e55b82b315ff8e94599f14e85a021fd7e63a5b40ba1f3dfb7' +
      '9661b21ce1720fefa50511dcee5b47b5fd84362f39',
    hash: '0xa2db2d3487605bc5e2a868f46a97c19858774d37dfff185b9cb7160875f6e928',
    calldataLength: 100,
  },
] as const

const signer = '0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a'

for (const { raw, hash, calldataLength } of vectors) {
  describe(`a transaction with ${calldataLength} bytes of a call`, () => {
    test('is read as it was signed', () => {
      const { calldata, ...read } = readTransaction(raw) ?? { calldata: new Uint8Array() }
      deepEqual(read, { hash, chainId: 31_337n, to: `0x${'c1'.repeat(20)}`, signer })
      equal(calldata.length, calldataLength)
    })

    test('is another’s, or none, when a byte is changed', () => {
      for (let at = 2; at < raw.length; at += 1) {
        const digit = raw[at] === '0' ? '1' : '0'
        const found = readTransaction(`${raw.slice(0, at)}${digit}${raw.slice(at + 1)}`)
        notEqual(found?.signer, signer, `digit ${at}`)
      }
    })

    test('is none when it is cut or longer', () => {
      equal(readTransaction('0x'), undefined)
      for (let at = 4; at < raw.length; at += 2) equal(readTransaction(raw.slice(0, at)), undefined)
      equal(readTransaction(`${raw}00`), undefined)
    })
  })
}

test('a word is found where words stand', () => {
  const word = `0x${'12'.repeat(32)}`
  const call = (gap: number): Uint8Array => {
    const calldata = new Uint8Array(4 + 64 + gap)
    calldata.fill(0x12, 36 + gap, 68 + gap)
    return calldata
  }
  equal(holdsWord(call(0), word), true)
  equal(holdsWord(call(1), word), false)
  equal(holdsWord(new Uint8Array(4), word), false)
})
