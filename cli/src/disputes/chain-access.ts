import { BusbarClient, credentialOf, Signer, withPrivateKey } from '@busbar/client'
import { isHex } from '@busbar/protocols/hash'
import { type Challenger, openChallenger } from '@busbar/server/own-node/challenger'
import type { Values } from '../arguments.ts'
import { UsageError } from '../cli-error.ts'
import { keyIn } from '../desk/keys.ts'

export const clientOf = (values: Values): BusbarClient =>
  new BusbarClient({ baseUrl: values.text('server') ?? 'http://127.0.0.1:8420' })

/** @throws UsageError naming the option that is missing or wrong */
export async function challengerOf(values: Values): Promise<Challenger> {
  const nodeUrl = values.text('node')
  if (nodeUrl === undefined) throw new UsageError('--node is the URL of a node of the chain')
  const file = values.text('key')
  if (file === undefined) throw new UsageError('--key names the file with the key that pays')
  const key = await keyIn(file)
  const clearingProofs = values.text('contract') ?? (await contractOf(values))
  if (!isHex(clearingProofs, 20)) throw new UsageError('--contract is 0x and 40 hex digits')
  return await openChallenger({ nodeUrl, key, clearingProofs })
}

/**
 * The exchange as who has the role of an auditor there.
 *
 * @throws UsageError naming the option that is missing or wrong
 */
export async function auditorOf(values: Values): Promise<BusbarClient> {
  const client = clientOf(values)
  const file = values.text('account-key')
  if (file === undefined) throw new UsageError('--account-key names the auditor’s key')
  const account = values.integer('account', 0, 1, 2 ** 32 - 1)
  if (account === 0) throw new UsageError('--account is the number of the auditor’s account')
  const sign = withPrivateKey(await keyIn(file))
  return client.as(credentialOf(new Signer({ domain: await client.domain(), account, sign })))
}

async function contractOf(values: Values): Promise<string> {
  const { contracts } = await clientOf(values).market()
  if (contracts === null) throw new UsageError('the market has no chain')
  return contracts.clearingProofs
}
