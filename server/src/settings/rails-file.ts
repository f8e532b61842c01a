import { dotted, type Part, secretsFile } from './secrets-file.ts'

/** How one payment provider is reached, for rail B. */
export type MoneyBlockConfig = {
  readonly url: string
  readonly apiKey: string
  /** One, or two while it is changed. */
  readonly webhookSecrets: readonly string[]
  readonly deadlineMs: number
}

/** How a bill network is reached, for rail D. Keys are of RSA, in PEM. */
export type BillsConfig = {
  readonly url: string
  readonly institution: string
  readonly network: string
  readonly privateKey: string
  readonly networkKey: string
  readonly currency: string
  readonly deadlineMs: number
}

/** How the banks of retailers are reached, for rail C. */
export type BankConfig = {
  readonly link:
    | { readonly folder: string }
    | { readonly url: string; readonly bankKey: string; readonly deadlineMs: number }
  readonly prefix: string
  readonly currency: string
  readonly initiator: string
  /** Who is paid, and pays, by account at the exchange. */
  readonly accounts: Readonly<Record<string, { readonly name: string; readonly account: string }>>
}

/** The rails that this server is set up for. */
export type RailsConfig = {
  readonly moneyBlock?: MoneyBlockConfig
  readonly bills?: BillsConfig
  readonly bank?: BankConfig
}

const { json, part, text, invalid } = secretsFile('BUSBAR_RAILS', 10_000)

/**
 * Reads the file of rails: it has their secrets, so nobody but its owner may read it.
 *
 * Faults: CONFIG_INVALID, naming the field and what it would have to be.
 */
export function railsFrom(path: string | undefined): RailsConfig {
  if (path === undefined) return {}
  const value = json(path)
  const { moneyBlock, bills, bank } = part(value, '', ['moneyBlock', 'bills', 'bank'])
  return {
    ...(moneyBlock === undefined ? {} : { moneyBlock: moneyBlockFrom(moneyBlock) }),
    ...(bills === undefined ? {} : { bills: billsFrom(bills) }),
    ...(bank === undefined ? {} : { bank: bankFrom(bank) }),
  }
}

function billsFrom(value: unknown): BillsConfig {
  const name = 'bills'
  const texts = ['institution', 'network', 'privateKey', 'networkKey'] as const
  const source = part(value, name, [...texts, 'url', 'currency', 'deadlineSeconds'])
  const [institution, network, privateKey, networkKey] = texts.map((field) =>
    text(source, name, field),
  )
  return {
    ...{ url: address(source, name), currency: currencyIn(source, name) },
    ...{ institution: institution ?? '', network: network ?? '' },
    ...{ privateKey: privateKey ?? '', networkKey: networkKey ?? '' },
    deadlineMs: deadline(source, name),
  }
}

function bankFrom(value: unknown): BankConfig {
  const name = 'bank'
  const byHttp = ['url', 'bankKey', 'deadlineSeconds']
  const others = ['folder', 'prefix', 'currency', 'initiator', 'accounts']
  const source = part(value, name, [...byHttp, ...others])
  const prefix = text(source, name, 'prefix')
  if (!/^[A-Za-z0-9]{1,12}$/.test(prefix)) throw invalid('bank.prefix', '1 to 12 letters or digits')
  const link =
    source.folder === undefined
      ? {
          ...{ url: address(source, name), bankKey: text(source, name, 'bankKey') },
          deadlineMs: deadline(source, name),
        }
      : { folder: text(source, name, 'folder') }
  const initiator = text(source, name, 'initiator')
  const names = { prefix, initiator, currency: currencyIn(source, name) }
  return { link, ...names, accounts: accountsIn(source) }
}

function accountsIn({ accounts }: Part): BankConfig['accounts'] {
  const name = 'bank.accounts'
  if (typeof accounts !== 'object' || accounts === null) throw invalid(name, 'an object')
  return Object.fromEntries(
    Object.entries(accounts).map(([account, value]) => {
      if (!/^(0|[1-9][0-9]{0,8})$/.test(account)) throw invalid(name, 'by number of an account')
      const field = `${name}.${account}`
      const source = part(value, field, ['name', 'account'])
      const party = { name: text(source, field, 'name'), account: text(source, field, 'account') }
      return [account, party]
    }),
  )
}

function currencyIn(source: Part, name: string): string {
  const currency = text(source, name, 'currency')
  if (/^[A-Z]{3}$/.test(currency)) return currency
  throw invalid(dotted(name, 'currency'), 'three letters such as EUR')
}

function moneyBlockFrom(value: unknown): MoneyBlockConfig {
  const name = 'moneyBlock'
  const source = part(value, name, ['url', 'apiKey', 'webhookSecrets', 'deadlineSeconds'])
  const { webhookSecrets } = source
  const isPair = Array.isArray(webhookSecrets) && [1, 2].includes(webhookSecrets.length)
  if (!isPair) throw invalid(`${name}.webhookSecrets`, 'one or two texts')
  return {
    url: address(source, name),
    apiKey: text(source, name, 'apiKey'),
    webhookSecrets: webhookSecrets.map((secret: unknown) => {
      if (typeof secret === 'string' && secret.length >= 32) return secret
      throw invalid(`${name}.webhookSecrets`, 'of at least 32 characters each')
    }),
    deadlineMs: deadline(source, name),
  }
}

function address(source: Part, name: string): string {
  const url = text(source, name, 'url')
  if (URL.canParse(url) && /^https?:/.test(url)) return url
  throw invalid(dotted(name, 'url'), 'an http(s) address')
}

function deadline({ deadlineSeconds = 10 }: Part, name: string): number {
  if (Number.isSafeInteger(deadlineSeconds)) {
    const seconds = Number(deadlineSeconds)
    if (seconds >= 1 && seconds <= 120) return 1_000 * seconds
  }
  throw invalid(dotted(name, 'deadlineSeconds'), 'an integer from 1 to 120')
}
