/** What tests of passkeys ask for, and how they are answered, in few words. */
import { bytesToHex } from '@busbar/protocols/hash'
import type { TestDevice } from '@busbar/protocols/passkeys/testing'
import type { Submission } from '../app/ports/exchange-service.ts'
import { accountOf } from './small-market.ts'

/** `accepted`, or why not and for which field. */
export const said = (answers: readonly Submission[]): string => {
  const [answer] = answers
  return answer?.kind === 'rejected' ? `${answer.reason} ${answer.field}` : (answer?.kind ?? 'none')
}

/** What registers a device for Alice. */
export const contentOf = (device: TestDevice, change: object = {}) => ({
  participant: accountOf('alice'),
  publicKey: bytesToHex(device.publicKey),
  credentialId: device.credentialId,
  ...{ host: 'busbar.example', label: 'phone', ...change },
})
