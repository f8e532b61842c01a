import { messageDigest, sideCode } from './digest.ts'
import type { Domain } from './domain.ts'
import { type Messages, type OrderMessage, type StructName, structs } from './messages.ts'

type Field = { readonly name: string; readonly type: string }

/** What `eth_signTypedData_v4` takes: plain JSON, 64-bit integers as decimal text. */
export type TypedData = {
  readonly domain: {
    readonly name: string
    readonly version: string
    readonly chainId: number
    readonly verifyingContract: `0x${string}`
  }
  readonly types: Readonly<Record<string, readonly Field[]>>
  readonly primaryType: StructName
  readonly message: Readonly<Record<string, string | number>>
}

const domainFields: readonly Field[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]

/**
 * `message` in the form that wallets show and sign. Its digest is what `orderDigest` and the others
 * compute; what they would refuse is refused here, before anybody signs it.
 *
 * @throws Fault UNIT_OUT_OF_RANGE, HEX_MALFORMED or TEXT_MALFORMED, naming the field
 */
export function typedData<Name extends StructName>(
  domain: Domain,
  name: Name,
  message: Messages[Name],
): TypedData {
  messageDigest(domain, name, message)
  const { version, chainId, verifyingContract } = domain
  return {
    domain: { name: domain.name, version, chainId, verifyingContract },
    types: { EIP712Domain: domainFields, [name]: structs[name] },
    primaryType: name,
    message: Object.fromEntries(
      structs[name].map((field) => [field.name, signedValue(field, message)]),
    ),
  }
}

function signedValue(field: Field, message: Messages[StructName]): string | number {
  const value: unknown = Reflect.get(message, field.name)
  if (field.name === 'side') return sideCode(value as OrderMessage['side'])
  // A wallet reads JSON: beyond 2^53 a number would lose its last digits.
  if (field.type === 'uint64' || field.type === 'int64') return String(value)
  return value as string | number
}
