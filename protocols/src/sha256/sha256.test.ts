/**
 * Goal: files carry the digest that every other program makes of them.
 * Method: a published vector (FIPS 180-4).
 */
import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { bytesToHex, textToBytes } from '../hash/index.ts'
import { sha256 } from './index.ts'

test('SHA-256 of a published vector', () => {
  equal(
    bytesToHex(sha256(textToBytes('abc'))),
    '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
