import { readFileSync } from 'node:fs'
import { Fault } from '@busbar/core/errors'
import type { NewParticipant } from '@busbar/core/exchange'
import { derToCash } from '@busbar/core/rulebook'
import type { TlsOptions } from '../http/http-server.ts'
import { isNetwork } from './networks.ts'
import { signInFrom, type SignInConfig } from './sign-in-file.ts'
import { type RailsConfig, railsFrom } from './rails-file.ts'

/** All that a server can be told from outside; `docs/guides/operating.md` lists it. */
export type Config = {
  readonly market: string
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly chainUrl: string | undefined
  /** Which chain the one at `chainUrl` must be. */
  readonly chainId: number | undefined
  readonly chainConfirmations: number
  readonly chainOperatorKey: string | undefined
  /** The address that may re-execute an unproven clearing; the operator's if none is given. */
  readonly chainAuditor: string | undefined
  /** The contract that verifies proofs, where it is on the network already. */
  readonly chainVerifier: string | undefined
  readonly host: string
  readonly port: number
  readonly clock:
    | { readonly mode: 'real' }
    | { readonly mode: 'manual'; readonly startMs: number }
    | { readonly mode: 'accelerated'; readonly startMs: number; readonly speed: number }
  /** With which a new market is opened; not needed once it is open. */
  readonly operator: NewParticipant | undefined
  /** Blinds what a new market commits to on the chain; made by chance if none is given. */
  readonly salt: string | undefined
  readonly rulebook: unknown
  /** Keys of the vault, the newest first, as they were given; see `vaultKeys`. */
  readonly vaultKeys: string | undefined
  /** Where each member of the committee is reached, by its name. */
  readonly committee: Readonly<Record<string, string>>
  /** The payment rails outside of the ledger, with their secrets. */
  readonly rails: RailsConfig
  /** Where webhooks may lead; to public addresses where nothing is said. */
  readonly webhookReach?: 'public' | 'any'
  /** Speaks TLS by these, PEM; and asks clients for certificates of these authorities. */
  readonly tls?: TlsOptions | undefined
  /** With which companies' providers people sign in. */
  readonly signIn?: SignInConfig | undefined
  /** Reverse proxies in front, whose word for where a request comes from counts. */
  readonly trustedProxies?: readonly string[]
  /** How long a prover may work on a batch before others may claim it. */
  readonly provingLeaseMs: number
  /** Whether something may be broken on purpose: with a manual clock alone. */
  readonly demoFaults?: boolean
  readonly verifier: 'native' | 'pure'
  readonly requestsPerMinuteMax: number | undefined
  /** The folder of the built pages; without it there is the interface alone. */
  readonly dashboard: string | undefined
  /** By which times and money are shown to people. */
  readonly display: { readonly timeZone: string; readonly currency: string | null }
}

/**
 * Reads the configuration from environment variables.
 *
 * Faults: CONFIG_INVALID, naming the variable and what it would have to be.
 */
export function configFrom(environment: Readonly<Record<string, string | undefined>>): Config {
  const text = (name: string): string | undefined => {
    const value = environment[name]
    return value === undefined || value === '' ? undefined : value
  }
  const integer = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name)
    if (value === undefined) return fallback
    const number = Number(value)
    if (!/^-?\d+$/.test(value) || number < min || number > max) {
      throw invalid(name, `an integer from ${min} to ${max}`)
    }
    return number
  }
  const rulebookFile = text('BUSBAR_RULEBOOK')
  const chainId = integer('CHAIN_ID', 0, 1, Number.MAX_SAFE_INTEGER)
  const requests = integer('BUSBAR_REQUESTS_PER_MINUTE', 0, 0, 1_000_000_000)
  return {
    market: text('BUSBAR_MARKET') ?? 'der-to-cash',
    dataDir: text('BUSBAR_DATA_DIR') ?? '.busbar',
    databaseUrl: text('DATABASE_URL'),
    chainUrl: text('CHAIN_URL'),
    chainId: chainId === 0 ? undefined : chainId,
    chainConfirmations: integer('CHAIN_CONFIRMATIONS', 0, 0, 10_000),
    chainOperatorKey: text('CHAIN_OPERATOR_KEY'),
    chainAuditor: text('CHAIN_AUDITOR'),
    chainVerifier: text('CHAIN_VERIFIER'),
    host: text('BUSBAR_HOST') ?? '127.0.0.1',
    port: integer('BUSBAR_PORT', 8_420, 0, 65_535),
    clock: clockFrom(text('BUSBAR_CLOCK') ?? 'real', text, integer),
    operator: operatorFrom(text('BUSBAR_OPERATOR')),
    salt: text('BUSBAR_SALT'),
    rulebook: rulebookFile === undefined ? derToCash : jsonFile('BUSBAR_RULEBOOK', rulebookFile),
    vaultKeys: text('BUSBAR_VAULT_KEY'),
    committee: committeeFrom(text('BUSBAR_COMMITTEE')),
    rails: railsFrom(text('BUSBAR_RAILS')),
    webhookReach: reachFrom(text('BUSBAR_WEBHOOKS') ?? 'public'),
    tls: tlsFrom(text),
    signIn: signInFrom(text('BUSBAR_OIDC')),
    trustedProxies: proxiesFrom(text('BUSBAR_TRUSTED_PROXIES') ?? ''),
    provingLeaseMs: 1_000 * integer('BUSBAR_PROVING_LEASE_SECONDS', 120, 1, 86_400),
    demoFaults: demoFaultsFrom(text('BUSBAR_DEMO_FAULTS'), text('BUSBAR_CLOCK')),
    verifier: verifierFrom(text('BUSBAR_VERIFIER') ?? 'native'),
    requestsPerMinuteMax: requests === 0 ? undefined : requests,
    dashboard: text('BUSBAR_DASHBOARD'),
    display: {
      timeZone: timeZoneFrom(text('BUSBAR_TIME_ZONE') ?? 'UTC'),
      currency: currencyFrom(text('BUSBAR_CURRENCY')),
    },
  }
}

const invalid = (variable: string, limit: string): Fault =>
  new Fault('CONFIG_INVALID', { variable, limit })

function demoFaultsFrom(value: string | undefined, clock: string | undefined): boolean {
  if (value === undefined || value === 'off') return false
  // A market of real people has a real clock: nothing of it is broken on purpose.
  if (value !== 'on' || clock !== 'manual') {
    throw invalid('BUSBAR_DEMO_FAULTS', 'off, or on where BUSBAR_CLOCK is manual')
  }
  return true
}

function clockFrom(
  mode: string,
  text: (name: string) => string | undefined,
  integer: (name: string, fallback: number, min: number, max: number) => number,
): Config['clock'] {
  if (mode === 'real') return { mode }
  const startMs = integer('BUSBAR_CLOCK_START_MS', Date.now(), 0, 253_402_300_799_999)
  if (mode === 'manual') return { mode, startMs }
  if (mode !== 'accelerated') {
    throw invalid('BUSBAR_CLOCK', 'real, accelerated or manual')
  }
  const speed = Number(text('BUSBAR_SPEED') ?? '60')
  if (!(speed > 0 && speed <= 100_000)) {
    throw invalid('BUSBAR_SPEED', 'above 0, at most 100000')
  }
  return { mode, startMs, speed }
}

/**
 * `{"name":…,"roles":["operator"],"address":…,"publicKey":…,"retailer":null}`: checked by the core.
 */
function operatorFrom(text: string | undefined): NewParticipant | undefined {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as NewParticipant
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_OPERATOR', limit: 'JSON' }, { cause })
  }
}

/** `{"operator":"http://127.0.0.1:8431",…}`: names as they are in the appointment. */
function committeeFrom(text: string | undefined): Config['committee'] {
  const limit = 'a JSON object of http(s) addresses by member'
  if (text === undefined) return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_COMMITTEE', limit }, { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('BUSBAR_COMMITTEE', limit)
  }
  for (const url of Object.values(value)) {
    const isAddress = typeof url === 'string' && URL.canParse(url) && /^https?:/.test(url)
    if (!isAddress) throw invalid('BUSBAR_COMMITTEE', limit)
  }
  return value as Config['committee']
}

function verifierFrom(value: string): Config['verifier'] {
  if (value === 'native' || value === 'pure') return value
  throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_VERIFIER', limit: 'native or pure' })
}

function reachFrom(value: string): 'public' | 'any' {
  if (value === 'public' || value === 'any') return value
  throw invalid('BUSBAR_WEBHOOKS', 'public or any')
}

/** Certificate and key belong together, and no client shows one to a server that has none. */
function tlsFrom(text: (name: string) => string | undefined): TlsOptions | undefined {
  const pem = (name: string, kind: string): string | undefined => {
    const path = text(name)
    if (path === undefined) return undefined
    let content: string
    try {
      content = readFileSync(path, 'utf8')
    } catch (cause) {
      throw new Fault('CONFIG_INVALID', { variable: name, limit: 'a readable file' }, { cause })
    }
    if (new RegExp(`-----BEGIN [A-Z ]*${kind}-----`).test(content)) return content
    throw invalid(name, `a file of PEM with a ${kind}`)
  }
  const certificate = pem('BUSBAR_TLS_CERT', 'CERTIFICATE')
  const key = pem('BUSBAR_TLS_KEY', 'PRIVATE KEY')
  const clientAuthority = pem('BUSBAR_TLS_CLIENT_CA', 'CERTIFICATE')
  if (certificate !== undefined && key !== undefined) return { certificate, key, clientAuthority }
  if (key !== undefined || clientAuthority !== undefined) {
    throw invalid('BUSBAR_TLS_CERT', 'given where a key or an authority is')
  }
  if (certificate !== undefined) throw invalid('BUSBAR_TLS_KEY', 'given where a certificate is')
  return undefined
}

function proxiesFrom(list: string): readonly string[] {
  const networks = list.split(',').map((one) => one.trim()).filter((one) => one !== '')
  if (networks.every(isNetwork)) return networks
  throw invalid('BUSBAR_TRUSTED_PROXIES', 'addresses and networks (CIDR), with commas between')
}

function timeZoneFrom(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (cause) {
    const limit = 'an IANA time zone such as Europe/Berlin'
    throw new Fault('CONFIG_INVALID', { variable: 'BUSBAR_TIME_ZONE', limit }, { cause })
  }
}

function currencyFrom(code: string | undefined): string | null {
  if (code === undefined) return null
  if (!/^[A-Z]{3}$/.test(code)) throw invalid('BUSBAR_CURRENCY', 'three letters such as EUR')
  return code
}

function jsonFile(variable: string, path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Fault('CONFIG_INVALID', { variable, limit: 'a readable JSON file' }, { cause })
  }
}
