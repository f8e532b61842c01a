import type { Arguments } from './loosening.ts'

const sums =
  'It is a difference of sums of at most 4,096 energies: below 2^42 either way. Any range up to ' +
  '252 bits tells it from what is below zero, which is near 2^254.'
const kinds = 'Void and active would make 2 or more: one-kind.'
const cases = 'None would be below zero, which none-boolean refuses.'
const notNegative = 'A sum of energies is not negative.'

/** Loosened lines of the clearing that nothing gets past, and the bound that says so. */
export const argued: Arguments = {
  'demand-boolean': { 'or two': cases },
  'supply-boolean': { 'or two': cases },
  'width-range': {
    bits:
      'Below zero is near 2^254. Above: unbalanced it is one, and balanced the range ends beside ' +
      'some limit, which is below 2^41.',
  },
  'active-boolean': { 'or two': kinds },
  'void-boolean': { 'or two': kinds },
  'inner-boolean': { 'or two': 'Out would be below zero: one-class.' },
  'one-kind': { 'or minus one': 'Both are 0 or 1.' },
  'one-class': { 'or two': 'Inner and marginal are 0 or 1, so out is no more than 1.' },
  'no-gap': { 'or minus one': 'It is a product of flags.' },
  'void-without-energy': { 'or minus one': 'No energy is below zero: energy-range.' },
  'class-range': {
    bits: 'Distances are below 2^43 either way; below zero is near 2^254.',
  },
  'balanced-buys': { 'or minus one': notNegative },
  'balanced-sells': { 'or minus one': notNegative },
  'none-buys': { 'or minus one': notNegative },
  'none-sells': { 'or minus one': notNegative },
  'balanced-to-y': {
    'or one':
      'Then all buyers stand one above y and all sellers at y: a range of two prices, whose ' +
      'middle is y as well. (Of four orders. A product of many might wrap around to one: ' +
      'nothing but zero says that a factor is zero.)',
    'or minus one': 'As with one.',
  },
  'middle-range': {
    bits: 'Twice it, with the oddness, is x + y: it is right, or half of the field away.',
  },
  'demand-at-x': { bits: sums },
  'supply-at-y': { bits: sums },
  'trades-most': { bits: sums },
  'tie-least-left': { bits: sums },
  'volume-positive': { bits: sums },
  'shared-range': {
    bits: 'Times the divisor, which is below 2^40, it does not reach the order of the field.',
  },
  'remainder-low': {
    bits: 'Products are below 2^80, so below zero is near 2^254; remainder-high bounds it above.',
  },
  'remainder-high': {
    bits: 'The remainder is below 2^40 by remainder-low; below zero is near 2^254.',
  },
}

const others = 'The other kinds, each 0 or 1, would be below zero together.'
const search =
  'The prover would need a state whose hash is one beside another: a search like a collision.'
const partSums =
  'A difference of sums below 2^54 either way; below zero is near 2^254, which 252 bits still tell.'

/** The same of the circuits of large sets. */
export const arguedInParts: Arguments = {
  'buy-in-bool': { 'or two': others },
  'sell-in-bool': { 'or two': others },
  'buy-out-bool': { 'or two': others },
  'sell-out-bool': { 'or two': others },
  'marginal-bool': { 'or two': others },
  'no-slot-after-an-empty-one': { 'or minus one': 'It is a product of flags.' },
  'energy-of-active': {
    'or one': 'An active order has an energy all the same; of others, no-energy-of-others.',
  },
  'gap-range': { bits: 'Gaps are below 2^43 either way; below zero is near 2^254.' },
  'near-bool': { 'or minus one': 'It takes away from sums that a liar needs large.' },
  'near-has-no-gap': { 'or minus one': 'No gap is below zero: gap-range.' },
  'share-range': {
    bits:
      'Shares so far are right, and one of 2^200 times what is wanted, below 2^52, is below the ' +
      'order of the field: there is one quotient.',
  },
  'share-not-above': { bits: 'Products are below 2^104; below zero is near 2^254.' },
  'share-not-below': { bits: 'Products are below 2^104; below zero is near 2^254.' },
  before: { 'or one': search, 'or minus one': search },
  after: { 'or one': search, 'or minus one': search },
  'begins-where-the-last-ended': { 'or one': search, 'or minus one': search },
  'ends-in-the-sums': { 'or one': search, 'or minus one': search },
  'buys-long-bool': { 'or two': others },
  'sells-long-bool': { 'or two': others },
  'price-range': {
    bits: 'Twice it is a sum of two limits: it is right, or half of the field away.',
  },
  'width-range': { bits: 'Both ends are limits of orders, or one is the other.' },
  'one-price': { 'or minus one': 'The width is not below zero: width-range.' },
  'no-price-without-trade': { 'or minus one': 'No price is below zero: price-range.' },
  'no-energy-without-trade': { 'or minus one': 'No energy is below zero: energy-with-trade.' },
  'energy-with-trade': { bits: partSums },
  'marginal-only-if-long': { 'or minus one': 'A sum of energies is not negative.' },
  'left-below-marginal': { bits: partSums },
  'tie-or-left': { bits: partSums },
  'tie-leaves-no-less': { bits: partSums },
  'lowest-is-a-limit': { bits: partSums },
  'highest-is-a-limit': { bits: partSums },
  'two-parts-at-least': { 'or one': 'A product of two flags is not two.' },
  'last-part-used': { bits: 'Counts are below 2^17; below zero is near 2^254.' },
}

/** The same of a proof of threshold. */
export const arguedOfThreshold: Arguments = {
  'least-range': {
    bits:
      'With side and limit in range there is one energy below 2^211 that makes the word, the ' +
      'real one; the claim is no less than zero and no more than it.',
  },
  'as-good': { bits: 'Both are below 2^41; below zero is near 2^254.' },
  'no-less': { bits: 'The energy that makes the word is the real one, as for least-range.' },
  'bit-boolean': {
    'or minus one':
      'No leaf left of an order is empty: it would take a linear relation between hashes.',
  },
}
