/**
 * Goal: a receipt is the same bytes whichever library signed it, and names the operator.
 * Method: digests by seed, signed by both and checked by the verifier.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { test } from 'node:test'
import { publicKeyOf } from '@busbar/protocols/eip712'
import { pureVerifier } from './index.ts'
import { receiptSigner } from './receipt-signer.ts'

test('both libraries sign the same bytes, recoverable to the key', () => {
  const seed = randomInt(2 ** 31)
  const hash = (text: string): Uint8Array => createHash('sha256').update(text).digest()
  const verifier = pureVerifier()
  for (let turn = 0; turn < 20; turn += 1) {
    const key = hash(`key ${seed} ${turn}`)
    const digest = hash(`digest ${seed} ${turn}`)
    const signature = receiptSigner(key).sign(digest)
    deepEqual(signature, receiptSigner(key, 'pure').sign(digest), `seed ${seed}`)
    deepEqual(signature, receiptSigner(key).sign(digest))
    equal(verifier.verifyRecoverable(publicKeyOf(key), digest, signature), true, `seed ${seed}`)
  }
})
