/**
 * Goal: an order is sealed to its own interval's rules, committee and label, and opens with the
 * committee's signature on that label alone.
 * Method: a market of several rules and committees; a committee of one, whose key is known.
 */
import { deepEqual, equal, notEqual, throws } from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { contextOf } from '@busbar/protocols/sealed-orders'
import {
  labelOf,
  open,
  plaintextBytes,
  signShare,
  timelockReady,
  verificationKeyOf,
} from '@busbar/protocols/timelock'
import { sealingTerms, timelockSeal } from './sealing.ts'
import {
  chainId,
  committeeOf,
  intervalLog,
  rulebookHash,
  sealedMarket,
} from './testing/sealed-world.ts'

const secret = `0x${'05'.repeat(32)}`
const place = { zone: 1, interval: 200 }
const market = sealedMarket(`0x${'aa'.repeat(48)}`)

describe('sealing terms', () => {
  test('name place, rules and committee', () => {
    deepEqual(sealingTerms(market, place), {
      ...place,
      chainId,
      intervalLog,
      publicKey: `0x${'aa'.repeat(48)}`,
      context: contextOf({ chainId, intervalLog, ...place, rulebookHash }),
    })
  })

  test('are those of the interval, not of today', () => {
    const { rulebook } = market
    const hash = (byte: string): string => `0x${byte.repeat(32)}`
    const rotated = {
      ...market,
      committees: [...market.committees, committeeOf(150, '0xbb'), committeeOf(201, '0xcc')],
      scheduledRulebooks: [
        { fromInterval: 300, hash: hash('03'), rulebook },
        { fromInterval: 200, hash: hash('02'), rulebook },
      ],
    }
    const termsOf = (interval: number) => sealingTerms(rotated, { zone: 1, interval })
    const contextUnder = (byte: string, interval: number): string =>
      contextOf({ chainId, intervalLog, zone: 1, interval, rulebookHash: hash(byte) })
    equal(termsOf(149).publicKey, `0x${'aa'.repeat(48)}`)
    equal(termsOf(199).context, contextUnder('a7', 199))
    equal(termsOf(200).publicKey, '0xbb')
    equal(termsOf(200).context, contextUnder('02', 200))
    equal(termsOf(300).publicKey, '0xcc')
    equal(termsOf(300).context, contextUnder('03', 300))
  })

  const { rulebook } = market
  const bookOf = (orderBook: 'open' | 'sealed-reveal') => {
    return { ...market, rulebook: { ...rulebook, orderBook } }
  }

  test('have no key where owners reveal', () => {
    equal(sealingTerms({ ...bookOf('sealed-reveal'), committees: [] }, place).publicKey, null)
    equal(sealingTerms(bookOf('sealed-reveal'), place).publicKey, null)
  })

  test('are refused where nothing can be sealed', () => {
    throws(() => sealingTerms(bookOf('open'), place), { code: 'order_book_mismatch' })
    throws(() => sealingTerms(market, { zone: 1, interval: 99 }), {
      code: 'committee_missing',
      transient: true,
    })
    throws(() => sealingTerms({ ...market, contracts: null }, place), { code: 'answer_malformed' })
  })
})

describe('a timelock seal', () => {
  const label = { chainId, intervalLog, ...place }
  const commitment = (byte: string): string => `0x00${byte.repeat(31)}`
  let publicKey = ''
  before(async () => {
    await timelockReady()
    publicKey = verificationKeyOf(secret)
  })

  test('opens with the signature on its label, for its commitment', async () => {
    const seal = timelockSeal()
    const plaintext = new Uint8Array(plaintextBytes).fill(3)
    const ciphertext = await seal({ label, publicKey, commitment: commitment('01'), plaintext })
    const openWith = (text: string, byte: string): Uint8Array | null =>
      open({ signature: signShare(secret, text), commitment: commitment(byte), ciphertext })
    deepEqual(openWith(labelOf(label), '01'), plaintext)
    equal(openWith(labelOf(label), '02'), null)
    equal(openWith(labelOf({ ...label, interval: 201 }), '01'), null)
    equal(openWith(labelOf({ ...label, zone: 2 }), '01'), null)
  })

  test('draws once for a label, and again for another or for somebody else', async () => {
    const plaintext = new Uint8Array(plaintextBytes)
    const point = (ciphertext: string): string => ciphertext.slice(0, 98)
    let drawn = 0
    const counting = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => {
      drawn += 1
      return crypto.getRandomValues(bytes)
    }
    const seal = timelockSeal(counting)
    const one = await seal({ label, publicKey, commitment: commitment('01'), plaintext })
    const two = await seal({ label, publicKey, commitment: commitment('02'), plaintext })
    equal(point(one), point(two))
    notEqual(one, two)
    equal(drawn, 1)
    const later = { ...label, interval: 201 }
    const three = await seal({ label: later, publicKey, commitment: commitment('01'), plaintext })
    notEqual(point(three), point(one))
    const other = await timelockSeal()({
      label,
      publicKey,
      commitment: commitment('01'),
      plaintext,
    })
    notEqual(point(other), point(one))
    equal(drawn, 2)
    // Others pushed the first label out: it is drawn for again, which changes nothing.
    for (let interval = 300; interval < 316; interval += 1) {
      await seal({
        label: { ...label, interval },
        publicKey,
        commitment: '0x00'.padEnd(66, '0'),
        plaintext,
      })
    }
    notEqual(
      point(await seal({ label, publicKey, commitment: commitment('03'), plaintext })),
      point(one),
    )
  })
})
