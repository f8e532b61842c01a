/** Which passkeys the chain takes withdrawals by, as the contract is told and says it. Pure. */
import { textToBytes } from '@busbar/protocols/hash'
import { passkeyPoint } from '@busbar/protocols/passkeys'
import {
  bytesToHex,
  decodeEventLog,
  encodeFunctionData,
  type Hex,
  hexToBytes,
  keccak256,
  sha256,
} from 'viem'
import type { ChainCall, ChainDeployment, ChainEffect } from '../../app/ports/chain.ts'
import { accountKeysAbi } from './contracts.ts'
import { bytes } from './effect-fields.ts'
import type { Log } from './movements.ts'

/** Faults: CHAIN_EFFECT_INVALID, and KEY_MALFORMED for what is no point of the curve. */
export function admitPasskeyCall(
  { account, publicKey, host }: Extract<ChainEffect, { kind: 'admit_passkey' }>,
  { accountKeys }: ChainDeployment,
): ChainCall {
  const { x, y } = passkeyPoint(hexToBytes(bytes(publicKey, 33, 'publicKey')))
  return {
    id: `admit_passkey/${account}/${publicKey}`,
    description: `let a passkey of account ${account} send its money to it`,
    toAddress: accountKeys,
    calldata: encodeFunctionData({
      abi: accountKeysAbi,
      functionName: 'admitPasskey',
      args: [account, bytesToHex(x), bytesToHex(y), sha256(textToBytes(host))],
    }),
  }
}

/** Faults: CHAIN_EFFECT_INVALID. */
export const revokePasskeyCall = (
  { account, publicKey }: Extract<ChainEffect, { kind: 'revoke_passkey' }>,
  { accountKeys }: ChainDeployment,
): ChainCall => ({
  id: `revoke_passkey/${account}/${publicKey}`,
  description: `let a passkey of account ${account} send nothing any more`,
  toAddress: accountKeys,
  calldata: encodeFunctionData({
    abi: accountKeysAbi,
    functionName: 'revokePasskey',
    // By which the contract knows a passkey.
    args: [account, keccak256(bytes(publicKey, 33, 'publicKey'))],
  }),
})

/** What the contract pays by after `logs`, in the order of the chain. */
export function admittedIn(
  logs: readonly Log[],
): readonly { readonly account: number; readonly keyHash: Hex }[] {
  const found = new Map<string, { readonly account: number; readonly keyHash: Hex }>()
  for (const { topics, data } of logs) {
    const { eventName, args } = decodeEventLog({ abi: accountKeysAbi, topics, data })
    const { account, keyHash } = args
    if (eventName === 'PasskeyAdmitted') found.set(`${account}:${keyHash}`, { account, keyHash })
    else found.delete(`${account}:${keyHash}`)
  }
  return [...found.values()]
}
