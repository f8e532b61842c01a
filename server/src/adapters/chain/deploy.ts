/**
 * Puts the market's contracts on the chain, once, and proves at every start that they are there.
 *
 * `deployment.json` holds the signed transactions before the first of them is sent. After a crash,
 * and after the chain has gone back to nothing, the very same transactions are sent again: the
 * contracts get the same addresses, and what was signed for them stays valid.
 */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '@busbar/core/errors'
import { getContractAddress, type Hex, zeroAddress } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import {
  clearingHouseInitCode,
  clearingProofsInitCode,
  fiatTokenInitCode,
  type MarketTerms,
  participantRegistryInitCode,
} from './contracts.ts'
import { currentFees, type Fees } from './fees.ts'
import { readFileIfThere, writeFileAtomically } from './files.ts'
import { hexHash } from './hex-hash.ts'
import { type Rpc, RpcError } from './rpc.ts'
import {
  clearingVerifier,
  isVerifier,
  type VerifierName,
  verifierInitCode,
  verifierNames,
} from './verifiers.ts'

export type DeploymentFile = {
  readonly version: 2
  readonly terms: MarketTerms
  readonly chainId: number
  readonly deployer: Hex
  /** The block before the first of ours. */
  readonly fromBlock: number
  /** Those of `marketContracts`, what the house makes, and the verifiers if they are ours. */
  readonly contracts: Contracts
  /** Who verifies proofs: the zero address where nobody does. */
  readonly verifier: Hex
}

/** What the clearing house makes itself. */
type MadeByHouse = 'intervalLog' | 'tradeHolds' | 'accountKeys'

export type ContractName = (typeof marketContracts)[number] | MadeByHouse | VerifierName

export type DeployedContract = {
  readonly address: Hex
  /** Of the creation code with its arguments; null for what another contract creates. */
  readonly initCodeHash: Hex | null
  /** The signed transaction that creates it. */
  readonly raw: Hex | null
  /** Of the code at the address, from the first time it was seen there. */
  readonly codeHash: Hex | null
}

/** More than any of them needs; what is not used is not paid for. */
const deploymentGas = 10_000_000n
const deploymentTimeoutMs = 180_000

/**
 * In the order of the deployer's nonces; our own verifiers follow. The clearing house is told where
 * ClearingProofs will be, which is told where the house is and where the verifier will be: none of
 * them can be put elsewhere afterwards.
 */
const marketContracts = [
  'fiatToken', 'participantRegistry', 'clearingHouse', 'clearingProofs',
] as const

type Created = (typeof marketContracts)[number] | VerifierName
type Contracts = Readonly<Partial<Record<ContractName, DeployedContract>>> &
  Readonly<Record<(typeof marketContracts)[number] | MadeByHouse, DeployedContract>>

const createdWith = (verifier: VerifierChoice): readonly Created[] =>
  verifier === 'own' ? [...marketContracts, ...verifierNames] : marketContracts

export type DeploymentPlace = {
  readonly rpc: Rpc
  readonly directory: string
  readonly terms: MarketTerms
  readonly chainId: number
  readonly deployer: PrivateKeyAccount
  /** Pays for the gas of the deployer, where gas costs something. */
  readonly operator: PrivateKeyAccount
  readonly verifier: VerifierChoice
  /** Undefined: whatever the network asks for. */
  readonly fees?: Fees
}

/**
 * `own`: the verifiers of this version are deployed too, which refuse any but development chains as
 * long as their keys are for development. An address: a verifier that is there already. The zero
 * address: nothing can be proven.
 */
export type VerifierChoice = 'own' | Hex

/**
 * Faults: CHAIN_DEPLOYMENT_DIFFERS when the file, the code on the chain and this version are not of
 * one deployment; CHAIN_DEPLOYMENT_FAILED when the chain refuses; CHAIN_UNREACHABLE.
 */
export async function ensureDeployed(place: DeploymentPlace): Promise<DeploymentFile> {
  const path = join(place.directory, 'deployment.json')
  const known = readFileIfThere(path)
  const planned = known === undefined ? await plan(place) : parse(known.toString('utf8'), path)
  if (known === undefined) writeFileAtomically(path, JSON.stringify(planned, null, 2))
  else requireSame(planned, place)

  await requireVerifier(place)
  for (const name of createdWith(place.verifier)) {
    await ensureContract(name, contractOf(planned, name), place)
  }
  const complete = await withCodeHashes(planned, place.rpc)
  if (JSON.stringify(complete) !== JSON.stringify(planned)) {
    writeFileAtomically(path, JSON.stringify(complete, null, 2))
  }
  return complete
}

async function plan(place: DeploymentPlace): Promise<DeploymentFile> {
  const { rpc, terms, chainId, deployer } = place
  const fees = place.fees ?? (await currentFees(rpc))
  if (place.fees === undefined) await payForDeployer(place, fees)
  const fromBlock = Number(await rpc.call<Hex>('eth_blockNumber', []))
  const codes = initCodes(place)
  const contracts: Partial<Record<ContractName, DeployedContract>> = {}
  for (const [nonce, [name, data]] of codes.entries()) {
    const raw = await deployer.signTransaction({
      type: 'eip1559',
      chainId,
      nonce,
      data,
      gas: deploymentGas,
      ...fees,
    })
    const address = createdBy(deployer.address, nonce)
    contracts[name] = { address, initCodeHash: hexHash(data), raw, codeHash: null }
  }
  const house = createdBy(deployer.address, marketContracts.indexOf('clearingHouse'))
  // A contract's nonces begin with 1.
  const unsigned = { initCodeHash: null, raw: null, codeHash: null }
  contracts.intervalLog = { address: createdBy(house, 1), ...unsigned }
  contracts.tradeHolds = { address: createdBy(house, 2), ...unsigned }
  contracts.accountKeys = { address: createdBy(house, 3), ...unsigned }
  return {
    version: 2,
    terms,
    chainId,
    deployer: deployer.address.toLowerCase() as Hex,
    fromBlock,
    contracts: contracts as Contracts,
    verifier: verifierAddress(place),
  }
}

/** Creation code with arguments, in the order of the deployer's nonces. */
function initCodes(place: DeploymentPlace): readonly (readonly [Created, Hex])[] {
  const { terms, deployer, verifier } = place
  const names = createdWith(verifier)
  const at = (name: Created): Hex => createdBy(deployer.address, names.indexOf(name))
  const places = {
    token: at('fiatToken'),
    registry: at('participantRegistry'),
    proofs: at('clearingProofs'),
  }
  const codes = {
    fiatToken: fiatTokenInitCode(terms),
    participantRegistry: participantRegistryInitCode(terms),
    clearingHouse: clearingHouseInitCode(terms, places),
    clearingProofs: clearingProofsInitCode(terms, at('clearingHouse'), verifierAddress(place)),
  }
  return names.map((name) => [name, isVerifier(name) ? verifierInitCode(name, at) : codes[name]])
}

function verifierAddress({ deployer, verifier }: DeploymentPlace): Hex {
  if (verifier !== 'own') return verifier
  const nonce = createdWith(verifier).indexOf(clearingVerifier)
  return nonce < 0 ? zeroAddress : createdBy(deployer.address, nonce)
}

/** A verifier that somebody else deployed must be there before a market trusts it. */
async function requireVerifier({ rpc, verifier }: DeploymentPlace): Promise<void> {
  if (verifier === 'own' || verifier === zeroAddress || (await hasCode(rpc, verifier))) return
  const reason = 'there is no contract at the address'
  throw new Fault('CHAIN_DEPLOYMENT_FAILED', { contract: clearingVerifier, reason })
}

function contractOf({ contracts }: DeploymentFile, name: ContractName): DeployedContract {
  const contract = contracts[name]
  if (contract === undefined) throw new Fault('CHAIN_DEPLOYMENT_DIFFERS', { what: name })
  return contract
}

/** In lower case, as everything of ours that is compared. */
const createdBy = (from: Hex, nonce: number): Hex =>
  getContractAddress({ from, nonce: BigInt(nonce) }).toLowerCase() as Hex

function parse(text: string, path: string): DeploymentFile {
  try {
    const file = JSON.parse(text) as DeploymentFile
    if (file.version === 2) return file
  } catch {
    // Said below: neither a half file nor another version can be used.
  }
  throw new Fault('CHAIN_DEPLOYMENT_DIFFERS', { file: path, reason: 'not of this version' })
}

/** What the file says must be what this server was started for and what it was compiled with. */
function requireSame(file: DeploymentFile, place: DeploymentPlace): void {
  const { terms, chainId } = place
  const differs = (what: string): Fault => new Fault('CHAIN_DEPLOYMENT_DIFFERS', { what })
  if (file.chainId !== chainId) throw differs('chainId')
  for (const key of Object.keys(terms) as (keyof MarketTerms)[]) {
    if (file.terms[key] !== terms[key]) throw differs(key)
  }
  if (file.verifier !== verifierAddress(place)) throw differs('verifier')
  for (const [name, code] of initCodes(place)) {
    if (contractOf(file, name).initCodeHash !== hexHash(code)) throw differs(name)
  }
}

async function ensureContract(
  name: ContractName,
  { address, raw }: DeployedContract,
  { rpc }: DeploymentPlace,
): Promise<void> {
  if (await hasCode(rpc, address)) return
  if (raw === null) throw new Fault('CHAIN_DEPLOYMENT_FAILED', { contract: name })
  const end = performance.now() + deploymentTimeoutMs
  for (let pauseMs = 2; performance.now() < end; pauseMs = Math.min(pauseMs * 2, 2_000)) {
    let refusal = ''
    try {
      await rpc.call('eth_sendRawTransaction', [raw])
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      refusal = error.message
    }
    if (await hasCode(rpc, address)) return
    const receipt = await rpc.call<{ status: Hex } | null>('eth_getTransactionReceipt', [
      hexHash(raw),
    ])
    if (receipt?.status === '0x0') refusal = 'reverted'
    if (receipt?.status === '0x0' || /insufficient funds|intrinsic gas/i.test(refusal)) {
      throw new Fault('CHAIN_DEPLOYMENT_FAILED', { contract: name, reason: refusal })
    }
    await wait(pauseMs)
  }
  throw new Fault('CHAIN_DEPLOYMENT_FAILED', { contract: name, reason: 'not mined' })
}

/** The code of a contract never changes: another one at its address is another chain. */
async function withCodeHashes(file: DeploymentFile, rpc: Rpc): Promise<DeploymentFile> {
  const contracts: Partial<Record<ContractName, DeployedContract>> = {}
  for (const name of Object.keys(file.contracts) as ContractName[]) {
    const contract = contractOf(file, name)
    const code = await rpc.call<Hex>('eth_getCode', [contract.address, 'latest'])
    const codeHash = hexHash(code)
    const isAsKnown = contract.codeHash === null || contract.codeHash === codeHash
    if (code === '0x' || !isAsKnown) throw new Fault('CHAIN_DEPLOYMENT_DIFFERS', { what: name })
    contracts[name] = { ...contract, codeHash }
  }
  return { ...file, contracts: contracts as Contracts }
}

async function payForDeployer(place: DeploymentPlace, fees: Fees): Promise<void> {
  const { rpc, operator, deployer, chainId } = place
  const needed = deploymentGas * fees.maxFeePerGas * BigInt(createdWith(place.verifier).length)
  const balanceOf = async (address: Hex): Promise<bigint> =>
    BigInt(await rpc.call<Hex>('eth_getBalance', [address, 'latest']))
  const missing = needed - (await balanceOf(deployer.address))
  if (missing <= 0n) return
  const nonce = Number(
    await rpc.call<Hex>('eth_getTransactionCount', [operator.address, 'pending']),
  )
  const raw = await operator.signTransaction({
    type: 'eip1559',
    chainId,
    nonce,
    to: deployer.address,
    value: missing,
    gas: 21_000n,
    ...fees,
  })
  await rpc.call('eth_sendRawTransaction', [raw])
  const end = performance.now() + deploymentTimeoutMs
  while ((await balanceOf(deployer.address)) < needed) {
    if (performance.now() > end) {
      throw new Fault('CHAIN_DEPLOYMENT_FAILED', { reason: 'the deployer was not paid' })
    }
    await wait(200)
  }
}

const hasCode = async (rpc: Rpc, address: Hex): Promise<boolean> =>
  (await rpc.call<Hex>('eth_getCode', [address, 'latest'])) !== '0x'
