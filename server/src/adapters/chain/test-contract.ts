/** For tests: calls and transactions of anybody to a contract on the embedded chain. */
import { setTimeout as wait } from 'node:timers/promises'
import {
  type Abi,
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  toHex,
} from 'viem'
import { clearingProofsAbi } from './contracts.ts'
import type { EmbeddedChain } from './embedded-chain.ts'
import { RpcError } from './rpc.ts'

const abi: Abi = clearingProofsAbi

/** `ClearingProofs` on a chain of one's own, for anybody who needs no key there. */
export class Contract {
  readonly #chain: EmbeddedChain
  readonly #to: Hex

  constructor(chain: EmbeddedChain, to: Hex) {
    this.#chain = chain
    this.#to = to
  }

  /** What it answers; an error with its name where it reverts. */
  async call(functionName: string, args: readonly unknown[]): Promise<unknown> {
    const data = encodeFunctionData({ abi, functionName, args })
    try {
      const result = await this.#chain.call<Hex>('eth_call', [{ to: this.#to, data }, 'latest'])
      return decodeFunctionResult({ abi, functionName, data: result })
    } catch (error) {
      if (!(error instanceof RpcError) || error.data === undefined) throw error
      throw new Error(decodeErrorResult({ abi, data: error.data as Hex }).errorName)
    }
  }

  /** Sends it from an address, with or without a key, and waits until it is mined. */
  async send(from: Hex, functionName: string, args: readonly unknown[]): Promise<void> {
    await this.call(functionName, args).catch((error: Error) => {
      // Only some callers may: who calls is said when it is sent.
      if (!/Unauthorized|NotAuditor/.test(error.message)) throw error
    })
    await this.#chain.call('anvil_setBalance', [from, toHex(10n ** 20n)])
    await this.#chain.call('anvil_impersonateAccount', [from])
    const data = encodeFunctionData({ abi, functionName, args })
    const request = { from, to: this.#to, data, gas: toHex(8_000_000) }
    const hash = await this.#chain.call('eth_sendTransaction', [request])
    for (let tries = 0; tries < 500; tries += 1) {
      const receipt = await this.#chain.call<{ status: Hex } | null>(
        'eth_getTransactionReceipt',
        [hash],
      )
      if (receipt?.status === '0x1') return
      if (receipt !== null) throw new Error(`${functionName} was not accepted`)
      await wait(20)
    }
    throw new Error(`${functionName} was not mined`)
  }
}
