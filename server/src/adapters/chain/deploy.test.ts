/**
 * Goal: a market's contracts know each other and the right verifier, and nobody starts over others.
 * Method: markets on anvil, embedded and by URL, with every choice of verifier and auditor.
 */
import { equal, match, notEqual, rejects } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  type Abi,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  parseAbi,
  zeroAddress,
} from 'viem'
import { type Anvil, startAnvil } from './anvil.ts'
import { clearingProofsAbi, intervalLogAbi } from './contracts.ts'
import { type ChainOptions, openChain } from './open-chain.ts'
import { deployerOf } from './keys.ts'
import { HttpRpc } from './rpc.ts'
import type { EvmSettlementChain } from './settlement-chain.ts'

const verifierAbi = parseAbi([
  'function isDevelopment() view returns (bool)',
  'function verify(uint32 size, bytes proof, bytes32[4] publicInputs) view returns (bool)',
])
const operatorKey: Hex = `0x${'4e'.repeat(32)}`
const auditor = `0x${'a1'.repeat(20)}`

async function read(
  { node }: EvmSettlementChain,
  to: Hex,
  abi: Abi,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<string> {
  const data = encodeFunctionData({ abi, functionName, args })
  const result = await node.rpc.call<Hex>('eth_call', [{ to, data }, 'latest'])
  return String(decodeFunctionResult({ abi, functionName, data: result })).toLowerCase()
}

describe('a deployment', () => {
  let folder: string
  let anvil: Anvil
  let node: HttpRpc
  let markets = 0
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'busbar-deploy-'))
    anvil = await startAnvil(folder)
    node = new HttpRpc(() => anvil.url)
  })
  after(async () => {
    await anvil.end()
    rmSync(folder, { recursive: true, force: true })
  })

  /** A market of its own by URL. */
  async function open(options: Partial<ChainOptions> = {}) {
    markets += 1
    const market = `market-${markets}`
    const wealth = `0x${(10n ** 24n).toString(16)}`
    const { address } = deployerOf(operatorKey, market)
    await node.call('anvil_setBalance', [address, wealth])
    return openChain({
      ...{ dataDir: join(folder, market), market, intervalSeconds: 300, operatorKey },
      ...{ chainUrl: anvil.url, ...options },
    })
  }

  test('on a development chain has our own verifiers, which refuse what is no proof', async () => {
    const chain = await open({ auditor })
    const { clearingProofs, clearingVerifier, clearingHouse, intervalLog } = chain.deployment
    notEqual(clearingVerifier, zeroAddress)
    equal(await read(chain, clearingProofs, clearingProofsAbi, 'verifier'), clearingVerifier)
    equal(await read(chain, clearingProofs, clearingProofsAbi, 'clearingHouse'), clearingHouse)
    equal(await read(chain, clearingProofs, clearingProofsAbi, 'intervalLog'), intervalLog)
    equal(await read(chain, clearingProofs, clearingProofsAbi, 'auditor'), auditor)
    equal(await read(chain, intervalLog, intervalLogAbi, 'clearingProofs'), clearingProofs)
    equal(await read(chain, clearingVerifier, verifierAbi, 'isDevelopment'), 'true')
    const inputs = Array.from({ length: 4 }, () => `0x${'00'.repeat(32)}`)
    for (const size of [64, 256, 1_024, 4_096, 5, 8_192, 65_536]) {
      const args = [size, `0x${'00'.repeat(9_000)}`, inputs]
      const isValid = await read(chain, clearingVerifier, verifierAbi, 'verify', args)
      equal(isValid, 'false', String(size))
    }
  })

  test('on any other chain has none unless one is named', async () => {
    await node.call('anvil_setChainId', [4_242])
    try {
      const chain = await open()
      const { chainId, clearingProofs, clearingVerifier } = chain.deployment
      equal(chainId, 4_242)
      equal(clearingVerifier, zeroAddress)
      equal(await read(chain, clearingProofs, clearingProofsAbi, 'verifier'), zeroAddress)
    } finally {
      await node.call('anvil_setChainId', [31_337])
    }
  })

  test('may trust a verifier that is there, and no other place', async () => {
    const { clearingVerifier } = (await open()).deployment
    const chain = await open({ verifier: clearingVerifier })
    equal(chain.deployment.clearingVerifier, clearingVerifier)
    const { clearingProofs } = chain.deployment
    equal(await read(chain, clearingProofs, clearingProofsAbi, 'verifier'), clearingVerifier)
    await rejects(open({ verifier: auditor }), {
      code: 'CHAIN_DEPLOYMENT_FAILED',
      message: /there is no contract at the address/,
    })
  })

  test('is not used with another verifier or auditor than it was made with', async () => {
    await open()
    const dataDir = join(folder, `market-${markets}`)
    const again = { dataDir, market: `market-${markets}`, intervalSeconds: 300, operatorKey }
    const { clearingVerifier } = (await open()).deployment
    const differs = { code: 'CHAIN_DEPLOYMENT_DIFFERS' }
    const options = { ...again, chainUrl: anvil.url }
    await rejects(openChain({ ...options, verifier: clearingVerifier }), differs)
    await rejects(openChain({ ...options, auditor }), differs)
    match((await openChain(options)).deployment.clearingProofs, /^0x[0-9a-f]{40}$/)
  })

  test('refuses addresses that are none', async () => {
    for (const option of ['auditor', 'verifier'] as const) {
      for (const address of ['', '0x12', zeroAddress, `0x${'g'.repeat(40)}`]) {
        const fault = { code: 'CHAIN_OPTION_INVALID', details: { option } }
        await rejects(open({ [option]: address }), fault, `${option} ${address}`)
      }
    }
  })
})
