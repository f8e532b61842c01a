import { mkdirSync } from 'node:fs'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { timelockReady } from '@busbar/protocols/timelock'
import { Ceremonies } from './ceremonies.ts'
import { ordersFixedBy } from './chain.ts'
import { marketClock, type MemberClock, realClock } from './clock.ts'
import { invalid, type MemberConfig } from './config.ts'
import { KeyFile } from './key-file.ts'
import { memberServer } from './member-server.ts'
import { LabelSigner } from './signing.ts'

export type RunningMember = {
  readonly name: string
  readonly url: string
  readonly clock: MemberClock['kind']
  readonly stop: () => Promise<void>
}

export type MemberOptions = {
  readonly passphrase: string
  /** For a market clock: who may set it. */
  readonly clockToken?: string | undefined
}

/**
 * Starts a member in this process.
 *
 * @throws Fault COMMITTEE_SHARE_LOCKED for a wrong passphrase, COMMITTEE_CONFIG_INVALID for a
 * market clock that anybody could set
 */
export async function startMember(
  config: MemberConfig,
  { passphrase, clockToken }: MemberOptions,
): Promise<RunningMember> {
  if (config.clock === 'market' && (clockToken ?? '').length < 16) {
    throw invalid('BUSBAR_COMMITTEE_CLOCK_TOKEN', 'a market clock takes one of 16 or more')
  }
  await timelockReady()
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const keys = KeyFile.open(config.dataDir, passphrase)
  const clock = config.clock === 'market' ? marketClock() : realClock
  const fixed = config.chainUrl === null ? undefined : ordersFixedBy(config.chainUrl, config.market)
  const server = memberServer({
    name: config.name,
    keys,
    clock,
    clockToken: config.clock === 'market' ? (clockToken ?? null) : null,
    signer: new LabelSigner(config, keys, clock, fixed),
    ceremonies: new Ceremonies(config.dataDir, keys),
  })
  server.listen(config.port, config.host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  return {
    name: config.name,
    url: `http://${host}:${port}`,
    clock: clock.kind,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
