import type { BusbarClient, Signer } from '@busbar/client'
import type {
  SignedAcceptance,
  SignedAccessGrant,
  SignedAccessRevocation,
  SignedCancellation,
  SignedInstruction,
  SignedOrder,
  SignedProposal,
  SignedWebhook,
  SignedWithdrawal,
} from '@busbar/protocols/api'

type Sign<Written> = (signer: Signer, written: Written, client: BusbarClient) => Promise<object>

type Signed = {
  /** Where the items are that are signed each; the body itself where nothing is said. */
  readonly list?: string
  readonly sign: Sign<unknown>
}

/** As somebody has written it: what is wrong with it the server says. */
const asWritten = <Written>(sign: Sign<Written>): Sign<unknown> => (signer, written, client) =>
  sign(signer, written as Written, client)

/** What the account's own keys sign, by route: a passkey as well as the registered key. */
const signedHere: Readonly<Record<string, Signed>> = {
  submitOrders: {
    list: 'orders', sign: asWritten<SignedOrder>((signer, one) => signer.order(one)),
  },
  submitCancellations: {
    list: 'cancellations',
    sign: asWritten<SignedCancellation>((signer, one) => signer.cancellation(one)),
  },
  submitWithdrawals: {
    list: 'withdrawals',
    sign: asWritten<SignedWithdrawal>((signer, one) => signer.withdrawal(one)),
  },
  submitInstructions: {
    list: 'instructions',
    sign: asWritten<SignedInstruction>((signer, { kind, content, id }) =>
      signer.instruction(kind, content, id)),
  },
  submitContracts: {
    list: 'contracts',
    sign: asWritten<SignedProposal>((signer, { terms, id }) => signer.proposal(terms, id)),
  },
  submitAcceptances: { list: 'acceptances', sign: asWritten(acceptance) },
  submitWebhook: {
    sign: asWritten<SignedWebhook>((signer, one) => signer.webhook(one, one.issuedAt)),
  },
  submitAccessGrant: {
    sign: asWritten<SignedAccessGrant>((signer, one) => signer.accessGrant(one, one.issuedAt)),
  },
  submitAccessRevocation: {
    sign: asWritten<SignedAccessRevocation>((signer, { grant }) => signer.accessRevocation(grant)),
  },
}

/** Signed by something else than a key of who sits here, by route: by what. */
const signedElsewhere = {
  submitSealedOrders: 'sealed',
  submitReadings: 'gateway',
  submitDeviceReadings: 'device',
} as const

export type Elsewhere = (typeof signedElsewhere)[keyof typeof signedElsewhere]

export const isSignedHere = (route: string): boolean => Object.hasOwn(signedHere, route)

export const elsewhereOf = (route: string): Elsewhere | undefined =>
  Object.entries(signedElsewhere).find(([name]) => name === route)?.[1]

/** What an acceptance signs is a contract’s terms, which its body only names. */
async function acceptance(
  signer: Signer,
  { id, contract }: SignedAcceptance,
  client: BusbarClient,
) {
  const { trades } = await client.trades.list({ order: 'desc', limit: 500 })
  const found = trades.find((trade) =>
    trade.relation === 'party' && trade.proposal?.contract === contract)
  if (found?.relation !== 'party' || found.proposal === null) {
    throw new RangeError(`no contract ${contract} waits for a signature`)
  }
  return signer.acceptance(found.proposal.terms, id)
}

/**
 * The body with the account's signatures in it: one an item, for which a device asks its person.
 *
 * @throws RangeError for a body of another form, and what the signer throws
 */
export async function signedBody(
  route: string,
  body: unknown,
  signer: Signer,
  client: BusbarClient,
): Promise<unknown> {
  const { list, sign } = signedHere[route] ?? {}
  if (sign === undefined) throw new RangeError(`${route} is not signed here`)
  if (typeof body !== 'object' || body === null) throw new RangeError('a body is an object')
  if (list === undefined) return { ...body, ...(await sign(signer, body, client)) }
  const items: unknown = Reflect.get(body, list)
  if (!Array.isArray(items)) throw new RangeError(`${list} is a list`)
  const signed: object[] = []
  for (const item of items as unknown[]) signed.push(await sign(signer, item, client))
  return { ...body, [list]: signed }
}
