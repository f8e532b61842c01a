import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { availableParallelism } from 'node:os'
import {
  labelOf,
  plaintextBytes,
  seal,
  sealingKey,
  type SealingKey,
  signShare,
  timelockReady,
  verificationKeyOf,
} from '@busbar/protocols/timelock'
import { createCommitteeOpening } from '@busbar/server/adapters/committee/index'
import type { FigureLine } from './figure.ts'

const orderCount = 10_000
const ordersPerParticipant = 4
const barSeconds = 5

/**
 * Opening an interval of 10,000 sealed orders, from asking the members to the last plaintext: by
 * participants that reuse their sealing key for four orders each, and with a key for each order.
 */
export async function committeeFigures({
  short,
}: {
  readonly short: boolean
}): Promise<readonly FigureLine[]> {
  await timelockReady()
  const shared = await measure(ordersPerParticipant)
  const lines = [line('committee_open_s_10000', shared, ordersPerParticipant, true)]
  if (!short) lines.push(line('committee_open_s_10000_own_keys', await measure(1), 1, false))
  return lines
}

type Measured = {
  readonly seconds: number
  /** Of all threads: what a machine without other work would divide by its cores. */
  readonly cpuSeconds: number
}

function line(
  figure: string,
  { seconds, cpuSeconds }: Measured,
  each: number,
  hasBar: boolean,
): FigureLine {
  return {
    figure,
    value: Number(seconds.toFixed(2)),
    bar: hasBar ? `<= ${barSeconds}` : 'none',
    holds: !hasBar || seconds <= barSeconds,
    detail: {
      what: 'members asked over HTTP, shares verified and combined, every order decrypted',
      orders: orderCount,
      sealingKeys: orderCount / each,
      committee: '2 of 3, all honest',
      threads,
      cpuSeconds: Number(cpuSeconds.toFixed(2)),
    },
  }
}

const threads = Math.min(2, availableParallelism())

const label = labelOf({
  chainId: 31_337,
  intervalLog: `0x${'5f'.repeat(20)}`,
  zone: 0,
  interval: 5_900_000,
})
const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`
const digestOf = (text: string): Buffer => createHash('sha512').update(text).digest()

/** A line through the secret, so that any two of three sign. */
const shareOf = (index: number): string => hex(1_234_567n + 7_654_321n * BigInt(index))

async function measure(each: number): Promise<Measured> {
  const committee = {
    publicKey: verificationKeyOf(shareOf(0)),
    threshold: 2,
    members: [1, 2, 3].map((index) => ({
      index,
      name: `member-${index}`,
      verificationKey: verificationKeyOf(shareOf(index)),
    })),
  }
  const orders = sealedOrders(committee.publicKey, each)
  const servers = await Promise.all(committee.members.map(({ index }) => member(index)))
  const urls = Object.fromEntries(
    servers.map((server, i) => [
      `member-${i + 1}`,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ]),
  )
  const opening = createCommitteeOpening({ urls, threads })
  const request = { zone: 0, interval: 5_900_000, label, committee }
  try {
    // The threads are there before the gate, as in a server that runs.
    await opening.open({ ...request, orders: orders.slice(0, 8) })
    const used = process.cpuUsage()
    const start = process.hrtime.bigint()
    const { openings } = await opening.open({ ...request, orders })
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    const { user, system } = process.cpuUsage(used)
    const closed = openings.filter((one) => one === null).length
    if (closed > 0) throw new Error(`${closed} orders did not open`)
    return { seconds, cpuSeconds: (user + system) / 1e6 }
  } finally {
    await opening.close()
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  }
}

function sealedOrders(publicKey: string, each: number) {
  const plaintext = new Uint8Array(plaintextBytes)
  let reuse: SealingKey | undefined
  return Array.from({ length: orderCount }, (_, i) => {
    if (i % each === 0) {
      const random = digestOf(`bench sealing key ${i}`).subarray(0, 48)
      reuse = sealingKey({ label, publicKey, random })
    }
    const commitment = `0x${digestOf(`bench commitment ${i}`).subarray(0, 32).toString('hex')}`
    const random = new Uint8Array(0)
    const request = { label, publicKey, commitment, plaintext, random }
    return { commitment, ciphertext: seal({ ...request, ...(reuse && { reuse }) }) }
  })
}

async function member(index: number): Promise<Server> {
  const partial = signShare(shareOf(index), label)
  const server = createServer((_request, response) => response.end(JSON.stringify({ partial })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
