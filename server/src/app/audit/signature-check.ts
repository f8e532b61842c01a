import { canonicalJson } from '@busbar/core/encoding'
import { type Command, participantOf, type State } from '@busbar/core/exchange'
import {
  cancellationDigest,
  contractDigest,
  type Domain,
  instructionDigest,
  orderDigest,
  sealedOrderDigest,
  withdrawalDigest,
} from '@busbar/protocols/eip712'
import { bytesToHex, hexToBytes } from '@busbar/protocols/hash'
import { batchToSign } from '@busbar/protocols/readings'
import { contractMessage } from '@busbar/protocols/trades'
import { isWordOf } from '../account-word.ts'
import { sealedOrderMessage } from '../intake.ts'
import type { SignatureVerifier } from '../ports/signatures.ts'

/**
 * What is wrong with the signature of a journalled command; undefined if nothing is. `state` is the
 * one before the command: keys count as they were registered then.
 */
export function signatureFault(
  command: Command,
  state: State,
  domain: Domain,
  verifier: SignatureVerifier,
): string | undefined {
  if (!('signature' in command)) return undefined
  const digest = digestOf(command, domain)
  if (bytesToHex(digest) !== command.digest) return 'the digest is not that of the command'
  if (command.kind === 'submit_readings') {
    const signature = hexToBytes(command.signature)
    const gateway = state.gateways[command.gateway]
    if (gateway === undefined) return 'no such gateway'
    const key = hexToBytes(gateway.publicKey)
    const valid =
      gateway.curve === 'p256'
        ? verifier.verifyP256(key, digest, signature)
        : verifier.verifySecp256k1(key, digest, signature)
    return valid ? undefined : `not signed by gateway ${command.gateway}`
  }
  if (participantOf(state, command.account) === undefined) return 'no such account'
  const valid = isWordOf(state, command.account, digest, command.signature, verifier, {
    named: true,
  })
  return valid ? undefined : `not signed by account ${command.account}`
}

type SignedCommand = Extract<Command, { readonly signature: string }>

function digestOf(command: SignedCommand, domain: Domain): Uint8Array {
  switch (command.kind) {
    case 'place_order':
      return orderDigest(domain, command)
    case 'place_sealed_order':
      return sealedOrderDigest(domain, sealedOrderMessage(command))
    case 'cancel_order':
      return cancellationDigest(domain, command)
    case 'withdraw':
      return withdrawalDigest(domain, command)
    case 'propose_trade':
      return contractDigest(domain, contractMessage(command.terms))
    // Its digest is the contract's, whose terms were checked when they were proposed.
    case 'accept_trade':
      return hexToBytes(command.digest, 32, 'digest')
    case 'submit_readings':
      return batchToSign(domain, command).digest
    default: {
      const { id, account, kind } = command
      return instructionDigest(domain, {
        id,
        account,
        kind,
        content: canonicalJson(command.content),
      })
    }
  }
}
