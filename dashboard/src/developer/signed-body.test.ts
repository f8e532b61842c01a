/**
 * Goal: each body that wants a signature is signed here, or its reader is told by what; what is
 * signed here is signed as the client signs it, item by item.
 * Method: all routes by their schemas; a key in memory, found again in what it signed.
 */
import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type BusbarClient, newId, Signer, withPrivateKey } from '@busbar/client'
import { openApiDocument, type SignedOrder, type SignedProposal } from '@busbar/protocols/api'
import {
  addressOf,
  contractDigest,
  createDomain,
  orderDigest,
  publicKeyOf,
  recoverAddress,
} from '@busbar/protocols/eip712'
import { hexToBytes } from '@busbar/protocols/hash'
import { contractIdentity, contractMessage } from '@busbar/protocols/trades'
import { kindsOf, templateOf } from './body-template.ts'
import { type OpenApi, operationsOf } from './openapi.ts'
import { elsewhereOf, isSignedHere, signedBody } from './signed-body.ts'

const document = openApiDocument() as unknown as OpenApi
const operations = operationsOf(document)
const key = new Uint8Array(32).fill(9)
const domain = createDomain({
  market: 'district', chainId: 31_337, verifyingContract: `0x${'a1'.repeat(20)}`,
})
const signer = new Signer({ domain, account: 7, sign: withPrivateKey(key) })
const never = (): never => {
  throw new RangeError('there is one')
}
const nobody = {} as BusbarClient
const known = { account: 7, meter: 3, interval: 5_934_000, nowMs: 1_780_322_400_000, newId }
const templateFor = (id: string, kind?: string): unknown => {
  const { bodySchema = {} } = operations.find((one) => one.id === id) ?? {}
  return templateOf(document, bodySchema, known, kind)
}
const signedBy = (digest: Uint8Array, signature: string): boolean =>
  recoverAddress(digest, hexToBytes(signature)) === addressOf(publicKeyOf(key))

/** Items with a signature to be filled in, anywhere in a body. */
const unsignedIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  const own = 'signature' in value && value.signature === '' ? 1 : 0
  return Object.values(value).reduce((sum: number, one) => sum + unsignedIn(one), own)
}

describe('every body that wants a signature', () => {
  for (const { id, bodySchema } of operations) {
    if (bodySchema === undefined) continue
    const wants = unsignedIn(templateFor(id)) > 0
    test(`${id}: ${wants ? 'is signed, or says by what' : 'wants none'}`, () => {
      equal(isSignedHere(id) || elsewhereOf(id) !== undefined, wants)
    })
  }

  test('is whole once it is signed', async () => {
    const { bodySchema = {} } = operations.find(({ id }) => id === 'submitInstructions') ?? {}
    for (const { id } of operations) {
      // An acceptance names a contract that somebody has proposed: see below.
      if (!isSignedHere(id) || id === 'submitAcceptances') continue
      for (const kind of id === 'submitInstructions' ? kindsOf(document, bodySchema) : ['']) {
        const written = templateFor(id, kind)
        const signed = await signedBody(id, written, signer, nobody)
        equal(unsignedIn(signed), 0, `${id} ${kind}`)
        deepEqual(Object.keys(signed as object).sort(), Object.keys(written as object).sort())
      }
    }
  })
})

describe('what is signed', () => {
  test('is each order as it stands there', async () => {
    const order = { meter: 3, interval: 9, side: 'buy', energyWh: 5, limitMicrosPerKwh: 70 }
    const written = [1, 2].map((n) => ({ id: newId(), account: 7, ...order, energyWh: n }))
    const { orders } = (await signedBody(
      'submitOrders', { orders: written }, signer, nobody,
    )) as { readonly orders: readonly SignedOrder[] }
    deepEqual(orders.map(({ signature: _signature, ...one }) => one), written)
    ok(orders.every((one) => signedBy(orderDigest(domain, one), one.signature)))
  })

  test('of an acceptance are the terms that its contract has, and nobody else’s', async () => {
    const { contracts } = templateFor('submitContracts') as {
      readonly contracts: readonly Pick<SignedProposal, 'terms'>[]
    }
    const terms = contracts[0]?.terms ?? never()
    const contract = contractIdentity(domain, terms)
    const trades = [{ relation: 'utility' }, { relation: 'party', proposal: { contract, terms } }]
    const client = { trades: { list: async () => ({ trades }) } } as unknown as BusbarClient
    const written = { acceptances: [{ id: newId(), account: 7, contract, signature: '' }] }
    const { acceptances: [one] } = (await signedBody(
      'submitAcceptances', written, signer, client,
    )) as { readonly acceptances: readonly { readonly signature: string }[] }
    ok(one !== undefined && signedBy(contractDigest(domain, contractMessage(terms)), one.signature))
    const other = { acceptances: [{ ...written.acceptances[0], contract: `0x${'0'.repeat(64)}` }] }
    await rejects(signedBody('submitAcceptances', other, signer, client), RangeError)
  })

  test('is nothing of another form', async () => {
    for (const body of [null, 7, {}, { orders: 1 }]) {
      await rejects(signedBody('submitOrders', body, signer, nobody), RangeError)
    }
    await rejects(signedBody('submitReveals', { reveals: [] }, signer, nobody), RangeError)
  })
})
