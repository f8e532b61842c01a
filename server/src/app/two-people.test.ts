/**
 * Goal: what two people decided is in the journal as both signed it, is told to every authority and
 * shown to them with what makes its digest, goes to the chain with the second word and not before,
 * and an audit finds who was admitted so.
 * Method: a small market with real signatures and a ledger for a chain; its journal is replayed and
 * each signature in it checked again.
 */
import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { isAsProposed } from '@busbar/client'
import { canonicalJson } from '@busbar/core/encoding'
import { apply, type Command, emptyState, encodeState, participantOf } from '@busbar/core/exchange'
import { instructionDigest } from '@busbar/protocols/eip712'
import { pureVerifier } from '../adapters/signatures/index.ts'
import { accountOf, keysOf, signedBy, SmallMarket, smallRulebook } from '../testing/small-market.ts'
import { RegistryIndex } from './audit/registry-index.ts'
import { signatureFault } from './audit/signature-check.ts'
import { proposalViews } from './views/operator/proposals.ts'

const rulebook = { ...smallRulebook, fourEyes: { deadlineSeconds: 3_600 } }
const second = 9

/** With a second operator, whom the first admitted while it was alone. */
async function open(): Promise<SmallMarket> {
  const market = await SmallMarket.open(rulebook)
  await market.instruct('operator', 'admit_participant', {
    ...{ name: 'second', roles: ['operator'], retailer: null, ...keysOf('second') },
  })
  return market
}

/** The second operator's word about a proposal. */
async function word(
  market: SmallMarket,
  kind: 'approve_proposal' | 'refuse_proposal',
  proposal: number,
  further: object = {},
): Promise<string> {
  const digest = market.state.proposals.get(proposal)?.instruction.digest
  const content = { proposal, digest, ...further }
  const [id, account] = [market.id(), second]
  const text = canonicalJson(content)
  const signed = instructionDigest(market.domain, { id, account, kind, content: text })
  const signature = signedBy('second', signed)
  const item = { id, account, kind, content, signature }
  const [answer] = await market.intake.instructions([item as never])
  return answer?.kind === 'rejected' ? answer.reason : (answer?.result.kind ?? 'none')
}

const suspends = (market: SmallMarket) =>
  market.instruct('operator', 'suspend_participant', {
    participant: accountOf('alice'), reason: 'unpaid',
  })

const queuedFor = (market: SmallMarket): number =>
  market.queued.flat().filter((id) => id.startsWith('suspend/')).length

test('goes to the chain by the second word, and to every authority by both', async () => {
  const market = await open()
  equal((await suspends(market) as { result: { kind: string } }).result.kind, 'proposal_made')
  equal(queuedFor(market), 0)
  equal(await word(market, 'approve_proposal', 1), 'proposal_decided')
  equal(queuedFor(market), 1)
  equal(participantOf(market.state, accountOf('alice'))?.status, 'suspended')
  for (const account of [accountOf('operator'), second]) {
    const told = (await market.store.notices.list(account, 0, 100))
      .filter(({ kind }) => kind === 'proposal_changed')
      .map(({ body }) => JSON.parse(body) as object)
    const about = {
      ...{ proposal: 1, instruction: 'suspend_participant', proposedBy: accountOf('operator') },
      ...{ expiresAtMs: market.now + 3_600_000, reason: '' },
    }
    deepEqual(told, [
      { ...about, status: 'open', decidedBy: null },
      { ...about, status: 'approved', decidedBy: second },
    ])
  }
})

test('is shown with what its digest is of, and as lapsed from its deadline on', async () => {
  const market = await open()
  await suspends(market)
  const { proposals: [shown], deadlineSeconds } = proposalViews(market.state, market.now)
  equal(deadlineSeconds, 3_600)
  if (shown === undefined) throw new Error('nothing is shown')
  equal(isAsProposed(market.domain, shown), true)
  const { instruction } = shown
  const other = { ...instruction, content: { participant: accountOf('bob'), reason: 'unpaid' } }
  equal(isAsProposed(market.domain, { ...shown, instruction: other as never }), false)
  equal(shown.status, 'open')
  const late = proposalViews(market.state, shown.expiresAtMs).proposals[0]
  equal(late?.status, 'expired')
})

test('is a journal that anybody can replay, with both signatures in it', async () => {
  const market = await open()
  await suspends(market)
  equal(await word(market, 'refuse_proposal', 1, { reason: '# is no number' }), 'proposal_decided')
  await suspends(market)
  equal(await word(market, 'approve_proposal', 2), 'proposal_decided')
  const state = emptyState()
  for (const { sequence, at, body } of await market.store.read(0, 1_000)) {
    const command = JSON.parse(body) as Command
    equal(signatureFault(command, state, market.domain, pureVerifier()), undefined)
    apply(state, { sequence, at, command }, market.engine)
  }
  equal(encodeState(state), encodeState(market.state))
})

test('an audit finds whoever was admitted, and not what came to nothing', async () => {
  const market = await open()
  const bank = { name: 'dora', roles: ['bank' as const], retailer: null, ...keysOf('dora') }
  await market.instruct('operator', 'admit_participant', bank)
  await market.instruct('operator', 'admit_participant', {
    ...bank, name: 'erin', ...keysOf('erin'),
  })
  equal(await word(market, 'refuse_proposal', 1, { reason: 'no' }), 'proposal_decided')
  await market.instruct('operator', 'admit_participant', {
    ...bank, roles: ['prosumer'], retailer: accountOf('retailer'),
  })
  equal(await word(market, 'approve_proposal', 2), 'proposal_decided')
  const index = await new RegistryIndex(market.store).through(market.state.sequence)
  const entries = await market.store.read(0, 1_000)
  for (const participant of market.state.participants.slice(1)) {
    const sequence = index.admissionOf(participant)
    const entry = entries.find((one) => one.sequence === sequence)
    const { content } = JSON.parse(entry?.body ?? '{}') as { content?: { publicKey: string } }
    equal(content?.publicKey, participant.publicKey, participant.name)
  }
  const dora = market.state.participants.find(({ name }) => name === 'dora')
  deepEqual(dora?.roles, ['prosumer'])
})
