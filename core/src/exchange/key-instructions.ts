import type { Command } from './command.ts'
import { endJoinCodes, issueJoinCode, revokeJoinCode } from './join-codes.ts'
import { endMandates, grantMandate, revokeMandate } from './mandates.ts'
import type { Applied, Effect } from './outcome.ts'
import {
  endAskedByKey,
  endWaitingPasskeys,
  objection,
  registerPasskey,
  revokePasskey,
} from './passkeys.ts'
import type { Rejected } from './rejection.ts'
import type { State } from './state.ts'

type KeyInstruction = Extract<
  Command,
  {
    readonly kind:
      | 'register_passkey'
      | 'revoke_passkey'
      | 'issue_join_code'
      | 'revoke_join_code'
      | 'grant_mandate'
      | 'revoke_mandate'
  }
>

/** What is asked of an account's further keys. */
export function instructKeys(
  state: State,
  at: number,
  sequence: number,
  command: KeyInstruction,
): Applied | Rejected {
  switch (command.kind) {
    case 'register_passkey':
      return registerPasskey(state, at, sequence, command)
    case 'revoke_passkey':
      return objection(state, at, sequence, command) ??
        revokePasskey(state, at, sequence, command)
    case 'issue_join_code':
      return issueJoinCode(state, at, sequence, command)
    case 'revoke_join_code':
      return objection(state, at, sequence, command) ??
        revokeJoinCode(state, at, sequence, command.account, command.content)
    case 'grant_mandate':
      return grantMandate(state, at, sequence, command)
    case 'revoke_mandate':
      return revokeMandate(state, sequence, command.account, command.content)
  }
}

/** What a registered key promised, and what was promised to its account, ends with it. */
export function endWordsOfKey(state: State, at: number, account: number, by: number): Effect[] {
  endJoinCodes(state, (code) => code.account === account || code.issuedBy === account)
  // Who gives the account a key knows whose it is: nobody needs to object any more.
  state.lostPasskeys.delete(account)
  return [
    ...endMandates(state, account, () => true),
    // Whoever says of its own key that it is another knows what it asked for.
    ...(by === account ? [] : endAskedByKey(state, at, account, by)),
    ...endWaitingPasskeys(state, at, account),
  ]
}
