/**
 * Every fault this product can throw, by code. `docs/reference/errors.md` has one heading per code;
 * `scripts/tidy.test.ts` fails when the two lists differ.
 */
export const faultCodes = {
  UNIT_OUT_OF_RANGE: 'A quantity is outside the range its unit allows.',
  UNIT_MALFORMED: 'A quantity is not written as an integer of its unit.',
  RULEBOOK_INVALID: 'A rulebook breaks its schema.',
  CONFIG_INVALID: 'A configuration variable is outside its limit.',
  MARKET_NOT_CONFIGURED: 'There is no market yet, and no operator was named to open one.',
  DATA_DIR_EMPTY: 'The data directory holds no market.',
  DATA_DIR_FOREIGN: 'The data directory belongs to another market.',
  JOURNAL_REPLAY_FAILED: 'An entry that was accepted once is not accepted when it is replayed.',
  WHAT_IF_DIFFERS: 'The journal, replayed, settles an interval otherwise than it stands.',
  WHAT_IF_STOPPED: 'What other rules would have come to was not worked out to its end.',
  STATE_MALFORMED: 'A snapshot is not a state of this version.',
  JOURNAL_BROKEN: 'The entries do not continue the hash chain of the journal.',
  JOURNAL_ENTRY_INVALID: 'A journal entry is too large or cannot be stored exactly.',
  SNAPSHOT_INVALID: 'A snapshot is too large or not of an entry in the journal.',
  OUTBOX_ITEM_INVALID: 'A chain transaction for the outbox is malformed.',
  OUTBOX_ITEM_DIFFERS: 'The outbox has this id with another content.',
  OUTBOX_ITEM_UNKNOWN: 'The outbox has no item with this id.',
  SIGN_IN_UNAVAILABLE: 'The identity provider is not reached.',
  DEVICE_READING_INVALID: 'What a device of a home did is malformed.',
  GRANT_INVALID: 'Who is to read for an account is malformed.',
  NOTICE_INVALID: 'What an account is to be told, or where, is malformed.',
  TALLY_INVALID: 'Where the books stood at a run is malformed.',
  PAGE_LIMIT_INVALID: 'A page was asked for with a limit or a start out of range.',
  MARKET_ID_INVALID: 'The id of a market is not 1 to 40 of a-z, 0-9 and "-".',
  DATA_DIR_IN_USE: 'Another process has this data directory open.',
  DATABASE_IN_USE: 'Another process is the writer of this market in the database.',
  DATABASE_NOT_DURABLE: 'The database may lose what it has acknowledged.',
  DATABASE_SCHEMA_UNKNOWN: 'The database was written by a newer version.',
  STORE_FAILED: 'The store failed; what it was doing may or may not have happened.',
  STORE_CLOSED: 'The store is closed.',
  VAULT_KEY_INVALID: 'A key of the vault is not 32 bytes in hex.',
  VAULT_KEY_MISSING: 'Something was sealed with a vault key that is not there.',
  VAULT_TEXT_INVALID: 'A sealed text is not what the vault has sealed for its place.',
  CLEARING_ORDER_INVALID: 'An order of a clearing breaks a limit.',
  CLEARING_ORDER_DUPLICATE: 'Two orders of one clearing have the same id.',
  CLEARING_ORDERS_TOO_MANY: 'A clearing has more orders than its limit.',
  CLEARING_ENERGY_TOO_LARGE: 'The orders of one side name more energy than its limit.',
  ALLOCATION_INVALID: 'The meters and trades of an allocation break a limit.',
  ORDERS_FILE_INVALID: 'A file of orders is not in its form.',
  READINGS_FILE_INVALID: 'A file of readings is not in its form.',
  HEX_MALFORMED: 'Bytes are not written as 0x and lower-case hex digits of the expected length.',
  TEXT_MALFORMED: 'A text holds half a surrogate pair, so that its UTF-8 bytes are not its own.',
  JOIN_CODE_MALFORMED: 'A text is no join code.',
  JSON_UNSUPPORTED: 'A value has no canonical JSON form.',
  JSON_NOT_CANONICAL: 'A text is not the canonical JSON of the value it holds.',
  KEY_MALFORMED: 'Bytes are not a key of the curve.',
  KEY_FILE_LOCKED: 'A private key on disk is sealed and does not open with this passphrase.',
  DOMAIN_INVALID: 'A signing domain names no market, chain or contract.',
  READING_MALFORMED: 'A reading breaks its wire form.',
  NATIVE_SIGNATURES_UNAVAILABLE: 'The compiled signature library does not load here.',
  CHAIN_UNREACHABLE: 'The node of the chain does not answer, or not in time.',
  CHAIN_REFUSED: 'The node of the chain answered with an error.',
  CHAIN_NODE_MISSING: 'The embedded chain cannot be started on this machine.',
  CHAIN_OPTION_INVALID: 'A setting of the chain is malformed or contradicts another.',
  CHAIN_KEY_INVALID: 'The key of the operator is not a private key, or its file cannot be read.',
  CHAIN_STATE_INVALID: 'The saved state of the embedded chain cannot be loaded.',
  CHAIN_ID_DIFFERS: 'The node serves another chain than the one expected.',
  CHAIN_DEPLOYMENT_DIFFERS: 'The contracts on the chain are not those this version expects.',
  CHAIN_DEPLOYMENT_FAILED: 'The contracts could not be deployed.',
  CHAIN_EFFECT_INVALID: 'Something was to be put on the chain that its contracts cannot take.',
  CHAIN_TRANSACTION_FAILED: 'A transaction was given up: the contract refused it.',
  CHAIN_TRANSACTION_STUCK: 'A transaction has not been mined for too long.',
  CHAIN_BALANCES_UNREADABLE: 'A batch is being applied: balances are neither before nor after it.',
  FIELD_MALFORMED: 'Text names no element of the field of the circuits in its one spelling.',
  OPENING_INVALID: 'An order cannot be committed to: a field is outside its limit.',
  FILL_NOT_OF_ORDER: 'A fill leaf does not belong to this order.',
  SET_POSITION_INVALID: 'An order set has no such position.',
  HEADER_INVALID: 'The counts, price or energy of a clearing do not fit its header.',
  TIMELOCK_MALFORMED: 'A key, share, point or label of the timelock is not in its form.',
  COMMITTEE_BELOW_THRESHOLD:
    'Fewer members than the threshold gave a valid signature on the label.',
  COMMITTEE_CONFIG_INVALID: 'The configuration of a member of the committee breaks its form.',
  COMMITTEE_SHARE_LOCKED: 'The share on disk is missing or does not open with this passphrase.',
  COMMITTEE_CEREMONY_FAILED: 'The members of the committee did not agree on a key.',
  SRS_MISSING: 'The structured reference string of the proofs is not where it was said to be.',
  SRS_TOO_SHORT: 'The structured reference string has fewer points than the circuit takes.',
  SRS_DIFFERS: 'The structured reference string is not the one whose digest is pinned.',
  PROVER_MISSING: 'The native prover is not there for this platform.',
  PROVER_FAILED: 'The native prover failed, or took more time or memory than it may.',
  PROOF_KEY_DIFFERS: 'A verification key is not the one whose digest is pinned.',
  PROOF_BATCH_TOO_LARGE: 'A batch has more orders than the largest circuit that may be used.',
  THRESHOLD_NOT_MET: 'What was to be proven of an order is not true of it.',
  RANK_NOT_MET: 'More orders stand before the order than was to be proven.',
  PROOF_FILE_INVALID: 'A file of a proof or of an opening is not in its form.',
  RAIL_UNAVAILABLE: 'A payment rail did not answer as agreed.',
  RAIL_REFUSED: 'A payment rail refused what it was asked, and did nothing.',
  RAIL_NOT_OFFERED: 'A rail is needed that this server is not set up for.',
  XML_REFUSED: 'An XML document is not in the form that is taken here.',
  PAYMENT_MESSAGE_INVALID: 'A payment or account message of ISO 20022 breaks its form.',
  BILL_MESSAGE_INVALID: 'A message of the bill network breaks its form.',
  BILL_SIGNATURE_INVALID: 'A message of the bill network is not signed by its sender.',
  TRADED_ENERGY_INVALID: 'Traded energy of an interval, or a question about it, breaks its form.',
  BILLS_INPUT_INVALID: 'A file or a period that bills are to be made from is not in its form.',
  BILLS_ENERGY_MISSING: 'Not everything is known, and final, that is to be billed.',
  BILLS_PROOF_INVALID: 'What a meter is said to have traded is not proven.',
  BILLS_ENERGY_UNEXPLAINED: 'Energy of a meter would be billed twice, or not at all.',
} as const

export type FaultCode = keyof typeof faultCodes

/**
 * A fault: the caller or the environment broke a rule, and the operation had no effect.
 *
 * Faults are for what should not happen. An outcome the caller must expect (an order above its
 * funds, a meter that is late) is a return value, never a Fault.
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  /** Values that explain this occurrence. Must be safe to log: ids and quantities, no secrets. */
  readonly details: Readonly<Record<string, string | number | bigint>>

  constructor(
    code: FaultCode,
    details: Readonly<Record<string, string | number | bigint>>,
    options: { cause?: unknown } = {},
  ) {
    const shown = Object.entries(details).map(([key, value]) => `${key}=${value}`)
    super([`${code}: ${faultCodes[code]}`, ...shown].join(' '), options)
    this.code = code
    this.details = details
  }
}

/** Stops the lane on a broken invariant: our own bug, so no caller may catch and continue. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`)
}
