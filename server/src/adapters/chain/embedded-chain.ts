/**
 * The embedded chain: anvil, its saved state, and coming back after anvil dies.
 *
 * A saved state is complete or absent (`files.ts`), and it may be old: what was mined since is in
 * the outbox, whose sender sends the same signed transactions again to a chain that does not know
 * them. What others sent to this chain is not in the outbox; before the ledger counts on it
 * (`finalMovements`), the state is saved.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import type { Hex } from 'viem'
import { type Anvil, startAnvil } from './anvil.ts'
import { readFileIfThere, writeFileAtomically } from './files.ts'
import { callTimeoutMs, HttpRpc, type Rpc, type RpcCall, RpcError } from './rpc.ts'

/** Gas costs nothing here; so much is never used up. */
const plentyWei = `0x${(10n ** 30n).toString(16)}`

const stateTimeoutMs = 300_000
const restartPauseMsMax = 5_000
/** A state is saved after so many blocks, so that coming back never takes long. */
const blocksPerSave = 2_000
const saveCheckMs = 60_000

/** What has to be true of a chain that comes up before anyone else may look at it. */
export type Preparation = (rpc: Rpc) => Promise<void>

export class EmbeddedChain implements Rpc {
  readonly #directory: string
  readonly #wealthy: readonly Hex[]
  readonly #prepare: Preparation
  /** Past the gate that the others wait at. */
  readonly #direct: Rpc
  #anvil: Anvil | undefined
  #up: Promise<void> = Promise.resolve()
  #starts = 0
  #savedBlock = -1
  #saving: Promise<void> = Promise.resolve()
  readonly #startListeners: (() => void)[] = []
  #closed = false
  readonly #timer: NodeJS.Timeout

  private constructor(
    directory: string,
    wealthy: readonly Hex[],
    prepare: Preparation,
    decorate: (rpc: Rpc) => Rpc,
  ) {
    this.#directory = directory
    this.#wealthy = wealthy
    this.#prepare = prepare
    this.#direct = decorate(new HttpRpc(() => this.url))
    this.#timer = setInterval(() => void this.#saveIfFarBehind(), saveCheckMs)
    this.#timer.unref()
  }

  /** Faults: CHAIN_NODE_MISSING, CHAIN_STATE_INVALID, and those of `prepare`. */
  static async start(
    directory: string,
    wealthy: readonly Hex[],
    prepare: Preparation,
    decorate: (rpc: Rpc) => Rpc = (rpc) => rpc,
  ): Promise<EmbeddedChain> {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const chain = new EmbeddedChain(directory, wealthy, prepare, decorate)
    try {
      await chain.#bringUp()
      return chain
    } catch (error) {
      await chain.#endNode()
      throw error
    }
  }

  get url(): string {
    return this.#anvil?.url ?? 'http://127.0.0.1:0'
  }

  /** The process that holds the chain: for tests that end it. */
  get pid(): number {
    return this.#anvil?.pid ?? 0
  }

  /** Changes when the node is found dead: what comes up then may be an earlier state. */
  get starts(): number {
    return this.#starts
  }

  /** Called when the node came back. */
  onStart(listener: () => void): void {
    this.#startListeners.push(listener)
  }

  async call<Result>(
    method: string,
    params: readonly unknown[],
    timeoutMs = callTimeoutMs,
  ): Promise<Result> {
    await this.#readyWithin(timeoutMs)
    return this.#direct.call(method, params, timeoutMs)
  }

  async batch(calls: readonly RpcCall[], timeoutMs = callTimeoutMs): Promise<readonly unknown[]> {
    await this.#readyWithin(timeoutMs)
    return this.#direct.batch(calls, timeoutMs)
  }

  /** On disk when it resolves: everything the chain holds at this moment. */
  save(): Promise<void> {
    const saved = this.#saving.then(async () => {
      await this.#readyWithin(callTimeoutMs)
      const block = await this.#direct.call<Hex>('eth_blockNumber', [])
      const state = await this.#direct.call<Hex>('anvil_dumpState', [], stateTimeoutMs)
      writeFileAtomically(this.#stateFile, Buffer.from(state.slice(2), 'hex'))
      this.#savedBlock = Number(block)
    })
    this.#saving = saved.catch(() => undefined)
    return saved
  }

  async close(): Promise<void> {
    if (this.#closed) return
    try {
      // What cannot be saved now is made again from the outbox.
      await this.save().catch(() => undefined)
    } finally {
      this.#closed = true
      clearInterval(this.#timer)
      await this.#endNode()
    }
  }

  get #stateFile(): string {
    return join(this.#directory, 'state.gz')
  }

  async #endNode(): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await this.#anvil?.end()
  }

  async #bringUp(): Promise<void> {
    const anvil = await startAnvil(this.#directory)
    this.#anvil = anvil
    if (this.#closed) return anvil.end()
    await this.#loadState()
    for (const address of this.#wealthy) {
      await this.#direct.call('anvil_setBalance', [address, plentyWei])
    }
    await this.#prepare(this.#direct)
    for (const listener of this.#startListeners) listener()
    void anvil.ended.then(() => this.#onEnd())
  }

  async #loadState(): Promise<void> {
    const state = readFileIfThere(this.#stateFile)
    if (state === undefined) return
    try {
      await this.#direct.call('anvil_loadState', [`0x${state.toString('hex')}`], stateTimeoutMs)
      this.#savedBlock = Number(await this.#direct.call<Hex>('eth_blockNumber', []))
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      const details = { file: this.#stateFile, reason: error.message }
      throw new Fault('CHAIN_STATE_INVALID', details, { cause: error })
    }
  }

  #onEnd(): void {
    if (this.#closed) return
    this.#starts += 1
    this.#up = this.#comeBack()
    // Whoever calls next learns why it failed.
    this.#up.catch(() => undefined)
  }

  async #comeBack(): Promise<void> {
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, restartPauseMsMax)) {
      try {
        await this.#anvil?.end()
        return await this.#bringUp()
      } catch (error) {
        if (this.#closed) throw error
        await wait(pauseMs)
      }
    }
  }

  async #readyWithin(timeoutMs: number): Promise<void> {
    if (this.#closed) throw new Fault('CHAIN_UNREACHABLE', { reason: 'the chain is closed' })
    // No abort signal: every call of a node that is up would make an error with its stack.
    const late = Promise.withResolvers<'late'>()
    const limit = setTimeout(late.resolve, timeoutMs, 'late').unref()
    try {
      const outcome = await Promise.race([this.#up, late.promise])
      if (outcome !== 'late') return
    } finally {
      clearTimeout(limit)
    }
    throw new Fault('CHAIN_UNREACHABLE', { reason: 'the node is starting' })
  }

  async #saveIfFarBehind(): Promise<void> {
    try {
      const block = Number(await this.call<Hex>('eth_blockNumber', []))
      if (block - this.#savedBlock >= blocksPerSave) await this.save()
    } catch {
      // Saving is a matter of time, not of correctness: the next check tries again.
    }
  }
}
