import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAnvil } from '../adapters/chain/anvil.ts'
import { HttpRpc, RpcError } from '../adapters/chain/rpc.ts'

/** Asks contracts that are on no chain: made for the one call. */
export type EvmCalls = {
  /** What a contract made with `creationCode` answers to `data`; undefined if it reverts. */
  call(creationCode: string, data: string): Promise<string | undefined>
  /** What that call costs as a transaction of its own, call data and the 21,000 included. */
  gasOf(creationCode: string, data: string): Promise<number | undefined>
}

/**
 * An EVM of its own for as long as `work` takes, on the loopback interface.
 *
 * Faults: CHAIN_NODE_MISSING, CHAIN_UNREACHABLE.
 */
export async function withEvm<T>(work: (evm: EvmCalls) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'busbar-evm-'))
  const anvil = await startAnvil(directory)
  try {
    return await work(callsOf(new HttpRpc(() => anvil.url)))
  } finally {
    await anvil.end()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Nobody's: the code stands there for the one call. */
const address = '0x00000000000000000000000000000000b05ba200'
/** Less than the limit of a transaction on a real chain. */
const gasMax = '0xf42400'

function callsOf(rpc: HttpRpc): EvmCalls {
  const codes = new Map<string, string>()
  const ask = async <T>(method: string, creationCode: string, data: string): Promise<T> => {
    // A creation that is only called answers the code it would leave at its address.
    const code =
      codes.get(creationCode) ??
      (await rpc.call<string>('eth_call', [{ data: creationCode }, 'latest']))
    codes.set(creationCode, code)
    const request = { to: address, data, gas: gasMax }
    return await rpc.call<T>(method, [request, 'latest', { [address]: { code } }])
  }
  return {
    call: (creationCode, data) => orReverted(ask<string>('eth_call', creationCode, data)),
    async gasOf(creationCode, data) {
      const gas = await orReverted(ask<string>('eth_estimateGas', creationCode, data))
      return gas === undefined ? undefined : Number(gas)
    },
  }
}

async function orReverted<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}
