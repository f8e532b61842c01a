/** The homes of a market, as who reads the stream for itself and is told something of its own. */
import { newJoinCode, Signer, withPrivateKey } from '@busbar/client'
import { signNative } from '@busbar/simulator'
import type { RunningMarket } from './server-market.ts'
import { intervalMs } from './watched-orders.ts'

export function homeSigners({ plan, numbers }: RunningMarket): readonly Signer[] {
  const homes = plan.participants.filter(({ roles }) => roles.includes('prosumer'))
  return homes.map(({ name, key }) => new Signer({
    domain: numbers.domain,
    account: numbers.accounts.get(name) ?? -1,
    sign: withPrivateKey(key.privateKey, signNative),
  }))
}

/** A join code for each home: whoever has one is told of it at once, by a notice of its own. */
export function joinCodes(homes: readonly Signer[], nowMs: number) {
  // Over soon, since an account has only so many at a time.
  const untilMs = nowMs + 2 * intervalMs
  return Promise.all(homes.map((home) => {
    const { account: participant } = home
    const { publicKey } = newJoinCode(participant)
    const content = { participant, publicKey, host: 'localhost', untilMs }
    return home.instruction('issue_join_code', content)
  }))
}
