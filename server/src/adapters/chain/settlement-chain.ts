/** What the server asks of the chain: calls to encode, balances, commitments, movements. */
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeEventLog,
  decodeFunctionResult,
  encodeEventTopics,
  encodeFunctionData,
  type EncodeFunctionDataParameters,
  type Hex,
} from 'viem'
import type {
  ChainCall,
  ChainDemand,
  ChainDeployment,
  ChainDispute,
  ChainEffect,
  ChainInterval,
  ChainMovement,
  SettlementChain,
} from '../../app/ports/chain.ts'
import { admittedIn } from './account-keys.ts'
import {
  clearingHouseAbi,
  clearingProofsAbi,
  describeRevert,
  fiatTokenAbi,
  intervalLogAbi,
  tradeHoldsAbi,
} from './contracts.ts'
import type { DeploymentFile } from './deploy.ts'
import { disputesAfter, disputeTopics, type OpenDisputes } from './disputes.ts'
import { abandonCall, encodeEffect, waitingClaimCall } from './encode.ts'
import { intervalOf, statusNamed } from './intervals.ts'
import { type FoundMovement, type Log, movementsOf, movementTopics } from './movements.ts'
import type { ChainNode } from './open-chain.ts'
import { RpcError } from './rpc.ts'
import { heldBefore, holdTopics } from './trade-holds.ts'

/** Accounts per call: some 3,000 gas each to read, below any node's limit for calls. */
const accountsPerRead = 2_000
const unreadableMsMax = 30_000
/** What a node of a network answers for: Besu's limit, the lowest of the usual ones. */
const blocksPerLogsRead = 5_000

export type OpenBatch = {
  readonly group: string
  readonly chunkCount: number
  readonly applied: number
}

export class EvmSettlementChain implements SettlementChain {
  readonly deployment: ChainDeployment
  readonly description: string
  /** For the sender and for tests; the port does not have it. */
  readonly node: ChainNode
  /** Since which `starts` of the node, and through which block, movements were read. */
  #scanned: { readonly start: number; readonly throughBlock: number } | undefined

  /** What was asked for and not shown when it was last looked at, with how far that was. */
  #demanded:
    | {
        readonly start: number
        readonly throughBlock: number
        readonly open: ReadonlyMap<string, ChainDemand>
      }
    | undefined

  /** The same of what is disputed. */
  #disputed:
    | { readonly start: number; readonly throughBlock: number; readonly open: OpenDisputes }
    | undefined

  constructor(node: ChainNode, file: DeploymentFile, words: string) {
    const { contracts, chainId, fromBlock, verifier } = file
    this.node = node
    this.description = words
    this.deployment = {
      chainId,
      clearingHouse: contracts.clearingHouse.address,
      participantRegistry: contracts.participantRegistry.address,
      intervalLog: contracts.intervalLog.address,
      tradeHolds: contracts.tradeHolds.address,
      accountKeys: contracts.accountKeys.address,
      clearingProofs: contracts.clearingProofs.address,
      clearingVerifier: verifier,
      fiatToken: contracts.fiatToken.address,
      fromBlock,
    }
  }

  encode(effect: ChainEffect): readonly ChainCall[] {
    return encodeEffect(effect, this.deployment, this.node.operator.address)
  }

  /** Drops the batch of `group`; `position` is that of the refused chunk, which makes the id. */
  encodeAbandon(group: string, position: number): ChainCall {
    return abandonCall(group, position, this.deployment.clearingHouse)
  }

  /** Faults: CHAIN_BALANCES_UNREADABLE while a batch is being applied for too long. */
  async balances(count: number): Promise<readonly bigint[]> {
    const end = performance.now() + unreadableMsMax
    for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 200)) {
      try {
        return await this.#balancesOfOneBlock(count)
      } catch (error) {
        if (!isBetweenBatches(error)) throw error
        if (performance.now() > end) throw new Fault('CHAIN_BALANCES_UNREADABLE', {})
      }
      await wait(pauseMs)
    }
  }

  async holds(accounts: readonly number[]): Promise<readonly bigint[]> {
    const block = await this.#newestBlock()
    const { tradeHolds: address } = this.deployment
    const wanted: bigint[] = []
    for (const account of accounts) {
      const [, amount] = await this.#read(
        ...([address, tradeHoldsAbi, 'holdOf', [account] as const, block] as const),
      )
      wanted.push(amount)
    }
    return wanted
  }

  async admittedPasskeys(): ReturnType<SettlementChain['admittedPasskeys']> {
    const block = await this.#newestBlock()
    const { accountKeys, fromBlock } = this.deployment
    return admittedIn(await this.#logs(accountKeys, [], fromBlock, block))
  }

  async supply(): Promise<{ readonly total: bigint; readonly held: bigint }> {
    const block = await this.#newestBlock()
    const address = this.deployment.fiatToken
    const held = [this.deployment.clearingHouse] as const
    return {
      total: await this.#read(address, fiatTokenAbi, 'totalSupply', [], block),
      held: await this.#read(address, fiatTokenAbi, 'balanceOf', held, block),
    }
  }

  async interval(zone: number, interval: number): Promise<ChainInterval | undefined> {
    const block = Math.max(0, (await this.#newestBlock()) - this.node.confirmations)
    const { intervalLog: address, fromBlock } = this.deployment
    const args = { zone, interval: BigInt(interval) }
    // All events of the log begin with zone and interval, but the one for rulebooks.
    const [, ...place] = encodeEventTopics({ abi: intervalLogAbi, eventName: 'OrdersFixed', args })
    const logs = await this.#logs(address, [null, ...place], fromBlock, block)
    const found = intervalOf(logs)
    if (found === undefined) return undefined
    const key = [zone, args.interval] as const
    const status = await this.#read(address, intervalLogAbi, 'statusOf', key, block)
    const due = await this.#read(address, intervalLogAbi, 'proofDueAt', key, block)
    return {
      ...found,
      status: statusNamed(status),
      proofDueMs: due === 0n ? null : Number(due) * 1_000,
    }
  }

  /**
   * A reference is the hash of the transaction and the place of the event among those of its kind
   * in that transaction. The node's own log index counts over the block, and which transactions
   * share a block changes when the embedded chain is made again.
   *
   * When the embedded node came up again, reading begins at the first block whatever the caller
   * asks for: blocks are numbered anew when the chain is made again. The caller knows movements by
   * their references.
   */
  async finalMovements(
    fromBlock: number,
  ): Promise<{ readonly throughBlock: number; readonly movements: readonly ChainMovement[] }> {
    const { embedded, starts, confirmations } = this.node
    const start = starts()
    const first = this.#firstUnread(fromBlock, start)
    const throughBlock = (await this.#newestBlock()) - confirmations
    if (throughBlock < first) {
      // Perhaps less than before, after a reorganisation: then those blocks are read again.
      const least = Math.max(throughBlock, this.deployment.fromBlock - 1, 0)
      this.#scanned = { start, throughBlock: least }
      return { throughBlock: least, movements: [] }
    }
    const house = this.deployment.clearingHouse
    const logs = await this.#logs(house, movementTopics, first, throughBlock)
    const found = movementsOf(logs)
    const isOurs = ({ payer }: FoundMovement): boolean =>
      payer !== undefined && this.#isOperator(payer)
    if (embedded !== undefined && !found.every(isOurs)) {
      // The outbox cannot make it again, so it counts from when it is on disk.
      await embedded.save()
    }
    // Another start meanwhile: what was read may be of a chain that is no more.
    if (starts() !== start) return this.finalMovements(fromBlock)
    this.#scanned = { start, throughBlock }
    const movements: ChainMovement[] = []
    for (const { movement, log } of found) movements.push(await this.#withHeld(movement, log))
    return { throughBlock, movements }
  }

  /** Requests are rare, so what was held before one is looked up when it comes. */
  async #withHeld(movement: ChainMovement, log: Log): Promise<ChainMovement> {
    if (movement.kind !== 'request' || movement.amount === 0n) return movement
    const { tradeHolds, fromBlock } = this.deployment
    const topics = holdTopics(movement.account)
    const holds = await this.#logs(tradeHolds, topics, fromBlock, Number(log.blockNumber))
    return { ...movement, held: heldBefore(holds, log, movement.claimableAtMs) }
  }

  /** Read on from where it was read to, and from the first block when the node came up again. */
  async openDemands(): Promise<readonly ChainDemand[]> {
    const { clearingProofs, fromBlock } = this.deployment
    const start = this.node.starts()
    const isSameStart = this.#demanded?.start === start
    const known = isSameStart && this.#demanded !== undefined ? this.#demanded : undefined
    const open = new Map(known?.open)
    const first = (known?.throughBlock ?? fromBlock - 1) + 1
    const last = (await this.#newestBlock()) - this.node.confirmations
    const topics = encodeEventTopics({ abi: clearingProofsAbi, eventName: 'OrderDemanded' })
    for (const log of await this.#logs(clearingProofs, topics, first, last)) {
      const { topics: found, data } = log
      const event = decodeEventLog({ abi: clearingProofsAbi, topics: found, data })
      if (event.eventName !== 'OrderDemanded') continue
      const { zone, interval, commitment, answerBy } = event.args
      const answerByMs = Number(answerBy) * 1_000
      const demand = { zone, interval: Number(interval), commitment, answerByMs }
      open.set(`${zone}/${interval}/${commitment}`, demand)
    }
    for (const [key, { zone, interval, commitment }] of open) {
      const order = [zone, BigInt(interval), commitment as Hex] as const
      const until = await this.#read(
        ...([clearingProofs, clearingProofsAbi, 'demandOf', order, Math.max(last, 0)] as const),
      )
      if (until === 0n) open.delete(key)
    }
    this.#demanded = { start, throughBlock: Math.max(last, first - 1), open }
    return [...open.values()]
  }

  /** Read on as demands are. */
  async openDisputes(): Promise<readonly ChainDispute[]> {
    const { clearingProofs, fromBlock } = this.deployment
    const start = this.node.starts()
    const known = this.#disputed?.start === start ? this.#disputed : undefined
    const first = (known?.throughBlock ?? fromBlock - 1) + 1
    const last = (await this.#newestBlock()) - this.node.confirmations
    const logs = await this.#logs(clearingProofs, disputeTopics, first, last)
    const open = disputesAfter(known?.open ?? new Map(), logs)
    this.#disputed = { start, throughBlock: Math.max(last, first - 1), open }
    return [...open.values()]
  }

  async timeMs(): Promise<number> {
    const next = await this.#call<{ timestamp: Hex } | null>('eth_getBlockByNumber', [
      'pending',
      false,
    ])
    return next === null ? (await this.health()).timestampMs : Number(next.timestamp) * 1_000
  }

  /** The calls that pay requests whose claim met an open batch: no other can be staged before. */
  async waitingClaims(): Promise<readonly ChainCall[]> {
    const { clearingHouse, fromBlock } = this.deployment
    const topics = encodeEventTopics({ abi: clearingHouseAbi, eventName: 'WithdrawalDeferred' })
    const block = await this.#newestBlock()
    const logs = await this.#logs(clearingHouse, topics, fromBlock, block)
    const accounts = new Set(logs.map((log) => Number(log.topics[1])))
    const calls: ChainCall[] = []
    for (const account of [...accounts].sort((a, b) => a - b)) {
      const request = [account] as const
      const [, claimableAt, isWaiting] = await this.#read(
        clearingHouse,
        clearingHouseAbi,
        'requestOf',
        request,
        block,
      )
      if (isWaiting) calls.push(waitingClaimCall(account, claimableAt, clearingHouse))
    }
    return calls
  }

  #firstUnread(fromBlock: number, start: number): number {
    if (this.node.embedded === undefined) return fromBlock + 1
    const isSameStart = this.#scanned?.start === start
    const read = isSameStart ? (this.#scanned?.throughBlock ?? 0) : this.deployment.fromBlock - 1
    return Math.min(fromBlock, read) + 1
  }

  async health(): Promise<{ readonly block: number; readonly timestampMs: number }> {
    const block = await this.#call<{ number: Hex; timestamp: Hex } | null>('eth_getBlockByNumber', [
      'latest',
      false,
    ])
    if (block === null) throw new Fault('CHAIN_UNREACHABLE', { reason: 'there is no block' })
    return { block: Number(block.number), timestampMs: Number(block.timestamp) * 1_000 }
  }

  /** The batch that is staged or being applied. */
  async openBatch(): Promise<OpenBatch | undefined> {
    const block = await this.#newestBlock()
    const address = this.deployment.clearingHouse
    const [zone, interval, run, chunkCount, , applied] = await this.#read(
      address,
      clearingHouseAbi,
      'openBatch',
      [],
      block,
    )
    if (chunkCount === 0) return undefined
    return { group: `settle/${zone}/${interval}/${run}`, chunkCount, applied }
  }

  /** Saves the state of the embedded chain and ends it. The sender has to be closed before. */
  async close(): Promise<void> {
    await this.node.embedded?.close()
  }

  async #balancesOfOneBlock(count: number): Promise<readonly bigint[]> {
    const block = await this.#newestBlock()
    const address = this.deployment.clearingHouse
    const balances: bigint[] = []
    for (let first = 0; first < count; first += accountsPerRead) {
      const args = [first, Math.min(accountsPerRead, count - first)] as const
      balances.push(...(await this.#read(address, clearingHouseAbi, 'balancesOf', args, block)))
    }
    return balances
  }

  async #newestBlock(): Promise<number> {
    return Number(await this.#call<Hex>('eth_blockNumber', []))
  }

  async #read<
    const Contract extends Abi,
    Name extends ContractFunctionName<Contract, 'view' | 'pure'>,
    Result = ContractFunctionReturnType<Contract, 'view' | 'pure', Name>,
  >(
    to: Hex,
    abi: Contract,
    functionName: Name,
    args: ContractFunctionArgs<Contract, 'view' | 'pure', Name>,
    block: number,
  ): Promise<Result> {
    const parameters = { abi, functionName, args } as unknown as EncodeFunctionDataParameters
    const data = encodeFunctionData(parameters)
    const tag = `0x${block.toString(16)}`
    const result = await this.#call<Hex>('eth_call', [{ to, data }, tag])
    return decodeFunctionResult({ ...parameters, data: result } as never) as Result
  }

  async #logs(
    address: Hex,
    topics: readonly unknown[],
    first: number,
    last: number,
  ): Promise<readonly Log[]> {
    const found: Log[] = []
    // Networks refuse long ranges; our own node does not.
    const step = this.node.embedded === undefined ? blocksPerLogsRead : last - first + 1
    for (let from = first; from <= last; from += step) {
      const to = Math.min(last, from + step - 1)
      const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` }
      found.push(...(await this.#call<Log[]>('eth_getLogs', [{ address, topics, ...range }])))
    }
    return found
  }

  async #call<Result>(method: string, params: readonly unknown[]): Promise<Result> {
    try {
      return await this.node.rpc.call<Result>(method, params)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      const reason = error.data === undefined ? error.message : describeRevert(error.data)
      throw new Fault('CHAIN_REFUSED', { method, reason }, { cause: error })
    }
  }

  #isOperator(address: Hex): boolean {
    return address.toLowerCase() === this.node.operator.address.toLowerCase()
  }
}

const isBetweenBatches = (error: unknown): boolean =>
  error instanceof Fault &&
  error.cause instanceof RpcError &&
  describeRevert(error.cause.data).startsWith('ClearingHouseBatchApplying(')
