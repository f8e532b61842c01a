import { readFileSync, statSync } from 'node:fs'
import { Fault } from '@busbar/core/errors'

/** How one payment provider is reached, for rail B. */
export type MoneyBlockConfig = {
  readonly url: string
  readonly apiKey: string
  /** One, or two while it is changed. */
  readonly webhookSecrets: readonly string[]
  readonly deadlineMs: number
}

/** The rails that this server is set up for. */
export type RailsConfig = { readonly moneyBlock?: MoneyBlockConfig }

const variable = 'BUSBAR_RAILS'

/**
 * Reads the file of rails: it has their secrets, so nobody but its owner may read it.
 *
 * Faults: CONFIG_INVALID, naming the field and what it would have to be.
 */
export function railsFrom(path: string | undefined): RailsConfig {
  if (path === undefined) return {}
  const value = jsonIn(path)
  const source = part(value, '', ['moneyBlock'])
  const { moneyBlock } = source
  return moneyBlock === undefined ? {} : { moneyBlock: moneyBlockFrom(moneyBlock) }
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

function jsonIn(path: string): unknown {
  try {
    // What Windows says of modes is nothing that could be checked.
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw invalid('mode', 'a file that only its owner may read')
    }
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('CONFIG_INVALID', { variable, limit: 'a readable JSON file' }, { cause })
  }
}

type Part = Readonly<Record<string, unknown>>

function part(value: unknown, name: string, fields: readonly string[]): Part {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(name, 'an object')
  }
  const unknown = Object.keys(value).find((field) => !fields.includes(field))
  if (unknown !== undefined) throw invalid(dotted(name, unknown), `one of ${fields.join(', ')}`)
  return value as Part
}

const dotted = (name: string, field: string): string => (name === '' ? field : `${name}.${field}`)

function text(source: Part, name: string, field: string): string {
  const value = source[field]
  if (typeof value === 'string' && value.length > 0 && value.length <= 10_000) return value
  throw invalid(dotted(name, field), 'a text')
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

const invalid = (field: string, limit: string): Fault =>
  new Fault('CONFIG_INVALID', { variable, field, limit })
