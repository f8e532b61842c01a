import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import { parseLabel, signShare } from '@busbar/protocols/timelock'
import type { OrdersFixed } from './chain.ts'
import type { MemberClock } from './clock.ts'
import type { MemberConfig } from './config.ts'
import { type KeyFile, verificationKeyIn } from './key-file.ts'

/** Why a member does not sign, in order of precedence, and the HTTP status of each. */
export const refusals = {
  label_malformed: 400,
  market_foreign: 422,
  share_unknown: 404,
  gate_open: 409,
  orders_not_fixed: 409,
  chain_unreachable: 503,
} as const

export type Refusal = keyof typeof refusals

export type PartialAnswer =
  | { readonly kind: 'signed'; readonly index: number; readonly partial: string }
  | {
      readonly kind: 'refused'
      readonly reason: Refusal
      /** The gate, where that is why. */
      readonly opensAtMs?: number
    }

export const signingLogName = 'signed.jsonl'

/**
 * Signs the labels of one market once their gates have closed, each once: what was signed before is
 * given again. Everything that was ever signed stands in a log.
 */
export class LabelSigner {
  readonly #config: MemberConfig
  readonly #keys: KeyFile
  readonly #clock: MemberClock
  readonly #ordersFixed: OrdersFixed | undefined
  readonly #logPath: string
  readonly #logged: Set<string>
  readonly #signed = new Map<string, string>()

  constructor(
    config: MemberConfig,
    keys: KeyFile,
    clock: MemberClock,
    ordersFixed: OrdersFixed | undefined,
  ) {
    this.#config = config
    this.#keys = keys
    this.#clock = clock
    this.#ordersFixed = ordersFixed
    this.#logPath = join(config.dataDir, signingLogName)
    this.#logged = new Set(existsSync(this.#logPath) ? signedIn(this.#logPath) : [])
  }

  get signedCount(): number {
    return this.#logged.size
  }

  /** @param verificationKey which of the member's shares, by its public side */
  async sign(label: string, verificationKey: string): Promise<PartialAnswer> {
    const parts = parsed(label)
    if (parts === undefined) return refused('label_malformed')
    const { market } = this.#config
    if (parts.chainId !== BigInt(market.chainId) || parts.intervalLog !== market.intervalLog) {
      return refused('market_foreign')
    }
    const held = this.#keys.secrets.shares.find(
      (one) => one.isConfirmed && verificationKeyIn(one) === verificationKey,
    )
    if (held === undefined) return refused('share_unknown')
    const name = `${verificationKey} ${label}`
    const known = this.#signed.get(name)
    if (known !== undefined) return { kind: 'signed', index: held.index, partial: known }
    const startMs = Number(parts.interval) * market.intervalSeconds * 1_000
    const gateMs = startMs - market.gateLeadSeconds * 1_000
    if (this.#clock.now() < gateMs) {
      return { kind: 'refused', reason: 'gate_open', opensAtMs: gateMs }
    }
    const objection = await this.#objection(parts.zone, parts.interval)
    if (objection !== undefined) return refused(objection)
    const partial = signShare(held.share, label)
    this.#log(name, label, verificationKey)
    this.#signed.set(name, partial)
    for (const oldest of this.#signed.keys()) {
      if (this.#signed.size <= signaturesKept) break
      this.#signed.delete(oldest)
    }
    return { kind: 'signed', index: held.index, partial }
  }

  async #objection(zone: number, interval: bigint): Promise<Refusal | undefined> {
    if (this.#ordersFixed === undefined) return undefined
    try {
      return (await this.#ordersFixed(zone, interval)) ? undefined : 'orders_not_fixed'
    } catch (error) {
      if (error instanceof Error) return 'chain_unreachable'
      throw error
    }
  }

  /** On the disk before the signature leaves. */
  #log(name: string, label: string, verificationKey: string): void {
    if (this.#logged.has(name)) return
    const { kind } = this.#clock
    const line = { at_ms: this.#clock.now(), clock: kind, label, verification_key: verificationKey }
    appendFileSync(this.#logPath, `${JSON.stringify(line)}\n`, { mode: 0o600, flush: true })
    this.#logged.add(name)
  }
}

const signaturesKept = 4_096

const refused = (reason: Refusal): PartialAnswer => ({ kind: 'refused', reason })

function parsed(label: string): ReturnType<typeof parseLabel> | undefined {
  try {
    return parseLabel(label)
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

/** A power cut may have left half a line at the end: what it stood for was not given out. */
function signedIn(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8')
  if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n')
  return text.split('\n').flatMap((line) => {
    const match = /"label":"([^"]+)","verification_key":"([^"]+)"\}$/.exec(line)
    return match === null ? [] : [`${match[2]} ${match[1]}`]
  })
}
