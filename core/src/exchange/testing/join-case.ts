import type { Command, InstructionContent } from '../index.ts'
import { accountOf, hex, type Market, type Person } from './market.ts'

type NewJoinCode = InstructionContent['issue_join_code']

export const joinKey = (number: number): string => `0x02${hex(8_000 + number, 64).slice(2)}`

/** The join code `number` for somebody, good for an hour. */
export const joinCodeOf = (
  market: Market,
  person: Person,
  number: number,
  change: Partial<NewJoinCode> = {},
): NewJoinCode => ({
  participant: accountOf(person),
  publicKey: joinKey(number),
  host: 'busbar.example',
  untilMs: market.at + 3_600_000,
  ...change,
})

export const issuing = (market: Market, by: Person, content: NewJoinCode): Command =>
  market.instruction('issue_join_code', by, content)

/** The same command in the name of its account, signed by a join code. */
export const byJoinCode = (command: Command, number: number): Command =>
  ({ ...command, signature: `0x52${joinKey(number).slice(2)}${'00'.repeat(65)}` }) as Command
