/**
 * Goal: whoever begins to sign in again and again keeps nobody else from it.
 * Method: a desk over a provider by hand; one address begins more often than there are places, and
 * others are on their way before and after. What people see of it is in sign-in.test.ts.
 */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { pureVerifier } from '../../adapters/signatures/index.ts'
import { networks } from '../../settings/networks.ts'
import { MemoryGrants } from '../../testing/memory-grants.ts'
import { SmallMarket } from '../../testing/small-market.ts'
import type { IdentityProvider } from '../ports/sign-in.ts'
import { GrantDesk } from './grant-desk.ts'
import { SignInDesk, signInLimits } from './sign-in-desk.ts'

const provider: IdentityProvider = {
  name: 'acme',
  label: 'Acme',
  async begin() {
    const secrets = { state: 'state', nonce: 'nonce', verifier: 'verifier' }
    return { url: 'https://login.acme.example/auth', secrets }
  },
  async finish() {
    return ['https://login.acme.example nobody']
  },
}

async function deskOf(): Promise<SignInDesk> {
  const market = await SmallMarket.open()
  const [book, wallClock] = [new MemoryGrants(), () => 1_800_000_000_000]
  const grants = new GrantDesk({
    ...{ stateOf: () => market.state, domain: market.domain, verifier: pureVerifier() },
    ...{ book, networks, wallClock, report: (error: unknown) => ok(false, String(error)) },
  })
  return new SignInDesk({ providers: [provider], grants, book, wallClock, sessionMs: 1 })
}

/** The token of who is on its way, or why not. */
async function begun(desk: SignInDesk, address: string): Promise<string> {
  const answer = await desk.begin('acme', { account: undefined, back: '/', address })
  return answer.kind === 'sent' ? answer.token : answer.reason
}

/** Whether the provider was asked about it: nobody has named this person. */
async function isHeld(desk: SignInDesk, token: string): Promise<boolean> {
  const from = { token, query: '?state=state', address: '::1', mayAsk: true }
  const answer = await desk.finish('acme', from)
  return answer.kind === 'refused' && answer.reason === 'sign_in_unknown'
}

test('one address takes its own places and no others', async () => {
  const desk = await deskOf()
  const before = await begun(desk, '192.0.2.1')
  const tokens: string[] = []
  const { pendingMax, pendingOfAddressMax } = signInLimits
  for (let time = 0; time <= pendingMax; time += 1) tokens.push(await begun(desk, '192.0.2.66'))
  const after = await begun(desk, '192.0.2.2')
  deepEqual([await isHeld(desk, before), await isHeld(desk, after)], [true, true])
  const own = tokens.slice(-pendingOfAddressMax)
  deepEqual([await isHeld(desk, own[0] ?? ''), await isHeld(desk, own.at(-1) ?? '')], [true, true])
  equal(await isHeld(desk, tokens.at(-pendingOfAddressMax - 1) ?? ''), false)
})
