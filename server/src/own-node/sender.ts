/** Reads contracts by a node of one's own, and sends to them with a key of one's own. */
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import {
  type Abi,
  decodeFunctionResult,
  encodeFunctionData,
  type EncodeFunctionDataParameters,
  type Hex,
  keccak256,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describeRevert } from '../adapters/chain/contracts.ts'
import { currentFees } from '../adapters/chain/fees.ts'
import { HttpRpc, RpcError } from '../adapters/chain/rpc.ts'

const minedMsMax = 120_000

export class Sender {
  readonly rpc: HttpRpc
  readonly #account: ReturnType<typeof privateKeyToAccount>

  /** @param key the private key that pays, `0x` and 64 hex */
  constructor(nodeUrl: string, key: string) {
    this.rpc = new HttpRpc(() => nodeUrl)
    this.#account = privateKeyToAccount(key as Hex)
  }

  get address(): string {
    return this.#account.address.toLowerCase()
  }

  /** Faults: CHAIN_REFUSED with the contract's own words; CHAIN_UNREACHABLE. */
  async read<Result>(
    to: Hex,
    abi: Abi,
    functionName: string,
    args: readonly unknown[] = [],
  ): Promise<Result> {
    const parameters = { abi, functionName, args } as unknown as EncodeFunctionDataParameters
    const data = encodeFunctionData(parameters)
    const asked = this.rpc.call<Hex>('eth_call', [{ to, data }, 'latest'])
    const result = await refusing('eth_call', asked)
    return decodeFunctionResult({ ...parameters, data: result } as never) as Result
  }

  /** Resolves with the hash of its transaction when it is mined. Faults: as `read`. */
  async send(
    to: Hex,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<string> {
    const { address } = this.#account
    const data = encodeFunctionData({ abi, functionName, args } as never)
    const request = { from: address, to, data }
    // Asked first, so that a refusal has its reason and costs nothing.
    const gas = await refusing('eth_estimateGas', this.rpc.call<Hex>('eth_estimateGas', [request]))
    const [chainId, nonce] = await Promise.all([
      this.rpc.call<Hex>('eth_chainId', []),
      this.rpc.call<Hex>('eth_getTransactionCount', [address, 'pending']),
    ])
    const fees = await currentFees(this.rpc)
    const bid = { nonce: Number(nonce), gas: (BigInt(gas) * 5n) / 4n, ...fees }
    const content = { type: 'eip1559', chainId: Number(chainId), to, data, ...bid } as const
    const raw = await this.#account.signTransaction(content)
    await refusing('eth_sendRawTransaction', this.rpc.call('eth_sendRawTransaction', [raw]))
    return await this.#mined(keccak256(raw))
  }

  async #mined(hash: Hex): Promise<string> {
    const end = performance.now() + minedMsMax
    for (let pauseMs = 20; performance.now() < end; pauseMs = Math.min(pauseMs * 2, 1_000)) {
      const receipt = await this.rpc.call<{ readonly status: Hex } | null>(
        'eth_getTransactionReceipt', [hash],
      )
      if (receipt?.status === '0x1') return hash
      if (receipt !== null) {
        throw new Fault('CHAIN_REFUSED', { method: hash, reason: 'it was overtaken by another' })
      }
      await wait(pauseMs)
    }
    throw new Fault('CHAIN_UNREACHABLE', { method: hash, reason: 'not mined in time' })
  }
}

/** The node's no in the words of the contract. */
export async function refusing<Result>(method: string, answer: Promise<Result>): Promise<Result> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const reason = error.data === undefined ? error.message : describeRevert(error.data)
    throw new Fault('CHAIN_REFUSED', { method, reason }, { cause: error })
  }
}
