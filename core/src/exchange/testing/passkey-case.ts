import type { Command, InstructionContent } from '../index.ts'
import { accountOf, hex, type Market, type Person } from './market.ts'

type NewPasskey = InstructionContent['register_passkey']

/** The passkey `number` of somebody. */
export const passkeyOf = (
  person: Person,
  number: number,
  change: Partial<NewPasskey> = {},
): NewPasskey => ({
  participant: accountOf(person),
  publicKey: `0x03${hex(9_000 + number, 64).slice(2)}`,
  credentialId: hex(7_000 + number, 32),
  host: 'busbar.example',
  label: `phone-${number}`,
  ...change,
})

export const registering = (
  market: Market,
  by: Person,
  content: NewPasskey,
): Command => market.instruction('register_passkey', by, content)

/** The same command, signed by a passkey instead of the registered key. */
export const bySigned = (command: Command, { publicKey }: Pick<NewPasskey, 'publicKey'>): Command =>
  ({ ...command, signature: `0x50${publicKey.slice(2)}${'00'.repeat(110)}` }) as Command
