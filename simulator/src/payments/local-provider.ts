import { fileURLToPath } from 'node:url'
import {
  type AdminCalls,
  adminCalls,
  adminOf,
  type ServiceAdmin,
  type ServiceProcess,
  startService,
} from '../services/service-process.ts'
import type { Declinable, Party } from './parties.ts'
import type { ProviderOptions } from './provider.ts'
import { type Credentials, credentialsIn } from './store.ts'

export const providerDefaults: ProviderOptions = {
  directory: 'payment-provider',
  port: 0,
  clock: 'real',
  holdMaxMs: 7 * 86_400_000,
  decideAfterMs: 0,
  lateMs: 2_000,
  rates: {},
  seed: 1,
}

export type Move = {
  readonly number: number
  readonly kind: 'deposit' | 'capture' | 'charge' | 'refund'
  readonly what: string
  readonly payer: string
  readonly payee: string
  readonly amount: number
}

/** A provider in a process of its own, and what it can be told besides the contract. */
export type LocalProvider = ServiceProcess & ServiceAdmin<Move> & {
  readonly credentials: Credentials
  /** Admits a party, with money from outside where it is new. */
  readonly admit: (
    token: string,
    micros?: number,
    declines?: readonly Declinable[],
  ) => Promise<void>
  readonly parties: () => Promise<readonly Party[]>
  readonly bringWebhooksTo: (url: string | null) => Promise<void>
}

/** Starts one, or goes on with that of the folder. */
export async function startProviderProcess(
  options: Partial<ProviderOptions> & Pick<ProviderOptions, 'directory'>,
): Promise<LocalProvider> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  const service = await startService(program, 'provider', options)
  const credentials = credentialsIn(options.directory)
  const calls = adminCalls(service.url, credentials.adminKey)
  return { ...service, credentials, ...adminOf<Move>(calls), ...providerAdminOf(calls) }
}

const providerAdminOf = ({ ask, tell }: AdminCalls) => ({
  async admit(token: string, micros = 0, declines: readonly Declinable[] = []) {
    await tell('parties', { token, declines })
    if (micros > 0) {
      await tell('deposits', { id: `opening/${token}`, token, amountMicros: micros })
    }
  },
  async parties() {
    const { parties } = (await ask('GET', 'parties')) as { parties: readonly Party[] }
    return parties
  },
  bringWebhooksTo: (to: string | null) => tell('webhook', { url: to }),
})
