import type { Command } from './command.ts'
import { endJoinCodes, issueJoinCode, revokeJoinCode } from './join-codes.ts'
import type { Applied } from './outcome.ts'
import { registerPasskey, revokePasskey } from './passkeys.ts'
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
      return revokePasskey(state, sequence, command.account, command.content)
    case 'issue_join_code':
      return issueJoinCode(state, at, sequence, command)
    case 'revoke_join_code':
      return revokeJoinCode(state, at, sequence, command.account, command.content)
  }
}

/** What a registered key promised, and what was promised to its account, ends with it. */
export const endWordsOfKey = (state: State, account: number): void =>
  endJoinCodes(state, (code) => code.account === account || code.issuedBy === account)
