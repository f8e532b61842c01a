import { type Command, passkeysMax, type Rejection } from '../index.ts'
import { accountOf, hex, newcomer } from './market.ts'
import { bySigned, passkeyOf, registering } from './passkey-case.ts'
import { type Case, order, suspend, unknownAccount } from './rejection-case.ts'

const own = passkeyOf('alice', 1)

/** What is refused of passkeys, and of what they sign. */
export const passkeyRejections = {
  passkey_unknown: [
    { name: 'that nobody registered', ask: (m) => bySigned(order(m), own), field: 'signature' },
    {
      name: 'of somebody else',
      arrange: (m) => void m.must(registering(m, 'bob', passkeyOf('bob', 1))),
      ask: (m) => bySigned(order(m), own),
      field: 'signature',
    },
    {
      name: 'that was revoked',
      arrange: (m) => {
        m.must(registering(m, 'alice', own))
        m.must(m.instruction('revoke_passkey', 'alice', { publicKey: own.publicKey }))
      },
      ask: (m) => bySigned(order(m), own),
      field: 'signature',
    },
    {
      name: 'that the desk revoked, and that would order',
      arrange: (m) => {
        m.must(registering(m, 'alice', own))
        m.must(m.instruction('revoke_passkey', 'retailer', { publicKey: own.publicKey }))
      },
      ask: (m) => bySigned(order(m), own),
      field: 'signature',
    },
    {
      name: 'to revoke',
      ask: (m) => m.instruction('revoke_passkey', 'alice', { publicKey: own.publicKey }),
      field: 'publicKey',
    },
  ],
  registered_key_needed: [
    {
      name: 'to withdraw, where the passkey is of the retailer’s word alone',
      arrange: (m) => void m.must(registering(m, 'retailer', own)),
      ask: (m) => bySigned(m.withdrawal('alice', 1), own),
      field: 'signature',
    },
    {
      name: 'to replace the key that withdraws',
      arrange: (m) => void m.must(registering(m, 'alice', own)),
      ask: (m) => {
        const { address, publicKey } = newcomer(99)
        const content = { participant: accountOf('alice'), address, publicKey }
        return bySigned(m.instruction('replace_key', 'alice', content), own)
      },
      field: 'signature',
    },
  ],
  account_disputed: [
    {
      name: 'what the desk asks for once more, after an objection',
      arrange: (m) => {
        const waiting = passkeyOf('alice', 2)
        m.must(registering(m, 'alice', own))
        m.must(m.instruction('revoke_passkey', 'retailer', { publicKey: own.publicKey }))
        m.must(registering(m, 'retailer', waiting))
        const { publicKey } = waiting
        m.must(bySigned(m.instruction('revoke_passkey', 'alice', { publicKey }), own))
      },
      ask: (m) => registering(m, 'retailer', passkeyOf('alice', 3)),
      field: 'participant',
    },
  ],
  passkey_too_new: [
    {
      name: 'that the retailer asked for',
      arrange: (m) => void m.must(registering(m, 'retailer', own)),
      ask: (m) => bySigned(order(m), own),
      field: 'signature',
    },
    {
      name: 'that would register another',
      arrange: (m) => void m.must(registering(m, 'retailer', own)),
      ask: (m) => bySigned(registering(m, 'alice', passkeyOf('alice', 2)), own),
      field: 'signature',
    },
  ],
  passkeys_exceeded: [
    {
      name: 'one more than a person may have',
      arrange: (m) => {
        for (let i = 1; i <= passkeysMax; i += 1) {
          m.must(registering(m, 'alice', passkeyOf('alice', i)))
        }
      },
      ask: (m) => registering(m, 'alice', passkeyOf('alice', 99)),
      field: 'participant',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>

const fields: readonly (readonly [field: string, name: string, value: string])[] = [
  ['publicKey', 'a key without its first byte', hex(1, 64)],
  ['credentialId', 'a device’s name of 15 bytes', hex(1, 30)],
  ['credentialId', 'a device’s name of 257 bytes', hex(1, 514)],
  ['credentialId', 'a device’s name in capitals', `0x${'AB'.repeat(16)}`],
  ['host', 'no host', ''],
  ['host', 'an origin', 'https://busbar.example'],
  ['host', 'a host with a port', 'busbar.example:443'],
  ['host', 'a host in capitals', 'Busbar.example'],
  ['host', 'a host that is too long', Array.from({ length: 64 }, () => 'abc').join('.')],
  ['label', 'a label with a blank', 'my phone'],
]

/** And by the codes that others have as well. */
export const passkeysAsOthers = {
  account_unknown: [
    {
      name: 'who has signed something elsewhere',
      ask: () => ({ kind: 'record_word', account: unknownAccount }),
      field: 'account',
    },
    {
      name: 'who asks for a passkey',
      ask: (m) => ({ ...registering(m, 'alice', own), account: unknownAccount }) as Command,
      field: 'account',
    },
  ],
  account_suspended: [
    {
      name: 'a passkey of its own',
      arrange: (m) => suspend(m, accountOf('alice')),
      ask: (m) => registering(m, 'alice', own),
      field: 'account',
    },
  ],
  role_missing: [
    {
      name: 'to register a passkey for another',
      ask: (m) => registering(m, 'bob', own),
      field: 'account',
    },
    {
      name: 'to register a passkey for one who is not its customer',
      ask: (m) => registering(m, 'retailer', passkeyOf('grid', 1)),
      field: 'account',
    },
    {
      name: 'to revoke the passkey of another',
      arrange: (m) => void m.must(registering(m, 'alice', own)),
      ask: (m) => m.instruction('revoke_passkey', 'bob', { publicKey: own.publicKey }),
      field: 'account',
    },
  ],
  name_exists: [
    {
      name: 'the key of another passkey',
      arrange: (m) => void m.must(registering(m, 'bob', passkeyOf('bob', 1))),
      ask: (m) => registering(m, 'alice', own),
      field: 'publicKey',
    },
    {
      name: 'the device’s name of another passkey',
      arrange: (m) => void m.must(registering(m, 'bob', passkeyOf('bob', 1))),
      ask: (m) => registering(m, 'alice', { ...own, publicKey: passkeyOf('bob', 2).publicKey }),
      field: 'credentialId',
    },
    {
      name: 'a passkey that was revoked',
      arrange: (m) => {
        m.must(registering(m, 'alice', own))
        m.must(m.instruction('revoke_passkey', 'alice', { publicKey: own.publicKey }))
      },
      ask: (m) => registering(m, 'alice', own),
      field: 'publicKey',
    },
    {
      name: 'the account’s own passkey, asked for again by the retailer',
      arrange: (m) => void m.must(registering(m, 'alice', own)),
      ask: (m) => registering(m, 'retailer', own),
      field: 'publicKey',
    },
  ],
  field_invalid: fields.map(([field, name, value]): Case => ({
    name,
    ask: (m) => registering(m, 'alice', { ...own, [field]: value }),
    field,
  })),
} satisfies Partial<Record<Rejection, readonly Case[]>>
