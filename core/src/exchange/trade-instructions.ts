import type { InstructionCommand } from './command.ts'
import type { Applied } from './outcome.ts'
import { reject, type Rejected } from './rejection.ts'
import type { State } from './state.ts'
import type { TradeInstructionContent } from './trade-command.ts'

export type TradeInstruction = Extract<
  InstructionCommand,
  { readonly kind: keyof TradeInstructionContent }
>

/** Instructions about trades, each in the file of its noun. */
export function instructTrades(
  _state: State,
  _at: number,
  _sequence: number,
  command: TradeInstruction,
): Applied | Rejected {
  switch (command.kind) {
    case 'decline_trade':
    case 'withdraw_trade':
    case 'exit_trade':
    case 'place_offer':
    case 'withdraw_offer':
    case 'limit_delivery':
    case 'set_wheeling':
    case 'assign_utility':
    case 'record_agreement':
    case 'consent_to_enforcement':
    case 'appeal_default':
    case 'decide_appeal':
    case 'record_enforcement':
    case 'record_recovery':
    case 'top_up_prepaid':
    case 'postpone_payment':
      return reject('trades_not_offered')
  }
}
