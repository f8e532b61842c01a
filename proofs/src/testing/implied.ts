/** Constraints that others imply: they stand for the reader, and against a change of those. */
export const implied: Readonly<Record<string, string>> = {
  'balanced-boolean':
    'With the other three 0 or 1 and the sum 1, balanced is 0, 1, −1 or −2. Below 0 some of ' +
    'the others are 1: balanced asks for equal sums and no marginal order, demand and supply for ' +
    'unequal ones.',
  'none-boolean':
    'With the other three 0 or 1, none is 0, 1, −1 or −2. Balanced contradicts demand and supply ' +
    'as above; demand with supply needs a tie, whose left-over would be −1.',
  'tie-boolean':
    'A tie other than 0 asks for equal sums; then it is at least 1 by trades-most, and a ' +
    'negative left-over times it is negative.',
  'x-range':
    'Where x or y is in the price, some order stands at it or beside it, and limits have a ' +
    'range. Without a trade x is not published.',
  'marginal-boolean':
    'With inner and out 0 or 1, marginal can also be −1, for an order that is inner and out: ' +
    'then its depth is 0 and its distance −width − 1, which has no range.',
  'tie-equal':
    'A tie where the sums differ only adds the condition on what is left over: no lie is easier.',
}
