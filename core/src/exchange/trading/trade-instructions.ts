import type { InstructionCommand } from '../command.ts'
import type { GuardedKind } from '../guarded.ts'
import { consent } from './consent.ts'
import { appealDefault, recordEnforcement } from '../payments/appeals.ts'
import { placeOffer, withdrawOffer } from './offers.ts'
import type { Applied } from '../outcome.ts'
import { postponePayment } from '../payments/payments.ts'
import { recordRecovery, topUpPrepaid } from '../payments/recoveries.ts'
import type { Rejected } from '../rejection.ts'
import type { State } from '../state.ts'
import type { TradeInstructionContent } from './trade-command.ts'
import { declineTrade, exitTrade, withdrawTrade } from './trade-end.ts'
import { limitDelivery, setWheeling } from './utilities.ts'

export type TradeInstruction = Extract<
  InstructionCommand,
  { readonly kind: Exclude<keyof TradeInstructionContent, GuardedKind> }
>

/** Instructions about trades, each in the file of its noun. */
export function instructTrades(
  state: State,
  at: number,
  sequence: number,
  command: TradeInstruction,
): Applied | Rejected {
  const { account, kind, content } = command
  switch (kind) {
    case 'decline_trade':
      return declineTrade(state, at, sequence, account, content.contract)
    case 'withdraw_trade':
      return withdrawTrade(state, at, sequence, account, content.contract)
    case 'exit_trade':
      return exitTrade(state, at, sequence, account, content.contract)
    case 'place_offer':
      return placeOffer(state, at, sequence, account, content)
    case 'withdraw_offer':
      return withdrawOffer(state, sequence, account, content.offer)
    case 'limit_delivery':
      return limitDelivery(state, at, sequence, account, content)
    case 'set_wheeling':
      return setWheeling(state, sequence, account, content)
    case 'consent_to_enforcement':
      return consent(state, at, sequence, command)
    case 'appeal_default':
      return appealDefault(state, at, sequence, account, content)
    case 'record_enforcement':
      return recordEnforcement(state, sequence, account, content)
    case 'record_recovery':
      return recordRecovery(state, at, sequence, account, content)
    case 'top_up_prepaid':
      return topUpPrepaid(state, at, sequence, account, content)
    case 'postpone_payment':
      return postponePayment(state, at, sequence, account, content)
  }
}
