/** A market whose server dies where it is told to, and is started again on the same data. */
import { equal } from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BusbarClient } from '@busbar/client'
import type { Rail, TradeRules } from '@busbar/core/rulebook'
import { KillableProcess } from './killable-process.ts'
import { marketId, openAtMs, operator, type Pair, RailMarket, railRulebook } from './rail-market.ts'

/** A server that has not come to its point by then never will. */
const deathMsMax = 180_000

const noRetry = { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 }

type Terms = {
  /** Of the folder that it keeps everything in. */
  readonly name: string
  readonly pairs?: readonly Pair[]
  readonly rails?: readonly Rail[]
  /** What its rules of trades have instead of the usual. */
  readonly rules?: Partial<TradeRules>
  /** What the server is told besides; asked for at every start. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>
}

export class KillableMarket {
  readonly market: RailMarket
  readonly server: KillableProcess
  readonly dataDir: string
  readonly #folder: string
  readonly #terms: Terms

  constructor(terms: Terms) {
    this.#terms = terms
    this.#folder = mkdtempSync(join(tmpdir(), `busbar-${terms.name}-kill-`))
    this.dataDir = join(this.#folder, 'data')
    mkdirSync(this.dataDir)
    this.server = new KillableProcess(join(this.#folder, 'passages.log'))
    const nowhere = new BusbarClient({ baseUrl: 'http://127.0.0.1:1' })
    this.market = new RailMarket(nowhere, terms.pairs ?? [])
  }

  /** To die at `killAt` (`point:n`; empty: not at all). */
  async start(killAt = ''): Promise<void> {
    const { rails = ['clearing-house'], rules, environment } = this.#terms
    const rulebook = join(this.#folder, 'rulebook.json')
    writeFileSync(rulebook, JSON.stringify(railRulebook(rails, rules)))
    const url = await this.server.start(killAt, {
      ...{ BUSBAR_MARKET: marketId, BUSBAR_DATA_DIR: this.dataDir, BUSBAR_PORT: '0' },
      ...{ BUSBAR_CLOCK: 'manual', BUSBAR_CLOCK_START_MS: String(openAtMs) },
      ...{ BUSBAR_RULEBOOK: rulebook, BUSBAR_OPERATOR: JSON.stringify(operator) },
      ...environment?.(this.#folder),
    })
    this.market.url = url
    this.market.client = new BusbarClient({ baseUrl: url, retry: noRetry, timeoutMs: 60_000 })
  }

  /** Does it with a server that dies at the point; whether it was answered all the same. */
  async dieAt(point: string, doing: () => Promise<unknown>): Promise<boolean> {
    await this.server.stop()
    await this.start(`${point}:${this.server.passages(point) + 1}`)
    const ended = this.server.ended()
    const answered = doing().then(() => true, () => false)
    const late = wait(deathMsMax, 'did not pass it', { ref: false })
    equal(await Promise.race([ended, late]), 'SIGKILL', point)
    return answered
  }

  /** Does it with a server that dies at the point, and again with one that does not. */
  async dyingAt<T>(point: string, doing: () => Promise<T>): Promise<T> {
    await this.dieAt(point, doing)
    await this.start()
    return doing()
  }

  remove(): void {
    this.server.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
