import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { type LocalCommittee, startLocalCommittee } from '@busbar/committee'
import type { Market } from '@busbar/protocols/api'
import { companies, seededKey } from '@busbar/simulator'
import type { Scenario } from './scenario.ts'

/** Who the members are, and how many of them it takes. */
export type CommitteeShape = { readonly names: readonly string[]; readonly threshold: number }

/** Parties with different interests: any two of them open an interval, none alone. */
export const threeMembers: CommitteeShape = {
  names: ['operator', 'retailer', 'regulator'],
  threshold: 2,
}

/** Where each member will listen: a server is told before the members run. */
export async function memberPorts({
  names,
}: CommitteeShape): Promise<Readonly<Record<string, number>>> {
  const held = await Promise.all(
    names.map(async (name) => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return { name, server, port: (server.address() as AddressInfo).port }
    }),
  )
  // All are held before one is let go: none is given out twice.
  await Promise.all(
    held.map(async ({ server }) => {
      server.close()
      await once(server, 'close')
    }),
  )
  return Object.fromEntries(held.map(({ name, port }) => [name, port]))
}

export const memberUrls = (ports: Readonly<Record<string, number>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [name, `http://127.0.0.1:${port}`]),
    ),
  )

/**
 * The committee of a scenario, on this machine: its members make their key together at the first
 * start and go on with it at the next.
 */
export function startCommittee(
  directory: string,
  market: Market,
  ports: Readonly<Record<string, number>>,
  { names, threshold }: CommitteeShape,
): Promise<LocalCommittee> {
  const { domain, contracts, rulebook } = market
  if (contracts === null) throw new Error('a committee signs for contracts on a chain')
  return startLocalCommittee({
    directory,
    names,
    threshold,
    market: {
      chainId: domain.chainId,
      intervalLog: contracts.intervalLog.toLowerCase(),
      intervalSeconds: rulebook.intervalSeconds,
      gateLeadSeconds: rulebook.gateLeadSeconds,
    },
    clock: 'market',
    ports,
  })
}

/** The key of the scenario's prover, in a file for its process. */
export function writeProverKey({ seed }: Scenario, dataDir: string): string {
  const directory = join(dataDir, 'prover')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'prover.key')
  const key = Buffer.from(seededKey(seed, companies.prover, 'secp256k1').privateKey)
  writeFileSync(path, `0x${key.toString('hex')}\n`, { mode: 0o600 })
  return path
}
