/** For tests: a market's store, chain and sender, and the balances that must come out. */
import { equal } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Fault } from '@busbar/core/errors'
import { Micros } from '@busbar/core/units'
import { encodeEventTopics, type Hex } from 'viem'
import type { ChainEffect, OutboxSender } from '../../app/ports/chain.ts'
import type { OutboxItem } from '../../app/ports/outbox.ts'
import type { Store } from '../../app/ports/store.ts'
import { openEmbeddedStore } from '../store/open-store.ts'
import { clearingHouseAbi, intervalLogAbi } from './contracts.ts'
import type { EmbeddedChain } from './embedded-chain.ts'
import { type ChainOptions, openChain } from './open-chain.ts'
import { createOutboxSender, type SenderTiming } from './outbox-sender.ts'
import type { EvmSettlementChain } from './settlement-chain.ts'

export const market = 'der-to-cash'
export const root = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`

/** A network whose blocks come at once. */
const impatient: Partial<SenderTiming> = {
  ...{ pollMsMin: 2, pollMsMax: 50, idleMs: 200, gapMs: 500 },
}

type Settings = Partial<Omit<ChainOptions, 'dataDir' | 'market'>>

export class World {
  readonly dataDir: string
  readonly store: Store
  chain: EvmSettlementChain
  sender: OutboxSender
  readonly alarms: Fault[] = []
  /** How many items became final, those of a chain made again included. */
  finals = 0
  /** What every account must hold in the end. */
  readonly expected: bigint[] = [0n, 0n, 0n]
  #interval = 0

  private constructor(dataDir: string, store: Store, chain: EvmSettlementChain) {
    this.dataDir = dataDir
    this.store = store
    this.chain = chain
    this.sender = this.#startSender()
  }

  static async open(settings: Settings = {}): Promise<World> {
    const dataDir = mkdtempSync(join(tmpdir(), 'busbar-chain-'))
    const store = await openEmbeddedStore(market, dataDir)
    const chain = await openChain({ dataDir, market, intervalSeconds: 300, ...settings })
    return new World(dataDir, store, chain)
  }

  /** Over what another process left behind. */
  static async over(dataDir: string, store: Store, expected: readonly bigint[]): Promise<World> {
    const chain = await openChain({ dataDir, market, intervalSeconds: 300 })
    const world = new World(dataDir, store, chain)
    world.expected.splice(0, world.expected.length, ...expected)
    return world
  }

  /** A stop in order and a start, as when the server is restarted. */
  async restart(settings: Settings = {}): Promise<void> {
    await this.stop()
    await this.start(settings)
  }

  async stop(): Promise<void> {
    await this.sender.close()
    await this.chain.close()
  }

  async start(settings: Settings = {}): Promise<void> {
    const { dataDir } = this
    this.chain = await openChain({ dataDir, market, intervalSeconds: 300, ...settings })
    this.sender = this.#startSender()
  }

  async close(): Promise<void> {
    await this.stop()
    await this.store.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  get embedded(): EmbeddedChain {
    const { embedded } = this.chain.node
    if (embedded === undefined) throw new Error('this chain is not embedded')
    return embedded
  }

  /** `kill -9` of anvil. */
  killNode(): void {
    process.kill(this.embedded.pid, 'SIGKILL')
  }

  async put(...effects: readonly ChainEffect[]): Promise<readonly string[]> {
    const calls = effects.flatMap((effect) => this.chain.encode(effect))
    await this.store.enqueue(
      calls.map((call) => ({ ...call, journalSequence: 0, queuedAt: Date.now() })),
    )
    this.sender.kick()
    return calls.map(({ id }) => id)
  }

  /** Admits `count` participants that nobody has the keys of. */
  async admit(count: number): Promise<void> {
    const first = this.expected.length
    const participants = Array.from({ length: count }, (_, index) => strangerAt(first + index))
    await this.put({ kind: 'admit', participants })
    for (let index = 0; index < count; index += 1) this.expected.push(0n)
  }

  async fund(deposits: readonly (readonly [account: number, amount: bigint])[]): Promise<void> {
    const list = deposits.map(([account, amount]) => ({ account, amount: Micros.from(amount) }))
    await this.put({ kind: 'fund', reference: root(1_000_000 + this.#interval++), deposits: list })
    this.count(deposits)
  }

  /** Commits to a new interval and settles it. */
  async settle(net: readonly (readonly [account: number, amount: bigint])[]): Promise<number> {
    const interval = await this.commit()
    await this.put(settlementOf(interval, net))
    this.count(net)
    return interval
  }

  count(net: readonly (readonly [account: number, amount: bigint])[]): void {
    for (const [account, amount] of net) this.#add(account, amount)
  }

  async commit(): Promise<number> {
    const interval = this.#interval++
    await this.put(...commitmentOf(interval))
    return interval
  }

  /** Everything is final, and the chain holds what it must. */
  async mustAgree(): Promise<void> {
    await this.sender.drained()
    equal((await this.store.unfinished(1)).length, 0)
    equal(this.sender.pending, 0)
    const balances = await this.chain.balances(this.expected.length)
    equal(balances.join(), this.expected.join())
  }

  /** How many commitments the chain has: an effect that came twice would show. */
  async events(name: 'ClearingCommitted' | 'Deposited' | 'BatchSettled'): Promise<number> {
    const abi = [...clearingHouseAbi, ...intervalLogAbi]
    const topics = encodeEventTopics({ abi, eventName: name })
    const logs = await this.chain.node.rpc.call<unknown[]>('eth_getLogs', [
      { fromBlock: '0x0', toBlock: 'latest', topics },
    ])
    return logs.length
  }

  item(id: string): Promise<OutboxItem | undefined> {
    return this.store.find(id)
  }

  #add(account: number, amount: bigint): void {
    this.expected[account] = (this.expected[account] ?? 0n) + amount
  }

  #startSender(): OutboxSender {
    const onAlarm = (fault: Fault): void => void this.alarms.push(fault)
    const timing = this.chain.node.embedded === undefined ? impatient : {}
    const sender = createOutboxSender({ chain: this.chain, outbox: this.store, onAlarm, timing })
    sender.onFinal(() => {
      this.finals += 1
    })
    return sender
  }
}

/** The order set of an open book, and its clearing. */
export const commitmentOf = (interval: number): readonly [ChainEffect, ChainEffect] => [
  { kind: 'fix_orders', zone: 0, interval, ...ordersAt(interval), terms: openTerms },
  { kind: 'commit_clearing', zone: 0, interval, ...clearingAt(interval) },
]

const openTerms = { sealedBook: false, proofRequired: false, proofDeadlineSeconds: 0 }

export const ordersAt = (interval: number) => ({
  ...{ ordersRoot: root(interval), orderCount: 3, rulebookHash: root(7) },
})

export const clearingAt = (interval: number) => ({
  ...{ price: -250_000n, energy: 1_200n, voidCount: 1 },
  ...{ fillsRoot: root(0), clearingRoot: root(interval + 1) },
})

export const settlementOf = (
  interval: number,
  net: readonly (readonly [account: number, amount: bigint])[],
): ChainEffect => ({
  kind: 'settle_run',
  zone: 0,
  interval,
  run: 0,
  isProofRequired: false,
  readingsRoot: root(interval + 2),
  postingsRoot: root(interval + 3),
  net: net.map(([account, amount]) => ({ account, amount: Micros.from(amount) })),
})

export const strangerAt = (account: number) => ({
  account,
  address: `0x${(0x1000_0000 + account).toString(16).padStart(40, '0')}`,
  publicKey: `0x02${account.toString(16).padStart(64, '0')}`,
})

export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 20_000,
): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited too long for: ${what}`)
    await wait(5)
  }
}
