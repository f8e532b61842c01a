import { proposalsMax, type Rejection } from '../index.ts'
import { accountOf, newcomer } from './market.ts'
import { passkeyOf, bySigned } from './passkey-case.ts'
import { type Case, unknownAccount } from './rejection-case.ts'
import {
  approving,
  asked,
  deadlineSeconds,
  deciders,
  openGuardedMarket,
  proposed,
  refusing,
  suspending,
} from './two-people-case.ts'

const open = openGuardedMarket

/** The number that the market’s first proposal after its opening has. */
const first = 2

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
  ],
  registered_key_needed: [
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
