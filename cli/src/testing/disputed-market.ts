/** A sealed market on an anvil of its own, with files of the keys that dispute on its chain. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusbarClient } from '@busbar/client'
import type { Rulebook } from '@busbar/core/rulebook'
import { addressOf, publicKeyOf } from '@busbar/protocols/eip712'
import { bytesToHex, keccak256, textToBytes } from '@busbar/protocols/hash'
import { startAnvil } from '@busbar/server/adapters/chain/anvil'
import { HttpRpc } from '@busbar/server/adapters/chain/rpc'
import type { Config } from '@busbar/server/settings/config'
import { type Decorators, undecorated } from '@busbar/server/decorators'
import { startServer } from '@busbar/server/start'
import { startCommittee } from '@busbar/server/testing/committee-members'
import {
  liveKeyOf,
  LiveMarket,
  liveRulebook,
  openAtMs,
  participant,
} from '@busbar/server/testing/live-market'

const secret = (name: string): Uint8Array => keccak256(textToBytes(`disputes: ${name}`))
export const keys = {
  operator: secret('operator'), auditor: secret('auditor'), stranger: secret('x'),
}
export const addressFor = (key: Uint8Array): string => addressOf(publicKeyOf(key))

export type DisputedMarket = Awaited<ReturnType<typeof startDisputedMarket>>

/** With everybody admitted; `lies` is what the exchange does to its own ways. */
export async function startDisputedMarket({
  lies = undecorated,
  rulebook = liveRulebook,
}: { readonly lies?: Decorators; readonly rulebook?: Rulebook } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'busbar-disputes-'))
  const anvil = await startAnvil(folder)
  const rpc = new HttpRpc(() => anvil.url)
  for (const key of Object.values(keys)) {
    await rpc.call('anvil_setBalance', [addressFor(key), '0xffffffffffffffffff'])
  }
  for (const [name, key] of Object.entries({ ...keys, account: liveKeyOf('auditor') })) {
    writeFileSync(join(folder, `${name}.key`), bytesToHex(key))
  }
  const committee = await startCommittee()
  const config: Config = {
    ...{ market: 'disputes', dataDir: join(folder, 'data'), databaseUrl: undefined },
    ...{ chainUrl: anvil.url, chainId: undefined, chainConfirmations: 0 },
    chainOperatorKey: bytesToHex(keys.operator),
    ...{ chainAuditor: addressFor(keys.auditor), chainVerifier: undefined },
    ...{ host: '127.0.0.1', port: 0, clock: { mode: 'manual', startMs: openAtMs } },
    operator: participant('operator'),
    ...{ salt: `0x${'5a'.repeat(32)}`, rulebook, vaultKeys: undefined, committee: committee.urls },
    ...{ provingLeaseMs: 60_000, verifier: 'native', requestsPerMinuteMax: 1_000_000 },
    rails: {},
    ...{ dashboard: undefined, display: { timeZone: 'UTC', currency: null } },
  }
  const server = await startServer(config, () => undefined, lies)
  const client = new BusbarClient({ baseUrl: server.url })
  const market = new LiveMarket(client)
  await market.prepare(committee)
  const stop = async (): Promise<void> => {
    await server.stop()
    committee.stop()
    await anvil.end()
    rmSync(folder, { recursive: true, force: true })
  }
  return { folder, anvil, rpc, server, client, market, stop }
}
