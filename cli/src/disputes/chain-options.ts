import type { Options } from '../arguments.ts'

/** What every command takes that goes to the chain by itself. */
export const chainOptions: Options = {
  node: { type: 'string', value: 'URL', means: 'a node of the chain (JSON-RPC)' },
  key: { type: 'string', value: 'FILE', means: 'the private key that pays: of busbar key, or hex' },
  server: { type: 'string', value: 'URL', means: 'the exchange (default http://127.0.0.1:8420)' },
  contract: {
    type: 'string',
    value: '0x…',
    means: 'ClearingProofs, where the exchange is not to be asked for it',
  },
}

/** What a command takes beside, to read what only auditors may. */
export const auditorOptions: Options = {
  account: { type: 'string', value: 'N', means: 'the account with the role of an auditor' },
  'account-key': { type: 'string', value: 'FILE', means: 'its private key: of busbar key, or hex' },
}
