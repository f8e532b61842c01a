/** From what must become true on the chain to the calls that make it so. Pure. */
import { passkeyIn } from '@busbar/core/registry'
import { passkeySignatureMax } from '@busbar/protocols/passkeys'
import { partSize } from '@busbar/protocols/sealed-orders'
import { bytesToHex, encodeFunctionData, type Hex, keccak256 } from 'viem'
import type {
  ChainCall,
  ChainClearing,
  ChainDeployment,
  ChainEffect,
  ChainOrders,
} from '../../app/ports/chain.ts'
import { admitPasskeyCall, revokePasskeyCall } from './account-keys.ts'
import {
  clearingHouseAbi,
  clearingProofsAbi,
  fiatTokenAbi,
  intervalLogAbi,
  participantRegistryAbi,
} from './contracts.ts'
import { packDeltas } from './deltas.ts'
import { addressOf, bytes, effectInvalid, inParts, uint64 } from './effect-fields.ts'
import { partCalls } from './part-proofs.ts'
import { holdCall } from './trade-holds.ts'

/** What one transaction takes, far below its gas limit: see `gas.ts`. */
const admissionsPerCall = 120
const depositsPerCall = 350

/**
 * The calls for an effect, in the order in which they must be mined. `operator` also is the bank.
 *
 * Faults: CHAIN_EFFECT_INVALID, naming the field.
 */
export function encodeEffect(
  effect: ChainEffect,
  deployment: ChainDeployment,
  operator: Hex,
): readonly ChainCall[] {
  switch (effect.kind) {
    case 'admit':
      return admit(effect.participants, deployment)
    case 'suspend':
    case 'reinstate':
      return [registryCall(deployment, effect.kind, effect.account)]
    case 'replace_key':
      return [replaceKey(effect, deployment)]
    case 'fund':
      return fund(effect, deployment, operator)
    case 'fix_orders':
      return [fixOrders(effect, deployment)]
    case 'commit_clearing':
      return [commitClearing(effect, deployment)]
    case 'prove_clearing':
      return proveClearing(effect, deployment)
    case 'show_order':
      return [showOrder(effect, deployment)]
    case 'flag_overdue':
      return [flagOverdue(effect, deployment.clearingProofs)]
    case 'settle_run':
      return settle(effect, deployment)
    case 'hold':
      return [holdCall(effect, deployment)]
    case 'withdraw':
      return [withdraw(effect, deployment)]
    case 'admit_passkey':
      return [admitPasskeyCall(effect, deployment)]
    case 'revoke_passkey':
      return [revokePasskeyCall(effect, deployment)]
    case 'claim':
      return [claimCall(`claim/${effect.reference}`, effect.account, deployment.clearingHouse)]
  }
}

/**
 * The transactions of one effect that stand or fall together: `settle/0/123/0` for its
 * `settle/0/123/0/apply/2`.
 */
export const groupOf = (id: string): string => id.replace(/\/(stage|apply)\/\d+$/, '')

export const isStage = (id: string): boolean => /\/stage\/\d+$/.test(id)
export const isApply = (id: string): boolean => /\/apply\/\d+$/.test(id)
export const isFirstStage = (id: string): boolean => id.endsWith('/stage/0')
export const isClaim = (id: string): boolean => id.startsWith('claim/')
export const isWaitingClaim = (id: string): boolean => id.startsWith('claim/waiting/')
export const isAbandon = (id: string): boolean => id.startsWith('abandon/')

/** Drops the batch that is open, after one of its chunks was refused. */
export const abandonCall = (group: string, position: number, to: Hex): ChainCall => ({
  id: `abandon/${group}/${position}`,
  description: `abandon ${group}, of which a chunk was refused`,
  toAddress: to,
  calldata: encodeFunctionData({ abi: clearingHouseAbi, functionName: 'abandon' }),
})

const claimCall = (id: string, account: number, toAddress: Hex): ChainCall => ({
  id,
  description: `pay what the owner of account ${account} has requested`,
  toAddress,
  calldata: encodeFunctionData({
    abi: clearingHouseAbi,
    functionName: 'claimWithdrawal',
    args: [account],
  }),
})

/** Pays a request that had to wait for an open batch. */
export const waitingClaimCall = (account: number, claimableAt: bigint, to: Hex): ChainCall =>
  claimCall(`claim/waiting/${account}/${claimableAt}`, account, to)

type Effect<Kind extends ChainEffect['kind']> = Extract<ChainEffect, { kind: Kind }>

function admit(
  participants: Effect<'admit'>['participants'],
  { participantRegistry }: ChainDeployment,
): readonly ChainCall[] {
  return runsOfAccounts(participants).map((run) => {
    const [first] = run
    const last = run.at(-1)
    if (first === undefined || last === undefined) throw effectInvalid('participants', 'none')
    const owners = run.map(({ address }) => addressOf(address))
    const keyHashes = run.map(({ publicKey }) => keyHashOf(publicKey))
    return {
      id: `admit/${first.account}/${run.length}`,
      description: `admit accounts ${first.account} to ${last.account}`,
      toAddress: participantRegistry,
      calldata: encodeFunctionData({
        abi: participantRegistryAbi,
        functionName: 'admitMany',
        args: [first.account, owners, keyHashes],
      }),
    }
  })
}

/** Accounts in unbroken sequence, as `admitMany` takes them. */
function runsOfAccounts<Item extends { readonly account: number }>(
  items: readonly Item[],
): readonly (readonly Item[])[] {
  const runs: Item[][] = []
  for (const item of items) {
    const run = runs.at(-1)
    const follows = run !== undefined && run.at(-1)?.account === item.account - 1
    if (run !== undefined && follows && run.length < admissionsPerCall) run.push(item)
    else runs.push([item])
  }
  return runs
}

const registryCall = (
  { participantRegistry }: ChainDeployment,
  functionName: 'suspend' | 'reinstate',
  account: number,
): ChainCall => ({
  id: `${functionName}/${account}`,
  description: `${functionName} account ${account}`,
  toAddress: participantRegistry,
  calldata: encodeFunctionData({ abi: participantRegistryAbi, functionName, args: [account] }),
})

const replaceKey = (
  { account, address, publicKey }: Effect<'replace_key'>,
  { participantRegistry }: ChainDeployment,
): ChainCall => ({
  id: `replace_key/${account}/${address.toLowerCase()}/${keyHashOf(publicKey)}`,
  description: `replace the key of account ${account}`,
  toAddress: participantRegistry,
  calldata: encodeFunctionData({
    abi: participantRegistryAbi,
    functionName: 'replaceKey',
    args: [account, addressOf(address), keyHashOf(publicKey)],
  }),
})

/** Minted to the operator, who pays it in: the mint is once by its reference, the rest by nonce. */
function fund(
  { reference, deposits }: Effect<'fund'>,
  { fiatToken, clearingHouse }: ChainDeployment,
  operator: Hex,
): readonly ChainCall[] {
  const total = deposits.reduce((sum, { amount }) => sum + uint64(amount, 'amount'), 0n)
  const mint: ChainCall = {
    id: `fund/${reference}/mint`,
    description: `mint ${total} micros`,
    toAddress: fiatToken,
    calldata: encodeFunctionData({
      abi: fiatTokenAbi,
      functionName: 'mint',
      args: [operator, total, bytes(reference, 32, 'reference')],
    }),
  }
  const approve: ChainCall = {
    id: `fund/${reference}/approve`,
    description: `let the clearing house take ${total} micros`,
    toAddress: fiatToken,
    calldata: encodeFunctionData({
      abi: fiatTokenAbi,
      functionName: 'approve',
      args: [addressOf(clearingHouse), total],
    }),
  }
  return [mint, approve, ...depositCalls(reference, deposits, clearingHouse)]
}

function depositCalls(
  reference: string,
  deposits: Effect<'fund'>['deposits'],
  clearingHouse: Hex,
): readonly ChainCall[] {
  return inParts(deposits, depositsPerCall).map((part, index) => ({
    id: `fund/${reference}/deposit/${index}`,
    description: `pay into ${part.length} accounts`,
    toAddress: clearingHouse,
    calldata: encodeFunctionData({
      abi: clearingHouseAbi,
      functionName: 'depositFor',
      args: [part.map(({ account }) => account), part.map(({ amount }) => amount)],
    }),
  }))
}

const fixOrders = (effect: Effect<'fix_orders'>, { intervalLog }: ChainDeployment): ChainCall => ({
  id: `fix/${effect.zone}/${effect.interval}`,
  description: `fix the orders of zone ${effect.zone}, interval ${effect.interval}`,
  toAddress: intervalLog,
  calldata: encodeFunctionData({
    abi: intervalLogAbi,
    functionName: 'fixOrders',
    args: [effect.zone, BigInt(effect.interval), ordersOf(effect), effect.terms],
  }),
})

const commitClearing = (
  effect: Effect<'commit_clearing'>,
  { intervalLog }: ChainDeployment,
): ChainCall => ({
  id: `commit/${effect.zone}/${effect.interval}`,
  description: `commit to the clearing of zone ${effect.zone}, interval ${effect.interval}`,
  toAddress: intervalLog,
  calldata: encodeFunctionData({
    abi: intervalLogAbi,
    functionName: 'commitClearing',
    args: [effect.zone, BigInt(effect.interval), clearingOf(effect)],
  }),
})

/** A large set's parts are proven one by one, so that none is too large for a transaction. */
function proveClearing(
  effect: Effect<'prove_clearing'>,
  deployment: ChainDeployment,
): readonly ChainCall[] {
  const { size, proof } = effect
  if (!/^0x([0-9a-fA-F]{2})+$/.test(proof)) throw effectInvalid('proof', proof.slice(0, 70))
  if (size <= partSize) return [proveAtOnce(effect, deployment)]
  const split = partCalls(effect, deployment)
  if (split === undefined) throw effectInvalid('proof', proof.slice(0, 70))
  return [...split.calls, proveAtOnce({ ...effect, proof: split.joining }, deployment)]
}

function proveAtOnce(
  effect: Effect<'prove_clearing'>,
  { clearingProofs }: ChainDeployment,
): ChainCall {
  const { zone, interval, size, proof } = effect
  return {
    id: `prove/${zone}/${interval}`,
    description: `prove the clearing of zone ${zone}, interval ${interval}`,
    toAddress: clearingProofs,
    calldata: encodeFunctionData({
      abi: clearingProofsAbi,
      functionName: 'prove',
      args: [zone, BigInt(interval), ordersOf(effect), clearingOf(effect), size, proof as Hex],
    }),
  }
}

function showOrder(
  effect: Effect<'show_order'>,
  { clearingProofs }: ChainDeployment,
): ChainCall {
  const { zone, interval, commitment, position, groups, partRoots } = effect
  const path = groups.flat().map((node) => bytes(node, 32, 'groups'))
  // The set has no parts to name where it is one.
  const parts = partRoots.length === 1 ? [] : partRoots.map((part) => bytes(part, 32, 'partRoots'))
  return {
    id: `show/${zone}/${interval}/${commitment}`,
    description: `show an order's place in zone ${zone}, interval ${interval}`,
    toAddress: clearingProofs,
    calldata: encodeFunctionData({
      abi: clearingProofsAbi,
      functionName: 'showOrder',
      args: [zone, BigInt(interval), ordersOf(effect), { position, path }, parts],
    }),
  }
}

function flagOverdue({ zone, interval }: Effect<'flag_overdue'>, toAddress: Hex): ChainCall {
  const args = [zone, BigInt(interval)] as const
  const calldata = encodeFunctionData({ abi: clearingProofsAbi, functionName: 'flagOverdue', args })
  const description = `say that the proof of zone ${zone}, interval ${interval} is overdue`
  return { id: `flag/${zone}/${interval}`, description, toAddress, calldata }
}

const ordersOf = ({ ordersRoot, orderCount, rulebookHash }: ChainOrders) => ({
  root: bytes(ordersRoot, 32, 'ordersRoot'),
  count: orderCount,
  rulebookHash: bytes(rulebookHash, 32, 'rulebookHash'),
})

const clearingOf = ({ price, energy, voidCount, fillsRoot, clearingRoot }: ChainClearing) => ({
  hasPrice: price !== null,
  priceMicrosPerKwh: price ?? 0n,
  energyWh: energy,
  voidCount,
  fillsRoot: bytes(fillsRoot, 32, 'fillsRoot'),
  clearingRoot: bytes(clearingRoot, 32, 'clearingRoot'),
})

function settle(
  effect: Effect<'settle_run'>,
  { clearingHouse }: ChainDeployment,
): readonly ChainCall[] {
  const { zone, interval, run } = effect
  const batch = {
    zone,
    interval: BigInt(interval),
    run,
    readingsRoot: bytes(effect.readingsRoot, 32, 'readingsRoot'),
    postingsRoot: bytes(effect.postingsRoot, 32, 'postingsRoot'),
  }
  const group = `settle/${zone}/${interval}/${run}`
  const what = `run ${run} of zone ${zone}, interval ${interval}`
  const abi = clearingHouseAbi
  const toAddress = clearingHouse
  const chunks = packDeltas(effect.net, effect.isProofRequired).map((chunk) => bytesToHex(chunk))
  const [whole] = chunks
  if (whole !== undefined && chunks.length === 1) {
    const calldata = encodeFunctionData({ abi, functionName: 'settle', args: [batch, whole] })
    return [{ id: group, description: `settle ${what}`, toAddress, calldata }]
  }
  const count = chunks.length
  const stages = chunks.map((chunk, index): ChainCall => {
    const args = [batch, count, index, chunk] as const
    const calldata = encodeFunctionData({ abi, functionName: 'stage', args })
    const description = `stage ${index + 1} of ${count} of ${what}`
    return { id: `${group}/stage/${index}`, description, toAddress, calldata }
  })
  const applies = chunks.map((chunk, index): ChainCall => {
    const args = [batch, index, chunk] as const
    const calldata = encodeFunctionData({ abi, functionName: 'applyChunk', args })
    const description = `apply ${index + 1} of ${count} of ${what}`
    return { id: `${group}/apply/${index}`, description, toAddress, calldata }
  })
  return [...stages, ...applies]
}

const withdraw = (
  { id, account, amount, to, signature }: Effect<'withdraw'>,
  { clearingHouse }: ChainDeployment,
): ChainCall => ({
  id: `withdraw/${account}/${id}`,
  description: `pay ${amount} micros of account ${account} to ${to}`,
  toAddress: clearingHouse,
  calldata: encodeFunctionData({
    abi: clearingHouseAbi,
    functionName: 'withdraw',
    args: [
      bytes(id, 16, 'id'),
      account,
      uint64(amount, 'amount'),
      addressOf(to),
      signatureOf(signature),
    ],
  }),
})

/** The registered key's, or a passkey's. */
function signatureOf(signature: string): Hex {
  if (passkeyIn(signature) === undefined) return bytes(signature, 65, 'signature')
  const { length } = signature
  if (length > 2 + 2 * passkeySignatureMax) throw effectInvalid('signature', `${length} characters`)
  return bytes(signature, Math.floor((length - 2) / 2), 'signature')
}

/** The registry keeps the hash of the compressed key. */
const keyHashOf = (publicKey: string): Hex => keccak256(bytes(publicKey, 33, 'publicKey'))
