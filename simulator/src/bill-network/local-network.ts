import { fileURLToPath } from 'node:url'
import type { BankAccount } from '../bank/bank-book.ts'
import {
  type AdminCalls,
  adminCalls,
  adminOf,
  type ServiceAdmin,
  type ServiceProcess,
  startService,
} from '../services/service-process.ts'
import { type Credentials, keysIn } from './keys.ts'
import type { NetworkOptions } from './network.ts'
import type { Move, Party } from './parties.ts'

export const networkDefaults: NetworkOptions = {
  directory: 'bill-network',
  name: 'bill-network',
  port: 0,
  clock: 'real',
  lateMs: 2_000,
  rates: {},
  seed: 1,
}

/** A network in a process of its own, and what it can be told besides. */
export type LocalNetwork = ServiceProcess & ServiceAdmin<Move> & {
  readonly credentials: Credentials
  /** @param url where its notices go; null keeps them */
  readonly admitInstitution: (name: string, key: string, url?: string | null) => Promise<void>
  readonly admitParty: (
    party: Pick<Party, 'name' | 'institution'> & Partial<Party>,
  ) => Promise<void>
  readonly openAccount: (
    account: Pick<BankAccount, 'account' | 'name' | 'currency'> & Partial<BankAccount>,
  ) => Promise<void>
  readonly giveBack: (endToEndId: string, reason: string) => Promise<void>
  readonly parties: () => Promise<readonly Party[]>
  readonly accounts: () => Promise<readonly BankAccount[]>
}

/** Starts one, or goes on with that of the folder. */
export async function startNetworkProcess(
  options: Partial<NetworkOptions> & Pick<NetworkOptions, 'directory'>,
): Promise<LocalNetwork> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url))
  const service = await startService(program, 'network', options)
  const { adminKey, bankKey, networkKey } = keysIn(options.directory)
  const calls = adminCalls(service.url, adminKey)
  const credentials = { adminKey, bankKey, networkKey }
  return { ...service, credentials, ...adminOf<Move>(calls), ...networkAdminOf(calls) }
}

const networkAdminOf = ({ ask, tell }: AdminCalls) => ({
  admitInstitution: (name: string, pem: string, to: string | null = null) =>
    tell('institutions', { name, key: pem, url: to }),
  admitParty: (party: object) => tell('parties', party),
  openAccount: (account: object) => tell('bank/accounts', account),
  giveBack: (endToEndId: string, reason: string) => tell('bank/returns', { endToEndId, reason }),
  async parties() {
    return ((await ask('GET', 'parties')) as { parties: readonly Party[] }).parties
  },
  async accounts() {
    const answer = (await ask('GET', 'bank/accounts')) as { accounts: readonly BankAccount[] }
    return answer.accounts
  },
})
