import { Type } from 'typebox'
import { json, type Route } from './route.ts'
import { readProblems } from './route-problems.ts'
import { closed, Digest, IntervalNumber, MeterNumber, ZoneNumber } from './scalars.ts'
import { OrderWord, SignedReading } from './signatures.ts'

/** What was signed, with its signature: for those whom it concerns to check it themselves. */
export const signatureRoutes = {
  orderWord: {
    method: 'GET',
    path: '/v1/intervals/:zone/:interval/signatures/:digest',
    summary:
      'An order as it was signed: by its digest, or a sealed one by its commitment. For its owner.',
    access: 'account',
    params: Type.Object({ zone: ZoneNumber, interval: IntervalNumber, digest: Digest }, closed),
    response: json(OrderWord),
    problems: readProblems,
  },
  signedReading: {
    method: 'GET',
    path: '/v1/meters/:meter/readings/:boundary',
    summary: 'The reading that counts at a boundary, as its gateway signed it. For its owner.',
    access: 'account',
    params: Type.Object({ meter: MeterNumber, boundary: IntervalNumber }, closed),
    response: json(SignedReading),
    problems: readProblems,
  },
} as const satisfies Record<string, Route>
