import {
  providerRefusals,
  type ProviderProblem,
  type ProviderRefusal,
} from '@busbar/protocols/payment-provider'

/** What goes back over HTTP; `isKnown` belongs to its key for ever. */
export type Answer = { readonly status: number; readonly body: string; readonly isKnown: boolean }

export const answered = (status: number, body: object): Answer => ({
  status,
  body: JSON.stringify(body),
  isKnown: true,
})

export const refusal = (
  code: ProviderRefusal,
  about: Omit<ProviderProblem, 'code'> = {},
): Answer => {
  const { status, known, means } = providerRefusals[code]
  return { status, body: JSON.stringify({ code, detail: means, ...about }), isKnown: known }
}
