/** Brings a chain up for one market: embedded, or by URL. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '@busbar/core/errors'
import { getAddress, type Hex, zeroAddress } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { embeddedChainId } from './anvil.ts'
import type { MarketTerms } from './contracts.ts'
import { type DeploymentFile, ensureDeployed, type VerifierChoice } from './deploy.ts'
import { EmbeddedChain } from './embedded-chain.ts'
import { currentFees, embeddedFees, type Fees } from './fees.ts'
import { deployerOf, operatorKey } from './keys.ts'
import { HttpRpc, type Rpc, RpcError } from './rpc.ts'
import { EvmSettlementChain } from './settlement-chain.ts'

export type ChainOptions = {
  /** The directory of the market; what belongs to the chain goes into `chain` in it. */
  readonly dataDir: string
  /** The market's id, part of everything that is signed. */
  readonly market: string
  readonly intervalSeconds: number
  /** `CHAIN_URL`: the JSON-RPC address of a network. Absent: the embedded chain. */
  readonly chainUrl?: string | undefined
  /** `CHAIN_ID`: which chain that must be. */
  readonly chainId?: number | undefined
  /** `CHAIN_CONFIRMATIONS`: blocks on top of one before it counts as final. 0 if not given. */
  readonly confirmations?: number | undefined
  /** `CHAIN_OPERATOR_KEY`: 0x and 64 hex digits. Absent: made once and kept in the directory. */
  readonly operatorKey?: string | undefined
  /** One hour of five-minute intervals if not given. */
  readonly withdrawalDelayIntervals?: number | undefined
  /** One day of five-minute intervals if not given. */
  readonly silentIntervals?: number | undefined
  /** `CHAIN_AUDITOR`: the address that decides disputes at first. Absent: the operator's. */
  readonly auditor?: string | undefined
  /**
   * `CHAIN_VERIFIER`: the address of a ClearingVerifier that is on the network already. Absent: on
   * a development chain our own is deployed, elsewhere nothing can be proven.
   */
  readonly verifier?: string | undefined
  /** Put around the way to the node: measurements, faults on purpose. */
  readonly decorateRpc?: ((rpc: Rpc) => Rpc) | undefined
}

/** What the sender needs of a chain beyond the port. */
export type ChainNode = {
  readonly rpc: Rpc
  readonly chainId: number
  readonly operator: PrivateKeyAccount
  readonly confirmations: number
  /** Changes when the chain may have gone back to an earlier state. */
  readonly starts: () => number
  readonly fees: () => Promise<Fees>
  /** Undefined for a network by URL. */
  readonly embedded: EmbeddedChain | undefined
}

/**
 * The chain with the market's contracts on it, deployed if they were not.
 *
 * After a crash the embedded chain may be behind the outbox until its sender has drained.
 * Faults: CHAIN_OPTION_INVALID, CHAIN_KEY_INVALID, CHAIN_NODE_MISSING, CHAIN_STATE_INVALID,
 * CHAIN_UNREACHABLE, CHAIN_ID_DIFFERS, CHAIN_DEPLOYMENT_DIFFERS, CHAIN_DEPLOYMENT_FAILED.
 */
export async function openChain(options: ChainOptions): Promise<EvmSettlementChain> {
  checkOptions(options)
  const directory = join(options.dataDir, 'chain')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const key = operatorKey(directory, options.operatorKey)
  const operator = privateKeyToAccount(key)
  const deployer = deployerOf(key, options.market)
  const terms: MarketTerms = {
    market: options.market,
    intervalSeconds: options.intervalSeconds,
    withdrawalDelayIntervals: options.withdrawalDelayIntervals ?? 12,
    silentIntervals: options.silentIntervals ?? 288,
    operator: operator.address,
    auditor: addressOption(options, 'auditor') ?? operator.address,
  }
  const place = { directory, terms, deployer, operator }
  return options.chainUrl === undefined
    ? openEmbedded(options, place)
    : openNetwork(options, options.chainUrl, place)
}

type Place = {
  readonly directory: string
  readonly terms: MarketTerms
  readonly deployer: PrivateKeyAccount
  readonly operator: PrivateKeyAccount
}

async function openEmbedded(options: ChainOptions, place: Place): Promise<EvmSettlementChain> {
  const { operator, deployer, directory } = place
  const chainId = embeddedChainId
  let file: DeploymentFile | undefined
  const embedded = await EmbeddedChain.start(
    directory,
    [operator.address, deployer.address],
    async (rpc) => {
      const verifier = verifierChoice(options, chainId)
      file = await ensureDeployed({ ...place, rpc, chainId, verifier, fees: embeddedFees })
    },
    options.decorateRpc,
  )
  if (file === undefined) throw new Fault('CHAIN_DEPLOYMENT_FAILED', { reason: 'not prepared' })
  const node: ChainNode = {
    rpc: embedded,
    chainId,
    operator,
    confirmations: options.confirmations ?? 0,
    starts: () => embedded.starts,
    fees: async () => embeddedFees,
    embedded,
  }
  return new EvmSettlementChain(node, file, 'anvil, embedded')
}

async function openNetwork(
  options: ChainOptions,
  url: string,
  place: Place,
): Promise<EvmSettlementChain> {
  const { decorateRpc = (plain: Rpc) => plain } = options
  const rpc = decorateRpc(new HttpRpc(() => url))
  try {
    const chainId = Number(await rpc.call<Hex>('eth_chainId', []))
    if (options.chainId !== undefined && options.chainId !== chainId) {
      throw new Fault('CHAIN_ID_DIFFERS', { expected: options.chainId, got: chainId })
    }
    const verifier = verifierChoice(options, chainId)
    const file = await ensureDeployed({ ...place, rpc, chainId, verifier })
    const description = await rpc.call<string>('web3_clientVersion', [])
    const node: ChainNode = {
      rpc,
      chainId,
      operator: place.operator,
      confirmations: options.confirmations ?? 0,
      starts: () => 0,
      fees: () => currentFees(rpc),
      embedded: undefined,
    }
    return new EvmSettlementChain(node, file, description)
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    const details = { method: error.method, reason: error.message.slice(0, 200) }
    throw new Fault('CHAIN_REFUSED', details, { cause: error })
  }
}

function addressOption(options: ChainOptions, option: 'auditor' | 'verifier'): Hex | undefined {
  const address = options[option]
  if (address === undefined) return undefined
  const isAddress = /^0x[0-9a-fA-F]{40}$/.test(address) && !/^0x0*$/.test(address)
  if (!isAddress) throw new Fault('CHAIN_OPTION_INVALID', { option })
  return getAddress(address.toLowerCase())
}

function verifierChoice(options: ChainOptions, chainId: number): VerifierChoice {
  const given = addressOption(options, 'verifier')
  if (given !== undefined) return given.toLowerCase() as Hex
  return developmentChainIds.has(chainId) ? 'own' : zeroAddress
}

/** Those on which ClearingVerifier takes keys that are for development. */
const developmentChainIds: ReadonlySet<number> = new Set([31_337, 1_337])

function checkOptions(options: ChainOptions): void {
  const { market, chainUrl } = options
  const refuse = (option: string): never => {
    throw new Fault('CHAIN_OPTION_INVALID', { option })
  }
  if (!/^[a-z0-9-]{1,40}$/.test(market)) refuse('market')
  const durations = ['intervalSeconds', 'withdrawalDelayIntervals', 'silentIntervals'] as const
  for (const option of durations) {
    const value = options[option]
    if (value !== undefined && !isIntegerWithin(value, 1, 2 ** 32 - 1)) refuse(option)
  }
  if (!isIntegerWithin(options.confirmations ?? 0, 0, 10_000)) refuse('confirmations')
  if (chainUrl === undefined) {
    if ((options.chainId ?? embeddedChainId) !== embeddedChainId) refuse('chainId')
    return
  }
  if (!URL.canParse(chainUrl) || !/^https?:$/.test(new URL(chainUrl).protocol)) refuse('chainUrl')
  if (!isIntegerWithin(options.chainId ?? 1, 1, Number.MAX_SAFE_INTEGER)) refuse('chainId')
}

const isIntegerWithin = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max
