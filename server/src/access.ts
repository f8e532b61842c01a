import type { Domain } from '@busbar/protocols/eip712'
import { OpenIdProvider } from './adapters/sign-in/openid-provider.ts'
import { GrantDesk } from './app/access/grant-desk.ts'
import { SignInDesk } from './app/access/sign-in-desk.ts'
import { recordFirstWord } from './app/first-word.ts'
import type { Lane } from './app/lane.ts'
import type { SignatureVerifier } from './app/ports/signatures.ts'
import type { Store } from './app/ports/store.ts'
import type { Config } from './settings/config.ts'
import type { Decorators } from './decorators.ts'
import { networks } from './settings/networks.ts'
import type { Log } from './ticking.ts'

export type Access = {
  readonly grants: GrantDesk
  readonly signIn: SignInDesk
  /** Reads what was granted before, and who is signed in. */
  readonly start: () => Promise<void>
}

/** Puts together who reads for which account without a key of it, and how they show that. */
export function joinAccess(parts: {
  readonly lane: Lane
  readonly domain: Domain
  readonly verifier: SignatureVerifier
  readonly store: Store
  readonly config: Config
  readonly decorate: Decorators
  readonly log: Log
}): Access {
  const { lane, domain, verifier, store, config, decorate, log } = parts
  const wallClock = (): number => Date.now()
  const book = decorate.grants(store.grants)
  const report = (error: unknown): void => log('grants were not written', { error: String(error) })
  const stateOf = () => lane.state
  const onWord = (account: number): void => recordFirstWord(lane, account)
  const grants = new GrantDesk({
    ...{ stateOf, domain, verifier, book, networks, wallClock, onWord, report },
  })
  const { publicUrl = '', sessionMs = 0, providers = [] } = config.signIn ?? {}
  const made = providers.map((one) => new OpenIdProvider(one, publicUrl, wallClock))
  const signIn = new SignInDesk({ providers: made, grants, book, wallClock, sessionMs })
  const start = async (): Promise<void> => {
    await grants.start()
    await signIn.start()
  }
  return { grants, signIn, start }
}
