import type { Command, InstructionContent } from '../index.ts'
import { hex, type Market, meters } from './market.ts'

export type NewMandate = InstructionContent['grant_mandate']

export const agentKey = (number: number): string => `0x02${hex(6_000 + number, 64).slice(2)}`

/** Alice's mandate for the agent `number`: good for a day, and wide. */
export const mandateOf = (
  market: Market,
  number: number,
  change: Partial<NewMandate> = {},
): NewMandate => ({
  publicKey: agentKey(number),
  meters: [meters.alice],
  buyMaxMicrosPerKwh: 250_000,
  sellMinMicrosPerKwh: 50_000,
  orderEnergyMaxWh: 800,
  dayEnergyMaxWh: 100_000,
  fromMs: market.at,
  untilMs: market.at + 86_400_000,
  label: `agent-${number}`,
  ...change,
})

export const granting = (market: Market, content: NewMandate): Command =>
  market.instruction('grant_mandate', 'alice', content)

/** The same command in the name of its account, signed by an agent. */
export const byAgent = <Kind extends Command>(command: Kind, number: number): Kind => ({
  ...command,
  signature: `0x51${agentKey(number).slice(2)}${'00'.repeat(65)}`,
})
