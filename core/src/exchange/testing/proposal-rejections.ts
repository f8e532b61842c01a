import { proposalsMax, type Rejection } from '../index.ts'
import { byJoinCode, issuing, joinCodeOf } from './join-case.ts'
import { accountOf, type Market, newcomer, testRulebook } from './market.ts'
import { bySigned, passkeyOf, registering } from './passkey-case.ts'
import { type Case, unknownAccount } from './rejection-case.ts'
import {
  approving,
  asked,
  deadlineSeconds,
  deciders,
  guardedRulebook,
  openGuardedMarket,
  proposed,
  refusing,
  suspending,
} from './two-people-case.ts'

const open = openGuardedMarket

/** The number that the market’s first proposal after its opening has. */
const first = 2

/** An authority that is somebody's customer as well. */
const customer = 12

function withCustomer(): Market {
  const market = open()
  const content = newcomer(82, { name: 'customer', roles: ['authority'] })
  market.must(market.instruction('admit_participant', 'operator', content))
  market.must(approving(market, 'second', first))
  return market
}

/** What is refused of what takes two people. */
export const proposalRejections = {
  proposal_unknown: [
    { name: 'to approve', open, ask: (m) => approving(m, 'second', 99), field: 'proposal' },
    { name: 'to refuse', open, ask: (m) => refusing(m, 'second', 99), field: 'proposal' },
  ],
  proposal_own: [
    {
      name: 'by the registered key',
      open,
      arrange: (m) => void proposed(m),
      ask: (m) => approving(m, 'operator', first),
      field: 'account',
    },
    {
      name: 'by another key of the same account',
      open,
      arrange: (m) => {
        m.must(m.instruction('register_passkey', 'operator', passkeyOf('operator', 1)))
        proposed(m)
      },
      ask: (m) => bySigned(approving(m, 'operator', first), passkeyOf('operator', 1)),
      field: 'account',
    },
  ],
  proposal_differs: [
    {
      name: 'to approve what was not proposed',
      open,
      arrange: (m) => void proposed(m),
      ask: (m) => {
        const digest = `0x${'12'.repeat(32)}`
        return asked(m, deciders.second, 'approve_proposal', { proposal: first, digest })
      },
      field: 'digest',
    },
  ],
  proposal_not_open: [
    {
      name: 'that was approved',
      open,
      arrange: (m) => void m.must(approving(m, 'second', proposed(m))),
      ask: (m) => approving(m, 'deputy', first),
      field: 'proposal',
    },
    {
      name: 'that was refused',
      open,
      arrange: (m) => void m.must(refusing(m, 'second', proposed(m))),
      ask: (m) => approving(m, 'deputy', first),
      field: 'proposal',
    },
    {
      name: 'that has lapsed',
      open,
      arrange: (m) => {
        proposed(m)
        m.at += deadlineSeconds * 1_000
      },
      ask: (m) => refusing(m, 'deputy', first),
      field: 'proposal',
    },
  ],
  proposals_exceeded: [
    {
      name: 'one more than may wait',
      open,
      arrange: (m) => {
        for (let i = 0; i < proposalsMax; i += 1) proposed(m)
      },
      ask: (m) => suspending(m, 'operator', accountOf('alice')),
      field: 'account',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>

/** And by the codes that others have as well. */
export const proposalsAsOthers = {
  account_unknown: [
    {
      name: 'who approves',
      open,
      arrange: (m) => void proposed(m),
      ask: (m) => ({ ...approving(m, 'second', first), account: unknownAccount }) as never,
      field: 'account',
    },
  ],
  account_suspended: [
    {
      name: 'who approves, and was suspended by two others',
      open,
      arrange: (m) => {
        m.must(suspending(m, 'operator', deciders.deputy))
        m.must(approving(m, 'second', first))
        proposed(m)
      },
      ask: (m) => approving(m, 'deputy', first + 1),
      field: 'account',
    },
    {
      name: 'who proposed, and was suspended since',
      open,
      arrange: (m) => {
        proposed(m, 'deputy')
        m.must(suspending(m, 'operator', deciders.deputy))
        m.must(approving(m, 'second', first + 1))
      },
      ask: (m) => approving(m, 'second', first),
      field: 'instruction.account',
    },
  ],
  role_missing: [
    {
      name: 'who approves',
      open,
      arrange: (m) => void proposed(m),
      ask: (m) => ({ ...approving(m, 'second', first), account: accountOf('bob') }) as never,
      field: 'account',
    },
    {
      name: 'to give one who decides a passkey, as its retailer',
      open: withCustomer,
      ask: (m) => registering(m, 'retailer', { ...passkeyOf('alice', 1), participant: customer }),
      field: 'account',
    },
    {
      name: 'to issue a join code for one who decides, as its retailer',
      open: withCustomer,
      ask: (m) => issuing(m, 'retailer', joinCodeOf(m, 'alice', 1, { participant: customer })),
      field: 'account',
    },
    {
      name: 'to use a join code that its retailer issued before two people decided',
      open: withCustomer,
      arrange: (m) => {
        m.state.rulebooks[0] = { from: 0, rulebook: testRulebook } as never
        m.must(issuing(m, 'retailer', joinCodeOf(m, 'alice', 1, { participant: customer })))
        m.state.rulebooks[0] = { from: 0, rulebook: guardedRulebook } as never
      },
      ask: (m) => {
        const content = { ...passkeyOf('alice', 1), participant: customer }
        return byJoinCode(asked(m, customer, 'register_passkey', content), 1)
      },
      field: 'account',
    },
  ],
  passkey_unknown: [
    {
      name: 'that proposed, and was revoked since',
      open,
      arrange: (m) => {
        const phone = passkeyOf('operator', 1)
        m.must(registering(m, 'operator', phone))
        m.must(bySigned(suspending(m, 'operator', accountOf('alice')), phone))
        m.must(m.instruction('revoke_passkey', 'operator', { publicKey: phone.publicKey }))
      },
      ask: (m) => approving(m, 'second', first),
      field: 'instruction.signature',
    },
  ],
  registered_key_needed: [
    {
      name: 'in place of the one that proposed, and was replaced since',
      open,
      arrange: (m) => {
        proposed(m)
        const { address, publicKey } = newcomer(99)
        m.must(m.instruction('replace_key', 'operator', {
          participant: deciders.operator, address, publicKey,
        }))
      },
      ask: (m) => approving(m, 'second', first),
      field: 'instruction.signature',
    },
    {
      name: 'to approve another key for somebody',
      open,
      arrange: (m) => {
        m.must(asked(m, deciders.second, 'register_passkey', {
          ...passkeyOf('operator', 1), participant: deciders.second,
        }))
        const { address, publicKey } = newcomer(99)
        const content = { participant: accountOf('alice'), address, publicKey }
        m.must(m.instruction('replace_key', 'operator', content))
      },
      ask: (m) => bySigned(approving(m, 'second', first), passkeyOf('operator', 1)),
      field: 'signature',
    },
  ],
  name_exists: [
    {
      name: 'of who was proposed, and taken since',
      open,
      arrange: (m) => {
        const bank = newcomer(99, { name: 'dora', roles: ['bank'], retailer: null })
        m.must(m.instruction('admit_participant', 'operator', bank))
        m.must(m.instruction('admit_participant', 'operator', newcomer(98, { name: 'dora' })))
      },
      ask: (m) => approving(m, 'second', first),
      field: 'instruction.name',
    },
  ],
  field_invalid: [
    {
      name: 'no reason to refuse',
      open,
      arrange: (m) => void proposed(m),
      ask: (m) => ({
        ...refusing(m, 'second', first),
        content: { ...(refusing(m, 'second', first) as { content: object }).content, reason: '' },
      }) as never,
      field: 'reason',
    },
    {
      name: 'too long a reason to suspend',
      open,
      ask: (m) => asked(m, deciders.operator, 'suspend_participant', {
        participant: accountOf('alice'), reason: 'x'.repeat(201),
      }),
      field: 'reason',
    },
    {
      name: 'a key approved by one that was given up since',
      open,
      arrange: (m) => {
        const participant = accountOf('alice')
        const { address, publicKey } = newcomer(99)
        const approval = `0x${'11'.repeat(65)}`
        const content = { participant, address, publicKey, approval }
        m.must(m.instruction('replace_key', 'operator', content))
        const own = newcomer(98)
        m.must(m.instruction('replace_key', 'alice', {
          participant, address: own.address, publicKey: own.publicKey,
        }))
      },
      ask: (m) => approving(m, 'second', first),
      field: 'instruction.approval',
    },
  ],
} satisfies Partial<Record<Rejection, readonly Case[]>>
