import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Micros } from '@busbar/core/units'
import {
  createOutboxSender,
  type EvmSettlementChain,
  openChain,
} from '@busbar/server/adapters/chain/index'
import { openEmbeddedStore } from '@busbar/server/adapters/store/open-store'
import type { ChainEffect } from '@busbar/server/app/ports/chain'
import type { Store } from '@busbar/server/app/ports/store'
import { encodeFunctionData, erc20Abi, type Hex, keccak256 } from 'viem'
import { type FigureLine, quantile, rounded } from './figure.ts'

const participants = 5_000
const firstAccount = 3
const pairs = 15
const marketId = 'bench'
const pollMs = 1

/**
 * The figures of the chain, all on the embedded node with the transaction gas limit on. Gas is what
 * receipts say; a settlement gives every one of 5,000 accounts that hold money another balance. The
 * peer of a settlement's time is the same calldata, signed with viem and sent straight to a second
 * node in the same state, whose receipt is asked for every millisecond.
 */
export async function chainFigures(): Promise<readonly FigureLine[]> {
  const market = await Market.open()
  try {
    const transferGas = await market.transferGas()
    const gas = await gasFigures(market, transferGas)
    return [...gas, await settleAgainstDirect(market)]
  } finally {
    await market.close()
  }
}

async function gasFigures(market: Market, transferGas: number): Promise<readonly FigureLine[]> {
  // The first interval under a rulebook also announces its terms.
  for (const effect of commitment(2)) await market.gasOf(effect)
  let commitGas = 0
  for (const effect of commitment(1)) commitGas += await market.gasOf(effect)
  const settleGas = await market.gasOf(settlement(1))
  const perParticipant = settleGas / participants / transferGas
  const rootOnly = commitGas / 1_000 / transferGas
  return [
    {
      figure: 'gas_per_participant_vs_erc20_5000',
      value: rounded(perParticipant),
      bar: '<= 0.05',
      holds: perParticipant <= 0.05,
      detail: { settleGas, participants, transferGas, transactions: 1 },
    },
    {
      figure: 'gas_root_only_vs_erc20_1000',
      value: rounded(rootOnly),
      // Two transactions, because orders are fixed before they can be opened: more than the bar
      // allows, which was set when one did for both.
      bar: '<= 0.002',
      holds: rootOnly <= 1 / 500,
      detail: { commitGas, participants: 1_000, transferGas, transactions: 2 },
    },
  ]
}

async function settleAgainstDirect(market: Market): Promise<FigureLine> {
  const oursMs: number[] = []
  const peerMs: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const interval = 10 + pair
    await market.prepare(interval)
    oursMs.push(await market.settleThroughSender(interval))
    peerMs.push(await market.settleDirectly(interval))
  }
  const ratios = oursMs.map((ours, index) => ours / (peerMs[index] ?? Number.NaN))
  const value = quantile(ratios, 0.5)
  return {
    figure: 'settle_5000_vs_direct',
    value: rounded(value),
    bar: '<= 1.5',
    holds: value <= 1.5,
    detail: {
      oursMs: rounded(quantile(oursMs, 0.5)),
      peerMs: rounded(quantile(peerMs, 0.5)),
      ratio: { p10: rounded(quantile(ratios, 0.1)), p90: rounded(quantile(ratios, 0.9)) },
      pairs,
      ours: 'enqueued to final: read, signed, stored on disk, sent, receipt, stored on disk',
      peer: 'signed, sent, receipt',
    },
  }
}

/** Two markets alike: one that the sender serves, one that is driven by hand. */
class Market {
  readonly #served: Side
  readonly #direct: Side

  private constructor(served: Side, direct: Side) {
    this.#served = served
    this.#direct = direct
  }

  static async open(): Promise<Market> {
    const sides = [await Side.open(), await Side.open()] as const
    for (const side of sides) await side.fill()
    await sides[1].sender.close()
    return new Market(...sides)
  }

  /** An ERC-20 transfer of its own, to somebody who has some of the token. */
  async transferGas(): Promise<number> {
    const { chain } = this.#direct
    const [mint] = chain.encode({ ...funding([[firstAccount, 1_000_000n]]), reference: root(99) })
    if (mint === undefined) throw new Error('funding begins with a mint')
    await this.#direct.send(mint)
    const holder: Hex = `0x${'77'.repeat(20)}`
    const transfer = { abi: erc20Abi, functionName: 'transfer', args: [holder, 1n] } as const
    const toAddress = chain.deployment.fiatToken
    const calldata = encodeFunctionData(transfer)
    await this.#direct.send({ toAddress, calldata })
    const again = await this.#direct.send({ toAddress, calldata })
    return Number(again.gasUsed)
  }

  /** Of the one transaction that the effect takes, on both sides. */
  async gasOf(effect: ChainEffect): Promise<number> {
    await this.#served.put(effect)
    await this.#served.sender.drained()
    const [call, ...others] = this.#direct.chain.encode(effect)
    if (call === undefined || others.length > 0) throw new Error('not one transaction')
    return Number((await this.#direct.send(call)).gasUsed)
  }

  async prepare(interval: number): Promise<void> {
    for (const effect of commitment(interval)) await this.gasOf(effect)
  }

  async settleThroughSender(interval: number): Promise<number> {
    const { sender } = this.#served
    const id = `settle/0/${interval}/0`
    const final = new Promise<void>((resolve) => {
      sender.onFinal((finalId) => {
        if (finalId === id) resolve()
      })
    })
    await this.#served.enqueue(settlement(interval))
    const start = performance.now()
    sender.kick()
    await final
    return performance.now() - start
  }

  async settleDirectly(interval: number): Promise<number> {
    const [call] = this.#direct.chain.encode(settlement(interval))
    if (call === undefined) throw new Error('a settlement has a call')
    const nonce = await this.#direct.nonce()
    const start = performance.now()
    await this.#direct.send(call, nonce)
    return performance.now() - start
  }

  async close(): Promise<void> {
    await this.#served.close()
    await this.#direct.close()
  }
}

type Receipt = { readonly status: Hex; readonly gasUsed: Hex }
type Call = { readonly toAddress: string; readonly calldata: string }

class Side {
  readonly chain: EvmSettlementChain
  readonly sender: ReturnType<typeof createOutboxSender>
  readonly #store: Store
  readonly #directory: string

  private constructor(directory: string, store: Store, chain: EvmSettlementChain) {
    this.#directory = directory
    this.#store = store
    this.chain = chain
    const onAlarm = (fault: Error): void => console.error(fault.message)
    this.sender = createOutboxSender({ chain, outbox: store, onAlarm })
  }

  static async open(): Promise<Side> {
    const dataDir = mkdtempSync(join(tmpdir(), 'busbar-bench-'))
    const store = await openEmbeddedStore(marketId, dataDir)
    const chain = await openChain({ dataDir, market: marketId, intervalSeconds: 300 })
    return new Side(dataDir, store, chain)
  }

  /** Admits everyone, and gives everyone money. */
  async fill(): Promise<void> {
    const accounts = Array.from({ length: participants }, (_, index) => firstAccount + index)
    const people = accounts.map((account) => ({
      account,
      address: `0x${(0x1000_0000 + account).toString(16).padStart(40, '0')}`,
      publicKey: `0x02${account.toString(16).padStart(64, '0')}`,
    }))
    await this.put({ kind: 'admit', participants: people })
    await this.put(funding(accounts.map((account) => [account, 1_000_000_000n])))
    await this.sender.drained()
  }

  async put(effect: ChainEffect): Promise<void> {
    await this.enqueue(effect)
    this.sender.kick()
  }

  async enqueue(effect: ChainEffect): Promise<void> {
    const queuedAt = Date.now()
    const calls = this.chain.encode(effect)
    await this.#store.enqueue(calls.map((call) => ({ ...call, journalSequence: 0, queuedAt })))
  }

  async nonce(): Promise<number> {
    const { rpc, operator } = this.chain.node
    return Number(await rpc.call<Hex>('eth_getTransactionCount', [operator.address, 'latest']))
  }

  /** As a program of a few lines would. */
  async send({ toAddress, calldata }: Call, nonce?: number): Promise<Receipt> {
    const { rpc, operator, chainId } = this.chain.node
    const raw = await operator.signTransaction({
      type: 'eip1559',
      chainId,
      nonce: nonce ?? (await this.nonce()),
      to: toAddress as Hex,
      data: calldata as Hex,
      gas: 16_000_000n,
      maxFeePerGas: 10n ** 12n,
    })
    await rpc.call('eth_sendRawTransaction', [raw])
    for (;;) {
      const hash = keccak256(raw)
      const receipt = await rpc.call<Receipt | null>('eth_getTransactionReceipt', [hash])
      if (receipt?.status === '0x1') return receipt
      if (receipt !== null) throw new Error(`the node refused ${hash}`)
      await wait(pollMs)
    }
  }

  async close(): Promise<void> {
    await this.sender.close()
    await this.chain.close()
    await this.#store.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

const root = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`

const funding = (deposits: readonly (readonly [number, bigint])[]) =>
  ({
    kind: 'fund',
    reference: root(1),
    deposits: deposits.map(([account, amount]) => ({ account, amount: Micros.from(amount) })),
  }) as const satisfies ChainEffect

const commitment = (interval: number): readonly ChainEffect[] => [
  {
    kind: 'fix_orders',
    ...{ zone: 0, interval, ordersRoot: keccak256(root(interval)), orderCount: participants },
    rulebookHash: keccak256('0x02'),
    terms: { sealedBook: false, proofRequired: false, proofDeadlineSeconds: 0 },
  },
  {
    kind: 'commit_clearing',
    ...{ zone: 0, interval, price: 250_000n, energy: 1_000n, voidCount: 0 },
    ...{ fillsRoot: root(0), clearingRoot: keccak256('0x01') },
  },
]

/** Everyone pays or receives something else: up to three of the currency, in micros. */
function settlement(interval: number): ChainEffect {
  const net: { account: number; amount: Micros }[] = []
  for (let index = 0; index < participants; index += 2) {
    const amount = BigInt(1 + ((index * 7_919 + interval * 104_729) % 3_000_000))
    const sign = (index + interval) % 4 < 2 ? 1n : -1n
    net.push(
      { account: firstAccount + index, amount: Micros.from(sign * amount) },
      { account: firstAccount + index + 1, amount: Micros.from(-sign * amount) },
    )
  }
  const roots = { readingsRoot: keccak256(root(interval)), postingsRoot: keccak256('0x03') }
  return { kind: 'settle_run', zone: 0, interval, run: 0, isProofRequired: false, ...roots, net }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const line of await chainFigures()) console.log(JSON.stringify(line))
}
