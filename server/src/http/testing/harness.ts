import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { Registry } from 'prom-client'
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../http-server.ts'
import { defaultLimits, type HttpLimits } from '../limits.ts'
import { ExchangeDouble, people, testDomain } from './exchange-double.ts'

export type Harness = {
  readonly exchange: ExchangeDouble
  readonly server: HttpServer
  readonly url: string
  readonly port: number
  readonly client: BusbarClient
  /** What the server reported as its own failures. */
  readonly reported: unknown[]
  readonly as: (name: keyof typeof people) => BusbarClient
}

type Changes = { readonly [Key in keyof HttpLimits]?: Partial<HttpLimits[Key]> }

/** Limits with some of them changed, the nested ones too. */
export function limitsWith(changes: Changes): HttpLimits {
  return {
    ...defaultLimits,
    ...changes,
    rate: { ...defaultLimits.rate, ...changes.rate },
    stream: { ...defaultLimits.stream, ...changes.stream },
  } as HttpLimits
}

/** Starts the interface over a double on a free port, until its server is stopped. */
export async function openServer(options: Partial<HttpServerOptions> = {}): Promise<Harness> {
  const exchange = new ExchangeDouble()
  const reported: unknown[] = []
  const server = await createHttpServer({
    service: exchange,
    registry: new Registry(),
    wallClock: Date.now,
    epoch: 'e1',
    report: (error) => reported.push(error),
    ...options,
  })
  const { url, port } = await server.listen({ host: '127.0.0.1', port: 0 })
  const retry = { attemptsMax: 1, firstDelayMs: 5, delayMaxMs: 20 }
  const client = new BusbarClient({ baseUrl: url, retry })
  const as = (name: keyof typeof people) => client.as(credentialOf(signerOf(name)))
  return { exchange, server, url, port, client, reported, as }
}

/** The same for as long as `run` takes. */
export async function withServer(
  run: (harness: Harness) => Promise<void>,
  options: Partial<HttpServerOptions> = {},
): Promise<void> {
  const harness = await openServer(options)
  try {
    await run(harness)
  } finally {
    await harness.server.stop()
  }
}

export function signerOf(name: keyof typeof people): Signer {
  const { account, key } = people[name]
  return new Signer({ domain: testDomain, account, sign: withPrivateKey(key) })
}

/** An order that the double takes. */
export const sampleOrder = {
  meter: 0,
  interval: 111,
  side: 'sell',
  energyWh: 500,
  limitMicrosPerKwh: -10,
} as const
