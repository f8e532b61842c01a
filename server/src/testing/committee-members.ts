/** Members of a committee as small HTTP servers: two of three make the key of a label. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { signShare, timelockReady, verificationKeyOf } from '@busbar/protocols/timelock'

const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`

/** The polynomial 1111 + 2222 x: a dealer's, which only a test may be. */
const shareOf = (index: number): string => hex(1_111n + 2_222n * BigInt(index))

export type TestCommittee = {
  /** As it is appointed. */
  readonly appointment: {
    readonly publicKey: string
    readonly threshold: number
    readonly members: readonly {
      readonly index: number
      readonly name: string
      readonly verificationKey: string
    }[]
  }
  /** Where each is reached; `dead` ones are not. */
  readonly urls: Readonly<Record<string, string>>
  /** Labels that were signed. */
  readonly signed: ReadonlySet<string>
  readonly stop: () => void
}

export async function startCommittee(dead: readonly string[] = []): Promise<TestCommittee> {
  await timelockReady()
  const signed = new Set<string>()
  const urls: Record<string, string> = {}
  const names = ['exchange', 'retailer', 'regulator']
  const stops: (() => void)[] = []
  for (const [place, name] of names.entries()) {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const { label } = JSON.parse(body) as { readonly label: string }
        signed.add(label)
        response.end(JSON.stringify({ partial: signShare(shareOf(place + 1), label) }))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const stop = (): void => {
      server.close()
      server.closeAllConnections()
    }
    if (dead.includes(name)) stop()
    else stops.push(stop)
  }
  const members = names.map((name, place) => {
    const index = place + 1
    return { index, name, verificationKey: verificationKeyOf(shareOf(index)) }
  })
  return {
    appointment: { publicKey: verificationKeyOf(hex(1_111n)), threshold: 2, members },
    urls,
    signed,
    stop: () => stops.forEach((stop) => stop()),
  }
}
